/** The scripts by which shells complete a command line. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface CompletedFlag {
  /** As they are typed: `--engine`, `-e`. */
  readonly names: readonly string[];
  readonly summary: string;
  /** What may follow; null if nothing does. An empty list: a file, a number or the like. */
  readonly values: readonly string[] | null;
}

export interface CompletedVerb {
  readonly name: string;
  readonly summary: string;
  /** What may stand behind the verb besides flags and files. */
  readonly words: readonly string[];
  readonly flags: readonly CompletedFlag[];
}

const PROGRAM = 'cors-conformance';

/** @returns the text of a script that the shell reads; it needs nothing but the shell */
export function scriptFor(shell: Shell, verbs: readonly CompletedVerb[]): string {
  if (shell === 'fish') return fish(verbs);
  const zsh = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  return `${zsh}${bash(verbs)}`;
}

/** In single quotes, for each of the shells. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const words = (list: readonly string[]): string => quoted(list.join(' '));

function bash(verbs: readonly CompletedVerb[]): string {
  const named = verbs.flatMap(({ name, flags }) =>
    flags
      .filter(({ values }) => values !== null)
      .map(({ names, values }) => {
        const pattern = names.map(flag => quoted(`${name} ${flag}`)).join('|');
        const reply = (values ?? []).length > 0 ? `offer ${words(values ?? [])}` : 'offer_files';
        return `    ${pattern}) ${reply}; return ;;`;
      }),
  );
  const flags = verbs.map(
    ({ name, flags }) =>
      `    ${quoted(`${name} -`)}*) offer ${words(flags.flatMap(({ names }) => names))}; return ;;`,
  );
  const others = verbs
    .filter(one => one.words.length > 0)
    .map(one => `    ${quoted(one.name)}' '*) offer ${words(one.words)}; return ;;`);
  return `_cors_conformance() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]}
  offer() {
    local list=
    [[ $current == *,* ]] && list=\${current%,*},
    COMPREPLY=($(compgen -P "$list" -W "$1" -- "\${current##*,}"))
  }
  offer_files() { COMPREPLY=($(compgen -f -- "$current")); }
  if [ "$COMP_CWORD" -eq 1 ]; then
    offer ${words(verbs.map(({ name }) => name))}
    return
  fi
  case "$verb $before" in
${named.join('\n')}
  esac
  case "$verb $current" in
${[...flags, ...others].join('\n')}
  esac
  offer_files
}
complete -F _cors_conformance ${PROGRAM}
`;
}

function fish(verbs: readonly CompletedVerb[]): string {
  const lines = verbs.flatMap(({ name, summary, words: after, flags }) => {
    const seen = `complete -c ${PROGRAM} -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c ${PROGRAM} -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...(after.length > 0 ? [`${seen} -a ${words(after)}`] : []),
      ...flags.map(({ names, summary: what, values }) => {
        const flagNames = names.map(flag =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const given = values === null ? [] : [values.length > 0 ? `-x -a ${words(values)}` : '-r'];
        return [seen, ...flagNames, ...given, `-d ${quoted(what)}`].join(' ');
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}

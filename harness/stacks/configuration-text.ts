/** The text of a configuration as people get it: the files, headed by what they are, whether it was proven, what it leaves open. */
import { enginesOfPolicies, type GalleryEntry } from './gallery-record.ts';
import type { Configuration, ConfiguredFile, Language, Stack, StackNote } from './types.ts';

const COMMENT: Readonly<Partial<Record<Language, string>>> = {
  js: '//',
  ts: '//',
  go: '//',
  rust: '//',
  java: '//',
  csharp: '//',
  php: '//',
  lua: '--',
  json: '',
};

const WIDTH = 118;

/** Words in lines of a readable width, the continuation indented. */
function wrapped(text: string, hanging: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = `${hanging}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const versionsOf = ({ versions }: GalleryEntry): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');

/**
 * Whether configurations of this stack were held against real servers, in one sentence.
 * @param entry what the gallery last found; undefined if it was never run
 */
export function proofText(stack: Stack, entry: GalleryEntry | undefined): string {
  const reason = stack.notProven ?? entry?.notRun;
  if (reason !== undefined) return `Not proven by a run: ${reason}.`;
  if (entry === undefined) return 'Not proven by a run: the gallery has not been run with it yet.';
  const { all, some } = enginesOfPolicies(entry);
  const engines = [all.join(', '), ...(some.length > 0 ? [`some of them in ${some.join(', ')}`] : [])].join(
    '; ',
  );
  const kept = entry.policies.filter(one => one.proven).length;
  return `Configurations made like this one kept ${kept} of ${entry.policies.length} policies on ${versionsOf(entry)} (${entry.date}; ${engines}). Yours is proven by: npx cors-conformance verify`;
}

/** A note in one paragraph. */
export function noteText({ text, workaround, check }: StackNote): string {
  const seen = check === undefined ? 'verify cannot see this' : `verify reports ${check}`;
  return `${text} ${workaround === undefined ? '' : `${workaround} `}(${seen})`;
}

/** The lines that stand above the configuration. */
export function headLines(title: string, proof: string, notes: readonly StackNote[]): string[] {
  return [
    ...wrapped(`CORS for ${title}.`, ''),
    ...wrapped(proof, ''),
    ...notes.flatMap(note => wrapped(`Left open: ${noteText(note)}`, '  ')),
  ];
}

/**
 * The files with their heads: the first file's says everything. A language without comments gets none.
 * @returns the files, and the head by itself if no file could take it
 */
export function withHeads(
  { files }: Configuration,
  head: readonly string[],
): { readonly files: readonly ConfiguredFile[]; readonly left: readonly string[] } {
  const [first, ...others] = files;
  if (first === undefined) return { files, left: head };
  const mark = COMMENT[first.language] ?? '#';
  if (mark === '') return { files, left: head };
  const lines = head.map(line => `${mark} ${line}`.trimEnd());
  // Before its opening tag PHP sends everything as it stands.
  const opening = /^<\?php\n+/.exec(first.text)?.[0] ?? '';
  const text = `${opening}${lines.join('\n')}\n\n${first.text.slice(opening.length)}`;
  return { files: [{ ...first, text }, ...others], left: [] };
}

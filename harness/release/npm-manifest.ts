/** The package.json that a release is installed by. */
import { join, resolve } from 'node:path';
import { isPath, localPath } from './package.ts';
import { ReleaseError } from './types.ts';

/** What of the script's own package.json matters. */
export interface OwnManifest {
  readonly name?: string;
  readonly type?: string;
  readonly imports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface ManifestOptions {
  /** The package whose releases are compared. */
  readonly name: string;
  /** What npm is asked for of it: a version, a range, a tag, or file: and a path. */
  readonly spec: string;
  /** The packages that the script imports. */
  readonly imported: readonly string[];
  /** What the user asked for: "fastify@4". */
  readonly others: readonly string[];
  readonly own: OwnManifest;
  /** The folder of the script's own package.json. */
  readonly home: string;
}

export interface Manifest {
  readonly private: true;
  readonly type?: string;
  readonly imports?: unknown;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Packages that another one loads by itself, unless told otherwise, and does not depend on. */
const COMPANIONS: Readonly<Record<string, string>> = { '@nestjs/core': '@nestjs/platform-express' };

/**
 * Chooses what to install: the release, and of every other package what the user asked for, else what the script's own
 * package.json says, else the newest that goes with the rest.
 * @throws ReleaseError for a package that the user names wrongly
 */
export function manifestFor(options: ManifestOptions): Manifest {
  const { name, spec, imported, own, home } = options;
  const asked = new Map(options.others.map(specOf));
  const ranges = { ...own.peerDependencies, ...own.devDependencies, ...own.dependencies };
  const dependencies: Record<string, string> = {};
  const wanted = (other: string) =>
    asked.get(other) ?? rangeFrom(ranges[other], home) ?? (other === own.name ? `file:${home}` : '*');
  for (const other of [...imported, ...asked.keys()]) {
    if (other === name) continue;
    dependencies[other] = wanted(other);
    const companion = COMPANIONS[other];
    if (companion && companion !== name) dependencies[companion] ??= asked.get(companion) ?? wanted(other);
  }
  dependencies[name] = spec;
  return {
    private: true,
    ...(own.type !== undefined && { type: own.type }),
    ...(own.imports !== undefined && { imports: own.imports }),
    dependencies,
    // Another package brings it along: that one, too, has to take this release.
    ...(!imported.includes(name) && { overrides: { [name]: `$${name}` } }),
  };
}

/** "fastify@4" as a name and what npm takes for its version. */
function specOf(text: string): [name: string, spec: string] {
  const [, name, spec = 'latest'] = /^((?:@[^/@]+\/)?[^/@\s]+)(?:@(.+))?$/.exec(text.trim()) ?? [];
  if (name === undefined || isPath(text))
    throw new ReleaseError(`--with ${text}: write NAME or NAME@VERSION, for example fastify@4.`);
  return [name, isPath(spec) ? `file:${localPath(spec)}` : spec];
}

/** A range of the script's own package.json, as it means the same elsewhere; undefined if it cannot. */
function rangeFrom(range: string | undefined, home: string): string | undefined {
  if (range === undefined || /^(?:workspace|catalog|patch|portal):/.test(range)) return undefined;
  const [, path] = /^(?:file|link):(.*)$/.exec(range) ?? [];
  return path === undefined ? range : `file:${path.startsWith('/') ? path : resolve(join(home, path))}`;
}

/** The lines by which npm says what is wrong, by their importance. */
const DECISIVE = [
  /No matching version found for .*$/,
  /^'?[^' ]+'? is not in this registry.*$/,
  /The requested resource '[^']*' could not be found/,
  /No match found for version .*$/,
  /Could not resolve dependency:?$/,
];

/** What to do next, by npm's code for what went wrong. */
const ADVICE: Readonly<Record<string, (name: string, line: string) => string>> = {
  ETARGET: name => `See its versions with: npm view ${name} versions`,
  E404: () => 'Check the names of the packages.',
  ERESOLVE: (_, line) => {
    const [, by = 'fastify'] = /^.* from ((?:@[^@]+)?[^@\s]+)@/.exec(line) ?? [];
    return `Choose the other packages with --with, for example --with ${by}@VERSION.`;
  },
  EACCES: () => 'npm may not write to its cache: check who owns it.',
};
/** The lines that say which two packages do not go together. */
const PEERS = [/^Found: .*$/, /^peer(?:Optional)? .* from .*$/];
const NETWORK = /^(?:ENOTFOUND|ECONN\w+|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ERR_SOCKET_TIMEOUT)$/;

/**
 * Finds in npm's error output what went wrong.
 * @param name the package to advise about
 * @returns one or two sentences
 */
export function npmTrouble(stderr: string, name: string): string {
  const lines = stderr
    .split(/\r?\n/)
    .map(line => /^npm (?:error|ERR!) ?(.*)$/.exec(line)?.[1])
    .filter(line => line !== undefined && !/^(?:errno|syscall) /.test(line)) as string[];
  const code = lines.map(line => /^code (\S+)/.exec(line)?.[1]).find(one => one !== undefined) ?? '';
  // Most lines repeat the code, or a word for it, in front.
  const said = lines.map(line => line.replace(/^(?:notarget|\d{3}|[A-Z][A-Z_]{3,}|code)\s+/, '').trim());
  const line =
    code === 'ERESOLVE'
      ? PEERS.flatMap(pattern => firstMatch(said, [pattern]) ?? []).join('; ')
      : (firstMatch(said, DECISIVE) ??
        said.find(one => one !== '' && one !== code && !/^A complete log/.test(one)) ??
        stderr.trim().split('\n').at(-1) ??
        '');
  const advice = NETWORK.test(code)
    ? "The registry cannot be reached: check the network and npm's settings."
    : (ADVICE[code]?.(name, line) ?? '');
  const head = [code, line].filter(one => one !== '').join(': ');
  return `${head.replace(/\.$/, '')}. ${advice}`.trim();
}

/** What the first of the patterns that fits any line finds there. */
function firstMatch(lines: readonly string[], patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns)
    for (const line of lines) {
      const [found] = pattern.exec(line) ?? [];
      if (found !== undefined) return found;
    }
  return undefined;
}

/** What a Node script is made of: the files that it imports, and the packages. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { build, type Loader, type Message, transform } from 'esbuild';
import { isNpmName } from './package.ts';
import { ReleaseError } from './types.ts';

export interface ScriptImports {
  /** Absolute paths: the script and every file that it imports or names, the tsconfig.json it is compiled by included. */
  readonly files: readonly string[];
  /** The names of the packages that these files import. */
  readonly packages: readonly string[];
  /** The folder of the nearest package.json, else the script's. */
  readonly home: string;
  /** One of the files awaits at its top level, which only an ES module may, and does not say what it is by its name. */
  readonly modulesOnly: boolean;
}

/** Files of a kind that a script may import or name. Anything larger is no configuration of a server. */
const LARGEST = 1024 * 1024;
const TEXTS = ['.html', '.txt', '.css', '.pem', '.key', '.crt', '.cert', '.sql', '.graphql', '.md'];

/**
 * Reads a script and whatever it imports by a relative path, without running it.
 * @param script absolute path, ESM or CommonJS, JavaScript or TypeScript
 * @throws ReleaseError if it cannot be parsed or a relative import leads nowhere
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one walk through a syntax tree, with a branch for each form of import
export async function importsOf(script: string): Promise<ScriptImports> {
  const home = homeOf(script);
  const result = await build({
    entryPoints: [script],
    absWorkingDir: home,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
    outdir: home,
    logLevel: 'silent',
    loader: { '.node': 'empty', ...Object.fromEntries(TEXTS.map(extension => [extension, 'text'])) },
  }).catch((error: { errors?: Message[] }) => {
    throw new ReleaseError(`${script} cannot be read: ${messageOf(error)}`);
  });
  const sources: string[] = [];
  const packages = new Set<string>();
  for (const [input, { imports }] of Object.entries(result.metafile.inputs)) {
    sources.push(resolve(home, input));
    for (const { path, external } of imports) {
      const name = external && !isBuiltin(path) ? packageOf(path) : null;
      if (name !== null) packages.add(name);
    }
  }
  const files = new Set(sources);
  for (const source of sources) for (const file of namedIn(source, home)) files.add(file);
  if (/\.[cm]?tsx?$/.test(script)) {
    for (const { file, extended } of tsconfigs(join(home, 'tsconfig.json'))) {
      files.add(file);
      if (extended !== null) packages.add(extended);
    }
  }
  const modulesOnly = (await Promise.all(sources.map(awaitsAtTop))).includes(true);
  return { files: [...files].filter(isFile), packages: [...packages].sort(), home, modulesOnly };
}

/**
 * Whether Node by itself, of any version that is supported, cannot run a script: it is TypeScript, or a module that no
 * name and no package.json says to be one.
 * @param isModule the package.json says that .js files are modules
 */
export function needsCompiling({ files }: ScriptImports, isModule: boolean): boolean {
  return files.some(
    file =>
      /\.(?:[cm]?tsx?|jsx)$/.test(file) ||
      (/\.js$/.test(file) && !isModule && /^\s*(?:import|export)\b[^(]/m.test(readFileSync(file, 'utf8'))),
  );
}

async function awaitsAtTop(file: string): Promise<boolean> {
  const loader = /\.([jt]sx?)$/.exec(file)?.[1] as Loader | undefined;
  if (!loader) return false;
  const options = { loader, format: 'cjs', logLevel: 'silent' } as const;
  return transform(readFileSync(file, 'utf8'), options).then(
    () => false,
    () => true,
  );
}

/** The package of an import, "hono" of "hono/cors"; null for what is none. */
export function packageOf(path: string): string | null {
  if (/^(?:[a-z]+:|[#/.])/i.test(path)) return null;
  const name = path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
  return isNpmName(name) ? name : null;
}

function homeOf(script: string): string {
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return dirname(script);
  }
}

/** Files that are opened rather than imported: a certificate, a list of origins. They are known by their quoted names. */
function namedIn(source: string, home: string): string[] {
  if (!/^\.[cm]?[jt]sx?$/.test(extname(source))) return [];
  const found: string[] = [];
  for (const [, , text = ''] of readFileSync(source, 'utf8').matchAll(
    /(['"`])((?:\.{0,2}\/)?[\w@./ -]{1,200})\1/g,
  )) {
    if (!/[./]/.test(text)) continue;
    for (const folder of [dirname(source), home]) {
      const file = join(folder, text);
      if (!relative(home, file).startsWith('..') && isFile(file)) found.push(file);
    }
  }
  return found;
}

/** A tsconfig.json and those that it extends. */
function tsconfigs(file: string): { file: string; extended: string | null }[] {
  if (!isFile(file)) return [];
  const text = readFileSync(file, 'utf8');
  const [, list, one] = /"extends"\s*:\s*(?:\[([^\]]*)\]|("[^"]*"))/.exec(text) ?? [];
  const found: { file: string; extended: string | null }[] = [{ file, extended: null }];
  for (const [, base = ''] of (list ?? one ?? '').matchAll(/"([^"]*)"/g)) {
    if (!base.startsWith('.')) found.push({ file, extended: packageOf(base) });
    else found.push(...tsconfigs(resolve(dirname(file), base.endsWith('.json') ? base : `${base}.json`)));
  }
  return found;
}

function messageOf(error: { errors?: Message[] }): string {
  const [first] = error.errors ?? [];
  if (!first) return String(error);
  const { location, text } = first;
  return location ? `${text} (${location.file}:${location.line})` : text;
}

function isFile(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() && (stat.size <= LARGEST || /\.[cm]?[jt]sx?$/.test(path));
  } catch {
    return false;
  }
}

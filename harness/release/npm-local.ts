/** An npm package from a folder of this machine, as its release would be: built if it needs to be, and packed. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { CommandResult } from '../process/command.ts';
import { copyFiles, filesBelow, readText } from './files.ts';
import { npm } from './npm-command.ts';
import { npmTrouble } from './npm-manifest.ts';
import { ReleaseError } from './types.ts';

interface LocalManifest {
  readonly name?: string;
  readonly version?: string;
  readonly main?: string;
  readonly module?: string;
  readonly exports?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
}

export interface PackedPackage {
  /** The path of the archive. */
  readonly archive: string;
  /** Of its bytes. */
  readonly digest: string;
}

export interface LocalPackage {
  /** The package's folder. */
  readonly folder: string;
  /** A folder whose node_modules have what it is built with. */
  readonly checkout: string;
  /** True if the folder may be written to. */
  readonly ours: boolean;
}

/**
 * Packs a folder.
 * @param temp a folder that is removed later
 * @throws ReleaseError if it is not the package, is not built, or cannot be
 */
export async function packLocal(
  name: string,
  given: LocalPackage,
  temp: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onProgress?: (what: string) => void },
): Promise<PackedPackage> {
  const { local, manifest } = workspaceOf(name, given);
  const missing = missingEntry(local.folder, manifest);
  const folder =
    missing === null ? local.folder : await build(name, local, { manifest, missing }, { temp, ...options });
  const packed = await npm(
    ['pack', '--ignore-scripts', '--json', '--loglevel=error', '--pack-destination', temp],
    {
      cwd: folder,
      signal: options.signal,
    },
  );
  if (!packed.ok)
    throw new ReleaseError(`npm cannot pack ${local.folder}: ${npmTrouble(packed.stderr, name)}`);
  const [{ filename = '' } = {}] = JSON.parse(packed.stdout) as { filename?: string }[];
  // Old releases of npm print the name of a scoped package's archive with its slash.
  const archive = join(temp, filename.replace(/^@/, '').replace('/', '-'));
  return { archive, digest: createHash('sha256').update(readFileSync(archive)).digest('hex') };
}

/** The package by its name: the folder, or a workspace below it. */
function workspaceOf(name: string, local: LocalPackage): { local: LocalPackage; manifest: LocalManifest } {
  const { folder, checkout } = local;
  const manifest = readManifest(folder);
  if (manifest?.name === name) return { local, manifest };
  for (const file of filesBelow(folder, one => one === 'package.json') ?? []) {
    const below = relative(folder, dirname(file));
    const own = readManifest(dirname(file));
    if (own?.name === name)
      return { local: { ...local, folder: dirname(file), checkout: join(checkout, below) }, manifest: own };
  }
  throw new ReleaseError(
    manifest === null
      ? `${checkout} is not an npm package: it has no package.json.`
      : `${checkout} is not ${name}: its package.json calls it ${manifest.name ?? 'nothing'}, and no workspace below it is called so.`,
  );
}

function readManifest(folder: string): LocalManifest | null {
  try {
    return JSON.parse(readText(join(folder, 'package.json'))) as LocalManifest;
  } catch {
    return null;
  }
}

/** The files by which others import a package, as its package.json names them. */
function entriesOf({ main, module, exports }: LocalManifest): string[] {
  const root =
    typeof exports === 'object' && exports !== null && '.' in exports ? exports['.' as never] : exports;
  const visit = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => (/^types|^\.\//.test(key) ? [] : visit(inner)));
  };
  return [...visit(root), ...[main, module].filter(one => one !== undefined)].filter(
    entry => !entry.includes('*') && !/\.d\.[cm]?ts$/.test(entry),
  );
}

/** The first entry of a package that is named and is not there, if none is. */
function missingEntry(folder: string, manifest: LocalManifest): string | null {
  const entries = entriesOf(manifest);
  const [first] = entries;
  if (first === undefined) return null;
  const there = (entry: string) =>
    ['', '.js', '.cjs', '.mjs', '/index.js'].some(end =>
      statSync(join(folder, entry + end), { throwIfNoEntry: false })?.isFile(),
    );
  return entries.some(there) ? null : first;
}

const BUILDS = ['build', 'prepare', 'prepack', 'compile'];

async function build(
  name: string,
  { folder, checkout, ours }: LocalPackage,
  { manifest: { scripts = {} }, missing }: { readonly manifest: LocalManifest; readonly missing: string },
  { temp, signal, onProgress }: Parameters<typeof packLocal>[3] & { readonly temp: string },
): Promise<string> {
  const script = BUILDS.find(name => scripts[name] !== undefined);
  // The copy of a commit is gone afterwards: nobody can build there.
  const shown = ours ? `${name} of the commit` : folder;
  const advice = ours
    ? 'Check the commit out in a folder of its own, build it there, and name that folder instead.'
    : 'Build it first.';
  const unbuilt = `${shown} is not built: ${missing} is missing`;
  if (script === undefined) throw new ReleaseError(`${unbuilt}. ${advice}`);
  onProgress?.(`Building ${shown} with npm run ${script} …`);
  const work = ours ? folder : await copied(folder, join(temp, 'build'));
  const fail = (ran: CommandResult, command: string): never => {
    const output = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').slice(-8).join('\n  ');
    throw new ReleaseError(`${unbuilt}, and ${command} fails there:\n  ${output}\n${advice}`);
  };
  if (!existsSync(join(work, 'node_modules'))) {
    const installed = modulesOf(checkout);
    if (installed !== null) symlinkSync(installed, join(work, 'node_modules'), 'junction');
    else {
      const ran = await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: work,
        signal,
      });
      if (!ran.ok) fail(ran, 'npm install');
    }
  }
  const ran = await npm(['run', script], { cwd: work, signal });
  if (!ran.ok) fail(ran, `npm run ${script}`);
  if (missingEntry(work, readManifest(work) ?? {}) !== null)
    throw new ReleaseError(`${unbuilt}, also after npm run ${script}. ${advice}`);
  return work;
}

/** The nearest node_modules at or above a folder of a checkout. */
function modulesOf(checkout: string): string | null {
  for (let at = checkout; ; at = join(at, '..')) {
    const modules = join(at, 'node_modules');
    if (existsSync(modules)) return modules;
    if (existsSync(join(at, '.git')) || at === join(at, '..')) return null;
  }
}

async function copied(folder: string, to: string): Promise<string> {
  const files = filesBelow(folder);
  if (files) await copyFiles(files, folder, to);
  else cpSync(folder, to, { recursive: true, filter: path => !/node_modules|\.git$/.test(path) });
  for (const hidden of ['.npmrc', '.babelrc', '.swcrc'])
    if (existsSync(join(folder, hidden))) cpSync(join(folder, hidden), join(to, hidden));
  return to;
}

/** Releases of npm packages. */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { NoProgram, type Ran, runCommand } from './command.ts';
import type { ReleaseFolder } from './folder.ts';
import { type Manifest, manifestFor, npmTrouble, type OwnManifest } from './npm-manifest.ts';
import { importsOf, type ScriptImports } from './script-imports.ts';
import { type InstallOptions, type Release, ReleaseError } from './types.ts';

type Installed = Omit<Release, 'remove' | 'base'>;

const INSTALL = [
  'install',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--no-update-notifier',
  '--no-global',
  '--loglevel=error',
  // A folder on this machine is installed as its release would be, not linked.
  '--install-links',
];

/**
 * Installs an npm package with the script, and the packages that it imports, into a folder.
 * @throws ReleaseError where npm cannot, or the script does not use the package
 */
export async function installNpm(
  name: string,
  version: string,
  options: InstallOptions,
  { base, temp }: ReleaseFolder,
): Promise<Installed> {
  const { script, others, signal } = options;
  const imports = await importsOf(script);
  const root = commonFolder([imports.home, ...imports.files.map(file => dirname(file))]);
  const own = ownManifest(imports.home);
  // Node would find that out by itself from version 22 on.
  const type = own.type ?? (imports.modulesOnly ? 'module' : undefined);
  const { files, home } = imports;
  const manifest = manifestFor({
    name,
    version,
    imported: imports.packages,
    others,
    own: { ...own, ...(type && { type }) },
    home,
  });
  await copyFiles(files, root, base);
  await copyManifests(files, root, base);
  await writeFile(join(base, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const settings = join(home, '.npmrc');
  if (existsSync(settings)) await copyFile(settings, join(base, '.npmrc'));
  const ran = await npm([...INSTALL, '--prefix', base], { cwd: base, env: { TMPDIR: temp }, signal });
  if (!ran.ok)
    throw new ReleaseError(`npm cannot install ${name}@${version}: ${npmTrouble(ran.stderr, name)}`);
  requireUse(name, imports, base, script);
  const cwd = relative(root, home) || '.';
  return {
    version: installed(base, name)?.version ?? version,
    others: Object.fromEntries(
      Object.entries(manifest.dependencies)
        .filter(([other]) => other !== name)
        .map(([other, spec]) => [other, exactly(base, other, spec)]),
    ),
    target: { module: relative(home, script), cwd },
  };
}

/**
 * Runs npm. On Windows it is a script for the shell: there the one that came with Node is run directly.
 * @throws NoProgram where there is no npm
 */
export async function npm(args: readonly string[], options: Parameters<typeof runCommand>[1]): Promise<Ran> {
  const node = dirname(process.execPath);
  const cli = [join(node, 'node_modules'), join(node, '..', 'lib', 'node_modules')]
    .map(folder => join(folder, 'npm', 'bin', 'npm-cli.js'))
    .find(existsSync);
  const direct = cli === undefined ? null : [process.execPath, cli, ...args];
  if (process.platform === 'win32' && direct) return runCommand(direct, options);
  try {
    return await runCommand(['npm', ...args], options);
  } catch (error) {
    if (error instanceof NoProgram && direct) return runCommand(direct, options);
    throw error;
  }
}

/** The folder that all of them are in. */
function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    let shared = common;
    while (`${folder}${sep}`.indexOf(shared.endsWith(sep) ? shared : `${shared}${sep}`) !== 0)
      shared = dirname(shared);
    return shared;
  });
}

async function copyFiles(files: readonly string[], root: string, base: string): Promise<void> {
  for (const file of files) {
    const copy = join(base, relative(root, file));
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(file, copy);
  }
}

/** A package.json further down says what kind of modules lie beside it: that much of it is kept. */
async function copyManifests(files: readonly string[], root: string, base: string): Promise<void> {
  const folders = new Set<string>();
  for (const file of files)
    for (let folder = dirname(file); folder !== root && folder !== dirname(folder); folder = dirname(folder))
      folders.add(folder);
  for (const folder of folders) {
    if (!existsSync(join(folder, 'package.json'))) continue;
    const { type, imports } = ownManifest(folder);
    const copy = { private: true, type: type ?? 'commonjs', imports };
    await writeFile(join(base, relative(root, folder), 'package.json'), JSON.stringify(copy));
  }
}

function ownManifest(folder: string): OwnManifest {
  return readJson<OwnManifest>(join(folder, 'package.json')) ?? {};
}

interface InstalledManifest extends Manifest {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function installed(base: string, name: string): InstalledManifest | null {
  return readJson<InstalledManifest>(join(base, 'node_modules', name, 'package.json'));
}

/** What has to be asked for to get the same again. */
function exactly(base: string, name: string, spec: string): string {
  if (/[:/]/.test(spec) && !spec.startsWith('npm:')) return spec;
  const found = installed(base, name);
  if (!found) return spec;
  return found.name === name ? found.version : `npm:${found.name}@${found.version}`;
}

/** A script that makes no use of the package would show no difference between any two releases. */
function requireUse(name: string, imports: ScriptImports, base: string, script: string): void {
  if (imports.packages.includes(name)) return;
  const lock = readJson<{ packages?: Record<string, InstalledManifest> }>(
    join(base, 'node_modules', '.package-lock.json'),
  );
  const brought = Object.values(lock?.packages ?? {}).some(
    one => one.dependencies?.[name] ?? one.peerDependencies?.[name] ?? one.optionalDependencies?.[name],
  );
  if (brought) return;
  const named = imports.files.some(file =>
    new RegExp(`['"\`]${name.replaceAll('.', '\\.')}['"\`/]`).test(read(file)),
  );
  if (named) return;
  const others = imports.packages.join(', ') || 'no package';
  throw new ReleaseError(
    `${script} does not use ${name}: it imports ${others}. Import ${name} by its name there, or add the package that brings it along with --with.`,
  );
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(read(file)) as T;
  } catch {
    return null;
  }
}

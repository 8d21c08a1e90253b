/** Releases of npm packages. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import semver from 'semver';
import { cached } from './cache.ts';
import { copyFiles, linkTree, readText, surroundingsOf } from './files.ts';
import type { ReleaseFolder } from './folder.ts';
import { npm } from './npm-command.ts';
import { packLocal } from './npm-local.ts';
import { type Manifest, manifestFor, npmTrouble, type OwnManifest } from './npm-manifest.ts';
import { redirectOwnSources } from './own-sources.ts';
import { projectOf } from './projects.ts';
import { importsOf, needsCompiling, type ScriptImports } from './script-imports.ts';
import { type Installed, type InstallOptions, ReleaseError, type ReleaseSource } from './types.ts';

const INSTALL = [
  'install',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--no-update-notifier',
  '--no-global',
  '--prefer-offline',
  '--loglevel=error',
  // A folder on this machine is installed as its release would be, not linked.
  '--install-links',
];

/**
 * Installs an npm package with the script, and the packages that it imports, into a folder.
 * @throws ReleaseError if npm cannot, or the script does not use the package
 */
export async function installNpm(
  name: string,
  source: ReleaseSource,
  options: InstallOptions,
  folder: ReleaseFolder,
): Promise<Installed> {
  const { script, others } = options;
  const { base } = folder;
  const imports = await importsOf(script);
  const { files, home } = imports;
  const root = commonFolder([home, ...files.map(file => dirname(file))]);
  const own = ownManifest(home);
  // Node would find that out by itself from version 22 on.
  const type = own.type ?? (imports.modulesOnly ? 'module' : undefined);
  const asked = await askedFor(name, source, options, folder);
  const manifest = manifestFor({
    name,
    spec: asked.spec,
    imported: imports.packages,
    others,
    own: { ...own, ...(type && { type }) },
    home,
  });
  await copyFiles([...new Set([...surroundingsOf(dirname(script)), ...files])], root, base);
  await copyManifests(files, root, base);
  await writeFile(join(base, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  if (needsDecorators(imports) && !existsSync(join(base, relative(root, home), 'tsconfig.json')))
    await writeFile(join(base, relative(root, home), 'tsconfig.json'), DECORATORS);
  await installModules({ name, asked, manifest, folder, home }, options);
  requireUse(name, imports, base, script);
  const packageHome = files
    .map(file => projectOf(file, 'package.json'))
    .find(project => project !== null && ownManifest(project).name === name);
  if (packageHome) redirectOwnSources({ name, script, home: packageHome, files }, base, root);
  return {
    version: installed(base, name)?.version ?? asked.spec,
    others: Object.fromEntries(
      Object.entries(manifest.dependencies)
        .filter(([other]) => other !== name)
        .map(([other, spec]) => [other, exactly(base, other, spec)]),
    ),
    dependencies: installedVersions(base),
    target: {
      module: relative(home, script),
      ...(options.app !== undefined && { export: options.app }),
      plain: !needsCompiling(imports, type === 'module'),
      cwd: relative(root, home) || '.',
    },
  };
}

/** Nest's decorators are those that came before the standard's; a project of its own says so in its tsconfig.json. */
const needsDecorators = ({ packages, files }: ScriptImports): boolean =>
  packages.some(one => one.startsWith('@nestjs/')) && files.some(file => file.endsWith('.ts'));

const DECORATORS = JSON.stringify({
  compilerOptions: { target: 'es2022', experimentalDecorators: true, emitDecoratorMetadata: true },
});

interface AskedFor {
  /** What npm is asked for. */
  readonly spec: string;
  /** What decides what it gives: the archive's bytes rather than its place. */
  readonly key: string;
}

async function askedFor(
  name: string,
  source: ReleaseSource,
  { signal, onProgress }: InstallOptions,
  { temp }: ReleaseFolder,
): Promise<AskedFor> {
  switch (source.kind) {
    case 'registry':
      return { spec: source.version, key: source.version };
    case 'archive': {
      const digest = createHash('sha256').update(readFileSync(source.path)).digest('hex');
      return { spec: `file:${source.path}`, key: digest };
    }
    case 'folder': {
      const { archive, digest } = await packLocal(name, source, temp, {
        signal,
        ...(onProgress && { onProgress }),
      });
      return { spec: `file:${archive}`, key: digest };
    }
  }
}

/** Installs what a manifest names, or takes it from where it was installed before. */
async function installModules(
  {
    name,
    asked,
    manifest,
    folder: { base, temp },
    home,
  }: {
    readonly name: string;
    readonly asked: AskedFor;
    readonly manifest: Manifest;
    readonly folder: ReleaseFolder;
    readonly home: string;
  },
  { signal, onInstall }: InstallOptions,
): Promise<void> {
  const settings = join(home, '.npmrc');
  const fill = async (into: string): Promise<void> => {
    onInstall?.();
    if (into !== base) await writeFile(join(into, 'package.json'), JSON.stringify(manifest));
    if (existsSync(settings)) await copyFile(settings, join(into, '.npmrc'));
    const ran = await npm([...INSTALL, '--prefix', into], { cwd: into, env: { TMPDIR: temp }, signal });
    await rm(join(into, '.npmrc'), { force: true });
    if (!ran.ok)
      throw new ReleaseError(`npm cannot install ${name}@${asked.spec}: ${npmTrouble(ran.stderr, name)}`);
  };
  const { dependencies, overrides } = manifest;
  const specs = Object.entries(dependencies).filter(([other]) => other !== name);
  // Folders elsewhere on this machine change without notice.
  if (specs.some(([, spec]) => spec.startsWith('file:'))) return await fill(base);
  const exact = [...specs, [name, asked.key] as const].every(
    ([, spec]) => semver.valid(spec) !== null || /^[0-9a-f]{64}$/.test(spec),
  );
  const key = { ...dependencies, [name]: asked.key };
  const kept = await cached(
    { ecosystem: 'npm', exact, asked: [key, overrides ?? null, readText(settings)] },
    fill,
  );
  const modules = join(kept, 'node_modules');
  if (!existsSync(modules)) return;
  linkTree(modules, join(temp, 'node_modules'));
  await rename(join(temp, 'node_modules'), join(base, 'node_modules'));
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

interface Lock {
  readonly packages?: Readonly<Record<string, InstalledManifest>>;
}

const lockOf = (base: string): Lock => readJson<Lock>(join(base, 'node_modules', '.package-lock.json')) ?? {};

/** Every installed package; more than one version of it by comma. */
function installedVersions(base: string): Record<string, string> {
  const versions: Record<string, Set<string>> = {};
  for (const [path, { version }] of Object.entries(lockOf(base).packages ?? {})) {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (version === undefined) continue;
    versions[name] ??= new Set();
    versions[name].add(version);
  }
  return Object.fromEntries(
    Object.entries(versions).map(([name, all]) => [name, [...all].sort().join(', ')]),
  );
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
  const brought = Object.values(lockOf(base).packages ?? {}).some(
    one => one.dependencies?.[name] ?? one.peerDependencies?.[name] ?? one.optionalDependencies?.[name],
  );
  if (brought) return;
  const named = imports.files.some(file =>
    new RegExp(`['"\`]${name.replaceAll('.', '\\.')}['"\`/]`).test(readText(file)),
  );
  const isOwn = imports.files.some(file => {
    const project = projectOf(file, 'package.json');
    return project !== null && ownManifest(project).name === name;
  });
  if (named || isOwn) return;
  const others = imports.packages.join(', ') || 'no package';
  throw new ReleaseError(
    `${script} does not use ${name}: it imports ${others}. Import ${name} by its name there, or add the package that brings it along with --with.`,
  );
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readText(file)) as T;
  } catch {
    return null;
  }
}

/** Releases of crates. */
import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import process from 'node:process';
import { type CommandResult, runCommand } from '../process/command.ts';
import { madeCacheFolder } from './cache.ts';
import { circumstance } from './circumstances.ts';
import { copyFiles, filesBelow, readText } from './files.ts';
import type { ReleaseFolder } from './folder.ts';
import { projectOf } from './projects.ts';
import { type Installed, type InstallOptions, ReleaseError, type ReleaseSource } from './types.ts';

/** A build of a whole web framework takes longer than an installation. */
const BUILD_MS = 15 * 60_000;

/**
 * Builds a program with a release of a crate, in a copy of its project.
 * @throws ReleaseError if Cargo cannot, or the program does not use the crate
 */
export async function installCargo(
  name: string,
  source: ReleaseSource,
  { script, others, signal, onProgress }: InstallOptions,
  { base }: ReleaseFolder,
): Promise<Installed> {
  const home = projectOf(script, 'Cargo.toml');
  if (home === null)
    throw new ReleaseError(
      `${script} belongs to no Cargo.toml: make a project of it, with the crates and the features that it needs.`,
    );
  const files = filesBelow(home);
  if (files === null) throw new ReleaseError(`${home} holds more than a server needs.`);
  const manifest = readText(join(home, 'Cargo.toml'));
  if (!usesCrate(manifest, name))
    throw new ReleaseError(`${join(home, 'Cargo.toml')} does not name ${name}: add it to its dependencies.`);
  await copyFiles(files, home, base);
  // Which binary of a package the script is.
  const binary = /(?:^|\/)src\/bin\//.test(relative(home, script)) ? basename(script, '.rs') : null;
  const wanted = [[name, source] as const, ...others.map(otherSource)];
  await writeFile(
    join(base, 'Cargo.toml'),
    wanted.reduce((text, [crate, from]) => withSource(text, crate, from), absolutePaths(manifest, home)),
  );
  const shared = madeCacheFolder('cargo-target');
  const cargo = async (...args: string[]): Promise<string> => {
    const ran = await runCommand(['cargo', ...args], {
      cwd: base,
      env: { CARGO_TERM_COLOR: 'never', CARGO_TARGET_DIR: shared, CARGO_INCREMENTAL: '0' },
      limitMs: BUILD_MS,
      signal,
    });
    if (!ran.ok) throw new ReleaseError(`Cargo cannot build the script with ${name}: ${cargoTrouble(ran)}`);
    return ran.stdout;
  };
  const packages = packagesOf(await cargo('metadata', '--format-version', '1', '--quiet'));
  const installed = packages.filter(one => one.name === name).at(-1)?.version;
  if (installed === undefined) throw new ReleaseError(`${script} does not use ${name}.`);
  onProgress?.(`Building with ${name} ${installed}; the first time takes minutes …`);
  const built = await cargo(
    'build',
    '--quiet',
    '--message-format=json',
    ...(binary ? ['--bin', binary] : []),
  );
  const program = executableOf(built, binary);
  if (program === undefined)
    throw new ReleaseError(`${home} builds no program: it needs a src/main.rs or a [[bin]].`);
  // The next release is built to the same place.
  const server = join(base, process.platform === 'win32' ? 'server.exe' : 'server');
  await copyFile(program, server);
  return {
    version: installed,
    others: Object.fromEntries(
      packages
        .filter(one => one.name !== name && usesCrate(manifest, one.name))
        .map(one => [one.name, one.version]),
    ),
    dependencies: Object.fromEntries(packages.map(one => [one.name, one.version])),
    target: { command: [server, '{port}'], cwd: '.' },
  };
}

const entryOf = (crate: string): RegExp =>
  new RegExp(`^(${crate.replaceAll('-', '[-_]')})\\s*=\\s*(.+)$`, 'm');

const usesCrate = (manifest: string, crate: string): boolean => entryOf(crate).test(manifest);

function otherSource(other: string): readonly [string, ReleaseSource] {
  const [, crate = other, version = '*'] = /^([^@]+)(?:@(.+))?$/.exec(other) ?? [];
  return [crate, { kind: 'registry', version }];
}

/** The manifest with another source for a crate; its features stay. */
export function withSource(manifest: string, crate: string, source: ReleaseSource): string {
  const exact = (version: string) => (/^\d+\.\d+\.\d+/.test(version) ? `=${version}` : version);
  const from =
    source.kind === 'registry'
      ? `version = ${JSON.stringify(source.version === 'latest' ? '*' : exact(source.version))}`
      : `path = ${JSON.stringify(source.kind === 'folder' ? source.folder : source.path)}`;
  return manifest.replace(entryOf(crate), (_, name: string, value: string) => {
    const inner = /^\{(.*)\}\s*$/.exec(value.trim())?.[1] ?? '';
    const kept = splitFields(inner).filter(field => !/^(?:version|path|git|branch|tag|rev)\s*=/.test(field));
    return `${name} = { ${[from, ...kept].join(', ')} }`;
  });
}

/** The fields of an inline table; commas inside lists do not part them. */
function splitFields(text: string): string[] {
  return (text.match(/(?:[^,[\]]|\[[^\]]*\])+/g) ?? []).map(field => field.trim()).filter(Boolean);
}

/** Paths of other crates on this machine mean the same from elsewhere. */
const absolutePaths = (manifest: string, home: string): string =>
  manifest.replace(/\bpath\s*=\s*"(\.[^"]*)"/g, (whole, path: string) =>
    existsSync(join(home, path, 'Cargo.toml')) ? `path = ${JSON.stringify(join(home, path))}` : whole,
  );

interface CratePackage {
  readonly name: string;
  readonly version: string;
}

function packagesOf(metadata: string): readonly CratePackage[] {
  const { packages } = JSON.parse(metadata) as { readonly packages: readonly CratePackage[] };
  return packages.map(({ name, version }) => ({ name, version }));
}

interface BuildMessage {
  readonly executable?: string | null;
  readonly target?: { readonly name: string };
}

function executableOf(messages: string, binary: string | null): string | undefined {
  return messages
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as BuildMessage)
    .findLast(({ executable, target }) => executable && (binary === null || target?.name === binary))
    ?.executable as string | undefined;
}

/** The decisive lines of Cargo's error output. */
export function cargoTrouble({ stderr }: Pick<CommandResult, 'stderr'>): string {
  const lines = stderr.split(/\r?\n/).map(line => line.trim());
  const at = lines.findIndex(line => /^error/.test(line));
  const said = lines.slice(Math.max(0, at), at + 4).filter(line => line !== '' && !/^-->|^\|/.test(line));
  const text = said
    .join(' ')
    .replace(/^error(?:\[\w+\])?: /, '')
    .replace(/\.$/, '');
  if (/no matching package|failed to select a version/.test(text))
    return `${text}. See its versions with: cargo search, or on the registry.`;
  return `${text || 'it says nothing'}.${circumstance(stderr, 'Cargo')}`;
}

/** Releases of crates. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import process from 'node:process';
import { type CommandResult, runCommand } from '../process/command.ts';
import { cached, madeCacheFolder } from './cache.ts';
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
  { script, others, signal, onProgress, onInstall }: InstallOptions,
  { base, temp }: ReleaseFolder,
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
  const withLocal = absolutePaths(manifest, home);
  await writeFile(
    join(base, 'Cargo.toml'),
    wanted.reduce((text, [crate, from]) => withSource(text, crate, from), withLocal),
  );
  const own = { name, binary, base, home };
  const onBuild = (version: string) =>
    onProgress?.(`Building with ${name} ${version}; the first time takes minutes …`);
  const folder = await builtIn(temp, {
    isKept: source.kind === 'registry' && withLocal === manifest,
    asked: [name, source, others, binary, contentOf([...files, script], home)],
    build: into => {
      onInstall?.();
      return buildTo(into, own, { signal, onBuild });
    },
    signal,
  });
  const packages = JSON.parse(readText(join(folder, PACKAGES))) as readonly CratePackage[];
  const installed = versionOf(name, packages);
  if (installed === undefined) throw new ReleaseError(`${script} does not use ${name}.`);
  return {
    version: installed,
    others: Object.fromEntries(
      packages
        .filter(one => one.name !== name && usesCrate(manifest, one.name))
        .map(one => [one.name, one.version]),
    ),
    dependencies: Object.fromEntries(packages.map(one => [one.name, one.version])),
    target: { command: [join(folder, PROGRAM), '{port}'], cwd: '.' },
  };
}

const PROGRAM = process.platform === 'win32' ? 'server.exe' : 'server';
const PACKAGES = 'packages.json';

const versionOf = (name: string, packages: readonly CratePackage[]): string | undefined =>
  packages.filter(one => one.name === name).at(-1)?.version;

/** The folder with the program: kept where the same question has the same answer, that is without sources of this machine. */
async function builtIn(
  temp: string,
  given: {
    readonly isKept: boolean;
    readonly asked: readonly unknown[];
    readonly build: (into: string) => Promise<void>;
    readonly signal: AbortSignal | undefined;
  },
): Promise<string> {
  if (!given.isKept) {
    await given.build(temp);
    return temp;
  }
  const compiler = await runCommand(['cargo', '--version', '--verbose'], { signal: given.signal });
  const asked = [...given.asked, compiler.stdout, process.env.RUSTFLAGS ?? ''];
  // Of the crates that it does not name exactly there are newer ones tomorrow.
  return cached({ ecosystem: 'cargo', exact: false, asked }, given.build);
}

interface CargoProject {
  readonly name: string;
  /** The program's name, if the project has several. */
  readonly binary: string | null;
  /** The copy that is built. */
  readonly base: string;
  /** What it is a copy of. */
  readonly home: string;
}

/** Builds the project, and puts the program and the list of its crates into a folder. */
async function buildTo(
  into: string,
  { name, binary, base, home }: CargoProject,
  {
    signal,
    onBuild,
  }: { readonly signal: AbortSignal | undefined; readonly onBuild: (version: string) => void },
): Promise<void> {
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
  onBuild(versionOf(name, packages) ?? '');
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
  await copyFile(program, join(into, PROGRAM));
  await writeFile(join(into, PACKAGES), JSON.stringify(packages));
}

/** What decides what is built, in a short form. */
function contentOf(files: readonly string[], home: string): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(home, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

const spelled = (crate: string): string => crate.replaceAll('-', '[-_]');

/** `crate = …`, on one line. */
const entryOf = (crate: string): RegExp => new RegExp(`^(${spelled(crate)})\\s*=\\s*(.+)$`, 'm');

/** `crate.version = …`, a line for each field. */
const dottedOf = (crate: string): RegExp => new RegExp(`^${spelled(crate)}\\.(\\w[\\w-]*\\s*=.*)\\n?`, 'gm');

/** `[dependencies.crate]` with its fields, up to the next table. */
const tableOf = (crate: string): RegExp =>
  new RegExp(`^(\\[(?:.*\\.)?dependencies\\.${spelled(crate)}\\][^\\n]*\\n)((?:(?!\\s*\\[).*\\n?)*)`, 'm');

const usesCrate = (manifest: string, crate: string): boolean =>
  [entryOf, dottedOf, tableOf].some(form => form(crate).test(manifest));

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
  const isKept = (field: string) => !SOURCE.test(field.trim());
  if (tableOf(crate).test(manifest))
    return manifest.replace(
      tableOf(crate),
      (_, head: string, body: string) => `${head}${from}\n${body.split('\n').filter(isKept).join('\n')}`,
    );
  const dotted = [...manifest.matchAll(dottedOf(crate))];
  const [first] = dotted;
  const inline = first
    ? manifest.replace(dottedOf(crate), (_, _field: string, at: number) =>
        at === first.index ? `${crate} = { ${dotted.map(one => one[1]).join(', ')} }\n` : '',
      )
    : manifest;
  return inline.replace(entryOf(crate), (_, name: string, value: string) => {
    const inner = /^\{(.*)\}\s*$/.exec(value.trim())?.[1] ?? '';
    return `${name} = { ${[from, ...splitFields(inner).filter(isKept)].join(', ')} }`;
  });
}

/** What says where a crate comes from. */
const SOURCE = /^(?:version|path|git|branch|tag|rev)\s*=/;

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

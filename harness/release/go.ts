/** Releases of Go modules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { commandLine } from '../process/child.ts';
import { type CommandOptions, type CommandResult, runCommand } from '../process/command.ts';
import { circumstance } from './circumstances.ts';
import { copyFiles, filesBelow } from './files.ts';
import type { ReleaseFolder } from './folder.ts';
import { isPath } from './package.ts';
import { type Installed, type InstallOptions, ReleaseError, type ReleaseSource } from './types.ts';

/** The part of `go mod edit -json` that matters. */
interface GoMod {
  readonly Module?: { readonly Path: string };
  readonly Require?: readonly {
    readonly Path: string;
    readonly Version: string;
    readonly Indirect?: boolean;
  }[];
  readonly Replace?: readonly {
    readonly Old: { readonly Path: string };
    readonly New: { readonly Path: string };
  }[];
}

/**
 * Builds the script with a release of a Go module, in a separate module.
 * @throws ReleaseError if Go cannot, another module needs a later release, or the script does not use the module
 */
export async function installGo(
  name: string,
  source: ReleaseSource,
  { script, others, signal }: InstallOptions,
  { base, temp }: ReleaseFolder,
): Promise<Installed> {
  const label = source.kind === 'registry' ? source.version : name;
  const go = goIn(base, temp, `${name}@${label}`, signal);
  const home = homeOf(script);
  await copyFiles(filesOf(script, home), home, base);
  if (!existsSync(join(base, 'go.mod'))) await go('mod', 'init', 'target');
  await moveReplacements(go, name, home);
  const asked = source.kind === 'registry' ? goVersion(source.version) : null;
  if (source.kind === 'folder')
    await go('mod', 'edit', `-require=${name}@v0.0.0`, `-replace=${name}=${source.folder}`);
  if (source.kind === 'archive')
    throw new ReleaseError(`${source.path}: Go takes a folder, not an archive; unpack it first.`);
  const wanted = [
    ...(asked === null ? [] : [`${name}@${asked}`]),
    ...others.map(other => (other.includes('@') ? other : `${other}@latest`)),
  ];
  if (wanted.length > 0) await go('get', ...wanted);
  await go('mod', 'tidy');
  const mod = await modOf(go);
  if (!mod.Require?.some(one => one.Path === name))
    throw new ReleaseError(`${script} does not use ${name}: it does not import it.`);
  const installed = (await go('list', '-m', '-f', '{{.Version}}', name)).trim();
  if (asked !== null) requireVersion(name, asked, installed);
  const server = join(base, process.platform === 'win32' ? 'server.exe' : 'server');
  await go('build', '-o', server, `./${relative(home, dirname(script)).replaceAll('\\', '/')}`);
  return {
    // A module does not say its version; its tags do.
    version: asked === null ? '' : installed,
    others: Object.fromEntries(
      (mod.Require ?? [])
        .filter(one => !one.Indirect && one.Path !== name)
        .map(one => [one.Path, one.Version]),
    ),
    dependencies: Object.fromEntries(
      (await go('list', '-m', '-f', '{{.Path}} {{.Version}}', 'all'))
        .split('\n')
        .map(line => line.trim().split(' '))
        .flatMap(([path, version]) => (path && version ? [[path, version]] : [])),
    ),
    target: { command: [server, '{port}'], cwd: '.' },
  };
}

type Go = (...args: string[]) => Promise<string>;

function goIn(base: string, temp: string, release: string, signal: AbortSignal | undefined): Go {
  const settings: CommandOptions = {
    cwd: base,
    env: {
      TMPDIR: temp,
      GOTMPDIR: temp,
      GOWORK: 'off',
      GOFLAGS: `${process.env.GOFLAGS ?? ''} -mod=mod`.trim(),
    },
    signal,
  };
  return async (...args) => {
    const ran = await runCommand(['go', ...args], settings);
    if (ran.ok) return ran.stdout;
    throw new ReleaseError(`Go cannot build the script with ${release}: ${goTrouble(ran, args)}`);
  };
}

const goVersion = (version: string): string => {
  const exact = `v${version.replace(/^v/, '')}`;
  return /^v\d/.test(exact) ? exact : version;
};

/** Replacements by folders mean the same from elsewhere; one of the module itself would hide its release. */
async function moveReplacements(go: Go, name: string, home: string): Promise<void> {
  for (const { Old, New } of (await modOf(go)).Replace ?? [])
    if (Old.Path === name) await go('mod', 'edit', `-dropreplace=${name}`);
    else if (isPath(New.Path)) await go('mod', 'edit', `-replace=${Old.Path}=${resolve(home, New.Path)}`);
}

function requireVersion(name: string, asked: string, installed: string): void {
  const plain = (version: string) => version.replace(/\+.*/, '');
  if (!/^v\d+\.\d+\.\d+/.test(asked) || plain(installed) === plain(asked)) return;
  throw new ReleaseError(
    `Another module needs ${name} ${installed}, not ${asked}. Choose the other modules with --with, for example --with github.com/gin-gonic/gin@v1.9.0.`,
  );
}

/** The folder that is copied: the script's module, or the script's folder if it has none. */
const homeOf = (script: string): string => moduleOf(script) ?? dirname(script);

function filesOf(script: string, home: string): string[] {
  if (home === dirname(script) && !existsSync(join(home, 'go.mod'))) return scriptFiles(script);
  const files = filesBelow(home, name => !name.endsWith('_test.go'));
  if (files) return files;
  throw new ReleaseError(
    `${home} holds more than a server needs: put the script into a folder with a go.mod of its own.`,
  );
}

/** The Go sources of a script. */
export const goFiles = (script: string): string[] => filesOf(script, homeOf(script));

async function modOf(go: Go): Promise<GoMod> {
  return JSON.parse(await go('mod', 'edit', '-json')) as GoMod;
}

/** The folder of the go.mod that the script belongs to: its own, or one further up whose packages it imports. */
function moduleOf(script: string): string | null {
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    const file = join(folder, 'go.mod');
    if (existsSync(file)) {
      const path = /^module\s+"?([^\s"]+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
      return folder === dirname(script) || importsFrom(script, path) ? folder : null;
    }
    if (folder === dirname(folder)) return null;
  }
}

/** Whether the script imports a package of a module below its root; a library's example imports the root alone. */
function importsFrom(script: string, path: string): boolean {
  return path !== '' && readFileSync(script, 'utf8').includes(`"${path}/`);
}

/** The script and what belongs to the same program: files of the same folder without a main(). */
function scriptFiles(script: string): string[] {
  const folder = dirname(script);
  return readdirSync(folder)
    .filter(name => name.endsWith('.go') && !name.endsWith('_test.go'))
    .map(name => join(folder, name))
    .filter(file => file === script || !/^func main\(/m.test(readFileSync(file, 'utf8')));
}

/** The decisive line of Go's error output. */
function goTrouble(
  { stderr, stdout }: Pick<CommandResult, 'stderr' | 'stdout'>,
  args: readonly string[],
): string {
  const lines = (stderr || stdout)
    .split(/\r?\n/)
    .map(line =>
      line
        .replace(/^go: /, '')
        .replace(/\breading https?:\S+ /, '')
        .trim(),
    )
    .filter(
      line =>
        line !== '' &&
        !/^(?:downloading|finding|added|upgraded|downgraded|creating new|to add|# )/.test(line),
    );
  const telling =
    lines.find(line =>
      /unknown revision|no matching versions|invalid version|not found|\b4\d\d |conflict|malformed|requires/i.test(
        line,
      ),
    ) ??
    lines.at(0) ??
    'it says nothing';
  const advice = /unknown revision|no matching versions|invalid version|\b4\d\d /.test(telling)
    ? ` See its versions with: go list -m -versions ${args.find(arg => arg.includes('@'))?.split('@')[0] ?? 'MODULE'}`
    : circumstance(telling, 'Go');
  return `${telling.replace(/\.$/, '')} (${commandLine(['go', ...args.map(arg => (arg.startsWith('/') ? basename(arg) : arg))])}).${advice}`;
}

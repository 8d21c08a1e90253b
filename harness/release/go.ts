/** Releases of Go modules. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type CommandOptions, type Ran, runCommand, shown } from './command.ts';
import type { ReleaseFolder } from './folder.ts';
import { isPath, pathOf } from './package.ts';
import { type InstallOptions, type Release, ReleaseError } from './types.ts';

type Installed = Omit<Release, 'remove' | 'base'>;

/** Bytes of a module that are copied at most. */
const LARGEST = 16 * 1024 * 1024;
const SKIPPED = new Set(['vendor', 'node_modules', 'testdata']);

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
 * Builds the script with a release of a Go module, in a module of its own.
 * @throws ReleaseError where Go cannot, another module needs a later release, or the script does not use the module
 */
export async function installGo(
  name: string,
  version: string,
  options: InstallOptions,
  { base, temp }: ReleaseFolder,
): Promise<Installed> {
  const { script, signal } = options;
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
  const release = `${name}@${version}`;
  const go = async (...args: string[]): Promise<string> => {
    const ran = await runCommand(['go', ...args], settings);
    if (!ran.ok)
      throw new ReleaseError(`Go cannot build the script with ${release}: ${goTrouble(ran, args)}`);
    return ran.stdout;
  };
  const home = moduleOf(script) ?? dirname(script);
  const files =
    home === dirname(script) && !existsSync(join(home, 'go.mod')) ? scriptFiles(script) : moduleFiles(home);
  for (const file of files) {
    const copy = join(base, relative(home, file));
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(file, copy);
  }
  if (!existsSync(join(base, 'go.mod'))) await go('mod', 'init', 'target');
  for (const { Old, New } of (await modOf(go)).Replace ?? [])
    if (isPath(New.Path) || Old.Path === name)
      await go(
        'mod',
        'edit',
        Old.Path === name ? `-dropreplace=${name}` : `-replace=${Old.Path}=${resolve(home, New.Path)}`,
      );
  const local = isPath(version);
  const exact = `v${version.replace(/^v/, '')}`;
  const asked = /^v\d/.test(exact) ? exact : version;
  if (local) await go('mod', 'edit', `-require=${name}@v0.0.0`, `-replace=${name}=${pathOf(version)}`);
  const others = options.others.map(other => (other.includes('@') ? other : `${other}@latest`));
  const wanted = [...(local ? [] : [`${name}@${asked}`]), ...others];
  if (wanted.length > 0) await go('get', ...wanted);
  await go('mod', 'tidy');
  const mod = await modOf(go);
  if (!mod.Require?.some(one => one.Path === name))
    throw new ReleaseError(`${script} does not use ${name}: it does not import it.`);
  const installed = (await go('list', '-m', '-f', '{{.Version}}', name)).trim();
  if (!local && /^v\d+\.\d+\.\d+/.test(asked) && installed.replace(/\+.*/, '') !== asked.replace(/\+.*/, ''))
    throw new ReleaseError(
      `Another module needs ${name} ${installed}, not ${asked}. Choose the other modules with --with, for example --with github.com/gin-gonic/gin@v1.9.0.`,
    );
  const server = join(base, process.platform === 'win32' ? 'server.exe' : 'server');
  await go('build', '-o', server, `./${relative(home, dirname(script)).replaceAll('\\', '/')}`);
  return {
    // A module does not say its version; its tags do.
    version: local ? version : installed,
    others: Object.fromEntries(
      (mod.Require ?? [])
        .filter(one => !one.Indirect && one.Path !== name)
        .map(one => [one.Path, one.Version]),
    ),
    target: { command: [server, '{port}'], cwd: '.' },
  };
}

async function modOf(go: (...args: string[]) => Promise<string>): Promise<GoMod> {
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

/** The script and what belongs to the same program: files beside it that have no main() of their own. */
function scriptFiles(script: string): string[] {
  const folder = dirname(script);
  return readdirSync(folder)
    .filter(name => name.endsWith('.go') && !name.endsWith('_test.go'))
    .map(name => join(folder, name))
    .filter(file => file === script || !/^func main\(/m.test(readFileSync(file, 'utf8')));
}

/** A whole module, for what it embeds and imports of itself. */
function moduleFiles(home: string): string[] {
  let bytes = 0;
  const visit = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return [];
      if (entry.isDirectory()) return visit(path);
      if (!entry.isFile() || entry.name.endsWith('_test.go')) return [];
      bytes += statSync(path).size;
      if (bytes > LARGEST)
        throw new ReleaseError(
          `${home} holds more than ${LARGEST / 1024 / 1024} MB: put the script into a folder with a go.mod of its own.`,
        );
      return [path];
    });
  return visit(home);
}

/** The decisive line of Go's error output. */
export function goTrouble(
  { stderr, stdout }: Pick<Ran, 'stderr' | 'stdout'>,
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
    : '';
  return `${telling.replace(/\.$/, '')} (${shown(['go', ...args.map(arg => (arg.startsWith('/') ? basename(arg) : arg))])}).${advice}`;
}

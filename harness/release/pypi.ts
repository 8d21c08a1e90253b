/** Releases of packages of the Python Package Index. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import {
  type CommandOptions,
  type CommandResult,
  ProgramNotFoundError,
  runCommand,
} from '../process/command.ts';
import { cached } from './cache.ts';
import { copyFiles, surroundingsOf } from './files.ts';
import type { ReleaseFolder } from './folder.ts';
import { isPath } from './package.ts';
import { type PythonInstalled, type PythonScript, READ_INSTALLED, READ_SCRIPT } from './python-programs.ts';
import { RUNNER, SERVE_SCRIPT } from './python-runner.ts';
import { pythonServer } from './python-server.ts';
import {
  chooseRequirements,
  distributionOf,
  extrasOf,
  pinnedName,
  pipTrouble,
  plainName,
  readRequirements,
  requiredName,
} from './requirements.ts';
import { type Installed, type InstallOptions, ReleaseError, type ReleaseSource } from './types.ts';

const WINDOWS = process.platform === 'win32';
const QUIET = ['--disable-pip-version-check', '--no-input'];
/** From here on, one pip can install into any environment, and none has to be put into each: that saves seconds. */
const PIP_FOR_OTHERS = 23;

/**
 * Installs a Python package with the script, and the packages that it imports, into a virtual environment.
 * @throws ReleaseError if Python or pip cannot, or the script does not use the package
 */
export async function installPypi(
  name: string,
  source: ReleaseSource,
  options: InstallOptions,
  { base, temp }: ReleaseFolder,
): Promise<Installed> {
  const { script, signal } = options;
  const settings: CommandOptions = { cwd: base, env: { TMPDIR: temp, PYTHONDONTWRITEBYTECODE: '1' }, signal };
  const parts = await readScript(script, settings);
  const requirements = join(dirname(script), 'requirements.txt');
  const needed = existsSync(requirements)
    ? readRequirements(requirements)
    : parts.modules.map(distributionOf);
  const own = relative(dirname(script), script);
  const server = pythonServer(own, await readFile(script, 'utf8'), parts.modules, options.app);
  const others = chooseRequirements(name, [...needed, ...server.needs], options.others);
  await copyFiles([...new Set([...surroundingsOf(dirname(script)), ...parts.files])], dirname(script), base);
  await writeFile(join(base, RUNNER), SERVE_SCRIPT);
  const extras = extrasOf(name, [...needed, ...options.others]);
  const asked = requirementOf(name, extras, source);
  const python = await installEnvironment(name, source, [asked, ...others], {
    base,
    settings,
    onInstall: options.onInstall,
  });
  const names = others.map(requiredName).filter(one => one !== null);
  const read = [python, '-c', READ_INSTALLED, name, ...names];
  const found = await ask<PythonInstalled>(read, settings, 'the installed packages cannot be read');
  const installed = found.versions[name];
  if (installed === undefined) throw new ReleaseError(`${asked} is not the package ${name}.`);
  requireUse(name, parts, found, script);
  return {
    version: installed,
    others: Object.fromEntries(
      others.flatMap(other => {
        const exact = found.versions[requiredName(other) ?? ''];
        return exact === undefined ? [] : [[pinnedName(other), exact]];
      }),
    ),
    dependencies: found.all,
    target: {
      command: [python, ...server.args],
      cwd: '.',
      env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
    },
  };
}

/** @param extras "[flask]", or empty */
function requirementOf(name: string, extras: string, source: ReleaseSource): string {
  if (source.kind === 'archive') return source.path + extras;
  if (source.kind === 'folder') return source.folder + extras;
  const { version } = source;
  const full = name + extras;
  if (version === 'latest') return full;
  // A range stands as pip writes it; "10" or "4.2" may be the beginning of a version.
  if (/^[<>=!~]/.test(version)) return `${full}${version}`;
  const plain = version.replace(/^v/, '');
  return /^\d+(?:\.\d+)?$/.test(plain) ? `${full}==${plain}.*` : `${full}==${plain}`;
}

/** Makes the environment, or takes the one that was made before. @returns its Python */
async function installEnvironment(
  name: string,
  source: ReleaseSource,
  requirements: readonly string[],
  {
    base,
    settings,
    onInstall,
  }: {
    readonly base: string;
    readonly settings: CommandOptions;
    readonly onInstall: (() => void) | undefined;
  },
): Promise<string> {
  const [first = '', ...others] = requirements;
  const [extras = ''] = /\[.*\]$/.exec(first) ?? [];
  const fill = async (folder: string): Promise<void> => {
    onInstall?.();
    const [, pip] = await newEnvironment(folder, settings);
    const ran = await runCommand([...pip, 'install', ...QUIET, '--quiet', ...requirements], settings);
    if (!ran.ok) throw new ReleaseError(`pip cannot install ${first}: ${pipTrouble(ran.stderr, name)}`);
  };
  if (source.kind === 'folder' || others.some(one => isPath(one) || /file:|:\/\//.test(one))) {
    await fill(base);
    return pythonOf(base);
  }
  const key =
    source.kind === 'archive'
      ? createHash('sha256').update(readFileSync(source.path)).digest('hex') + extras
      : first;
  const exact = requirements.every(one => isPath(one) || /==[^*]+$/.test(one));
  const version = (await runPython(['--version'], settings)).stdout.trim();
  return pythonOf(await cached({ ecosystem: 'pypi', exact, asked: [key, others, version] }, fill));
}

/** What a script consists of. @throws ReleaseError if it cannot be read */
async function readScript(script: string, settings: CommandOptions): Promise<PythonScript> {
  const ran = await runPython(['-c', READ_SCRIPT, script], settings);
  return parsed<PythonScript>(ran, `${script} cannot be read`);
}

/** Every file that a script imports or names. */
export const pythonFiles = async (script: string): Promise<readonly string[]> =>
  (await readScript(script, {})).files;

/**
 * Runs the Python of this machine.
 * @throws ProgramNotFoundError if there is none
 */
export async function runPython(args: readonly string[], settings: CommandOptions): Promise<CommandResult> {
  const [first = '', second = ''] = WINDOWS ? ['python', 'py'] : ['python3', 'python'];
  try {
    return await runCommand([first, ...args], settings);
  } catch (error) {
    if (error instanceof ProgramNotFoundError) return runCommand([second, ...args], settings);
    throw error;
  }
}

const pythonOf = (folder: string): string =>
  WINDOWS ? join(folder, 'venv', 'Scripts', 'python.exe') : join(folder, 'venv', 'bin', 'python');

/** Makes a virtual environment in a folder. Returns its Python, and the command that is its pip. */
async function newEnvironment(
  base: string,
  settings: CommandOptions,
): Promise<[python: string, pip: readonly string[]]> {
  const python = pythonOf(base);
  const own = await runPython(['-m', 'pip', '--version'], settings);
  const shared = own.ok && Number(/^pip (\d+)/.exec(own.stdout)?.[1]) >= PIP_FOR_OTHERS;
  const made = await runPython(
    ['-m', 'venv', ...(shared ? ['--without-pip'] : []), join(base, 'venv')],
    settings,
  );
  if (!made.ok)
    throw new ReleaseError(
      `Python cannot make a virtual environment: ${(made.stderr || made.stdout).trim().split('\n').at(0)} It needs Python 3.10 or later with venv (python3-venv on Debian).`,
    );
  if (!shared) return [python, [python, '-m', 'pip']];
  const program = WINDOWS ? 'python' : 'python3';
  return [python, [program, '-m', 'pip', '--python', python]];
}

/** Runs a program that prints one line of JSON. */
async function ask<T>(command: readonly string[], settings: CommandOptions, otherwise: string): Promise<T> {
  return parsed<T>(await runCommand(command, settings), otherwise);
}

function parsed<T>(ran: CommandResult, otherwise: string): T {
  try {
    if (ran.ok) return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '') as T;
  } catch {
    // Said below.
  }
  throw new ReleaseError(`${otherwise}: ${ran.stderr.trim().split('\n').at(-1)}`);
}

/** A script that makes no use of the package would show no difference between any two releases. */
function requireUse(name: string, parts: PythonScript, found: PythonInstalled, script: string): void {
  const used = new Set([...parts.modules, ...parts.mentioned]);
  const modules = [...found.provides, plainName(name).replaceAll('-', '_')];
  if (found.neededBy.length > 0 || modules.some(module => used.has(module))) return;
  throw new ReleaseError(
    `${script} does not use ${name}: it imports ${parts.modules.join(', ') || 'no package'}. Import it there (${found.provides.join(', ')}), or add the package that brings it along with --with.`,
  );
}

/** Releases of packages of the Python Package Index. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type CommandOptions, NoProgram, type Ran, runCommand } from './command.ts';
import type { ReleaseFolder } from './folder.ts';
import { isPath, pathOf } from './package.ts';
import { type PythonInstalled, type PythonScript, READ_INSTALLED, READ_SCRIPT } from './python-programs.ts';
import { pythonServer } from './python-server.ts';
import {
  chooseRequirements,
  distributionOf,
  pinnedName,
  pipTrouble,
  plainName,
  readRequirements,
  requiredName,
} from './requirements.ts';
import { type InstallOptions, type Release, ReleaseError } from './types.ts';

type Installed = Omit<Release, 'remove' | 'base'>;

const WINDOWS = process.platform === 'win32';
const QUIET = ['--disable-pip-version-check', '--no-input'];
/** From here on, one pip can install into any environment, and none has to be put into each: that saves seconds. */
const PIP_FOR_OTHERS = 23;

/**
 * Installs a Python package with the script, and the packages that it imports, into a virtual environment.
 * @throws ReleaseError where Python or pip cannot, or the script does not use the package
 */
export async function installPypi(
  name: string,
  version: string,
  options: InstallOptions,
  { base, temp }: ReleaseFolder,
): Promise<Installed> {
  const { script, signal } = options;
  const settings: CommandOptions = { cwd: base, env: { TMPDIR: temp, PYTHONDONTWRITEBYTECODE: '1' }, signal };
  const [python, pip] = await newEnvironment(base, settings);
  const parts = await ask<PythonScript>(
    [python, '-c', READ_SCRIPT, script],
    settings,
    `${script} cannot be read`,
  );
  const requirements = join(dirname(script), 'requirements.txt');
  const needed = existsSync(requirements)
    ? readRequirements(requirements)
    : parts.modules.map(distributionOf);
  const own = relative(dirname(script), script);
  const server = pythonServer(own, await readFile(script, 'utf8'), parts.modules);
  const others = chooseRequirements(name, [...needed, ...server.needs], options.others);
  await copyFiles(parts.files, dirname(script), base);
  const asked = isPath(version)
    ? pathOf(version)
    : version === 'latest'
      ? name
      : `${name}==${version.replace(/^(?:==|v)/, '')}`;
  const ran = await runCommand([...pip, 'install', ...QUIET, '--quiet', asked, ...others], settings);
  if (!ran.ok) throw new ReleaseError(`pip cannot install ${asked}: ${pipTrouble(ran.stderr, name)}`);
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
    target: {
      command: [python, ...server.args],
      cwd: '.',
      env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
    },
  };
}

/**
 * Runs the Python of this machine.
 * @throws NoProgram where there is none
 */
export async function runPython(args: readonly string[], settings: CommandOptions): Promise<Ran> {
  const [first = '', second = ''] = WINDOWS ? ['python', 'py'] : ['python3', 'python'];
  try {
    return await runCommand([first, ...args], settings);
  } catch (error) {
    if (error instanceof NoProgram) return runCommand([second, ...args], settings);
    throw error;
  }
}

/** Makes the virtual environment. Returns its Python, and the command that is its pip. */
async function newEnvironment(
  base: string,
  settings: CommandOptions,
): Promise<[python: string, pip: readonly string[]]> {
  const folder = join(base, 'venv');
  const python = WINDOWS ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const own = await runPython(['-m', 'pip', '--version'], settings);
  const shared = own.ok && Number(/^pip (\d+)/.exec(own.stdout)?.[1]) >= PIP_FOR_OTHERS;
  const made = await runPython(['-m', 'venv', ...(shared ? ['--without-pip'] : []), folder], settings);
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
  const ran = await runCommand(command, settings);
  try {
    if (ran.ok) return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '') as T;
  } catch {
    // Said below.
  }
  throw new ReleaseError(`${otherwise}: ${ran.stderr.trim().split('\n').at(-1)}`);
}

async function copyFiles(files: readonly string[], root: string, base: string): Promise<void> {
  for (const file of files) {
    const copy = join(base, relative(root, file));
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(file, copy);
  }
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

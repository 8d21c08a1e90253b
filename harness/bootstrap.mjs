#!/usr/bin/env node
/**
 * The way in: `npm start`, `npm test` and the `cors-conformance` command. Plain JavaScript, because Node 20 runs no
 * TypeScript, and without dependencies, because on a fresh clone there are none: it gets them, then hands over to
 * the TypeScript entry in the same process.
 */

import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE = 20;
const INSTALL_LIMIT_MS = 10 * 60_000;
/** Milliseconds for what still runs at the end. */
const LEFT_OVER_MS = 1_000;
const EXIT_USAGE = 2;
const EXIT_HARNESS = 4;
const EXIT_INTERRUPTED = 130;

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));

try {
  await main();
} catch (error) {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = EXIT_HARNESS;
}

async function main() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    return stop(
      `cors-conformance needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node} ` +
        `(${process.execPath}). Get a newer one from https://nodejs.org and run the same command again.`,
    );
  }
  const problem = tempFolderProblem();
  const limit = addressSpaceProblem();
  if (limit) return stop(limit);
  if (problem) return stop(problem, EXIT_USAGE);
  const args = process.argv.slice(2);
  // Published, it is compiled, and its dependencies came with it.
  if (!existsSync(join(root, 'harness', 'cli', 'main.ts')))
    return run(join('dist', 'harness', 'cli', 'main.js'), args);
  const isTest = args[0] === 'test';
  const reason = whyInstall(isTest);
  if (reason && !(await installPackages(reason))) return undefined;
  const { register } = await import('tsx/esm/api');
  register();
  return isTest
    ? run(join('harness', 'testing', 'main.ts'), args.slice(1))
    : run(join('harness', 'cli', 'main.ts'), args);
}

/**
 * @param {string} entry the path of a module whose main() gives the exit code
 * @param {string[]} args
 */
async function run(entry, args) {
  const { main: start } = await import(pathToFileURL(join(root, entry)).href);
  process.exitCode = await start(args);
  // Left to itself, Node closes every handle, and never comes to an end where a write to a closed peer is pending.
  process.once('beforeExit', () => process.exit());
  endSoon();
}

/** A configuration may have left timers or connections behind, which would keep the process for good. */
function endSoon() {
  setTimeout(() => {
    // A slow reader of the output is waited for.
    if (process.stdout.writableLength + process.stderr.writableLength > 0) endSoon();
    else process.exit();
  }, LEFT_OVER_MS).unref();
}

/**
 * Compares what package-lock.json asks for with what npm noted in node_modules when it last installed. Contents and
 * not dates: a checkout gives files any date.
 * @param {boolean} withDev whether the packages for development are needed too
 * @returns {string | undefined} what is wrong, in words; undefined when nothing is
 */
function whyInstall(withDev) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (!wanted) return undefined;
  const modules = join(root, 'node_modules');
  // What pnpm or Yarn installed is theirs to keep up to date.
  if (['.modules.yaml', '.yarn-state.yml', '.yarn-integrity'].some(name => existsSync(join(modules, name)))) {
    return undefined;
  }
  const present = packagesOf(join(modules, '.package-lock.json'));
  if (!present) return existsSync(modules) ? 'node_modules is incomplete' : 'node_modules is missing';
  for (const [path, entry] of Object.entries(wanted)) {
    // Optional packages are for some systems only, and linked ones have no version.
    if (path === '' || entry.optional || entry.devOptional || entry.link || (entry.dev && !withDev)) continue;
    if (present[path]?.version !== entry.version) return 'node_modules is older than package-lock.json';
  }
  return undefined;
}

/** @param {string} file */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Runs `npm ci`, and `npm install` where that fails.
 * @param {string} reason
 * @returns {Promise<boolean>} false when it failed; the exit code is set and the way out has been told
 */
async function installPackages(reason) {
  for (const verb of ['ci', 'install']) {
    process.stderr.write(`cors-conformance: ${reason}; running: npm ${verb} (up to ten minutes)\n`);
    const outcome = await npm([verb, '--no-audit', '--no-fund', '--include=dev']);
    if (outcome === 'done') return true;
    if (outcome === 'interrupted') {
      process.exitCode = EXIT_INTERRUPTED;
      return false;
    }
    reason = `npm ${verb} failed (${outcome})`;
  }
  stop(`cors-conformance: ${reason}. Look at npm's message above, then run: npm install`);
  return false;
}

/**
 * @param {string[]} args
 * @returns {Promise<string>} "done", "interrupted", or what went wrong
 */
function npm(args) {
  // Under `npm start` this is the very npm that runs; it also saves looking for npm.cmd on Windows.
  const script = process.env.npm_execpath;
  const own = script && /npm-cli\.c?js$/.test(script) && existsSync(script);
  const [command, all] = own ? [process.execPath, [script, ...args]] : ['npm', args];
  return new Promise(resolve => {
    const child = spawn(command, all, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: !own && process.platform === 'win32',
    });
    let why;
    const end = (reason, signal) => {
      why = reason;
      child.kill(signal);
    };
    const timer = setTimeout(() => end('it took too long', 'SIGKILL'), INSTALL_LIMIT_MS);
    const onSignal = signal => end('interrupted', signal);
    for (const name of ['SIGINT', 'SIGTERM']) process.on(name, onSignal);
    const settle = outcome => {
      clearTimeout(timer);
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, onSignal);
      resolve(why ?? outcome);
    };
    child.once('error', error => settle(`npm could not be started: ${error.message}`));
    child.once('exit', (code, signal) => settle(code === 0 ? 'done' : `${signal ?? `exit ${code}`}`));
  });
}

/** @returns {string | undefined} why no temp files can be made; what compiles TypeScript would fail in its own words */
function tempFolderProblem() {
  const folder = tmpdir();
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `cors-conformance: no temp files can be made in ${folder} (${error.code}); set TMPDIR to a folder that can be written to.`;
  }
}

/** Node reserves gigabytes of addresses for the WebAssembly that reads HTTP, and uses next to nothing of them. */
function addressSpaceProblem() {
  try {
    new WebAssembly.Memory({ initial: 1 });
    return undefined;
  } catch {
    return 'cors-conformance: this shell leaves too few addresses to Node (ulimit -v); run: ulimit -v unlimited. Limit the memory itself where that is needed, for example with a container.';
  }
}

/**
 * @param {string} message
 * @param {number} code
 */
function stop(message, code = EXIT_HARNESS) {
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LIMIT = { timeout: 60_000 };

let clone: string;

/** A fresh clone: the bootstrap, an entry, the lockfile; and an npm that installs by linking to what is here. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  for (const room of ['cli', 'testing']) mkdirSync(join(clone, 'harness', room), { recursive: true });
  copyFileSync(join(ROOT, 'harness', 'bootstrap.mjs'), join(clone, 'harness', 'bootstrap.mjs'));
  write('package.json', '{"type":"module"}');
  write('package-lock.json', lock('1.0.0'));
  write('harness/cli/main.ts', entry('main'));
  write('harness/testing/main.ts', entry('test'));
  npmDoes('');
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

/** An entry that says which one it is and what it was given. */
const entry = (name: string): string =>
  `export const main = (args: string[]): number => {\n  console.log('${name}', ...args);\n  return 0;\n};`;

function write(path: string, text: string): void {
  writeFileSync(join(clone, path), text);
}

function lock(version: string, dev = false): string {
  const tsx = { version, dev };
  const other = { version: '9.9.9', optional: true };
  return JSON.stringify({
    packages: { '': {}, 'node_modules/tsx': tsx, 'node_modules/other-system': other },
  });
}

/** Sets what npm does before it installs. */
function npmDoes(first: string): void {
  write(
    'npm-cli.js',
    `import fs from 'node:fs';
const folder = ${JSON.stringify(clone)};
fs.appendFileSync(folder + '/npm.log', process.argv.slice(2).join(' ') + '\\n');
${first}
fs.rmSync(folder + '/node_modules', { recursive: true, force: true });
fs.mkdirSync(folder + '/node_modules');
for (const name of ['tsx', 'esbuild', 'get-tsconfig', 'resolve-pkg-maps', '@esbuild']) {
  const from = ${JSON.stringify(join(ROOT, 'node_modules'))} + '/' + name;
  if (fs.existsSync(from)) fs.symlinkSync(from, folder + '/node_modules/' + name);
}
fs.copyFileSync(folder + '/package-lock.json', folder + '/node_modules/.package-lock.json');
`,
  );
}

const npmLog = () => (existsSync(join(clone, 'npm.log')) ? readFileSync(join(clone, 'npm.log'), 'utf8') : '');

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr?.on('data', chunk => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function start(args: readonly string[], nodeArgs: readonly string[] = [], script = 'harness/bootstrap.mjs') {
  return spawn(process.execPath, [...nodeArgs, join(clone, script), ...args], {
    env: { ...process.env, npm_execpath: join(clone, 'npm-cli.js') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const bootstrap = (...args: string[]) => outcomeOf(start(args));

describe('bootstrap', () => {
  test('should install packages on a fresh clone, say so first, and hand over', LIMIT, async () => {
    const first = await bootstrap('start', '--engine', 'firefox');
    assert.equal(first.stdout, 'main start --engine firefox\n');
    assert.match(first.stderr, /node_modules is missing; running: npm ci/);
    assert.equal(first.code, 0);
    assert.equal(npmLog(), 'ci --no-audit --no-fund --include=dev\n');
    const second = await bootstrap('list');
    assert.deepEqual(second, { code: 0, stdout: 'main list\n', stderr: '' });
    assert.equal(npmLog(), 'ci --no-audit --no-fund --include=dev\n', 'nothing was missing any more');
  });

  test('should install again when the lockfile asks for other versions', LIMIT, async () => {
    await bootstrap('start');
    write('package-lock.json', lock('1.0.1'));
    const again = await bootstrap('start');
    assert.match(again.stderr, /node_modules is older than package-lock\.json; running: npm ci/);
    assert.equal(again.code, 0);
  });

  test('should ask for packages of development only for the tests', LIMIT, async () => {
    await bootstrap('start');
    write('package-lock.json', lock('1.0.1', true));
    assert.equal((await bootstrap('start')).stderr, '');
    assert.match((await bootstrap('test')).stderr, /running: npm ci/);
  });

  test('should say what to do where Node gets too few addresses', {
    ...LIMIT,
    skip: process.platform !== 'linux',
  }, async () => {
    const limited = spawn(
      'sh',
      [
        '-c',
        'ulimit -v 4000000 && exec "$0" "$@"',
        process.execPath,
        join(clone, 'harness', 'bootstrap.mjs'),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let stderr = '';
    limited.stderr.on('data', chunk => (stderr += chunk));
    const [code] = await once(limited, 'close');
    assert.match(stderr, /^cors-conformance: .*ulimit -v unlimited.*\n$/);
    assert.equal(code, 4);
  });

  test('should run the tests, with their arguments', LIMIT, async () => {
    assert.equal((await bootstrap('test', 'harness/engine')).stdout, 'test harness/engine\n');
  });

  test('should fall back to npm install', LIMIT, async () => {
    npmDoes("if (process.argv[2] === 'ci') process.exit(7);");
    const { stderr, code } = await bootstrap('start');
    assert.match(stderr, /npm ci failed \(exit 7\); running: npm install/);
    assert.equal(code, 0);
  });

  test('should stop with one clear line when npm fails', LIMIT, async () => {
    npmDoes('process.exit(7);');
    const { stdout, stderr, code } = await bootstrap('start');
    assert.equal(code, 4);
    assert.equal(stdout, '');
    assert.match(stderr, /npm install failed \(exit 7\)\. .*run: npm install\n$/);
  });

  test('should pass the exit code on', LIMIT, async () => {
    write('harness/cli/main.ts', 'export const main = async (): Promise<number> => 5;');
    assert.equal((await bootstrap('run')).code, 5);
  });

  test('should be ended by a signal, in the middle of npm too', LIMIT, async () => {
    npmDoes("console.log('busy'); await new Promise(done => setTimeout(done, 600_000));");
    const child = start(['start']);
    const outcome = outcomeOf(child);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    assert.equal((await outcome).code, 130);
    assert.equal(npmLog().split('\n').length, 2, 'no second try after an interrupt');
  });

  test('should refuse a Node that is too old, in words', LIMIT, async () => {
    const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'18.20.1'}})";
    const { stderr, code } = await outcomeOf(start(['start'], ['--import', older]));
    assert.equal(code, 4);
    assert.match(
      stderr,
      /^cors-conformance needs Node 20 or newer; this is Node 18\.20\.1 .*nodejs\.org.*\n$/,
    );
    assert.equal(npmLog(), '');
  });

  test('should install nothing where it is itself installed as a package', LIMIT, async () => {
    const installed = 'node_modules/cors-conformance';
    for (const folder of ['harness', 'dist/harness/cli'])
      mkdirSync(join(clone, installed, folder), { recursive: true });
    copyFileSync(join(ROOT, 'harness/bootstrap.mjs'), join(clone, installed, 'harness/bootstrap.mjs'));
    write(`${installed}/package.json`, '{"type":"module"}');
    write(`${installed}/package-lock.json`, '{"packages":{"node_modules/absent":{"version":"1.0.0"}}}');
    write(
      `${installed}/dist/harness/cli/main.js`,
      "export const main = async () => { console.error('compiled'); return 7; };",
    );
    const { code, stderr } = await outcomeOf(start(['run', 'x'], [], `${installed}/harness/bootstrap.mjs`));
    assert.match(stderr, /^compiled$/m);
    assert.equal(code, 7);
    assert.equal(npmLog(), '');
  });
});

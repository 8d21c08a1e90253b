/** The command line where the machine is short of something, and where it is killed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import { inProcess } from './in-process.test-support.ts';
import { cli, start } from './spawn.test-support.ts';

const LINUX = process.platform === 'linux';
const engines = findEngines().filter(engine => engine.found);
const noEngine = engines.length > 0 ? false : 'no engine is installed';

/** Processes whose environment holds this text. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter(name => {
    try {
      return (
        /^\d+$/.test(name) &&
        readFileSync(`/proc/${name}/environ`, 'latin1').includes(text) &&
        readFileSync(`/proc/${name}/cmdline`, 'latin1') !== ''
      );
    } catch {
      return false;
    }
  });
}

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** Not so in many a container, even for root. */
function canMount(): boolean {
  if (!LINUX || process.getuid?.() !== 0) return false;
  const dir = mkdtempSync(join(tmpdir(), 'cct-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', dir]).status === 0;
  if (mounted) spawnSync('umount', [dir]);
  rmSync(dir, { recursive: true, force: true });
  return mounted;
}

/** Keeps its policy, and asks for the secret. */
const SECRETIVE = `
import http from 'node:http';
http.createServer((request, response) => {
  if (request.headers.origin === 'https://app.example.com') {
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Access-Control-Allow-Headers', 'authorization');
  }
  response.setHeader('Vary', 'Origin');
  response.end('{}');
}).listen(process.env.PORT);
`;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 50));
}

describe('the command line', { timeout: 240_000 }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cct-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('should say that no temp files can be made, without a stack', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await cli(['list'], { TMPDIR: file });
    assert.equal(code, 2);
    assert.match(stderr, /^cors-conformance: no temp files can be made in .*set TMPDIR/);
    assert.equal(stderr.trim().split('\n').length, 1);
  });

  test('should tell a configuration that hangs, fails later or leaves timers from a finding', async () => {
    const policy = {
      ...{ origins: ['https://app.example.com'], credentials: true },
      resources: [{ path: '/items' }],
    };
    const config = `export default ${JSON.stringify({ target: { command: 'node later.mjs' }, policy })};`;
    writeFileSync(join(folder, 'later.mjs'), SECRETIVE);
    const rows: Readonly<Record<string, readonly [source: string, code: number, said: RegExp]>> = {
      'waits for nothing': ['await new Promise(() => {});', 2, /waits for something that can never happen/],
      'fails meanwhile': [
        'setTimeout(() => { throw new Error("mine"); }); await new Promise(done => setTimeout(done, 60_000));',
        2,
        /^cors-conformance: .*meanwhile\.mjs: cannot be loaded: mine\n$/,
      ],
      'fails afterwards': [
        `const fail = () => { throw new Error("mine"); };
         globalThis.setImmediate(function look() { process.listenerCount('SIGINT') ? fail() : setTimeout(look, 5); });`,
        2,
        /afterwards\.mjs: fails after it gave its configuration: mine\n$/,
      ],
      'leaves a timer': ['setInterval(() => undefined, 1_000);', 0, /^(?!cors-conformance)/],
    };
    const ends = async ([what, [source, expected, said]]: (typeof all)[number]) => {
      const file = join(folder, `${what.replaceAll(' ', '-')}.mjs`);
      writeFileSync(file, `${source}\n${config}`);
      const { code, stdout, stderr } = await cli([
        'verify',
        file,
        '--engine',
        'model',
        '--out',
        `${file}.out`,
      ]);
      assert.equal(code, expected, `${what}: ${stdout}${stderr}`);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /^ +at /m);
    };
    const all = Object.entries(rows);
    await Promise.all(all.map(ends));
  });

  test('should end a configuration that never gives the control back', async () => {
    const file = join(folder, 'endless.mjs');
    writeFileSync(file, 'for (;;);');
    const loader = new URL('../run/config-file.ts', import.meta.url).href;
    const source = `const { loadConfig } = await import(${JSON.stringify(loader)});
      await loadConfig(${JSON.stringify(file)}, { limitMs: 200 }).catch(error => console.log(error.message));
      process.exit();`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', source];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
    assert.match(stdout, /endless\.mjs: cannot be loaded: it gave no configuration within 0\.2 s/);
  });

  test('should run with a long temp folder of odd letters and without a home', {
    skip: noEngine,
  }, async () => {
    const temp = join(folder, `${'a long folder '.repeat(7)}ü`);
    // Relative ones too: most programs that are started run in other folders.
    const { code, stdout, stderr } = await cli(
      ['run', '--only', 'simple-get', '--out', join(folder, 'out')],
      {
        TMPDIR: relative(process.cwd(), temp),
        HOME: '/nonexistent',
      },
    );
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(
      readdirSync(temp).filter(name => !name.startsWith('tsx-')),
      [],
    );
  });

  test('should say where no room is left, and write temp files elsewhere', {
    skip: canMount() ? false : 'a full disk needs the right to mount one',
  }, async () => {
    const full = mkdtempSync(join(folder, 'full-'));
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', full]).status, 0);
    const usual = process.env.TMPDIR;
    try {
      writeFileSync(join(full, 'fill'), 'x'.repeat(4096));
      process.env.TMPDIR = full;
      const out = join(folder, 'room');
      const origin = ['--origin', 'https://app.example.com'];
      const config = join(folder, 'room.json');
      const rows: readonly (readonly [number, readonly string[]])[] = [
        [0, ['run', '--engine', 'model', '--only', 'simple-get', '--out', out]],
        [4, ['run', '--engine', 'model', '--only', 'simple-get', '--out', join(full, 'run')]],
        [4, ['report', join(out, 'results.json'), '--format', 'html', '--out', join(full, 'r.html')]],
        [4, ['merge', join(out, 'results.json'), '--out', join(full, 'merge')]],
        [4, ['init', '--command', 'node server.mjs', ...origin, '--file', join(full, 'cors.config.ts')]],
        [4, ['playground', '--out', join(full, 'playground')]],
        [0, ['init', '--command', 'node server.mjs', ...origin, '--file', config]],
        [4, ['verify', config, '--engine', 'model', '--out', join(full, 'verify')]],
      ];
      writeFileSync(join(folder, 'server.mjs'), SECRETIVE);
      for (const [expected, args] of rows) {
        const { code, stdout, stderr } = await inProcess(args);
        assert.equal(code, expected, `${args.join(' ')}: ${stdout}${stderr}`);
        if (expected === 4) assert.match(stderr, /cannot write .*: no space left; choose another folder$/m);
        assert.doesNotMatch(stderr, /^ +at /m);
      }
      const files = readdirSync(full, { recursive: true, withFileTypes: true }).filter(one => one.isFile());
      assert.deepEqual(
        files.map(({ name }) => name),
        ['fill'],
      );
    } finally {
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
      spawnSync('umount', [full]);
    }
  });

  test('should tell its secrets to no process by its arguments', { skip: noEngine || !LINUX }, async () => {
    const mark = `cct-args-${process.pid}-${Date.now()}`;
    const secret = 'argSecret7Hj3Kd9';
    writeFileSync(join(folder, 'server.mjs'), SECRETIVE);
    const config = join(folder, 'secretive.json');
    const policy = {
      ...{ origins: ['https://app.example.com'], credentials: true, methods: ['GET'] },
      ...{ headers: { Authorization: `Bearer ${secret}` }, requestHeaders: ['authorization'] },
      ...{ cookies: { sid: secret }, resources: [{ path: `/items?access_token=${secret}` }] },
    };
    const target = { command: 'node server.mjs', env: { DB_PASSWORD: secret } };
    writeFileSync(config, JSON.stringify({ target, policy }));
    const run = start(['verify', config, '--out', join(folder, 'secretive')], { CCT_MARK: mark });
    const seen = new Set<string>();
    const look = setInterval(() => {
      for (const pid of processesWith(mark)) seen.add(argumentsOf(pid));
    }, 200);
    const { code, stdout, stderr } = await run.ended;
    clearInterval(look);
    assert.equal(code, 0, stdout + stderr);
    assert.ok(seen.size > 8, `browsers were seen: ${seen.size} processes`);
    // A page is told by its channel's token who it is.
    for (const args of seen) assert.doesNotMatch(args, /argSecret|page=/);
  });

  test('should leave nothing that runs or writes on when it is killed', {
    skip: noEngine || !LINUX,
  }, async () => {
    const mark = `cct-${process.pid}-${Date.now()}`;
    const out = join(folder, 'killed');
    const temp = mkdtempSync(join(folder, 'tmp-'));
    const run = start(['run', '--only', 'max-age', '--out', out], { TMPDIR: temp, CCT_MARK: mark });
    // The command, Playwright, its workers, and by then browsers.
    await until(() => processesWith(mark).length > 8);
    run.child.kill('SIGKILL');
    await run.ended;
    await until(() => processesWith(mark).length === 0);
    await until(() => readdirSync(temp).every(name => name.startsWith('tsx-')));
    assert.ok(!existsSync(join(out, 'results.json')), 'no report is written any more');
    const next = await cli(['run', '--engine', 'model', '--only', 'simple-get', '--out', out]);
    assert.equal(next.code, 0, 'the next run works');
  });
});

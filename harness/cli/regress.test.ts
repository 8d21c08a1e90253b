import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { regressSchema } from '../regress/record.ts';
import { cli, start, temporary } from './spawn.test-support.ts';

const LIMIT = { timeout: 120_000 };

/** A middleware whose second release forgets PUT, and whose third does not load. */
const MIDDLEWARE = (version: string) => `
  ${version === '3.0.0' ? "throw new Error('not on this platform');" : ''}
  export default origin => (request, response) => {
    if (request.headers.origin === origin) response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Vary', 'Origin');
    if (request.method !== 'OPTIONS') return response.end('{}');
    response.setHeader('Access-Control-Allow-Methods', '${version === '2.0.0' ? 'GET' : 'GET, PUT'}');
    response.writeHead(204).end();
  };`;

const SCRIPT = `
  import tiny from 'tiny-cors';
  const handle = tiny('https://app.example');
  export default (request, response) => handle(request, response);
`;

describe('regress', { timeout: 600_000 }, () => {
  const folder = temporary();
  const at = (name: string) => join(folder.dir, name);
  const script = at('server.mjs');
  const [one, two, three] = [at('tiny-1'), at('tiny-2'), at('tiny-3')];

  before(() => {
    writeFileSync(script, SCRIPT);
    for (const [n, path] of [one, two, three].entries()) {
      const version = `${n + 1}.0.0`;
      mkdirSync(path);
      const manifest = { name: 'tiny-cors', version, type: 'module', exports: './index.js' };
      writeFileSync(join(path, 'package.json'), JSON.stringify(manifest));
      writeFileSync(join(path, 'index.js'), MIDDLEWARE(version));
    }
  });
  after(() => folder.remove());

  const regress = (from: string, to: string, ...flags: string[]) =>
    cli([
      'regress',
      'tiny-cors',
      from,
      to,
      '--target',
      script,
      '--engine',
      'model',
      '--out',
      at('out'),
      ...flags,
    ]);

  test('should end with 1, say what changed and why, and write a record of it', LIMIT, async () => {
    const { code, stdout, stderr } = await regress(one, two);
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^tiny-cors 1\.0\.0 → 2\.0\.0/);
    assert.match(stdout, /✗ readable → blocked at the preflight/);
    assert.match(stdout, /PUT \/ from https:\/\/app\.example/);
    assert.match(stdout, /Method PUT is not allowed/);
    assert.match(stderr, /Origins: https:\/\/app\.example \(named in server\.mjs\)/);
    const record = regressSchema.parse(JSON.parse(readFileSync(join(at('out'), 'regress.json'), 'utf8')));
    assert.equal(record.changed, true);
    assert.deepEqual(record.package, {
      ecosystem: 'npm',
      name: 'tiny-cors',
      before: '1.0.0',
      after: '2.0.0',
      others: {},
    });
    assert.match(readFileSync(join(at('out'), 'regress.md'), 'utf8'), /^### ❌ tiny/);
  });

  test('should end with 0 where nothing changed, and print JSON', LIMIT, async () => {
    const { code, stdout, stderr } = await regress(one, one, '--json');
    assert.equal(code, 0, stderr);
    const record = regressSchema.parse(JSON.parse(stdout));
    assert.deepEqual(record.changes, []);
    assert.equal(record.package.after, `1.0.0 (${one})`);
    assert.ok(record.asked.requests > 50);
  });

  test('should ask only what is selected, as --dry-run lists it', LIMIT, async () => {
    const listed = await regress(one, two, '--dry-run', '--only', 'put,get');
    assert.equal(listed.code, 0);
    assert.equal(listed.stdout.split('\n')[0], 'get: GET / from https://app.example');
    const { code, stdout } = await regress(one, two, '--only', 'get', '--json');
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).asked.requests, 1);
    assert.equal((await regress(one, two, '--only', 'no-such-request')).code, 5);
  });

  test('should end with 3 where the script does not run on a release', LIMIT, async () => {
    const { code, stderr } = await regress(one, three);
    assert.equal(code, 3);
    assert.match(stderr, /the script does not run on tiny-cors 3\.0\.0/);
    assert.match(stderr, /not on this platform/);
    assert.match(stderr, /--with/);
  });

  for (const [what, args, message] of [
    ['a script that is missing', ['--target', 'no-such-file.mjs'], /no-such-file\.mjs cannot be read/],
    ['an origin with a path', ['--origin', 'https://app.example/x'], /--origin: "https:\/\/app\.example\/x"/],
    ['a path without a slash', ['--path', 'x'], /--path: "x"/],
    ['a header that is none', ['--header', 'a b'], /--header: "a b"/],
    ['an engine that does not exist', ['--engine', 'netscape'], /"netscape" is not one of/],
  ] as const) {
    test(`should end with 2 for ${what}`, LIMIT, async () => {
      const { code, stderr } = await regress(one, two, ...args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  test('should end with 2 for a release that is not there, and name the missing flag', LIMIT, async () => {
    const missing = await regress(one, at('tiny-4'));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /no package at .*tiny-4/);
    const unnamed = await cli(['regress', 'tiny-cors', one, two]);
    assert.equal(unnamed.code, 2);
    assert.match(unnamed.stderr, /--target/);
    const registry = await regress('1.0.0', '2.0.0', '--target', script, '--only', 'no-such-request');
    assert.equal(registry.code, 5, 'what is asked is checked before anything is installed');
  });

  test('should leave nothing behind when it is interrupted', LIMIT, async () => {
    const own = temporary();
    try {
      const args = ['regress', 'tiny-cors', one, two, '--target', script, '--out', at('out-2')];
      const { child, ended } = start([...args, '--engine', 'model'], { TMPDIR: own.dir });
      const installed = new Promise<void>(resolve =>
        child.stderr?.on('data', chunk => {
          if (String(chunk).includes('Installing')) resolve();
        }),
      );
      await installed;
      child.kill('SIGINT');
      const { code } = await ended;
      assert.equal(code, 130);
      const left = readdirSync(own.dir).filter(name => !name.startsWith('tsx-'));
      assert.deepEqual(left, []);
    } finally {
      own.remove();
    }
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { regressSchema } from '../regress/record.ts';
import { inProcess } from './in-process.test-support.ts';
import { start } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

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

  const usual = process.env.CORS_CONFORMANCE_CACHE;

  before(() => {
    process.env.CORS_CONFORMANCE_CACHE = at('cache');
    writeFileSync(script, SCRIPT);
    for (const [n, path] of [one, two, three].entries()) {
      const version = `${n + 1}.0.0`;
      mkdirSync(path);
      const manifest = { name: 'tiny-cors', version, type: 'module', exports: './index.js' };
      writeFileSync(join(path, 'package.json'), JSON.stringify(manifest));
      writeFileSync(join(path, 'index.js'), MIDDLEWARE(version));
    }
  });
  after(() => {
    if (usual === undefined) delete process.env.CORS_CONFORMANCE_CACHE;
    else process.env.CORS_CONFORMANCE_CACHE = usual;
    folder.remove();
  });

  const regress = (from: string, to: string, ...flags: string[]) =>
    inProcess([
      ...['regress', 'tiny-cors', from, to, '--target', script, '--engine', 'model'],
      ...['--out', at('out'), ...flags],
    ]);

  test('should end with 1, say what changed and why, and write a record of it', LIMIT, async () => {
    const { code, stdout, stderr } = await regress(one, two);
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^tiny-cors working tree \(1\.0\.0\) → working tree \(2\.0\.0\)/);
    assert.match(stdout, /✗ readable → blocked at the preflight/);
    assert.match(stdout, /PUT \/ from https:\/\/app\.example/);
    assert.match(stdout, /Method PUT is not allowed/);
    assert.match(stderr, /Origins: https:\/\/app\.example \(named by the script\)/);
    const record = regressSchema.parse(JSON.parse(readFileSync(join(at('out'), 'regress.json'), 'utf8')));
    assert.equal(record.outcome, 'changed');
    assert.deepEqual(record.subject, { ecosystem: 'npm', name: 'tiny-cors', along: [], others: [] });
    const [change] = record.changes;
    assert.equal(change?.id, 'no-longer-reads:listed:access-control-allow-methods:changed');
    assert.equal(change.evidence.before[0]?.request.method, 'OPTIONS');
    assert.equal(change.evidence.after[0]?.response?.status, 204);
    assert.match(readFileSync(join(at('out'), 'regress.md'), 'utf8'), /^### ❌ tiny/);
  });

  test('should end with 0 where nothing changed, and print JSON', LIMIT, async () => {
    const { code, stdout, stderr } = await regress(one, one, '--json');
    assert.equal(code, 0, stderr);
    const record = regressSchema.parse(JSON.parse(stdout));
    assert.deepEqual(record.changes, []);
    assert.equal(record.outcome, 'same');
    assert.equal(record.sides.after.label, 'working tree (1.0.0)');
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

  test('should take a release on which the script no longer starts for a change', LIMIT, async () => {
    const { code, stdout } = await regress(one, three);
    assert.equal(code, 1);
    assert.match(stdout, /✗ the server starts → the server does not start/);
    assert.match(stdout, /not on this platform/);
    const neither = await regress(three, three);
    assert.equal(neither.code, 3);
    assert.match(neither.stderr, /the script does not run on tiny-cors working tree \(3\.0\.0\)/);
  });

  test('should accept what is intended, and fail once it no longer happens', LIMIT, async () => {
    const file = at('accepted.json');
    const written = await regress(one, two, '--accept', file, '--update-accept');
    assert.equal(written.code, 0, written.stderr);
    assert.match(written.stdout, /now accepts 1 change\. One entry has no reason yet/);
    assert.match(readFileSync(file, 'utf8'), /"what": "\S+/);
    const accepted = await regress(one, two, '--accept', file);
    assert.equal(accepted.code, 0, accepted.stdout);
    assert.match(accepted.stdout, /accepted: accepted on/);
    const stale = await regress(one, one, '--accept', file);
    assert.equal(stale.code, 1);
    assert.match(stale.stdout, /Accepted, but no longer happening \(1\)/);
    const missing = await regress(one, two, '--accept', at('no-such-file.json'));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /--update-accept writes it/);
  });

  test('should fail on no less than --fail-on says', LIMIT, async () => {
    const { code, stdout } = await regress(one, two, '--fail-on', 'unlisted');
    assert.equal(code, 0);
    assert.match(stdout, /None of them\s+fails at --fail-on unlisted/);
    assert.equal((await regress(one, two, '--fail-on', 'nothing')).code, 2);
  });

  test('should not call the same what was not exercised', LIMIT, async () => {
    const { code, stdout } = await regress(one, one, '--origin', 'https://other.example');
    assert.equal(code, 6);
    assert.match(stdout, /Nothing was compared that CORS decides\. Neither server allowed/);
    assert.match(readFileSync(join(at('out'), 'regress.md'), 'utf8'), /^### ⚠️/);
    const parsed = regressSchema.parse(JSON.parse(readFileSync(join(at('out'), 'regress.json'), 'utf8')));
    assert.equal(parsed.outcome, 'not-exercised');
  });

  test('should compare two servers by their commands', LIMIT, async () => {
    const serve = (methods: string) => {
      const file = at(`serve-${methods.replace(/\W/g, '')}.cjs`);
      writeFileSync(
        file,
        `require('node:http').createServer((request, response) => {
          if (request.headers.origin === 'https://app.example')
            response.setHeader('Access-Control-Allow-Origin', 'https://app.example');
          response.setHeader('Access-Control-Allow-Methods', '${methods}');
          response.end('{}');
        }).listen(process.env.PORT);`,
      );
      return `"${process.execPath}" ${file}`;
    };
    const given = ['--origin', 'https://app.example', '--engine', 'model', '--out', at('out-servers')];
    const { code, stdout, stderr } = await inProcess([
      'regress',
      '--before',
      serve('GET, PUT'),
      '--after',
      serve('GET'),
      ...given,
    ]);
    assert.equal(code, 1, stderr);
    assert.match(stdout, /The later server changes CORS behaviour: 1 change that a page notices/);
    assert.equal((await inProcess(['regress', '--before', 'x', ...given])).code, 2);
  });

  test(
    'should say once of a server that answers nothing, and advise what there is to set',
    LIMIT,
    async () => {
      const serve = (name: string, code: string) => {
        writeFileSync(at(name), code);
        return `"${process.execPath}" ${at(name)}`;
      };
      const ok = serve(
        'answers.cjs',
        "require('node:http').createServer((_, response) => response.end('{}')).listen(process.env.PORT);",
      );
      const silent = serve(
        'silent.cjs',
        "require('node:net').createServer(socket => socket.destroy()).listen(process.env.PORT);",
      );
      const elsewhere = serve(
        'elsewhere.cjs',
        "require('node:http').createServer((_, response) => response.end('{}')).listen(0);",
      );
      const compare = (after: string) =>
        inProcess([
          ...['regress', '--before', ok, '--after', after, '--origin', 'https://app.example'],
          ...['--engine', 'model', '--json', '--out', at('out-silent')],
        ]);
      const { code, stdout, stderr } = await compare(silent);
      assert.equal(code, 1, stderr);
      const { changes } = regressSchema.parse(JSON.parse(stdout));
      assert.deepEqual(
        changes.map(({ id, severity }) => `${severity} ${id}`),
        ['closed fails:everyone:silent'],
      );
      const wrong = await compare(elsewhere);
      assert.equal(wrong.code, 3);
      assert.match(wrong.stderr, /--after: The target listens on port .* or write \{port\} where/);
      assert.doesNotMatch(wrong.stderr, /target\.port/);
    },
  );

  for (const [what, args, message] of [
    ['a script that is missing', ['--target', 'no-such-file.mjs'], /no-such-file\.mjs cannot be read/],
    ['an origin with a path', ['--origin', 'https://app.example/x'], /--origin: "https:\/\/app\.example\/x"/],
    ['a path without a slash', ['--path', 'x'], /--path: "x"/],
    ['a header that is none', ['--header', 'a b'], /--header: "a b"/],
    ['an engine that does not exist', ['--engine', 'netscape'], /"netscape" is not an engine/],
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
    const unnamed = await inProcess(['regress', 'tiny-cors', one, two]);
    assert.equal(unnamed.code, 2);
    assert.match(unnamed.stderr, /--target/);
    const registry = await regress('1.0.0', '2.0.0', '--target', script, '--only', 'no-such-request');
    assert.equal(registry.code, 5, 'what is asked is checked before anything is installed');
  });

  test('should leave nothing behind when it is interrupted', LIMIT, async () => {
    const own = temporary();
    try {
      const args = ['regress', 'tiny-cors', one, two, '--target', script, '--out', at('out-2')];
      const { child, ended } = start([...args, '--engine', 'model'], {
        TMPDIR: own.dir,
        CORS_CONFORMANCE_CACHE: at('another-cache'),
      });
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

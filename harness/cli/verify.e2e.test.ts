/**
 * `verify` as a user runs it: a server of its own, a policy, and an exit code.
 * Longer than other files: all of it is about one server.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import { haveEnded } from '../process/ended.test-support.ts';
import { type RunRecord, recordSchema } from '../verdict/record.ts';
import { inProcess } from './in-process.test-support.ts';
import { cli, start } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

/** A server with a list of one origin; `?` stands for what it does with the Origin it does not know. */
const server = (otherwise: string) => `
import { createServer } from 'node:http';
createServer((request, response) => {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (origin === 'https://app.example.com' ${otherwise}) {
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
  }
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', 'GET');
    response.statusCode = 204;
    return response.end();
  }
  response.statusCode = request.url.startsWith('/items') ? 200 : 404;
  response.end('{}');
}).listen(process.env.PORT);
`;
writeFileSync(join(dir, 'right.mjs'), server(''));
writeFileSync(join(dir, 'reflecting.mjs'), server('|| origin'));
writeFileSync(join(dir, 'silent.mjs'), 'setInterval(() => console.log("still warming up"), 200);');
writeFileSync(join(dir, 'dying.mjs'), 'console.error("no database"); process.exit(7);');

const policy = { origins: ['https://app.example.com'], credentials: true, resources: [{ path: '/items' }] };

function config(name: string, target: object, declared: object = policy): string {
  const file = join(dir, `${name}.json`);
  writeFileSync(file, JSON.stringify({ target, policy: declared }));
  return file;
}

const out = (name: string): string => join(dir, `out-${name}`);
const verify = (name: string, file: string, ...flags: string[]) =>
  inProcess(['verify', file, '--out', out(name), ...flags]);
const recordOf = (name: string): RunRecord =>
  recordSchema.parse(JSON.parse(readFileSync(join(out(name), 'results.json'), 'utf8')));

const right = config('right', { command: 'node right.mjs' });
const reflecting = config('reflecting', { command: 'node reflecting.mjs' });

test('should find nothing wrong with a server that does as declared', async () => {
  const { code, stdout, stderr } = await verify('right', right, '--engine', 'model');
  assert.equal(code, 0, stdout + stderr);
  const record = recordOf('right');
  assert.deepEqual(record.findings, []);
  assert.ok(record.results.some(result => result.verdict === 'pass'));
});

test('should find that any origin is reflected, and write it for people and for CI', async () => {
  const { code, stdout } = await verify('reflecting', reflecting, '--engine', 'model');
  assert.equal(code, 1);
  assert.match(stdout, /origin-reflected/);
  const [first] = recordOf('reflecting').findings ?? [];
  assert.equal(first?.severity, 'error');
  for (const name of ['findings.sarif', 'junit.xml', 'summary.md', 'report.html'])
    assert.ok(existsSync(join(out('reflecting'), name)), name);
});

test('should accept findings by a baseline, and fail once it is stale', async () => {
  const baseline = join(dir, 'baseline.json');
  const update = await verify(
    'update',
    reflecting,
    '--engine',
    'model',
    '--baseline',
    baseline,
    '--update-baseline',
  );
  assert.equal(update.code, 0, update.stderr);
  assert.equal((await verify('accepted', reflecting, '--engine', 'model', '--baseline', baseline)).code, 0);
  const stale = await verify('stale', right, '--engine', 'model', '--baseline', baseline);
  assert.equal(stale.code, 1);
  assert.match(stale.stderr, /stale baseline entry: finding origin-reflected/);
});

test('should list every request before it is sent, and send none', async () => {
  let requests = 0;
  const listening = createServer((_request, response) => {
    requests++;
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => listening.once('listening', resolve));
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const { code, stdout } = await cli(['verify', config('dry', { url }), '--dry-run']);
  listening.close();
  assert.equal(code, 0);
  assert.match(stdout, /GET http:\/\/127\.0\.0\.1:\d+\/items · \d+ times/);
  assert.equal(requests, 0);
});

test('should try only the selected checks, and exit 5 if they have nothing to ask', async () => {
  const some = await verify('only', reflecting, '--engine', 'model', '--only', 'vary-*');
  assert.equal(some.code, 0, some.stderr);
  assert.deepEqual(
    recordOf('only').checks?.map(({ id }) => id),
    ['vary-missing', 'vary-ignored', 'vary-injected'],
  );
  const none = await verify('none', right, '--engine', 'model', '--only', 'credentials-undeclared');
  assert.equal(none.code, 5);
  assert.match(none.stderr, /nothing was asked/);
  const wrong = await verify('misspelt', right, '--only', 'vary-mising');
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /did you mean vary-missing/);
});

test('should print the record as JSON, and take flags from the environment', async () => {
  const { code, stdout } = await cli(['verify', reflecting, '--json'], {
    CORS_CONFORMANCE_ENGINE: 'model',
    CORS_CONFORMANCE_OUT: out('json'),
  });
  assert.equal(code, 1);
  const record = recordSchema.parse(JSON.parse(stdout));
  assert.equal(record.findings?.[0]?.id, 'origin-reflected');
  assert.deepEqual(
    record.engines.map(({ name }) => name),
    ['model'],
  );
});

test('should verify another deployment, with a path before those of the policy', async () => {
  const asked: string[] = [];
  const listening = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => listening.once('listening', resolve));
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/v2`;
  const { code } = await verify('url', right, '--engine', 'model', '--url', url);
  listening.closeAllConnections();
  listening.close();
  assert.equal(code, 1, 'it has no CORS');
  assert.ok(
    asked.every(path => path.startsWith('/v2/')),
    asked.join(),
  );
});

test('should log in once, and use what that gives', async () => {
  writeFileSync(
    join(dir, 'login.mjs'),
    `import { createServer } from 'node:http';
createServer((request, response) => {
  const { origin, cookie, authorization } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (request.url === '/login') {
    response.setHeader('Set-Cookie', 'sid=s3cret; HttpOnly; Secure; SameSite=None');
    return response.end('{"data":{"token":"t0ken"}}');
  }
  if (origin === 'https://app.example.com') {
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
  }
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Headers', 'Authorization');
    return response.writeHead(204).end();
  }
  const known = cookie === 'sid=s3cret' && authorization === 'Bearer t0ken';
  response.writeHead(known ? 200 : 401).end();
}).listen(process.env.PORT);`,
  );
  writeFileSync(
    join(dir, 'login.config.mjs'),
    `export default async () => ({
  target: { command: 'node login.mjs' },
  policy: { origins: 'https://app.example.com', credentials: true, requestHeaders: ['Authorization'],
    login: { path: '/login', body: '{}', token: 'data.token' },
    resources: [{ path: '/me', status: 200 }], unrouted: false } });`,
  );
  const { code, stdout, stderr } = await verify('login', join(dir, 'login.config.mjs'), '--engine', 'model');
  assert.equal(code, 0, stdout + stderr);
  assert.doesNotMatch(readFileSync(join(out('login'), 'results.json'), 'utf8'), /s3cret|t0ken/);
});

const unusable: readonly [name: string, target: object, message: RegExp][] = [
  ['a server that exits', { command: 'node dying.mjs' }, /no database/],
  [
    'a server that never listens',
    { command: 'node silent.mjs', timeouts: { readyMs: 1500, stopMs: 500 } },
    /still warming up/,
  ],
  [
    'a URL where nobody answers',
    { url: 'http://127.0.0.1:9', timeouts: { readyMs: 1000 } },
    /127\.0\.0\.1:9/,
  ],
];

for (const [name, target, message] of unusable) {
  test(`should exit 3 for ${name}, with its last words`, async () => {
    const { code, stderr } = await verify('unusable', config('unusable', target), '--engine', 'model');
    assert.equal(code, 3, stderr);
    assert.match(stderr, message);
  });
}

const wrong: readonly [name: string, declared: object, message: RegExp][] = [
  ['* with credentials', { ...policy, origins: '*' }, /policy\.\S+: .*credentials/],
  ['a trailing slash', { ...policy, origins: ['https://app.example.com/'] }, /policy\.origins\S*: /],
  ['an unknown field', { ...policy, orgins: [] }, /policy: .*orgins/],
];

for (const [name, declared, message] of wrong) {
  test(`should exit 2 for ${name}, with the path of the wrong value`, async () => {
    const { code, stderr } = await verify(
      'wrong',
      config('wrong', { command: 'node right.mjs' }, declared),
      '--engine',
      'model',
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  });
}

test('should say which file is missing, and how to make one', async () => {
  const { code, stderr } = await verify('missing', join(dir, 'nowhere.json'));
  assert.equal(code, 2);
  assert.match(stderr, /nowhere\.json: cannot be read; .*init/);
});

const engine = findEngines().find(found => found.found)?.name;

test('should come to the same findings in a real browser', { skip: !engine && 'no engine' }, async () => {
  const { code, stdout, stderr } = await verify('browser', reflecting, '--engine', engine as string);
  assert.equal(code, 1, stdout + stderr);
  const record = recordOf('browser');
  assert.deepEqual(
    record.findings?.filter(finding => finding.severity === 'error').map(finding => finding.id),
    ['origin-reflected'],
  );
  assert.deepEqual(
    record.results
      .filter(result => result.verdict === 'harness-error')
      .map(result => `${result.case.id}: ${result.reason}`),
    [],
  );
});

test('should show the first silence of a server that never answers, and what is declared before the rest', {
  skip: !engine && 'no engine',
}, async () => {
  writeFileSync(
    join(dir, 'mute.mjs'),
    `import { createServer } from 'node:net';
    createServer(socket => socket.on('error', () => {}).resume()).listen(process.env.PORT);`,
  );
  const target = { command: 'node mute.mjs', timeouts: { requestMs: 300 } };
  const { code, stdout, stderr } = await verify('mute', config('mute', target), '--engine', engine as string);
  assert.equal(code, 1, stdout + stderr);
  const [finding] = recordOf('mute').findings ?? [];
  assert.equal(finding?.id, 'no-answer');
  assert.match(finding?.noAnswer ?? '', /^no answer within /);
  assert.deepEqual(finding?.places?.[0], 'GET /items');
  assert.match(stdout, /opened no page: no answer on the wire left anything to confirm/);
});

describe('interrupted', { skip: !engine && 'no engine' }, () => {
  /** What is told when the wire is asked, while the browser starts; and when the browser is. */
  const moments = {
    'on the wire': /Asking the server: wire/,
    'in a browser': new RegExp(`Opening pages: ${engine}`),
  };
  for (const [moment, told] of Object.entries(moments)) {
    test(`should stop the server and the browser ${moment}, and say how far it came`, async () => {
      const pidFile = join(dir, 'pid');
      writeFileSync(
        join(dir, 'noted.mjs'),
        `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));${server('')}`,
      );
      const file = config('interrupted', { command: 'node noted.mjs' });
      const { child, ended } = start([
        'verify',
        file,
        '--engine',
        engine as string,
        '--out',
        out('interrupted'),
      ]);
      child.stderr?.on('data', (chunk: string) => told.test(chunk) && child.kill('SIGINT'));
      const { code, stdout, stderr } = await ended;
      assert.equal(code, 130, stdout + stderr);
      assert.match(stdout, /^! Interrupted after \d+ of \d+ results\./m);
      assert.doesNotMatch(stderr, /^ +at /m);
      assert.ok(await haveEnded([Number(readFileSync(pidFile, 'utf8'))]), 'the server has ended');
    });
  }
});

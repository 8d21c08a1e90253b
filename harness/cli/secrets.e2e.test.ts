/**
 * Secrets in every place that a configuration, a server or a log can hold them; no byte of any output has one.
 * Longer than other files: the places and the outputs are one list each.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { startTarget } from '../target/start.ts';
import { inProcess } from './in-process.test-support.ts';
import { cli } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

/** Each is unlike any other text, so that finding it anywhere is a leak. */
const SECRET = {
  authorization: 'cfgAuthz9Qw3Er5T',
  apiKey: 'cfgApiKey7Yh2Uj4',
  customAuth: 'cfgCustomAuth1Zx',
  unnamedHeader: 'cfgPartner8Mk6Nj',
  basicPassword: 'cfgBasicPw4Rf8Vb',
  cookie: 'cfgCookieSid5Tg/+=1',
  otherCookie: 'cfgCsrf2Wd9Kp"x\\y',
  bodyPassword: 'cfgBodyPw3Hn7Lq',
  formPassword: 'cfgFormPw6Bv1Cx&z',
  query: 'cfgQueryTok8Ju2Ik',
  errorQuery: 'cfgErrKey5Mn3Bv',
  environment: 'cfgEnvPass9Lo4Pq',
  databaseUrl: 'cfgDbPass2Xc7Zs',
  argument: 'cfgArgTok6Gt1Hy',
  responseHeader: 'srvHeader4Kd8Fj',
  setCookie: 'srvSetCookie1Qa5',
  location: 'srvLocation7Wz3',
  jsonAnswer: 'srvJsonTok9Ed2',
  logBearer: 'logBearer5Rt8Yu.abc',
  logPassword: 'logDbPass3Ui6Op',
  logUrl: 'logUrlPw8As1Df',
};

/** Every spelling that the run itself may have made. */
function spellings(secret: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1);
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64(secret),
    base64(`user:${secret}`),
    secret.toLowerCase(),
    secret.slice(0, 13),
  ];
}

function assertNone(text: string, where: string): void {
  for (const [name, secret] of Object.entries(SECRET)) {
    for (const spelling of spellings(secret)) {
      const at = text.indexOf(spelling);
      const around = text.slice(Math.max(0, at - 80), at + 60);
      assert.ok(at < 0, `${where} has the secret "${name}" as ${spelling}: ${around}`);
    }
  }
}

function assertFilesClean(folder: string): void {
  const names = readdirSync(folder);
  assert.ok(names.length > 0, `${folder} has files`);
  for (const name of names) assertNone(readFileSync(join(folder, name), 'latin1'), name);
}

/** Reflects every origin, hands out secrets of its own, and echoes those it gets. */
const SERVER = `
import http from 'node:http';
const S = ${JSON.stringify(SECRET)};
http.createServer((request, response) => {
  const { origin } = request.headers;
  if (origin) response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE');
  response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '');
  response.setHeader('X-Custom-Auth', S.responseHeader);
  response.setHeader('X-Echo', String(request.headers.authorization) + ' ' + String(request.headers.cookie));
  response.setHeader('Set-Cookie', 'sid=' + S.setCookie + '; Path=/; HttpOnly');
  if (request.url.startsWith('/moved')) {
    response.writeHead(302, { Location: '/next?access_token=' + S.location }).end();
    return;
  }
  response.end(JSON.stringify({ token: S.jsonAnswer, saw: request.url }));
}).listen(process.env.PORT);
`;

const config = (target: object) => ({
  target: {
    command: ['node', 'server.mjs', `--token=${SECRET.argument}`],
    env: {
      DB_PASSWORD: SECRET.environment,
      DATABASE_URL: `postgres://app:${SECRET.databaseUrl}@db.internal/app`,
    },
    timeouts: { readyMs: 10_000 },
    ...target,
  },
  policy: {
    origins: 'https://app.example.com',
    credentials: true,
    methods: ['GET', 'POST'],
    headers: {
      Authorization: `Bearer ${SECRET.authorization}`,
      'X-Api-Key': SECRET.apiKey,
      'X-Custom-Auth': SECRET.customAuth,
      'X-Partner': SECRET.unnamedHeader,
      'X-Login': `Basic ${Buffer.from(`user:${SECRET.basicPassword}`).toString('base64')}`,
    },
    requestHeaders: ['authorization', 'x-api-key', 'x-custom-auth', 'x-partner', 'x-login', 'content-type'],
    cookies: { sid: SECRET.cookie, csrf: SECRET.otherCookie },
    resources: [
      {
        path: `/items?access_token=${SECRET.query}&page=2`,
        body: JSON.stringify({ password: SECRET.bodyPassword }),
      },
      {
        path: '/login',
        methods: ['POST'],
        contentType: 'application/x-www-form-urlencoded',
        body: `user=me&password=${encodeURIComponent(SECRET.formPassword)}`,
      },
      { path: '/moved' },
    ],
    errors: [`/gone?api_key=${SECRET.errorQuery}`],
  },
});

function write(name: string, content: string | object): string {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

write('server.mjs', SERVER);
write(
  'dying.mjs',
  `const S = ${JSON.stringify(SECRET)};
  console.error('connecting with Authorization: Bearer ' + S.logBearer);
  console.error('{"password":"' + S.logPassword + '","env":"' + process.env.DB_PASSWORD + '"}');
  console.error('cannot reach postgres://app:' + S.logUrl + '@db/app, argument ' + process.argv[2]);
  process.exit(7);`,
);
const file = write('cors.config.json', config({}));

describe('secrets', () => {
  test('should be in no report of verify, in no format, and in nothing that it prints', {
    timeout: 120_000,
  }, async () => {
    const out = join(dir, 'verified');
    const baseline = join(dir, 'baseline.json');
    const verify = ['verify', file, '--engine', 'model', '--out', out, '--baseline', baseline];
    const { code, stdout, stderr } = await inProcess([...verify, '--update-baseline']);
    assert.equal(code, 0, stderr);
    assertNone(stdout + stderr, 'the output');
    assertFilesClean(out);
    assertNone(readFileSync(baseline, 'utf8'), 'the baseline');
    const again = await inProcess(verify);
    assert.equal(again.code, 0, `the baseline covers what it was written from: ${again.stdout}`);
    for (const format of ['console', 'html', 'junit', 'markdown', 'json', 'sarif', 'github', 'badge']) {
      const { stdout: made } = await inProcess(['report', join(out, 'results.json'), '--format', format]);
      assertNone(made, format);
    }
    // The evidence is still there: what was sent, by name and length.
    const results = readFileSync(join(out, 'results.json'), 'utf8');
    assert.match(results, new RegExp(`Bearer \\[redacted ${SECRET.authorization.length} bytes\\]`));
    assert.match(results, /"page=2|page=2/);
  });

  test('should not be in the list of requests', async () => {
    const { code, stdout, stderr } = await inProcess(['verify', file, '--dry-run']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /page=2/);
    assertNone(stdout + stderr, '--dry-run');
  });

  test('should not be in what a server that ends says last', { timeout: 60_000 }, async () => {
    const dying = write(
      'dying.json',
      config({ command: ['node', 'dying.mjs', `--token=${SECRET.argument}`] }),
    );
    const { code, stderr } = await inProcess([
      'verify',
      dying,
      '--engine',
      'model',
      '--out',
      join(dir, 'dying'),
    ]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /cannot reach postgres:/);
    assertNone(stderr, 'the error');
  });

  test('should not be in an error about the configuration', async () => {
    const broken = write('broken.json', { ...config({}), polcy: {} });
    const { code, stdout, stderr } = await inProcess(['verify', broken]);
    assert.equal(code, 2);
    assertNone(stdout + stderr, 'the error');
  });

  test('should not be in what explain prints, as text or as JSON', async () => {
    const answer = [`X-Custom-Auth: ${SECRET.responseHeader}`, `Set-Cookie: sid=${SECRET.setCookie}`];
    const args = [
      'explain',
      `https://api.example/items?access_token=${SECRET.query}`,
      ...['--origin', 'https://app.example', '--credentials'],
      ...[
        '--header',
        `Authorization: Bearer ${SECRET.authorization}`,
        '--header',
        `X-Api-Key: ${SECRET.apiKey}`,
      ],
      ...answer.flatMap(line => ['--response', line]),
      ...answer.flatMap(line => ['--preflight-response', line]),
    ];
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await inProcess([...args, ...more]);
      assert.equal(code, 1, stderr);
      assertNone(stdout + stderr, 'explain');
    }
  });

  test('should not be in what audit prints, as text or as JSON', { timeout: 60_000 }, async () => {
    const server = await startTarget({ command: ['node', 'server.mjs'] }, dir);
    try {
      const urls = [
        `${server.url}/items?access_token=${SECRET.query}`,
        `${server.url}/moved?api_key=${SECRET.errorQuery}`,
        `${server.url.replace('//', `//user:${SECRET.basicPassword}@`)}/items`,
      ];
      for (const more of [[], ['--json'], ['--verbose']]) {
        const { code, stdout, stderr } = await inProcess(['audit', ...urls, ...more]);
        assert.equal(code, 1, stderr);
        assert.match(stdout, /access_token=\[redacted/);
        assertNone(stdout + stderr, `audit ${more}`);
      }
    } finally {
      await server.stop();
    }
  });

  test('should not be in what regress prints and writes', { timeout: 60_000 }, async () => {
    write('later.mjs', SERVER.replace("'GET, POST, PUT, DELETE'", "'GET'").replace("'true'", "'false'"));
    const one = await startTarget({ command: ['node', join(dir, 'server.mjs')] }, dir);
    const later = `node ${join(dir, 'later.mjs')} --token=${SECRET.argument} postgres://app:${SECRET.databaseUrl}@db/app`;
    const out = join(dir, 'regressed');
    const accept = join(dir, 'accepted.json');
    const regress = [
      ...['regress', '--before', one.url, '--after', later],
      ...['--origin', 'https://app.example.com', '--engine', 'model', '--out', out],
      ...['--path', `/items?access_token=${SECRET.query},/moved?api_key=${SECRET.errorQuery}`],
    ];
    try {
      for (const more of [[], ['--json'], ['--markdown'], ['--dry-run']]) {
        const { code, stdout, stderr } = await inProcess([...regress, ...more], {
          env: { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(dir, 'summary.md') },
        });
        assert.equal(code, more[0] === '--dry-run' ? 0 : 1, stderr);
        assertNone(stdout + stderr, `regress ${more}`);
      }
      assertFilesClean(out);
      assertNone(readFileSync(join(dir, 'summary.md'), 'utf8'), 'the step summary');
      await inProcess([...regress, '--accept', accept, '--update-accept']);
      assertNone(readFileSync(accept, 'utf8'), 'the accepted changes');
      const again = await inProcess([...regress, '--accept', accept]);
      assert.equal(again.code, 0, `the file covers what it was written from: ${again.stdout}`);
    } finally {
      await one.stop();
    }
  });

  test('should not be in what regress says of a server that ends', { timeout: 60_000 }, async () => {
    const dying = `node ${join(dir, 'dying.mjs')} --token=${SECRET.argument}`;
    const { code, stdout, stderr } = await inProcess([
      ...['regress', '--before', dying, '--after', `${dying} again`],
      ...['--origin', 'https://app.example.com', '--engine', 'model', '--out', join(dir, 'ended')],
    ]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /cannot reach postgres:/);
    assertNone(stdout + stderr, 'the error');
  });

  test('should not be in the reports of a case file', { timeout: 60_000 }, async () => {
    const cases = write('cases.json', {
      id: 'mine',
      title: 'Mine',
      cases: [
        {
          id: 'first',
          title: `A page with access_token, ?access_token=${SECRET.query}, reads`,
          spec: ['https://fetch.spec.whatwg.org/#cors-check'],
          steps: [
            {
              request: {
                suffix: `?access_token=${SECRET.query}`,
                headers: [['Authorization', `Bearer ${SECRET.authorization}`]],
              },
              server: { actual: { headers: [['X-Session-Id', SECRET.responseHeader]] } },
              expect: {
                outcome: 'readable',
                requestHeaders: { authorization: `Bearer ${SECRET.authorization}` },
              },
            },
          ],
        },
      ],
    });
    const out = join(dir, 'cases');
    const { code, stdout, stderr } = await inProcess([
      'run',
      '--engine',
      'model',
      '--cases',
      cases,
      '--out',
      out,
    ]);
    assert.equal(code, 1, stderr);
    assertNone(stdout + stderr, 'the output');
    assertFilesClean(out);
  });

  test('should stay hidden in the process that people start', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await cli(['verify', file, '--dry-run']);
    assert.equal(code, 0, stderr);
    assertNone(stdout + stderr, 'the output');
  });

  test('should be kept where --no-redact asks for it', { timeout: 60_000 }, async () => {
    const out = join(dir, 'kept');
    await inProcess(['verify', file, '--engine', 'model', '--out', out, '--no-redact']);
    assert.match(readFileSync(join(out, 'results.json'), 'utf8'), new RegExp(SECRET.authorization));
  });
});

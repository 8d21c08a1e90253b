import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const ORIGIN = 'https://app.example';
const LIMIT = { timeout: 120_000 };
const servers: http.Server[] = [];

after(() => {
  for (const server of servers) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = http.createServer(listener);
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/items`;
}

const chromium = (url: string, reason: string) =>
  `Access to fetch at '${url}' from origin '${ORIGIN}' has been blocked by CORS policy: ${reason}`;

test('should explain a console line in everyday words, and ask the server again', LIMIT, async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.method);
    response.statusCode = request.method === 'OPTIONS' ? 404 : 200;
    response.end();
  });
  const line = chromium(
    url,
    "Response to preflight request doesn't pass access control check: It does not have HTTP ok status.",
  );
  const { code, stdout } = await inProcess(['explain', '--message', line]);
  assert.equal(code, 1, stdout);
  assert.match(stdout, /^The preflight was answered with an error\./);
  assert.match(stdout, /It is the server's move/);
  assert.match(stdout, /docs\/explanations\/preflight-status\.md/);
  assert.match(stdout, /Asked again, the server says this now/);
  assert.match(stdout, /< 404/);
  assert.deepEqual(asked, ['OPTIONS']);
});

test('should never repeat a request that could change data', LIMIT, async () => {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.method);
    response
      .setHeader('Access-Control-Allow-Origin', '*')
      .setHeader('Access-Control-Allow-Methods', 'PUT')
      .end();
  });
  const line = chromium(
    url,
    'Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.',
  );
  const { stdout } = await inProcess(['explain', '--message', line]);
  assert.match(stdout, /The PUT itself is not sent, because it could change data/);
  assert.deepEqual(asked, ['OPTIONS']);
});

test('should say that the server allows it now, and end with 0', LIMIT, async () => {
  const url = await serve((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*').end();
  });
  const line = chromium(url, "No 'Access-Control-Allow-Origin' header is present on the requested resource.");
  const { code, stdout } = await inProcess(['explain', '--message', line]);
  assert.equal(code, 0, stdout);
  const offline = await inProcess(['explain', '--message', line, '--offline', '--json']);
  assert.equal(offline.code, 1);
  const [{ message, again }] = JSON.parse(offline.stdout);
  assert.deepEqual([message.reason, message.url, again], ['allow-origin-missing', url, null]);
});

test('should explain a curl command as a page would make the request', LIMIT, async () => {
  const url = await serve((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*').end();
  });
  const { code, stdout } = await inProcess([
    'explain',
    '--curl',
    `curl '${url}' -H 'Origin: ${ORIGIN}' -H 'X-A: 1' -d '{}' -b 'sid=1'`,
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /1\. Preflight: OPTIONS/);
  assert.match(stdout, /> Access-Control-Request-Headers: x-a/);
  assert.match(stdout, /In everyday words:\n {2}The page asked with cookies/);
});

test('should explain each CORS request of a recorded session', LIMIT, async t => {
  const { dir, remove } = temporary();
  t.after(remove);
  const file = join(dir, 'session.har');
  const headers = (pairs: Record<string, string>) =>
    Object.entries(pairs).map(([name, value]) => ({ name, value }));
  const entry = (
    method: string,
    status: number,
    request: Record<string, string>,
    response: Record<string, string>,
  ) => ({
    request: { method, url: 'https://api.example/x', headers: headers({ Origin: ORIGIN, ...request }) },
    response: { status, headers: headers(response) },
  });
  const asks = { 'Access-Control-Request-Method': 'PUT' };
  const allow = { 'Access-Control-Allow-Origin': ORIGIN };
  writeFileSync(
    file,
    JSON.stringify({
      log: { entries: [entry('OPTIONS', 204, asks, allow), entry('GET', 200, {}, allow)] },
    }),
  );
  const { code, stdout, stderr } = await inProcess(['explain', '--har', file]);
  assert.equal(code, 1);
  assert.match(stdout, /Only the preflight is recorded: the request itself was not sent/);
  assert.match(stdout, /Method PUT is not allowed by Access-Control-Allow-Methods/);
  assert.match(stdout, /^Allowed\.$/m);
  assert.match(stderr, /2 CORS requests in .*session\.har, 1 blocked\./);
});

test(
  'should say what it takes when it is given nothing, too much, or what it does not know',
  LIMIT,
  async () => {
    for (const [args, message] of [
      [[], /explain takes one of: a URL, --message TEXT/],
      [['https://a.example/', '--har', 'x.har'], /explain takes one of/],
      [['https://a.example/'], /which page asks\? Add --origin/],
      [['--message', 'hello'], /no line of this is a message about CORS/],
      [['--curl', 'curl -s'], /--curl: the curl command has no URL/],
      [['--har', '/nonexistent.har'], /nonexistent\.har/],
    ] as const) {
      const { code, stderr } = await inProcess(['explain', ...args]);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, message);
    }
  },
);

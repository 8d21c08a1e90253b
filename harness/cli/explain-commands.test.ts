import assert from 'node:assert/strict';
import http, { type RequestListener } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { inProcess } from './in-process.test-support.ts';

const ORIGIN = 'https://app.example';
const LIMIT = { timeout: 120_000 };
const servers: net.Server[] = [];

after(() => {
  for (const server of servers) server.close();
});

async function listen(server: net.Server): Promise<string> {
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/items`;
}

/** A server that lets the page PUT with X-A, and what it was asked. */
async function allowing(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const listener: RequestListener = ({ method, headers }, response) => {
    asked.push(`${method} ${headers['access-control-request-method'] ?? ''}`.trim());
    response
      .setHeader('Access-Control-Allow-Origin', '*')
      .setHeader('Access-Control-Allow-Methods', 'PUT')
      .setHeader('Access-Control-Allow-Headers', 'x-a')
      .end();
  };
  return { url: await listen(http.createServer(listener)), asked };
}

const byHand = (url: string, method: string, ...more: string[]) =>
  inProcess([
    'explain',
    '--curl',
    `curl -i -X OPTIONS ${url} -H 'Origin: ${ORIGIN}' -H 'Access-Control-Request-Method: ${method}' ${more.join(' ')}`,
  ]);

test('should take a console message and a curl command without their flags', LIMIT, async () => {
  const { url } = await allowing();
  const curl = await inProcess(['explain', `curl ${url} -H 'Origin: ${ORIGIN}'`]);
  assert.equal(curl.code, 0, curl.stderr);
  assert.match(curl.stdout, /^Allowed\.$/m);
  const message = await inProcess(['explain', '--offline', `GET ${url} 500 (Internal Server Error)`]);
  assert.match(message.stdout, /^The server answered with an error\.\n {2}URL: http/);
  const both = await inProcess(['explain', 'GET https://a.example 500', '--message', 'Load failed']);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /takes one of: a URL, --message/);
});

test('should take a preflight made by hand for that of the request that it asks about', LIMIT, async () => {
  const { url, asked } = await allowing();
  const put = await byHand(url, 'PUT', `-H 'Access-Control-Request-Headers: x-a'`);
  assert.equal(put.code, 0, put.stdout);
  assert.match(put.stdout, /^The preflight passes\.\n {2}The server lets the page send PUT with x-a\. /m);
  assert.match(put.stdout, /> Access-Control-Request-Headers: x-a/);
  assert.match(put.stdout, /2\. Actual request: PUT .*\n(?: {3}> .*\n)* {3}< not sent/);
  assert.doesNotMatch(put.stdout, /No valid HTTP response|List OPTIONS/);
  const headers = await byHand(url, 'GET', `-H 'Access-Control-Request-Headers: content-type, accept'`);
  assert.equal(headers.code, 1, headers.stdout);
  assert.match(headers.stdout, /Request header fields accept, content-type are not allowed/);
  const remove = await byHand(url, 'DELETE');
  assert.equal(remove.code, 1);
  assert.match(remove.stdout, /Method DELETE is not allowed by Access-Control-Allow-Methods/);
  const post = await byHand(url, 'POST');
  assert.equal(post.code, 0, post.stdout);
  assert.deepEqual(asked, ['OPTIONS PUT', 'OPTIONS GET', 'OPTIONS DELETE', 'OPTIONS POST']);
  const plain = await inProcess(['explain', '--curl', `curl -X OPTIONS ${url} -H 'Origin: ${ORIGIN}'`]);
  assert.match(plain.stdout, /Access-Control-Request-Method: OPTIONS/);
});

test('should say that the preflight passes now, where the request is not repeated', LIMIT, async () => {
  const { url, asked } = await allowing();
  const again = (line: string, ...more: string[]) =>
    inProcess(['explain', '--message', line, '--origin', ORIGIN, ...more]);
  const refused = `Access to fetch at '${url}' from origin '${ORIGIN}' has been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.`;
  const put = await again(refused);
  assert.equal(put.code, 0, put.stdout);
  assert.match(put.stdout, /The preflight passes\.\n {2}The server lets the page send PUT\. /);
  assert.doesNotMatch(put.stdout, /Unreachable|No usable answer|No valid HTTP response/);
  const [{ again: json }] = JSON.parse((await again(refused, '--json')).stdout);
  assert.deepEqual([json.verdict, json.script], ['permitted', null]);
  assert.equal(json.trace.at(-1).result, 'note');
  const post = await again(`POST ${url} net::ERR_CONNECTION_RESET`);
  assert.equal(post.code, 1);
  assert.match(
    post.stdout,
    /Not asked\.\n {2}The POST itself is not sent, because it could change data, and it/,
  );
  assert.deepEqual(asked, ['OPTIONS PUT', 'OPTIONS PUT']);
});

test(
  'should take a call of fetch() as browsers copy it, and name what is no curl command',
  LIMIT,
  async () => {
    const { url, asked } = await allowing();
    const call = `await fetch("${url}", {\n  "headers": { "accept": "*/*", "x-a": "1" },\n  "referrer": "${ORIGIN}/page",\n  "body": null,\n  "method": "PUT",\n  "mode": "cors",\n  "credentials": "omit"\n});`;
    const { code, stdout } = await inProcess(['explain', '--curl', call]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /from a page on https:\/\/app\.example\n/);
    assert.deepEqual(asked, ['OPTIONS PUT', 'PUT']);
    for (const [text, message] of [
      [`$session = New-Object X\nInvoke-WebRequest -Uri "${url}"`, /this is PowerShell, .*"Copy as cURL"/],
      [`Invoke-RestMethod ${url}`, /this is PowerShell/],
      [`fetch(api + '/items')`, /a call of fetch\(\) whose URL and options are not written out/],
      [`fetch("${url}")`, /the call of fetch\(\) does not tell the page: add the page, --origin/],
      [`wget ${url}`, /it begins with "wget"; in the Network panel choose "Copy as cURL"/],
    ] as const) {
      const refused = await inProcess(['explain', '--curl', text]);
      assert.equal(refused.code, 2, text);
      assert.match(refused.stderr, message);
    }
  },
);

test('should take conditional headers of a copied command for those of the cache', LIMIT, async () => {
  const open = ['--response', 'Access-Control-Allow-Origin: *'];
  const explained = (more: string) =>
    inProcess([
      'explain',
      '--curl',
      `curl 'https://api.example/' -H 'Origin: ${ORIGIN}' -H 'If-None-Match: "1"' ${more}`,
      ...open,
    ]);
  const copied = await explained(`-H 'Sec-Fetch-Mode: cors'`);
  assert.equal(copied.code, 0, copied.stderr);
  assert.match(copied.stderr, /note: If-None-Match is taken for one that the browser's cache added/);
  assert.match((await explained('')).stderr, /this request is preflighted/);
});

test('should send a method as the page writes it', LIMIT, async () => {
  const lines: string[] = [];
  const url = await listen(
    net.createServer(socket => {
      socket.on('error', () => undefined);
      socket.once('data', data => {
        lines.push(String(data).split('\r\n')[0] as string);
        const allow = 'Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: patch';
        socket.end(`HTTP/1.1 200 Fine\r\n${allow}\r\nContent-Length: 2\r\n\r\n{}`);
      });
    }),
  );
  const { code, stdout } = await inProcess(['explain', url, '--origin', ORIGIN, '--method', 'patch']);
  assert.equal(code, 0, stdout);
  assert.deepEqual(lines, ['OPTIONS /items HTTP/1.1', 'patch /items HTTP/1.1']);
  assert.match(stdout, /< 200 Fine/);
});

test('should ask nobody as soon as an answer, or its status, is given', LIMIT, async () => {
  const { url, asked } = await allowing();
  const explained = (...args: string[]) => inProcess(['explain', url, '--origin', ORIGIN, ...args]);
  const status = await explained('--status', '404');
  assert.equal(status.code, 1);
  assert.match(status.stdout, /< 404/);
  const preflight = await explained('--method', 'PUT', '--preflight-status', '405');
  assert.equal(preflight.code, 1);
  assert.match(preflight.stdout, /< 405/);
  const offline = await explained('--offline');
  assert.equal(offline.code, 2);
  assert.match(offline.stderr, /--offline goes with --message/);
  const recording = await inProcess(['explain', '--har', 'x.har', '--status', '200']);
  assert.equal(recording.code, 2);
  assert.match(recording.stderr, /the answers of --har are those in the file/);
  assert.deepEqual(asked, []);
});

test('should say what it waits for', LIMIT, async () => {
  const url = await listen(
    http.createServer((_request, response) => {
      setTimeout(() => response.setHeader('Access-Control-Allow-Origin', '*').end(), 2_300);
    }),
  );
  const explained = (...args: string[]) => inProcess(['explain', url, '--origin', ORIGIN, ...args]);
  const [told, quiet] = await Promise.all([explained(), explained('--quiet')]);
  assert.equal(told.code, 0, told.stdout);
  assert.match(told.stderr, /^Waiting for 127\.0\.0\.1:\d+ to answer GET …\n$/);
  assert.equal(quiet.stderr, '');
});

test('should print no secret, however short, in any of its forms', LIMIT, async () => {
  const answer = ['--response', 'Access-Control-Allow-Origin: *', '--origin', ORIGIN];
  const preflight = ['--preflight-response', 'Access-Control-Allow-Origin: *'];
  const forms = [
    ['https://api.example/x?token=t0k', ...answer],
    ['https://api.example/x?token=t0k', '--status', '302', ...answer],
    ['--curl', "curl 'https://me:t0k@api.example/x?token=t0k' -H 'X-Api-Key: t0k'", ...answer, ...preflight],
    [
      '--offline',
      '--message',
      `Access to fetch at 'https://api.example/x?token=t0k' from origin '${ORIGIN}' has been blocked by CORS policy: No.`,
    ],
    ['ftp://me:t0ksecret@api.example/x?token=t0ksecret', ...answer],
  ];
  for (const form of forms)
    for (const more of [[], ['--json'], ['--quiet']]) {
      const { stdout, stderr } = await inProcess(['explain', ...form, ...more]);
      assert.doesNotMatch(stdout + stderr, /t0k/, [...form, ...more].join(' '));
    }
});

/** The verb `explain` on servers and on answers that are given. Longer than other files: one verb with four sources. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loopbackCertificate } from '../wire/certificates.ts';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const ORIGIN = 'https://app.example';
const LIMIT = { timeout: 120_000 };
const servers: net.Server[] = [];

after(() => {
  for (const server of servers) server.close();
});

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const serve = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(http.createServer(listener))}/items`;

/** Answers every connection with these bytes. */
const serveBytes = async (answer: string): Promise<string> =>
  `http://127.0.0.1:${await listen(
    net.createServer(socket => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.from(answer, 'latin1')));
    }),
  )}/items`;

/** What is said of arguments that are refused, without the program's name. */
async function refusal(
  ...args: string[]
): Promise<{ readonly code: number | null; readonly message: string }> {
  const { code, stdout, stderr } = await inProcess(['explain', ...args]);
  assert.equal(stdout, '');
  return { code, message: stderr.replace(/^cors-conformance: /, '').trimEnd() };
}

const explain = (url: string, ...args: string[]) => inProcess(['explain', url, '--origin', ORIGIN, ...args]);

test('explain says what is allowed, step by step, and ends with 0', LIMIT, async () => {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(
      `${request.method} ${request.headers.origin} ${request.headers['access-control-request-headers'] ?? ''}`,
    );
    response.setHeader('Access-Control-Allow-Origin', ORIGIN);
    response.setHeader('Vary', 'Origin');
    response.setHeader('ETag', '"1"');
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', 'PUT');
      response.setHeader('Access-Control-Allow-Headers', 'x-a');
    }
    response.end('ok');
  });
  const { code, stdout } = await explain(url, '--method', 'PUT', '--header', 'X-A: 1');
  assert.equal(code, 0, stdout);
  assert.deepEqual(asked, [`OPTIONS ${ORIGIN} x-a`, `PUT ${ORIGIN} `]);
  assert.match(stdout, /1\. Preflight: OPTIONS/);
  assert.match(stdout, /> Access-Control-Request-Method: PUT/);
  assert.match(
    stdout,
    /pass {2}Every CORS-unsafe header may be sent\. {2}https:\/\/fetch\.spec\.whatwg\.org/,
  );
  assert.match(stdout, /^Allowed\.$/m);
  assert.match(stdout, /Hidden from script.*etag/);
  assert.doesNotMatch(stdout, /Warning: (?!The URL leads to this machine)/);
});

test('explain says what blocks, what to change, and ends with 1', LIMIT, async () => {
  const url = await serve((_request, response) => response.end('ok'));
  const { code, stdout } = await explain(url);
  assert.equal(code, 1);
  assert.match(stdout, /No 'Access-Control-Allow-Origin' header is present on the requested resource/);
  assert.match(stdout, /What to change: Send "Access-Control-Allow-Origin: https:\/\/app\.example"/);
  const refused = await explain(url, '--method', 'patch', '--credentials');
  assert.equal(refused.code, 1);
  assert.match(refused.stdout, /Response to preflight request doesn't pass access control check/);
});

test('explain --json is one document', LIMIT, async () => {
  const url = await serve((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('ok');
  });
  const { code, stdout } = await explain(url, '--json', '--credentials');
  assert.equal(code, 1);
  const json = JSON.parse(stdout);
  assert.equal(json.verdict, 'blocked');
  assert.equal(json.script.blockedAt, 'response');
  assert.equal(json.exchanges[0].request.credentials, true);
  assert.ok(json.trace.length > 0);
  assert.match(json.explanation[0].spec, /#concept-cors-check$/);
});

test('explain warns of what is wrong besides', LIMIT, async () => {
  const url = await serve((request, response) => {
    if (request.url === '/moved' && request.method === 'OPTIONS') {
      response.writeHead(302, { Location: '/items' }).end();
      return;
    }
    if (request.url === '/secret' && request.method === 'OPTIONS') {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
      return;
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, {
        'Access-Control-Allow-Origin': ORIGIN,
        'Access-Control-Allow-Methods': 'PUT',
        'Access-Control-Max-Age': '-1',
      });
    } else if (request.url === '/twice') response.setHeader('Access-Control-Allow-Origin', ['*', '*']);
    response.end();
  });
  const at = (path: string, ...args: string[]) => explain(new URL(path, url).href, ...args);
  const alone = await at('/items', '--method', 'PUT');
  assert.match(
    alone.stdout,
    /Warning: The server answers the preflight with CORS headers, but not the actual request/,
  );
  assert.match(alone.stdout, /Warning: .*Vary does not name Origin/);
  assert.match(alone.stdout, /Warning: Access-Control-Max-Age is not/);
  assert.match(
    (await at('/moved', '--method', 'PUT')).stdout,
    /Warning: The preflight is redirected \(status 302\)/,
  );
  assert.match(
    (await at('/secret', '--method', 'PUT')).stdout,
    /Warning: .*asks for authentication at the preflight/,
  );
  assert.match(
    (await at('/secret', '--header', 'API-Key: k')).stdout,
    /Warning: The preflight only names api-key, .*looks for its value before it answers OPTIONS/,
  );
  assert.match((await at('/twice')).stdout, /Warning: .*Access-Control-Allow-Origin 2 times/);
});

test('explain follows a redirect only as the Standard does', LIMIT, async () => {
  const second = await serve((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '');
    response.end();
  });
  const first = await serve((_request, response) => {
    response.writeHead(302, { Location: second, 'Access-Control-Allow-Origin': '*' }).end();
  });
  const { code, stdout } = await explain(first);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /2\. Actual request: GET .*\n {3}> Origin: null/);
});

test('explain ends with 3 where there is nobody to ask', LIMIT, async () => {
  const gone = net.createServer();
  const port = await listen(gone);
  await new Promise(resolve => gone.close(resolve));
  const refused = await explain(`http://127.0.0.1:${port}/`);
  assert.equal(refused.code, 3, refused.stdout);
  assert.match(refused.stdout, /the connection was refused/);
  const silent = await serve(() => undefined);
  const late = await explain(silent, '--timeout', '200');
  assert.equal(late.code, 3);
  assert.match(late.stdout, /no answer within 200 ms/);
  const garbage = await explain(await serveBytes('SSH-2.0-server\r\n'));
  assert.equal(garbage.code, 3);
  const switching = await explain(
    await serveBytes('HTTP/1.1 101 x\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n'),
  );
  assert.equal(switching.code, 3);
});

test('explain takes an unknown certificate only with --insecure', LIMIT, async () => {
  const certificate = await loopbackCertificate();
  const port = await listen(
    https.createServer(certificate, (_request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.end();
    }),
  );
  const strict = await explain(`https://127.0.0.1:${port}/`);
  assert.equal(strict.code, 3, strict.stdout);
  assert.match(strict.stdout, /--insecure/);
  const lax = await explain(`https://127.0.0.1:${port}/`, '--insecure');
  assert.equal(lax.code, 0, lax.stdout);
});

test('explain shows what a server sends without letting it act', LIMIT, async () => {
  const evil = '\x1b]0;owned\x07\x9b31m';
  const url = await serveBytes(
    `HTTP/1.1 200 ${evil}\r\nAccess-Control-Allow-Origin: ${evil}\r\nX-${'a'.repeat(9)}: 1\r\nContent-Length: 0\r\n\r\n`,
  );
  for (const args of [[], ['--json']]) {
    const { stdout, code } = await explain(url, ...args);
    assert.ok([1, 3].includes(code ?? -1), stdout);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  }
});

test('explain works offline on header lines', LIMIT, async () => {
  const url = 'https://api.example/items';
  const open = ['--response', 'Access-Control-Allow-Origin: *'];
  assert.equal((await explain(url, ...open)).code, 0);
  assert.equal((await explain(url, ...open, '--credentials')).code, 1);
  const unprepared = await refusal(url, '--origin', ORIGIN, ...open, '--method', 'PUT');
  assert.match(unprepared.message, /--preflight-response/);
  const prepared = [
    '--preflight-response',
    'Access-Control-Allow-Origin: *',
    '--preflight-response',
    'Access-Control-Allow-Methods: PUT',
  ];
  assert.equal((await explain(url, ...open, ...prepared, '--method', 'PUT')).code, 0);
  assert.equal((await explain(url, ...prepared, '--method', 'DELETE')).code, 1);
  const half = await refusal(url, '--origin', ORIGIN, ...prepared, '--method', 'PUT');
  assert.match(half.message, /--response/);
  const status = await explain(url, ...open, '--response', 'HTTP/1.1 404 Not Found');
  assert.match(status.stdout, /status 404/);
});

test('explain works offline on heads saved with curl -i', LIMIT, async () => {
  const { dir, remove } = temporary();
  try {
    const file = join(dir, 'answer.txt');
    writeFileSync(
      file,
      'HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n' +
        'HTTP/2 302 \r\nlocation: /b\r\naccess-control-allow-origin: *\r\n\r\nmoved\n' +
        'HTTP/1.1 200 OK\r\naccess-control-allow-origin: https://other.example\r\n\r\nbody: not a header\r\n',
    );
    const { code, stdout } = await explain('https://api.example/a', '--head', file);
    assert.equal(code, 1, stdout);
    assert.match(stdout, /GET https:\/\/api\.example\/b/);
    assert.match(stdout, /has a value 'https:\/\/other\.example' that is not equal to the supplied origin/);
    const refused = (flag: string, path = file) =>
      refusal('https://api.example/a', '--origin', ORIGIN, flag, path);
    writeFileSync(file, 'nothing');
    assert.match((await refused('--head')).message, /curl -i/);
    assert.match((await refused('--head', join(dir, 'none'))).message, /there is no such file/);
    writeFileSync(file, 'HTTP/1.1 200 OK\r\nno header\r\n\r\n');
    assert.match((await refused('--preflight-head')).message, /not a header line/);
  } finally {
    remove();
  }
});

test('explain says what to mend in its arguments', LIMIT, async () => {
  const url = 'https://api.example/';
  const wrong: [args: string[], message: RegExp][] = [
    [['api.example', '--origin', ORIGIN], /not an absolute http or https URL/],
    [[url, '--origin', `${ORIGIN}/`], /use https:\/\/app\.example/],
    [[url, '--origin', 'app.example'], /write it as https/],
    [[url, '--origin', ORIGIN, '--header', 'x'], /'Name: value'/],
    [[url, '--origin', ORIGIN, '--timeout', 'soon'], /--timeout/],
    [[url, '--origin', ORIGIN, '--response', 'A: b', '--status', '99'], /--status/],
  ];
  for (const [args, message] of wrong) {
    const error = await refusal(...args);
    assert.equal(error.code, 2);
    assert.match(error.message, message);
  }
  const missing = await inProcess(['explain', url]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /--origin/);
  const { code, stdout } = await inProcess(['explain', '--help']);
  assert.equal(code, 0);
  assert.match(stdout, /Examples:/);
});

test(
  'explain knows the pages of apps and extensions, and blames the status before the header',
  LIMIT,
  async () => {
    const from = (origin: string, ...args: string[]) =>
      inProcess(['explain', 'https://api.example/db', '--origin', origin, ...args]);
    for (const value of ['api.example', 'app://obsidian.md,capacitor://localhost']) {
      const { code, stdout } = await from(
        'app://obsidian.md',
        '--response',
        `Access-Control-Allow-Origin: ${value}`,
      );
      assert.equal(code, 1);
      assert.match(stdout, /Blocked at the response/);
    }
    const allowed = ['--response', 'Access-Control-Allow-Origin: app://obsidian.md'];
    assert.equal((await from('app://obsidian.md', ...allowed)).code, 0);
    const forbidden = await from('moz-extension://6f0b', '--response', 'HTTP/1.1 403 Forbidden');
    assert.match(forbidden.stdout, /server's own error comes first/);
  },
);

test(
  'explain says that a page from elsewhere needs permission for this machine, and a local page does not',
  LIMIT,
  async () => {
    const open = ['--response', 'Access-Control-Allow-Origin: *'];
    for (const host of ['localhost', '127.0.0.1', '[::1]', '192.168.1.4', 'printer.local']) {
      const url = `https://${host}:8181/json`;
      assert.match((await explain(url, ...open)).stdout, /Local Network Access/, host);
      const local = await inProcess(['explain', url, '--origin', 'http://localhost:3000', ...open]);
      assert.doesNotMatch(local.stdout, /Local Network Access/, host);
    }
    for (const host of ['api.example', '8.8.8.8', '172.32.0.1', 'localhost.example'])
      assert.doesNotMatch((await explain(`https://${host}/`, ...open)).stdout, /Local Network Access/, host);
  },
);

test('explain says that a page can leave out a header that another server does not take', LIMIT, async () => {
  const preflight = ['Access-Control-Allow-Origin: *', 'Access-Control-Allow-Headers: content-type'];
  const { stdout } = await explain(
    'https://chat.example/',
    ...['--header', 'baggage: a=b'],
    ...preflight.flatMap(line => ['--preflight-response', line]),
  );
  assert.match(stdout, /Both sides can change it/);
  assert.match(stdout, /If the server is not yours, do not send the header/);
});

test('explain knows null origins, opaque answers and calls that fail by themselves', LIMIT, async () => {
  const open = ['--response', 'Access-Control-Allow-Origin: *'];
  assert.equal((await inProcess(['explain', 'https://api.example/', '--origin', 'null', ...open])).code, 0);
  const opaque = await explain('https://api.example/', '--mode', 'no-cors', ...open);
  assert.equal(opaque.code, 0);
  assert.match(opaque.stdout, /opaque/);
  const failed = await explain('https://api.example/', '--method', 'TRACE', ...open);
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /not because of CORS/);
  const open407 = await refusal('https://api.example/', '--origin', ORIGIN, '--response', 'HTTP/1.1 407 x');
  assert.equal(open407.code, 4);
});

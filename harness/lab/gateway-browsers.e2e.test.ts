/**
 * The gateway between real browsers and a server that answers byte by byte: the server must get the same bytes as
 * without it, and the page must see the same.
 * Longer than other files: the byte-exact answers are one table.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer as createHttp } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTls } from 'node:tls';
import { WebSocketServer } from 'ws';
import { findEngines } from '../engine/find.ts';
import type { Engine, LaunchOptions } from '../engine/types.ts';
import { createCertificateAuthority } from '../wire/certificates.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { Gateway } from '../wire/gateway.ts';
import { startGateway } from '../wire/gateway.ts';
import { HeadReader, parseRequestHead } from '../wire/http1.ts';

const LIMIT = 60_000;

/** What the page does; each entry's value or error name is reported, in this order. */
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script>
const target = decodeURIComponent(location.hash.slice(1));
const get = (path, init) => fetch(target + path, init).then(async r => [r.status, await r.text()]);
const tries = {
  simple: () => get('/ok'),
  preflighted: () => get('/ok', { method: 'PUT', headers: { 'X-Own': '1', 'x-second': '2' }, body: 'body' }),
  blocked: () => get('/closed'),
  duplicate: () => get('/twice'),
  head: () => get('/ok', { method: 'HEAD' }),
  empty: () => get('/empty'),
  chunked: () => get('/chunked'),
  'until close': () => get('/until-close'),
  redirect: () => get('/redirect'),
  credentials: () => get('/credentials', { credentials: 'include' }),
  'reset before the head': () => get('/reset', { method: 'POST', body: '' }),
  'reset in the body': () => get('/half'),
  garbage: () => get('/garbage'),
  aborted: () => {
    const abort = new AbortController();
    // On a busy machine any time may be over before the request is sent: the site answers once the server has it.
    fetch('/hangs').then(() => abort.abort());
    return get('/hang', { signal: abort.signal });
  },
  upload: () => get('/ok', { method: 'POST', body: 'x'.repeat(200000) }),
  events: () => new Promise((resolve, reject) => {
    const source = new EventSource(target + '/events');
    const seen = [];
    source.onmessage = e => { if (seen.push(e.data) === 3) { source.close(); resolve(seen); } };
    source.onerror = () => { source.close(); reject(new Error('events')); };
  }),
  socket: () => new Promise((resolve, reject) => {
    const socket = new WebSocket(target.replace('http', 'ws') + '/socket');
    socket.onopen = () => socket.send('hello');
    socket.onmessage = e => { socket.close(); resolve(e.data); };
    socket.onerror = () => reject(new Error('socket'));
  }),
};
// Without the gateway https answers come with a certificate error, and Chromium keeps none of those.
if (target.includes('api.example.com')) tries.kept = async () => [await get('/kept'), await get('/kept')];
(async () => {
  const seen = {};
  for (const [name, run] of Object.entries(tries)) {
    seen[name] = await run().catch(error => error.name);
  }
  const report = new WebSocket(location.origin.replace('http', 'ws') + '/report');
  report.onopen = () => report.send(JSON.stringify(seen));
})();
</script>`;

const EXPECTED = {
  simple: [200, 'ok'],
  preflighted: [200, 'ok'],
  blocked: 'TypeError',
  duplicate: 'TypeError',
  head: [200, ''],
  empty: [204, ''],
  chunked: [200, 'one two'],
  'until close': [200, 'all of it'],
  redirect: [200, 'ok'],
  credentials: [200, 'ok'],
  'reset before the head': 'TypeError',
  garbage: 'TypeError',
  aborted: 'AbortError',
  upload: [200, 'ok'],
  events: ['1', '2', '3'],
  socket: 'hello',
  kept: [
    [200, 'ok'],
    [200, 'ok'],
  ],
};

const sockets = new WebSocketServer({ noServer: true });
sockets.on('connection', socket => socket.on('message', data => socket.send(String(data))));

/** Answers each request of a connection; `raw` is the socket underneath, to reset it. */
function serve(stream: Socket, raw: Socket, seen: string[]): void {
  let reader = new HeadReader();
  let bodyLeft = 0;
  let reply = (): void => {};
  stream.on('error', () => {});
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a server of the test, with an answer for each path
  stream.on('data', (chunk: Buffer) => {
    let rest = chunk;
    while (rest.length > 0) {
      const body = Math.min(bodyLeft, rest.length);
      bodyLeft -= body;
      rest = rest.subarray(body);
      if (body > 0 && bodyLeft === 0) reply();
      if (rest.length === 0) break;
      const { consumed, raw: head } = reader.push(rest);
      rest = rest.subarray(consumed);
      if (head === null) break;
      reader = new HeadReader();
      // What WebSocket and multipart make up anew each time is no difference.
      seen.push(head.toString('latin1').replace(/(\r\nSec-WebSocket-Key: ).*/i, '$1…'));
      const request = parseRequestHead(head);
      const line = (name: string) => request.headers.find(([n]) => n.toLowerCase() === name)?.[1];
      bodyLeft = Number(line('content-length') ?? 0);
      if (request.target === '/socket') {
        stream.removeAllListeners('data');
        const headers = Object.fromEntries(request.headers.map(([n, v]) => [n.toLowerCase(), v]));
        const upgrade = { method: 'GET', headers, on() {}, socket: stream };
        sockets.handleUpgrade(upgrade as never, stream, rest, socket => sockets.emit('connection', socket));
        return;
      }
      reply = () => answer(stream, raw, request.method, request.target, line('origin') ?? '*');
      if (bodyLeft === 0) reply();
    }
  });
}

function answer(stream: Socket, raw: Socket, method: string, target: string, origin: string): void {
  const allow = `Access-Control-Allow-Origin: ${origin}`;
  const send = (status: string, lines: string[], body = '') =>
    stream.write([`HTTP/1.1 ${status}`, ...lines, '', body].join('\r\n'));
  if (method === 'OPTIONS') {
    send('204 No Content', [
      allow,
      'Access-Control-Allow-Methods: PUT',
      'Access-Control-Allow-Headers: x-own, x-second',
    ]);
    return;
  }
  switch (target) {
    case '/ok':
      send('200 OK', [allow, 'Content-Length: 2'], method === 'HEAD' ? '' : 'ok');
      break;
    case '/kept':
      send('200 OK', [allow, 'Cache-Control: max-age=600', 'Content-Length: 2'], 'ok');
      break;
    case '/closed':
      send('200 OK', ['Content-Length: 2'], 'no');
      break;
    case '/twice':
      send('200 OK', [allow, allow, 'Content-Length: 2'], 'no');
      break;
    case '/empty':
      send('204 No Content', [allow]);
      break;
    case '/chunked':
      send('200 OK', [allow, 'Transfer-Encoding: chunked'], '3\r\none\r\n4\r\n two\r\n0\r\nX-T: 1\r\n\r\n');
      break;
    case '/until-close':
      send('200 OK', [allow], 'all of it');
      stream.end();
      break;
    case '/redirect':
      send('302 Found', [allow, 'Location: /ok', 'Content-Length: 0']);
      break;
    case '/credentials':
      send('200 OK', [allow, 'Access-Control-Allow-Credentials: true', 'Content-Length: 2'], 'ok');
      break;
    case '/reset':
      raw.resetAndDestroy();
      break;
    case '/half':
      send('200 OK', [allow, 'Content-Length: 20'], 'half');
      // Once the page has the head, also on a busy machine: a body that fails before script reads it fails otherwise.
      setTimeout(() => raw.resetAndDestroy(), 500);
      break;
    case '/garbage':
      stream.end('\x00\x01 no HTTP\r\n\r\n');
      break;
    case '/events':
      send('200 OK', [allow, 'Content-Type: text/event-stream']);
      for (const n of [1, 2, 3]) setTimeout(() => stream.write(`data: ${n}\n\n`), n * 20);
      break;
    case '/hang':
      break;
    default:
      send('404 Not Found', ['Content-Length: 0']);
  }
}

/**
 * The heads, with those once that a browser sent twice running because no answer came: whether it asks again is its
 * own choice (RFC 9110, section 9.2.2), and Chromium decides it now one way, now the other.
 */
const withoutRepeats = (heads: readonly string[]): string[] =>
  heads.filter((head, i) => head !== heads[i - 1] || !/^\w+ \/(?:reset|half|garbage) /.test(head));

async function listen(server: Server | HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

for (const found of findEngines()) {
  const skip = found.found ? false : `${found.reason}; to get it: ${found.fix}`;

  describe(`the gateway and ${found.name}`, { skip, timeout: 6 * LIMIT }, () => {
    const connections = new Set<Socket>();
    const seen: string[] = [];
    const exchanges: Exchange[] = [];
    const site = createHttp(async (request, response) => {
      if (request.url === '/hangs') {
        const hangs = () => seen.some(head => head.startsWith('GET /hang '));
        while (!hangs() && !response.destroyed) await sleep(10);
        response.end();
        return;
      }
      response.setHeader('Content-Type', 'text/html');
      response.end(PAGE);
    });
    const reports = new WebSocketServer({ server: site });
    const plain = createServer(socket => {
      connections.add(socket);
      serve(socket, socket, seen);
    });
    let secure: Server;
    let gateway: Gateway;
    let engines: { direct: Engine; proxied: Engine };
    const ports = { site: 0, plain: 0, secure: 0 };

    before(async () => {
      if (!found.found) return;
      const authority = await createCertificateAuthority();
      const raws = new Map<number | undefined, Socket>();
      secure = createTls(await authority.certificate('api.example.com'), stream => {
        serve(stream, raws.get(stream.remotePort) ?? stream, seen);
      }).on('connection', (raw: Socket) => {
        connections.add(raw);
        raws.set(raw.remotePort, raw);
      });
      ports.site = await listen(site);
      ports.plain = await listen(plain);
      ports.secure = await listen(secure);
      const on = (port: number, tls = false) => ({ host: '127.0.0.1', port, tls });
      gateway = await startGateway({
        authority,
        route({ host, scheme }) {
          const tls = scheme === 'https';
          if (host === 'localhost' || host === 'app.example.com')
            return { upstream: on(ports.site), record: false };
          if (host !== 'api.example.com' && host !== '127.0.0.1') return null;
          return { upstream: tls ? on(ports.secure, true) : on(ports.plain), record: true };
        },
        onExchange: exchange => exchanges.push(exchange),
      });
      const start = (options: LaunchOptions) => found.launch({ ...options, timeoutMs: LIMIT });
      const proxy = { host: gateway.host, port: gateway.port, keyHash: authority.keyHash };
      engines = { direct: await start({}), proxied: await start({ proxy }) };
    });

    after(async () => {
      await engines?.direct.close();
      await engines?.proxied.close();
      await gateway?.close();
      for (const socket of connections) socket.destroy();
      for (const client of reports.clients) client.terminate();
      reports.close();
      site.closeAllConnections();
      for (const server of [site, plain, secure]) server?.close();
    });

    /** Runs the page; gives what it saw, the heads that the server got and the exchanges that were recorded. */
    async function run(engine: Engine, page: string, target: string) {
      seen.length = 0;
      exchanges.length = 0;
      const report = new Promise<Record<string, unknown>>(resolve => {
        reports.once('connection', socket => {
          socket.once('message', data => resolve(JSON.parse(String(data))));
        });
      });
      const opened = await engine.open(`${page}/#${encodeURIComponent(target)}`);
      const results = await report;
      await opened.close();
      return { results, heads: [...seen], recorded: [...exchanges] };
    }

    for (const scheme of ['http', 'https'] as const) {
      test(`should change nothing that the server gets or the page sees over ${scheme}`, {
        timeout: 2 * LIMIT,
      }, async () => {
        const page = `http://localhost:${ports.site}`;
        const target = `${scheme}://127.0.0.1:${scheme === 'https' ? ports.secure : ports.plain}`;
        const direct = await run(engines.direct, page, target);
        const proxied = await run(engines.proxied, page, target);
        assert.deepEqual(proxied.results, direct.results);
        assert.deepEqual(withoutRepeats(proxied.heads), withoutRepeats(direct.heads));
        assert.equal(direct.recorded.length, 0);
        assert.equal(proxied.recorded.length, proxied.heads.length);
      });
    }

    for (const [page, target] of [
      ['https://app.example.com', 'https://api.example.com'],
      ['http://app.example.com', 'http://api.example.com'],
      ['http://app.example.com', 'https://api.example.com'],
    ] as const) {
      test(`should carry ${page} and ${target}`, { timeout: LIMIT }, async () => {
        const { results, recorded } = await run(engines.proxied, page, target);
        const { 'reset in the body': cut, ...rest } = results;
        assert.deepEqual(rest, EXPECTED);
        // Firefox calls it AbortError, the others TypeError: an error it must be.
        assert.ok(cut === 'TypeError' || cut === 'AbortError', `reset in the body: ${cut}`);
        const of = (path: string) => recorded.filter(e => e.resource === path);
        assert.ok(recorded.every(e => e.request.url.startsWith(`${target}/`)));
        assert.ok(of('/ok').some(e => e.role === 'preflight' && e.response?.status === 204));
        assert.deepEqual([...new Set(of('/reset').map(e => e.end))], ['no-answer']);
        assert.deepEqual([...new Set(of('/half').map(e => e.end))], ['cut']);
        assert.deepEqual([...new Set(of('/garbage').map(e => e.end))], ['malformed']);
        assert.equal(of('/hang')[0]?.note, 'the client closed the connection');
        assert.equal(of('/twice')[0]?.response?.headers.filter(([n]) => n.startsWith('Access')).length, 2);
        assert.equal(of('/ok').find(e => e.request.method === 'POST')?.request.bodyBytes, 200_000);
        assert.deepEqual(of('/chunked')[0]?.response?.trailers, [['X-T', '1']]);
        assert.equal(of('/socket')[0]?.response?.status, 101);
        // Under automation WebKitGTK has no HTTP cache.
        assert.equal(of('/kept').length, found.name === 'webkit' ? 2 : 1, 'the HTTP cache answers');
        assert.deepEqual(gateway.snapshot(), []);
      });
    }
  });
}

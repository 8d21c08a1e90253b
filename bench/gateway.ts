/**
 * What the recording gateway adds to an exchange: the same requests, direct and through it, taking turns in one run.
 *
 *     npx tsx bench/gateway.ts [exchanges]
 */

import type { RequestListener } from 'node:http';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createCertificateAuthority } from '../harness/wire/certificates.ts';
import { startGateway } from '../harness/wire/gateway.ts';

const HOST = 'api.example.com';
const BIG = 100 * 1024 * 1024;

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function opened(socket: Socket, event: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve(socket));
    socket.once('error', reject);
  });
}

async function tunnel(port: number, ca: string): Promise<Socket> {
  const socket = await opened(connect({ host: '127.0.0.1', port, noDelay: true }), 'connect');
  socket.write(`CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n`);
  await new Promise<void>(resolve => socket.once('data', () => resolve()));
  return opened(connectTls({ socket, servername: HOST, ca }), 'secureConnect');
}

/** Sends one request and waits for so many bytes of its answer; gives the milliseconds that took. */
function exchange(socket: Socket, request: string, bytes: number): Promise<number> {
  return new Promise(resolve => {
    const began = performance.now();
    let got = 0;
    const onData = (chunk: Buffer): void => {
      got += chunk.length;
      if (got < bytes) return;
      socket.off('data', onData);
      resolve(performance.now() - began);
    };
    socket.on('data', onData);
    socket.write(request);
  });
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

const headLines = ['Origin: https://app.example.com', 'Accept: */*', 'User-Agent: bench', 'X-Test: 1'];
const request = (target: string): string =>
  `GET ${target} HTTP/1.1\r\nHost: ${HOST}\r\n${headLines.join('\r\n')}\r\n\r\n`;

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 3000);
  const small: RequestListener = (incoming, response) => {
    if (incoming.url === '/big') {
      response.writeHead(200, { 'Content-Length': BIG });
      const block = Buffer.alloc(256 * 1024);
      let left = BIG;
      const more = (): void => {
        while (left > 0) {
          left -= block.length;
          if (!response.write(block)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
      return;
    }
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/plain' });
    response.end('hello');
  };
  const authority = await createCertificateAuthority();
  const plain = createHttp(small);
  const secure = createHttps(await authority.certificate(HOST), small);
  const ports = { http: await listen(plain), https: await listen(secure) };
  let recorded = 0;
  const gateway = await startGateway({
    authority,
    route: ({ scheme }) => ({
      upstream: { host: '127.0.0.1', port: ports[scheme], tls: scheme === 'https' },
      record: true,
    }),
    onExchange: () => {
      recorded += 1;
    },
  });
  const direct = { host: '127.0.0.1', noDelay: true };
  const lanes = {
    http: {
      direct: await opened(connect({ ...direct, port: ports.http }), 'connect'),
      through: await opened(connect({ ...direct, port: gateway.port }), 'connect'),
      target: `http://${HOST}`,
    },
    https: {
      direct: await opened(
        connectTls({
          socket: connect({ ...direct, port: ports.https }),
          servername: HOST,
          ca: authority.caCert,
        }),
        'secureConnect',
      ),
      through: await tunnel(gateway.port, authority.caCert),
      target: '',
    },
  };
  for (const [scheme, lane] of Object.entries(lanes)) {
    const times: { direct: number[]; through: number[] } = { direct: [], through: [] };
    const first = await new Promise<number>(resolve => {
      lane.direct.once('data', chunk => resolve(chunk.length));
      lane.direct.write(request('/'));
    });
    for (let round = 0; round < rounds; round++) {
      times.direct.push(await exchange(lane.direct, request('/'), first));
      times.through.push(await exchange(lane.through, request(`${lane.target}/`), first));
    }
    // The first fifth warms up the compiler on both sides.
    const [a, b] = [times.direct, times.through].map(all => all.slice(rounds / 5).sort((x, y) => x - y)) as [
      number[],
      number[],
    ];
    const row = (q: number): string =>
      `${quantile(a, q).toFixed(3)} → ${quantile(b, q).toFixed(3)} ms (+${(quantile(b, q) - quantile(a, q)).toFixed(3)})`;
    console.log(`${scheme}: median ${row(0.5)}, p95 ${row(0.95)}, ${rounds} exchanges each`);
    const bigDirect = await exchange(lane.direct, request('/big'), BIG);
    const bigThrough = await exchange(lane.through, request(`${lane.target}/big`), BIG);
    console.log(`${scheme}: 100 MB in ${bigDirect.toFixed(0)} → ${bigThrough.toFixed(0)} ms`);
    lane.direct.destroy();
    lane.through.destroy();
  }
  console.log(`${recorded} exchanges recorded, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`);
  await gateway.close();
  for (const server of [plain, secure]) {
    server.closeAllConnections();
    server.close();
  }
}

await main();

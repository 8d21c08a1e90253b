import assert from 'node:assert/strict';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { PacedWire } from './paced-wire.ts';

async function asked(listener: RequestListener, count: number, timeoutMs = 5_000, isRefused = false) {
  const server = createServer(listener);
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const wire = new PacedWire({ refused: new Set(isRefused ? [`http://127.0.0.1:${port}/`] : []) });
  const upstream = { host: '127.0.0.1', port, tls: false };
  const exchanges = [];
  for (let n = 0; n < count; n++) {
    const question = { method: 'GET', url: `http://127.0.0.1:${port}/`, headers: [] };
    exchanges.push(await wire.ask(question, { upstream, timeoutMs }));
  }
  server.closeAllConnections();
  await new Promise(done => server.close(done));
  return { wire, exchanges };
}

describe('PacedWire', () => {
  test('should ask again after the pause that the server names', async () => {
    let n = 0;
    const { exchanges, wire } = await asked((_request, response) => {
      if (++n === 1) response.writeHead(429, { 'Retry-After': '0' }).end();
      else response.end('ok');
    }, 1);
    assert.equal(exchanges[0]?.response?.status, 200);
    assert.equal(wire.requests, 2);
    assert.equal(wire.limitedAfter, undefined);
  });

  test('should say after how many requests a server refused for good', async () => {
    let n = 0;
    const { exchanges, wire } = await asked((_request, response) => {
      response.writeHead(++n > 2 ? 503 : 200, { 'Retry-After': '3600' }).end();
    }, 4);
    assert.deepEqual(
      exchanges.map(one => one.response?.status),
      [200, 200, 503, 503],
    );
    assert.equal(wire.limitedAfter, 2);
  });

  test('should wait for nothing else where the refusal is what is wanted', async () => {
    const refuse: RequestListener = (_request, response) => void response.writeHead(429).end();
    const { exchanges, wire } = await asked(refuse, 2, 5_000, true);
    assert.deepEqual(
      exchanges.map(one => one.response?.status),
      [429, 429],
    );
    assert.deepEqual([wire.requests, wire.limitedAfter], [2, undefined]);
  });

  test('should send no more to a server that does not answer', async () => {
    let n = 0;
    const { exchanges } = await asked(() => void n++, 6, 250);
    // Three of the same silence, and once more to be sure. On a busy machine one may be given up before it arrives.
    const sent = exchanges.filter(({ note }) => !/not sent/.test(note ?? ''));
    assert.equal(sent.length, 4);
    assert.ok(n <= 4, `${n} arrived`);
    assert.equal(exchanges.length, 6);
  });

  for (const [what, send] of [
    ['keeps promising an answer', response => response.writeContinue()],
    ['sends a body that never ends', response => response.write('x')],
  ] satisfies [string, (response: ServerResponse) => void][]) {
    test(`should send no more to a server that ${what}`, async () => {
      let n = 0;
      const listener: RequestListener = (_request, response) => {
        n++;
        const timer = setInterval(() => send(response), 2);
        response.on('close', () => clearInterval(timer));
      };
      const { exchanges } = await asked(listener, 6, 250);
      const sent = exchanges.filter(({ note }) => !/not sent/.test(note ?? ''));
      assert.equal(sent.length, 4, exchanges.map(({ note }) => note).join('\n'));
      assert.ok(n <= 4, `${n} arrived`);
    });
  }
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { inProcess } from './in-process.test-support.ts';

test('audit should say that an engine that was asked for has confirmed nothing', {
  timeout: 60_000,
}, async () => {
  const server = createServer((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*').end('{}');
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { code, stdout } = await inProcess(['audit', url, '--engine', 'chromium=/no/such/program']);
    assert.match(stdout, /chromium=\/no\/such\/program was not used: there is no program/);
    assert.equal(code, 4);
    assert.equal((await inProcess(['audit', url])).code, 0, 'nobody asked for one');
  } finally {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  }
});

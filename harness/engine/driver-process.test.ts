import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { waitForAnswer } from './driver-process.ts';

const running = { running: true, ended: new Promise<never>(() => undefined) };

test('should see that a driver answers, and say how long it did not', async () => {
  const server = createServer((_, response) => response.end('{}'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    assert.equal(await waitForAnswer(running, port, 5_000), undefined);
  } finally {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
  assert.equal(await waitForAnswer(running, port, 100), 'was not ready within 0.1 s');
});

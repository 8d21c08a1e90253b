import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Elsewhere } from './ready.ts';

/** A target that is to listen on port 9 and listens on others. */
const target = (timeoutMs: number, portsOf: () => readonly number[]) =>
  new Elsewhere({
    url: 'http://127.0.0.1:9',
    upstream: { host: '127.0.0.1', port: 9, tls: false },
    ready: { tcp: true },
    timeoutMs,
    portsOf,
  });

test('should give a target up eight seconds after it began to listen elsewhere, however long it took to start', () => {
  let ports: number[] = [];
  const elsewhere = target(30_000, () => ports);
  assert.equal(elsewhere.portsAt(9_000), null);
  ports = [1];
  assert.equal(elsewhere.portsAt(10_000), null);
  assert.equal(elsewhere.portsAt(17_900), null);
  assert.deepEqual(elsewhere.portsAt(18_400), [1]);
});

test('should go on while a target opens more ports, and once its own is among them', () => {
  let ports = [1];
  const elsewhere = target(30_000, () => ports);
  assert.equal(elsewhere.portsAt(1_000), null);
  ports = [1, 2];
  assert.equal(elsewhere.portsAt(8_900), null);
  assert.equal(elsewhere.portsAt(16_000), null);
  ports = [1, 2, 9];
  assert.equal(elsewhere.portsAt(17_000), null);
  assert.equal(elsewhere.portsAt(29_000), null);
});

test('should give a target longer that may take longer, and never longer than it may take', () => {
  const patient = target(120_000, () => [1]);
  assert.equal(patient.portsAt(1_000), null);
  assert.equal(patient.portsAt(30_000), null);
  assert.deepEqual(patient.portsAt(31_000), [1]);
  const short = target(4_000, () => [1]);
  assert.equal(short.portsAt(3_900), null);
  assert.deepEqual(short.portsAt(4_000), [1]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitsFirst } from './waits-first.ts';

/** What has resolved by now. */
async function resolved(promises: Record<string, Promise<void>>): Promise<string[]> {
  const names: string[] = [];
  for (const [name, promise] of Object.entries(promises)) void promise.then(() => names.push(name));
  await new Promise(resolve => setImmediate(resolve));
  return names;
}

test('should hold every browser back until the last has begun its wait', async () => {
  const { others } = waitsFirst(['a', 'b', 'c']);
  const [a, b] = [others('a'), others('b')];
  assert.deepEqual(await resolved({ a, b }), []);
  const c = others('c');
  assert.deepEqual(await resolved({ a, b, c }), ['a', 'b', 'c']);
});

test('should not wait for a browser that has ended', async () => {
  const { others, done } = waitsFirst(['a', 'b']);
  const a = others('a');
  done('b');
  assert.deepEqual(await resolved({ a }), ['a']);
});

test('should not hold back what comes later', async () => {
  const { others } = waitsFirst(['a']);
  await others('a');
  assert.deepEqual(await resolved({ again: others('a') }), ['again']);
});

test('should not wait for ever for a browser that does not start', async () => {
  const { others } = waitsFirst(['a', 'b'], 1);
  await others('a');
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { PreflightCache } from './preflight-cache.ts';

const key = { partition: 'p', origin: 'https://app.example', url: 'https://api.example/' };
const PUT = { methods: ['PUT'], headers: [] };

test('should match a stored method until its max-age has passed', () => {
  const cache = new PreflightCache();
  cache.store(key, PUT, { maxAge: 5, include: false, now: 1000 });
  assert.equal(cache.size, 1);
  assert.equal(cache.matchesMethod(key, 'PUT', false, 5999), true);
  assert.equal(cache.matchesMethod(key, 'PUT', false, 6000), false);
  assert.equal(cache.matchesMethod(key, 'DELETE', false, 1000), false);
  assert.equal(cache.matchesMethod(key, 'put', false, 1000), false);
});

test('should keep nothing for a max-age of 0', () => {
  const cache = new PreflightCache();
  cache.store(key, PUT, { maxAge: 0, include: false, now: 1000 });
  assert.equal(cache.matchesMethod(key, 'PUT', false, 1000), false);
});

test('should keep apart partitions, origins and URLs, fragments included', () => {
  const cache = new PreflightCache();
  cache.store(key, PUT, { maxAge: 60, include: false, now: 0 });
  for (const other of [{ partition: 'q' }, { origin: 'null' }, { url: `${key.url}#f` }]) {
    assert.equal(cache.matchesMethod({ ...key, ...other }, 'PUT', false, 0), false);
    assert.equal(cache.matchesHeader({ ...key, ...other }, 'x', false, 0), false);
  }
});

test('should let a credentialed entry serve both kinds, an anonymous one only anonymous requests', () => {
  const cache = new PreflightCache();
  cache.store(key, PUT, { maxAge: 60, include: true, now: 0 });
  assert.equal(cache.matchesMethod(key, 'PUT', true, 1), true);
  assert.equal(cache.matchesMethod(key, 'PUT', false, 1), true);
  const anonymous = new PreflightCache();
  anonymous.store(key, PUT, { maxAge: 60, include: false, now: 0 });
  assert.equal(anonymous.matchesMethod(key, 'PUT', true, 1), false);
  anonymous.store(key, PUT, { maxAge: 60, include: true, now: 1 });
  assert.equal(anonymous.matchesMethod(key, 'PUT', true, 2), true);
});

test('should keep an entry per header, and add up several preflights', () => {
  const cache = new PreflightCache();
  cache.store(key, { methods: [], headers: ['X-A'] }, { maxAge: 60, include: false, now: 0 });
  assert.equal(cache.matchesHeader(key, 'x-a', false, 1), true);
  assert.equal(cache.matchesHeader(key, 'x-b', false, 1), false);
  cache.store(key, { methods: ['PUT'], headers: ['x-b'] }, { maxAge: 60, include: false, now: 1 });
  assert.equal(cache.matchesHeader(key, 'X-A', false, 2), true);
  assert.equal(cache.matchesHeader(key, 'x-b', false, 2), true);
  assert.equal(cache.matchesMethod(key, 'PUT', false, 2), true);
});

test('should let * match every method, and every header but Authorization', () => {
  const cache = new PreflightCache();
  cache.store(key, { methods: ['*'], headers: ['*'] }, { maxAge: 60, include: false, now: 0 });
  assert.equal(cache.matchesMethod(key, 'DELETE', false, 1), true);
  assert.equal(cache.matchesHeader(key, 'x-a', false, 1), true);
  assert.equal(cache.matchesHeader(key, 'Authorization', false, 1), false);
  cache.store(key, { methods: [], headers: ['Authorization'] }, { maxAge: 60, include: false, now: 0 });
  assert.equal(cache.matchesHeader(key, 'authorization', false, 1), true);
});

test('should hold what has expired only where a quirk says so, and nothing that was cleared', () => {
  const held = (anyAnswerServesSafelisted: true | 'even expired') => {
    const cache = new PreflightCache({ quirks: { anyAnswerServesSafelisted } });
    cache.store(key, PUT, { maxAge: 1, include: false, now: 0 });
    const before = [999, 1000].map(now => cache.holds(key, false, now));
    const withCredentials = cache.holds(key, true, 1000);
    cache.clear(key);
    return [...before, withCredentials, cache.holds(key, false, 1000)];
  };
  assert.deepEqual(held(true), [true, false, false, false]);
  assert.deepEqual(held('even expired'), [true, true, false, false]);
});

test('should give matching entries the new max-age, counted from when they were stored', () => {
  const cache = new PreflightCache();
  cache.store(key, PUT, { maxAge: 60, include: false, now: 0 });
  cache.store(key, PUT, { maxAge: 10, include: false, now: 5000 });
  assert.equal(cache.matchesMethod(key, 'PUT', false, 9999), true);
  assert.equal(cache.matchesMethod(key, 'PUT', false, 10_000), false);
  cache.store(key, PUT, { maxAge: 60, include: false, now: 20_000 });
  cache.store(key, PUT, { maxAge: 0, include: false, now: 21_000 });
  assert.equal(cache.matchesMethod(key, 'PUT', false, 21_000), false);
});

test('should leave the max-age of entries that do not match as it was', () => {
  const cache = new PreflightCache();
  cache.store(key, PUT, { maxAge: 60, include: false, now: 0 });
  cache.store(key, PUT, { maxAge: 60, include: true, now: 1 });
  cache.store(key, PUT, { maxAge: 0, include: true, now: 2 });
  assert.equal(cache.matchesMethod(key, 'PUT', true, 3), false);
  assert.equal(cache.matchesMethod(key, 'PUT', false, 3), true);
});

test('should remember what is listed after a star by its name where stars are names for requests with credentials', () => {
  const cache = new PreflightCache({ quirks: { starsAreNames: 'for credentialed' } });
  const listed = { methods: ['*', 'PUT'], headers: ['*', 'X-A'] };
  cache.store(key, listed, { maxAge: 60, include: true, now: 0 });
  assert.equal(cache.matchesMethod(key, 'PUT', true, 1), true);
  assert.equal(cache.matchesHeader(key, 'x-a', true, 1), true);
  assert.equal(cache.matchesMethod(key, 'DELETE', true, 1), false);
  assert.equal(cache.matchesMethod(key, 'DELETE', false, 1), true);
});

test('should cap max-age', () => {
  const cache = new PreflightCache({ capSeconds: 600 });
  cache.store(key, PUT, { maxAge: Number.POSITIVE_INFINITY, include: false, now: 0 });
  assert.equal(cache.matchesMethod(key, 'PUT', false, 599_999), true);
  assert.equal(cache.matchesMethod(key, 'PUT', false, 600_000), false);
});

test('should clear the entries of one URL', () => {
  const cache = new PreflightCache();
  cache.store(key, PUT, { maxAge: 60, include: true, now: 0 });
  cache.store({ ...key, url: 'https://api.example/b' }, PUT, { maxAge: 60, include: false, now: 0 });
  assert.equal(cache.clear(key), true);
  assert.equal(cache.clear(key), false);
  assert.equal(cache.matchesMethod(key, 'PUT', false, 1), false);
  assert.equal(cache.matchesMethod({ ...key, url: 'https://api.example/b' }, 'PUT', false, 1), true);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Silence } from './silence.ts';

const silent = (silence: Silence, resource: string, times: number) => {
  for (let n = 0; n < times; n++) silence.heard(resource, true);
};

test('should ask a silent resource once more, and then no more', () => {
  const silence = new Silence();
  silence.heard('/b', false);
  silent(silence, '/a', 2);
  assert.equal(silence.ask('/a'), 0);
  silent(silence, '/a', 1);
  assert.equal(silence.ask('/a'), 0, 'once more');
  assert.equal(silence.ask('/a'), 3, 'while that is under way, nothing else');
  silent(silence, '/a', 1);
  assert.equal(silence.ask('/a'), 4);
  assert.ok(silence.hasGivenUp('/a') && !silence.hasGivenUp('/b'));
});

test('should go on with a resource that answers when it is asked once more', () => {
  const silence = new Silence();
  silence.heard('/b', false);
  silent(silence, '/a', 3);
  assert.equal(silence.ask('/a'), 0);
  silence.heard('/a', false);
  assert.equal(silence.ask('/a'), 0);
  silent(silence, '/a', 2);
  assert.equal(silence.ask('/a'), 0);
});

test('should not give up one resource for the silence of another', () => {
  const silence = new Silence();
  silence.heard('/b', false);
  silent(silence, '/a', 5);
  silent(silence, '/b', 2);
  assert.equal(silence.ask('/b'), 0);
});

test('should be less patient once several resources are silent', () => {
  const silence = new Silence();
  silence.heard('/', false);
  for (const resource of ['/a', '/b', '/c']) silent(silence, resource, 3);
  silent(silence, '/d', 1);
  assert.equal(silence.ask('/d'), 0, 'once more');
  assert.equal(silence.ask('/d'), 1);
});

test('should give up a server that has answered nothing', () => {
  const silence = new Silence();
  silent(silence, '/a', 3);
  assert.equal(silence.ask('/b'), 0);
  silent(silence, '/b', 1);
  assert.equal(silence.ask('/c'), 4);
  assert.ok(silence.hasGivenUp('/c'));
});

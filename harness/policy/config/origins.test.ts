import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseDomain, isSharedSuffix } from './origins.ts';

test('should find the domain that somebody has registered, also under suffixes of several labels', () => {
  const domains = ['app.example.com', 'x.y.co.uk', 'a.b.kobe.jp', 'app.github.io', 'x.test'].map(baseDomain);
  assert.deepEqual(domains, ['example.com', 'y.co.uk', 'a.b.kobe.jp', 'github.io', 'x.test']);
});

test('should leave addresses and names of one label as they are', () => {
  for (const host of ['127.0.0.1', '[::1]', 'localhost', 'intranet']) assert.equal(baseDomain(host), host);
});

test('should know the suffixes under which strangers are given hosts', () => {
  const shared = [
    'com',
    'co.uk',
    'github.io',
    'europe-west1.run.app',
    's3.eu-west-1.amazonaws.com',
    'glitch.me',
  ];
  assert.deepEqual(shared.filter(isSharedSuffix), shared);
  assert.deepEqual(['example.com', 'localhost', 'app.github.io', 'amazonaws.com'].filter(isSharedSuffix), []);
});

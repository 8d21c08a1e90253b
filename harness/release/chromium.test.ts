import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveChromium } from './chromium.ts';
import { ReleaseError } from './types.ts';

const VERSIONS = ['92.0.0', '103.0.0', '119.0.0', '119.0.2', '121.0.0', '123.0.0', '123.0.1'];

test('should take a major version for its newest build, and an exact one for itself', () => {
  assert.equal(resolveChromium('123', VERSIONS), '123.0.1');
  assert.equal(resolveChromium('123.0.0', VERSIONS), '123.0.0');
  assert.equal(resolveChromium('119', VERSIONS), '119.0.2');
});

test('should name the releases beside one that there is none of', () => {
  assert.throws(
    () => resolveChromium('120', VERSIONS),
    new ReleaseError('There is no Chromium 120 to install. Near it: 119, 121, 123.'),
  );
  assert.throws(() => resolveChromium('12', VERSIONS), /There are: 92, 103, 119, 121, 123\./);
});

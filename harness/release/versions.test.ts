import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReleaseError } from './types.ts';
import { between } from './versions.ts';

const NPM = ['1.0.0', '1.1.0', '2.0.0-beta.1', '2.0.0-rc.1', '2.0.0', '2.0.1', '10.0.0'];
const PYPI = ['1.0', '1.1', '3.0.0a1', '3.0.0rc1', '3.0.0', '3.0.1.dev0', '3.0.1.post1', '4.0.0'];
const GO = ['v1.0.0', 'v1.1.0-alpha', 'v1.1.0', 'v2.0.0+incompatible'];

const refuses = (versions: readonly string[], from: string, to: string, message: RegExp) =>
  assert.throws(
    () => between(versions, from, to),
    (error: Error) => {
      assert.ok(error instanceof ReleaseError);
      assert.match(error.message, message);
      return true;
    },
  );

describe('between', () => {
  test('should list what comes after the first, up to and including the last', () => {
    assert.deepEqual(between(NPM, '@1.0.0', '@1.1.0'), ['1.1.0']);
    assert.deepEqual(between(NPM, '1.0.0', '2.0.1'), ['1.1.0', '2.0.0', '2.0.1']);
    assert.deepEqual(between(PYPI, '1.0', '4.0.0'), ['1.1', '3.0.0', '3.0.1.post1', '4.0.0']);
    assert.deepEqual(between(GO, '1.0.0', '2.0.0'), ['v1.1.0', 'v2.0.0+incompatible']);
    assert.deepEqual(between(NPM, 'v2.0.0', '2.0.1'), ['2.0.1']);
  });

  test('should count pre-releases where one of the two is one', () => {
    assert.deepEqual(between(NPM, '2.0.0-beta.1', '2.0.0'), ['2.0.0-rc.1', '2.0.0']);
    assert.deepEqual(between(PYPI, '1.1', '3.0.0rc1'), ['3.0.0a1', '3.0.0rc1']);
    assert.deepEqual(between(GO, 'v1.0.0', 'v1.1.0-alpha'), ['v1.1.0-alpha']);
  });

  test('should name the nearest where one does not exist', () => {
    refuses(
      NPM,
      '1.0.0',
      '2.0.2',
      /no release 2\.0\.2, or it was withdrawn; near it are 1\.1\.0, 2\.0\.0, 2\.0\.1, 10\.0\.0/,
    );
    refuses(
      NPM,
      '0.9.0',
      '2.0.0',
      /no release 0\.9\.0, or it was withdrawn; near it are 1\.0\.0, 1\.1\.0, 2\.0\.0/,
    );
    refuses(NPM, '1.0.0', '99', /near it are .*10\.0\.0$/);
    refuses([], '1.0.0', '2.0.0', /there are none/);
  });

  test('should refuse an order that is none', () => {
    refuses(NPM, '2.0.0', '1.0.0', /1\.0\.0 does not come after 2\.0\.0: write 1\.0\.0 2\.0\.0/);
    refuses(NPM, '2.0.0', '2.0.0', /2\.0\.0 does not come after 2\.0\.0$/);
  });
});

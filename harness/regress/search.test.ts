import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { search, type TryResult } from './search.ts';

const VERSIONS = Array.from({ length: 20 }, (_, n) => `1.${n}.0`);

async function find(verdict: (n: number) => TryResult, versions: readonly string[] = VERSIONS) {
  const tried: string[] = [];
  const result = await search(versions, async version => {
    assert.ok(!tried.includes(version), 'no version is tried twice');
    tried.push(version);
    return verdict(versions.indexOf(version));
  });
  return { ...result, tried };
}

describe('search', () => {
  test('should find the first bad release, wherever it is, by halves', async () => {
    for (let first = 1; first < VERSIONS.length; first++) {
      const found = await find(n => (n < first ? 'good' : 'bad'));
      assert.equal(found.first, VERSIONS[first]);
      assert.equal(found.last, VERSIONS[first - 1]);
      assert.deepEqual(found.skipped, []);
      assert.ok(found.tried.length <= 5, `${found.tried.length} trials`);
    }
  });

  test('should go around releases that cannot be tried', async () => {
    const found = await find(n => (n === 9 || n === 10 ? 'untried' : n < 12 ? 'good' : 'bad'));
    assert.deepEqual([found.last, found.first, found.skipped], ['1.11.0', '1.12.0', []]);
  });

  test('should name the releases that stay in doubt', async () => {
    const found = await find(n => (n >= 8 && n <= 12 ? 'untried' : n < 8 ? 'good' : 'bad'));
    assert.equal(found.last, '1.7.0');
    assert.equal(found.first, '1.13.0');
    assert.deepEqual(found.skipped, ['1.8.0', '1.9.0', '1.10.0', '1.11.0', '1.12.0']);
  });

  test('should try nothing between neighbours', async () => {
    const found = await find(() => 'good', ['1.0.0', '2.0.0']);
    assert.deepEqual(found, { last: '1.0.0', first: '2.0.0', skipped: [], tried: [] });
  });
});

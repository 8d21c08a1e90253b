import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differences, grows, growth } from './soak-compare.ts';

const MIB = 1024 * 1024;

describe('what a soak compares', () => {
  test('should tell what two runs differ in, and what only one has', () => {
    assert.deepEqual(differences({ a: 'pass', b: 'pass' }, { b: 'pass', a: 'pass' }), []);
    assert.deepEqual(differences({ a: 'pass', b: 'pass' }, { a: 'fail', c: 'pass' }), [
      'a: pass → fail',
      'b: pass → (missing)',
      'c: (missing) → pass',
    ]);
  });

  test('should call growth what goes on after the warming up', () => {
    assert.ok(!grows([50, 90, 120, 121, 120, 122, 121, 122, 121].map(n => n * MIB)));
    assert.ok(grows([50, 60, 70, 80, 90, 100, 110, 120, 130].map(n => n * MIB)));
    assert.equal(growth([1, 2, 3]), 0, 'too few to say');
  });
});

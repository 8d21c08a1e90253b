import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misunderstoodOf, REASONS, type ReasonId } from './reasons.ts';

const ids = Object.keys(REASONS) as ReasonId[];

test('should say that a request was carried out only where no preflight was refused', () => {
  for (const id of ids) {
    const said = (at?: 'preflight' | 'response') => misunderstoodOf(id, at).join('\n');
    assert.doesNotMatch(said('preflight'), /was carried out: the server/, id);
    assert.doesNotMatch(said(), /^the request itself was carried out/im, id);
  }
  assert.match(
    misunderstoodOf('allow-origin-missing', 'response').join('\n'),
    /^The request itself was carried out/,
  );
  assert.match(
    misunderstoodOf('allow-origin-missing', 'preflight').join('\n'),
    /^The request itself was never sent/,
  );
  assert.match(
    misunderstoodOf('allow-origin-missing').join('\n'),
    /^Unless it was a preflight .* refused: the request/,
  );
});

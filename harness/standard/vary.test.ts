import assert from 'node:assert/strict';
import { test } from 'node:test';
import { variesByOrigin } from './vary.ts';

test('should know whether Vary names Origin, however it is written', () => {
  for (const vary of ['Origin', 'accept-encoding, origin', '*', 'Accept,\tORIGIN ,x'])
    assert.ok(variesByOrigin(vary), vary);
  for (const vary of [null, '', 'Accept', 'X-Origin', 'originating'])
    assert.ok(!variesByOrigin(vary), String(vary));
});

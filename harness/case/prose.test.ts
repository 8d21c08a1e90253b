import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proseFaults } from './prose.test-support.ts';

const faults = (text: string): number => proseFaults(text, { kind: 'sentence' }).length;

describe('proseFaults', () => {
  it('should let good sentences pass', () => {
    for (const text of [
      'The target must receive exactly one request, without a preflight.',
      '`PUT /a a a` from an <img> element on a URL, by an XMLHttpRequest, in an hour.',
      'A header named "an a {x}" is a user\'s own.',
    ])
      assert.deepEqual(proseFaults(text, { kind: 'sentence' }), [], text);
  });
  it('should find each kind of fault', () => {
    for (const text of [
      'A answer came.',
      'It is an request.',
      'The the answer came.',
      'It has no full stop',
      'It says {origin}.',
      'It says undefined.',
      'To mend it: do that.',
      'It is no origin.',
      'There are  two spaces.',
      'it begins small.',
      `It is ${'very '.repeat(100)}long.`,
    ])
      assert.ok(faults(text) > 0, text);
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import * as to from './escape.ts';

describe('shellWord', () => {
  it('should come out of a real shell as it went in', () => {
    const words = ['plain', "it's", '$(echo no) `id`', 'a b*?', '\\', '!x', ''];
    for (const word of words) {
      const out = execFileSync('bash', ['-c', `printf %s ${to.shellWord(word)}`], { encoding: 'utf8' });
      assert.equal(out, word);
    }
  });
  it('should give bytes that cannot be typed as escapes', () => {
    const word = "a\u0001\u00e9'\n";
    const out = execFileSync('bash', ['-c', `printf %s ${to.shellWord(word)}`], { encoding: 'latin1' });
    assert.equal(out, word);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closest, didYouMean } from './closest.ts';

const ENGINES = ['chromium', 'firefox', 'webkit', 'model'];

test('should find the word that is a few letters away, or that contains what was typed', () => {
  assert.equal(closest('cromium', ENGINES), 'chromium');
  assert.equal(closest('Firefix', ENGINES), 'firefox');
  assert.equal(closest('kit', ENGINES), 'webkit');
  assert.equal(didYouMean('modle', ENGINES), ' Did you mean model?');
});

test('should suggest nothing that is far from what was typed', () => {
  assert.equal(closest('netscape', ENGINES), undefined);
  assert.equal(didYouMean('netscape', ENGINES), '');
  assert.equal(closest('x', []), undefined);
});

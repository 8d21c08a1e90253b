import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareRuns } from '../harness/verdict/compare.ts';
import { comparisonSentence, renderComparison, renderComparisonMarkdown } from './comparison.ts';
import { fake, fakeRecord, poison } from './fake-record.test-support.ts';

const before = fakeRecord([
  fake('worse', 'firefox', 'pass'),
  fake('worse', 'webkit', 'pass'),
  fake('better', 'webkit', 'fail'),
  fake('gone', 'webkit', 'pass'),
]);
const after = fakeRecord([
  fake('worse', 'firefox', 'fail'),
  fake('worse', 'webkit', 'fail'),
  fake('better', 'webkit', 'pass'),
  fake('new', 'webkit', 'pass'),
]);
const comparison = compareRuns(before, after);

describe('renderComparison', () => {
  it('should name each case once with its engines, what it did before and after, the worst first', () => {
    const text = renderComparison(comparison);
    assert.match(
      text,
      /Regressed \(1\)\n {2}✗ worse {2}in firefox and webkit\n {4}before {2}pass: readable\n {4}after {3}fail: blocked: preflight \(outcome: blocked at preflight\)\n/,
    );
    assert.match(text, /Fixed \(1\)\n {2}✓ better/);
    assert.ok(
      text.indexOf('Regressed') < text.indexOf('Fixed') && text.indexOf('Fixed') < text.indexOf('Removed'),
    );
    assert.match(text, /Worse: 2 regressed, 1 fixed, 1 removed and 1 added; 0 results of 3 unchanged\.\n$/);
  });
  it('should say plainly when nothing changed and when nothing can be compared', () => {
    assert.equal(comparisonSentence(compareRuns(before, before)), 'Nothing changed: 4 results are the same.');
    assert.equal(
      comparisonSentence(compareRuns(fakeRecord([]), after)),
      'The two runs have no result in common.',
    );
  });
  it('should make foreign text visible', () => {
    const hostile = compareRuns(poison(before), poison(after));
    assert.doesNotMatch(renderComparison(hostile), /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    const prose = renderComparisonMarkdown(hostile).replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(prose, /<(?!\/?details|\/?summary)|@octocat/);
  });
});

describe('renderComparisonMarkdown', () => {
  it('should open what regressed and fold the rest', () => {
    const text = renderComparisonMarkdown(comparison);
    assert.match(text, /^### ❌ CORS conformance compared\n\nWorse: /);
    assert.match(
      text,
      /<details open><summary>Regressed \(1\)<\/summary>\n\n- `worse` in firefox and webkit: `pass: readable` → `fail: /,
    );
    assert.match(text, /<details><summary>Fixed \(1\)<\/summary>/);
  });
});

/** Holds what reports say by themselves to plain English: what can be checked of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proseFaults } from '../harness/case/prose.test-support.ts';
import { compareRuns } from '../harness/verdict/compare.ts';
import { comparisonSentence, renderComparison, renderComparisonMarkdown } from './comparison.ts';
import { renderConsole } from './console.ts';
import { FAKES, FINDINGS, fake, fakeRecord, fakeRun, fakeVerify } from './fake-record.test-support.ts';
import { FILTER_HELP } from './html/filter.ts';
import { renderHtml } from './html.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { faultWords } from './rows.ts';
import { STATUSES } from './status.ts';
import { summaryOf } from './summary.ts';

const every = fakeRecord(
  (Object.keys(FAKES) as (keyof typeof FAKES)[]).flatMap(status => [
    fake(`the-${status}`, 'chromium', 'pass'),
    fake(`the-${status}`, 'firefox', status),
  ]),
);
const accepted = FINDINGS.map(finding => ({ ...finding, accepted: true }));
const { run } = every;
const records = {
  'a run': fakeRun(70),
  'every status': every,
  'an empty run': fakeRecord([]),
  'a part': fakeRecord([fake('a', 'webkit', 'pass')], { run: { ...run, shards: { of: 4, has: [2] } } }),
  'an interrupted run': fakeRecord([], { run: { ...run, interrupted: { done: 1, of: 3 } } }),
  faults: fakeVerify(),
  'accepted faults': fakeVerify(accepted),
  'one warning': fakeVerify(FINDINGS.slice(0, 1)),
  'no fault': fakeVerify([]),
  'nothing tried': fakeVerify([], { checks: [], results: [] }),
  'failed attempts': fakeVerify([], { results: [fake('x', 'webkit', 'harness-error')] }),
  'one stale entry': fakeVerify([], { stale: [{ what: 'finding x at GET /', reason: 'old' }] }),
};

/** Lines of text without markup, as a reader sees them. */
const linesOf = (text: string): string[] =>
  text
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/&(?:amp|lt|gt|quot|#39);/g, "'")
    .split('\n')
    .map(line => line.trim().replace(/\s{2,}/g, ' | '))
    .filter(line => line !== '');

describe('what reports say', () => {
  for (const [name, record] of Object.entries(records)) {
    it(`should sum up ${name} in plain sentences`, () => {
      const { sentence } = summaryOf(record);
      for (const part of sentence.split(/(?<=\.) /))
        assert.deepEqual(proseFaults(part, { kind: 'sentence', most: 200 }), [], part);
    });
    for (const [format, render] of Object.entries({
      console: () => renderConsole(record, { width: 160, verbose: true }),
      Markdown: () => renderMarkdown(record),
      HTML: () => renderHtml(record, { style: '', script: '' }),
      JUnit: () => renderJunit(record),
    }))
      it(`should tell ${name} without a slip in ${format}`, () => {
        for (const line of linesOf(render()))
          assert.deepEqual(proseFaults(line, { kind: 'fragment', most: 5000 }), [], line);
      });
  }

  it('should compare two runs in plain sentences', () => {
    const comparison = compareRuns(every, fakeRun(35));
    const same = compareRuns(every, every);
    for (const text of [comparison, same].map(comparisonSentence))
      assert.deepEqual(proseFaults(text, { kind: 'sentence' }), [], text);
    for (const line of linesOf(renderComparison(comparison) + renderComparisonMarkdown(comparison)))
      assert.deepEqual(proseFaults(line, { kind: 'fragment', most: 5000 }), [], line);
  });

  it('should name statuses, faults and the help of the filter in plain words', () => {
    const words = [
      ...Object.values(STATUSES).flatMap(({ word, meaning }) => [word, meaning]),
      ...(['server', 'engine', 'none'] as const).map(fault => faultWords({ fault }) ?? ''),
      ...FILTER_HELP.map(([, finds]) => finds),
    ];
    for (const text of words) assert.deepEqual(proseFaults(text, { kind: 'fragment', most: 120 }), [], text);
  });
});

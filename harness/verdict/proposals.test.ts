import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fake, fakeRecord } from '../../reports/fake-record.test-support.ts';
import { codeOf } from '../run/exit.ts';
import { acceptResults, baselineText, parseBaseline } from './baseline.ts';
import { proposedEntries } from './proposals.ts';

const deviation = { id: 'elsewhere', what: 'sends no preflight', link: 'https://example.org/' };
const record = fakeRecord([
  fake('plain', 'firefox', 'pass'),
  fake('fresh', 'firefox', 'unlisted'),
  { ...fake('alike', 'webkit', 'unlisted'), deviation },
]);

test('should propose nothing where everything is listed', () => {
  assert.equal(
    proposedEntries(fakeRecord([fake('a', 'webkit', 'known'), fake('b', 'webkit', 'fail')])),
    null,
  );
});

test('should propose entries that say in which build, what was seen, and what is like it', () => {
  const [fresh, alike] = proposedEntries(record)?.accept ?? [];
  assert.deepEqual(fresh, {
    case: 'fresh',
    suite: 'preflight',
    engines: ['firefox'],
    checks: ['wire'],
    reason: 'differs from the Standard in Firefox 153.7.0 (Debian firefox-esr 153.7.0, Debian GNU/Linux 13)',
    seen: { wire: 'PUT' },
  });
  assert.match(alike?.reason ?? '', /as other builds do, for which elsewhere lists it: sends no preflight$/);
});

test('should be accepted as a baseline, which then holds what the proposal held', () => {
  const proposed = proposedEntries(record);
  assert.ok(proposed);
  const baseline = parseBaseline(baselineText(proposed), 'deviations.json');
  const accepted = acceptResults(record.results, baseline);
  assert.deepEqual(
    accepted.results.map(({ outcome }) => outcome),
    ['expected', 'expected', 'expected'],
  );
  assert.deepEqual(accepted.stale, []);
  const later = fakeRecord([...accepted.results, fake('new', 'firefox', 'unlisted')]);
  assert.deepEqual(
    proposedEntries(later)?.accept.map(entry => ('case' in entry ? entry.case : '')),
    ['fresh', 'alike', 'new'],
  );
});

test('should fail a run for what is not listed, unless it was let pass, and never let pass anything else', () => {
  assert.equal(codeOf(record), 1);
  const ok = { ...record, run: { ...record.run, unlisted: 'ok' as const } };
  assert.equal(codeOf(ok), 0);
  assert.equal(codeOf({ ...ok, results: [...ok.results, fake('worse', 'firefox', 'fail')] }), 1);
});

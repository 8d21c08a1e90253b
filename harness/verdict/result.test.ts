import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case, CaseClass } from '../case/schema.ts';
import type { Deviation } from './deviations.ts';
import type { Check, EngineRecord } from './record.ts';
import { resultSchema } from './record.ts';
import { makeResult, withoutVerdict } from './result.ts';

const engine: EngineRecord = {
  name: 'firefox',
  version: '153.7.0',
  build: 'Debian firefox-esr 153.7.0esr',
  channel: 'moz-firefox',
  os: 'Linux',
  driver: 'bidi',
};
const theCase = (more: Partial<Case> = {}): Case => ({
  id: 'maxage-positive',
  title: 'A preflight is remembered',
  spec: ['https://fetch.spec.whatwg.org/#cors-preflight-cache'],
  steps: [{ request: {}, expect: { outcome: 'readable' } }],
  ...more,
});
const check = (id: string, ok: boolean, observed = 'sent'): Check => ({
  id,
  ok,
  expected: 'not sent',
  observed,
});
const deviation: Deviation = {
  id: 'late-cache',
  engine: 'firefox',
  cases: ['maxage-*'],
  versions: '150-155',
  checks: { preflight: 'sent' },
  what: 'Preflights are sent again within the first second.',
  link: 'https://bugzilla.mozilla.org/',
};

const judged = (checks: Check[], deviations: Deviation[] = [], more: Partial<Case> = {}, on = engine) =>
  makeResult(
    { case: theCase(more), suite: { id: 'cache' }, engine: on, steps: [], checks, durationMs: 1 },
    deviations,
  );
const said = (result: ReturnType<typeof judged>) => `${result.verdict} ${result.outcome}`;

test('should call a failed check a regression where nothing explains it', () => {
  assert.equal(said(judged([check('preflight', true)])), 'pass expected');
  assert.equal(said(judged([check('preflight', false)])), 'fail regression');
});

test('should expect what a known deviation explains, and cite it', () => {
  const result = judged([check('preflight', false)], [deviation]);
  assert.equal(said(result), 'fail expected');
  assert.equal(result.deviation?.id, 'late-cache');
});

test('should not let a deviation explain anything else', () => {
  assert.equal(said(judged([check('preflight', false, 'sent 2 times')], [deviation])), 'fail regression');
  assert.equal(
    said(judged([check('preflight', false), check('outcome', false)], [deviation])),
    'fail regression',
  );
  assert.equal(
    said(judged([check('preflight', false)], [{ ...deviation, engine: 'webkit' }])),
    'fail regression',
  );
  assert.equal(
    said(judged([check('preflight', false)], [{ ...deviation, versions: '154' }])),
    'fail regression',
  );
  assert.equal(
    said(judged([check('preflight', false)], [{ ...deviation, build: /Playwright/ }])),
    'fail regression',
  );
  assert.equal(
    said(judged([check('preflight', false)], [{ ...deviation, cases: ['maxage-zero'] }])),
    'fail regression',
  );
});

test('should call a deviation that no longer happens stale', () => {
  const result = judged([check('preflight', true)], [deviation]);
  assert.equal(said(result), 'pass stale');
  assert.equal(result.deviation?.id, 'late-cache');
});

test('should explain with several deviations together, and with a prefix', () => {
  const hidden: Deviation = { ...deviation, id: 'hidden', checks: { 'hidden:*': true } };
  assert.equal(
    said(judged([check('preflight', false), check('hidden:etag', false)], [deviation, hidden])),
    'fail expected',
  );
});

for (const kind of ['may', 'disputed', 'outside'] satisfies CaseClass[]) {
  test(`should only report a difference in a case of class ${kind}`, () => {
    assert.equal(
      said(judged([check('preflight', false)], [], { class: kind, because: 'so' })),
      'info expected',
    );
    assert.equal(
      said(judged([check('preflight', true)], [], { class: kind, because: 'so' })),
      'pass expected',
    );
  });
}

test('should expect what is not run or not applicable, but never harness trouble', () => {
  const about = { case: theCase(), suite: { id: 'cache' }, engine: 'firefox' as const };
  assert.equal(withoutVerdict(about, 'not-run', 'no browser').outcome, 'expected');
  assert.equal(withoutVerdict(about, 'not-applicable', 'no cache').outcome, 'expected');
  assert.equal(withoutVerdict(about, 'harness-error', 'the browser went away').outcome, 'regression');
});

test('should make results that the published schema accepts', () => {
  resultSchema.parse(judged([check('preflight', false)], [deviation]));
  resultSchema.parse(
    withoutVerdict({ case: theCase(), suite: { id: 'cache' }, engine: 'model' }, 'not-run', 'why'),
  );
});

test('should hold a recorded case to all of what was recorded', () => {
  const { checks: _, ...others } = deviation;
  const recorded: Deviation = {
    ...others,
    seen: { 'maxage-positive': { preflight: 'sent', url: 'http://{nonce}/' } },
  };
  const failing = [check('preflight', false), check('url', false, 'http://abc/')];
  const concluded = (checks: Check[], more: Partial<Case> = {}) =>
    makeResult(
      {
        case: theCase(more),
        suite: { id: 'cache' },
        engine,
        steps: [],
        checks,
        durationMs: 1,
        fill: text => text.replace('{nonce}', 'abc'),
      },
      [recorded],
    );
  assert.equal(said(concluded(failing)), 'fail expected');
  assert.equal(concluded(failing).deviation?.id, 'late-cache');
  assert.equal(said(concluded([...failing, check('status', false)])), 'fail regression', 'another fault');
  assert.equal(said(concluded(failing.slice(1))), 'fail regression', 'a part of it is gone');
  assert.equal(said(concluded([check('preflight', true)])), 'pass stale');
  assert.equal(said(concluded([check('status', false)], { id: 'maxage-zero' })), 'fail regression');
});

/** Every fault that an engine could have fails its result, whatever the case itself looks at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aborts } from '../../suites/aborts.ts';
import { cutBodies } from '../../suites/cut-bodies.ts';
import { deviations } from '../../suites/deviations.ts';
import { maxAges } from '../../suites/max-age.ts';
import type { Case, Suite } from '../case/schema.ts';
import type { BoundCase } from '../case/script.ts';
import { observeWithModel } from '../lab/model.ts';
import { mergeQuirks } from '../standard/quirks.ts';
import type { Deviation } from '../verdict/deviations.ts';
import { faults } from '../verdict/faults.test-support.ts';
import type { EngineRecord, Result } from '../verdict/record.ts';
import { conclude, failedByDelay } from './conclude.ts';

const firefox: EngineRecord = {
  name: 'firefox',
  version: '153.0',
  build: 'Debian firefox-esr 153.7.0esr-1',
  channel: 'esr',
  os: 'Linux',
  driver: 'webdriver bidi',
};

type Steps = ReturnType<typeof observeWithModel>['observation']['steps'];

/** A case that looks at nothing but whether the model's outcome shows. */
function undemanding(theCase: Case): Case {
  const { predictions } = observeWithModel(theCase);
  const steps = theCase.steps.map((step, at) => {
    if ('wait' in step) return step;
    const { outcome } = predictions[at]?.prediction.script ?? { outcome: 'readable' };
    return { ...step, expect: { outcome, anyRequests: true } };
  });
  return { ...theCase, steps };
}

function resultOf(
  theCase: Case,
  plant: (steps: Steps[number][]) => Steps,
  known: readonly Deviation[],
): Result {
  const asked = undemanding(theCase);
  const { scene, observation } = observeWithModel(asked);
  const steps = plant([...observation.steps]);
  return conclude(
    { case: asked, suite: { id: 'suite' }, engine: firefox },
    { scene, observation: { steps, durationMs: 0 } },
    known,
  );
}

for (const { what, case: theCase, check, plant } of faults) {
  test(`should fail ${what}`, () => {
    assert.equal(resultOf(theCase, steps => steps, []).verdict, 'pass');
    const result = resultOf(theCase, plant, deviations);
    assert.equal(`${result.verdict} ${result.outcome}`, 'fail regression');
    assert.ok(
      result.checks.some(({ id, ok }) => id === check && !ok),
      result.checks.map(({ id, ok }) => `${id} ${ok}`).join(', '),
    );
  });
}

const realOrigin: Deviation = {
  id: 'real-origin',
  engine: 'firefox',
  cases: ['a-case'],
  asIf: { taintedPreflightKeepsOrigin: true },
  what: 'The preflight after a tainting redirect names the page.',
  link: 'https://example.com/',
};
const tainted = faults.find(({ check }) => check === 'OPTIONS hop2:origin')?.case as Case;

function engineResult(
  quirks: Deviation['asIf'],
  known: readonly Deviation[],
  plant = (steps: Steps) => steps,
  engine = firefox,
): Result {
  const asked = undemanding(tainted);
  const { scene, observation } = observeWithModel(asked, { quirks: quirks ?? {} });
  return conclude(
    { case: asked, suite: { id: 'suite' }, engine },
    { scene, observation: { steps: plant(observation.steps), durationMs: 0 } },
    known,
  );
}

test('should expect what a deviation predicts exactly, and cite it', () => {
  const result = engineResult(realOrigin.asIf, [realOrigin]);
  assert.equal(`${result.verdict} ${result.outcome}`, 'fail expected');
  assert.equal(result.deviation?.id, 'real-origin');
  assert.equal(result.fault, 'engine');
});

test('should not let a deviation explain a result in which anything else differs', () => {
  for (const { what, case: theCase, plant } of faults) {
    if (theCase !== tainted || what.startsWith('the real Origin on')) continue;
    const result = engineResult(realOrigin.asIf, [realOrigin], steps => plant([...steps]));
    assert.equal(`${result.verdict} ${result.outcome}`, 'fail regression', what);
  }
});

test('should call a deviation stale where the engine does what the Standard says', () => {
  const result = engineResult({}, [realOrigin]);
  assert.equal(`${result.verdict} ${result.outcome}`, 'pass stale');
  assert.equal(result.deviation?.id, 'real-origin');
});

test('should explain by several deviations together, and name each', () => {
  const keepsMode: Deviation = {
    ...realOrigin,
    id: 'upload-silent',
    cases: [],
    asIf: { sent: headers => headers.map(([name, value]) => [name, name === 'X-A' ? '2' : value]) },
  };
  const both = mergeQuirks([realOrigin.asIf ?? {}, keepsMode.asIf ?? {}]);
  const result = engineResult(both, [realOrigin, keepsMode]);
  assert.equal(`${result.verdict} ${result.outcome}`, 'fail expected');
  assert.deepEqual([result.deviation?.id, ...(result.alsoDeviates ?? []).map(({ id }) => id)].sort(), [
    'real-origin',
    'upload-silent',
  ]);
});

test('should pass what only differs, as known, in headers that play no part in CORS', () => {
  const referrer: Deviation = { ...realOrigin, id: 'referrer', asIf: { referrer: () => 'no-referrer' } };
  const result = engineResult(referrer.asIf, [referrer]);
  assert.equal(`${result.verdict} ${result.outcome}`, 'pass expected');
  assert.deepEqual(
    result.alsoDeviates?.map(({ id }) => id),
    ['referrer'],
  );
  assert.equal(`${engineResult(referrer.asIf, []).verdict}`, 'fail');
});

test('should fail a case that asks for what the Standard itself does not do', () => {
  const theCase: Case = {
    id: 'wrong-expectation',
    title: 'A response without Access-Control-Allow-Origin is readable',
    spec: ['https://fetch.spec.whatwg.org/#concept-cors-check'],
    steps: [{ request: {}, server: { actual: { headers: [] } }, expect: { outcome: 'readable' } }],
  };
  for (const known of [deviations, []]) {
    const { scene, observation } = observeWithModel(theCase);
    const result = conclude(
      { case: theCase, suite: { id: 'mine' }, engine: firefox },
      { scene, observation },
      known,
    );
    assert.deepEqual([result.verdict, result.outcome, result.deviation], ['fail', 'regression', undefined]);
  }
});

const listed: Deviation = { ...realOrigin, versions: '150-153', heldAgainst: /^Debian / };
const on = (change: Partial<EngineRecord>): EngineRecord => ({ ...firefox, ...change });
const asIs = (steps: Steps) => steps;

test('should call a difference unlisted in a version that the list never saw, and cite what shows in the nearest', () => {
  const result = engineResult(listed.asIf, [listed], asIs, on({ version: '160.0' }));
  assert.equal(`${result.verdict} ${result.outcome}`, 'fail unlisted');
  assert.equal(result.deviation?.id, 'real-origin');
  for (const { what, case: theCase, plant } of faults) {
    if (theCase !== tainted || what.startsWith('the real Origin on')) continue;
    const other = engineResult(listed.asIf, [listed], steps => plant([...steps]), on({ version: '160.0' }));
    assert.equal(`${other.outcome} ${other.deviation?.id}`, 'unlisted undefined', what);
  }
});

test('should know a listed difference in any build of its versions, and no regression where the list was never held', () => {
  const elsewhere = on({ build: 'Playwright build 1522' });
  const known = engineResult(listed.asIf, [listed], asIs, elsewhere);
  assert.equal(`${known.verdict} ${known.outcome} ${known.deviation?.id}`, 'fail expected real-origin');
  const gone = engineResult({}, [listed], asIs, elsewhere);
  assert.equal(
    `${gone.verdict} ${gone.outcome}`,
    'pass expected',
    'not stale: nobody said that it shows there',
  );
  const other: Deviation = { ...listed, id: 'other', asIf: { referrer: () => 'no-referrer' } };
  const fresh = engineResult(listed.asIf, [other], asIs, elsewhere);
  assert.equal(`${fresh.verdict} ${fresh.outcome} ${fresh.deviation?.id}`, 'fail unlisted undefined');
  assert.equal(
    engineResult(listed.asIf, [other]).outcome,
    'regression',
    'on a build that it was held against',
  );
});

/** The verdict on what an engine showed of a case, and whether only time may be to blame for it. */
function verdictOf(scene: BoundCase, suite: Pick<Suite, 'id'>, steps: Steps) {
  const seen = { scene, observation: { steps, durationMs: 0 } };
  const result = conclude({ case: scene.case, suite, engine: firefox }, seen, []);
  return [result.verdict, failedByDelay(seen, result)];
}

test('should tell a preflight that was forgotten in time from one that an engine forgets too early', () => {
  const theCase = maxAges.cases.find(({ id }) => id === 'maxage-expiry/fetch') as Case;
  const [first, second] = theCase.steps as [Case['steps'][number], Case['steps'][number]];
  const both: Case = { ...theCase, steps: [first, second] };
  const { scene, observation: prompt } = observeWithModel(both);
  const late = observeWithModel({ ...theCase, steps: [first, { wait: 5000 }, second] }).observation.steps.map(
    (step, at) => ({ ...step, step: at }),
  );
  const ofSteps = (steps: Steps) => verdictOf(scene, { id: 'max-age' }, steps);
  assert.deepEqual(ofSteps(prompt.steps), ['pass', false]);
  assert.deepEqual(ofSteps(late), ['fail', true]);
  const tooEarly = late.map(step => ({
    ...step,
    exchanges: step.exchanges.map(one => ({ ...one, startedMs: 0, endedMs: 0 })),
  }));
  assert.deepEqual(ofSteps(tooEarly), ['fail', false]);
});

test('should take a time limit that passed too soon for a delay, and nothing that is as expected', () => {
  const theCase = aborts.cases.find(({ id }) => id === 'timeout-signal/actual') as Case;
  const { scene, observation } = observeWithModel(theCase);
  const ofSteps = (steps: Steps) => verdictOf(scene, aborts, steps);
  assert.deepEqual(ofSteps(observation.steps), ['pass', false]);
  const preflightOnly = observation.steps.map(step => ({
    ...step,
    exchanges: step.exchanges.filter(({ role }) => role === 'preflight'),
  }));
  assert.deepEqual(ofSteps(preflightOnly), ['fail', true]);
});

test('should take a body that failed before script came to read it for a delay', () => {
  const theCase = cutBodies.cases.find(({ id }) => id === 'cut-body/no-cors') as Case;
  const { scene, observation } = observeWithModel(theCase);
  const ofSteps = (steps: Steps) => verdictOf(scene, cutBodies, steps);
  assert.deepEqual(ofSteps(observation.steps), ['pass', false]);
  const late = observation.steps.map(({ script, ...step }) => {
    const { body: _, ...rest } = script;
    return { ...step, script: { ...rest, bodyError: 'TypeError' } };
  });
  assert.deepEqual(ofSteps(late), ['fail', true]);
});

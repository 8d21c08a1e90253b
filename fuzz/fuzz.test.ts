/** The fuzzer without browsers: engines that are the model, or the model with a fault. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSuite } from '../harness/case/check.ts';
import type { Case, RequestStep } from '../harness/case/schema.ts';
import { observeWithModel } from '../harness/lab/model.ts';
import type { SessionResult } from '../harness/lab/session.ts';
import { combineAll } from '../harness/standard/header-list.ts';
import type { Quirks } from '../harness/standard/quirks.ts';
import type { Deviation } from '../harness/verdict/deviations.ts';
import { faults } from '../harness/verdict/faults.test-support.ts';
import type { EngineRecord } from '../harness/verdict/record.ts';
import { deviations } from '../suites/deviations.ts';
import { differenceOf } from './compare.ts';
import { generateCases } from './generate.ts';
import { type HuntOptions, hunt, isUnexplained, type Runner, shrink, type Tally } from './hunt.ts';
import { predictCase } from './predict.ts';
import { recheck } from './recheck.ts';

const engine: EngineRecord = {
  name: 'chromium',
  version: '156.0',
  build: '',
  channel: '',
  os: '',
  driver: '',
};

/** An engine that does what the model does, with these quirks. */
function engineOf(quirks: Quirks): Runner {
  return {
    prefetch: () => undefined,
    run: async theCase => ({ observed: observeWithModel(theCase, { quirks }) }) satisfies SessionResult,
  };
}

const faultless = engineOf({});
/** It does not know that X-A calls for a preflight. */
const careless = engineOf({ safelists: (standard, name) => standard || name === 'x-a' });
const combining: Deviation = {
  id: 'entries-combined',
  engine: 'chromium',
  cases: [],
  asIf: { authorHeaders: combineAll },
  what: 'Entries are combined before they are judged.',
  link: 'https://github.com/whatwg/fetch/issues/748',
};

const withXA: Case = {
  id: 'with-x-a',
  title: 'With X-A',
  spec: ['https://fetch.spec.whatwg.org/'],
  steps: [{ request: { headers: [['X-A', '1']] }, server: {}, expect: { outcome: 'readable' } }],
};

const predictedOf = (one: Case): Case => {
  const made = predictCase(one);
  assert.ok(made.case, made.leftOut);
  return made.case;
};

const huntWith = (runner: Runner, cases: readonly Case[], more: Partial<HuntOptions> = {}): Promise<Tally> =>
  hunt(cases, {
    engine,
    deviations: [],
    runner,
    batch: 10,
    shrinkAtMost: 5,
    again: 1,
    onProgress: () => undefined,
    ...more,
  });

test('should generate the same cases from the same seed, and others from another', () => {
  assert.deepEqual(generateCases(7, 20), generateCases(7, 20));
  assert.notDeepEqual(generateCases(7, 20), generateCases(8, 20));
  assert.deepEqual(generateCases(7, 5), generateCases(7, 20).slice(0, 5));
});

test('should generate well-formed cases of many kinds', () => {
  const cases = generateCases(1, 150).flatMap(one => predictCase(one).case ?? []);
  checkSuite({ id: 'generated', title: 'Generated', cases }, 'generated');
  const steps = cases.flatMap(one => one.steps).filter(step => 'request' in step);
  const seen = new Set(
    steps.map(({ expect }) => [expect.outcome, expect.blockedAt].filter(Boolean).join(' ')),
  );
  for (const kind of ['readable', 'blocked preflight', 'blocked response', 'opaque', 'error']) {
    assert.ok(seen.has(kind), kind);
  }
  assert.ok(steps.some(({ request }) => request.api === 'xhr'));
  assert.ok(steps.some(({ expect }) => expect.wire?.some(name => name.endsWith(' hop2'))));
  assert.ok(cases.some(one => one.steps.length > 1));
});

test('should find no difference between the model and itself', async () => {
  const tally = await huntWith(faultless, generateCases(2, 60));
  assert.equal(tally.runs, 60);
  assert.deepEqual(tally.unexplained, []);
  assert.equal(tally.explained.size, 0);
  assert.equal(tally.equal + [...tally.leftOut.values()].reduce((a, b) => a + b, 0), 60);
});

test('should find a fault and make it small', async () => {
  const tally = await huntWith(careless, generateCases(3, 40), { shrinkAtMost: 2 });
  assert.ok(tally.unexplained.length > 0);
  for (const { difference } of tally.unexplained.slice(0, 2)) {
    const [step, ...more] = difference.case.steps as RequestStep[];
    assert.deepEqual(more, []);
    const { api: _api, headers: _headers, ...rest } = step?.request ?? {};
    assert.deepEqual(rest, {});
    assert.deepEqual(
      step?.request.headers?.map(([name]) => name.toLowerCase()),
      ['x-a'],
    );
    assert.ok(difference.differences.some(check => check.id === 'wire'));
  }
});

test('should count a difference under the deviation that predicts exactly what was seen', async () => {
  const runner = engineOf(combining.asIf ?? {});
  const tally = await huntWith(runner, generateCases(4, 150), { deviations: [combining] });
  assert.deepEqual([...tally.explained.keys()], ['entries-combined']);
  assert.ok(tally.accounted.length > 0);
  assert.deepEqual(tally.unexplained, []);
});

test('should run explained differences again, and tell those that their deviations alone do not predict', async () => {
  const runner = engineOf(combining.asIf ?? {});
  const { accounted } = await huntWith(runner, generateCases(4, 150), { deviations: [combining] });
  const count = Math.min(3, accounted.length);
  assert.ok(count > 0);
  assert.deepEqual(await recheck(accounted, { count, seed: 1, runner }), { genuine: count, others: [] });
  for (const [wrong, why] of [
    [faultless, 'entries-combined: '],
    [engineOf({ ...combining.asIf, origin: () => 'http://evil.example' }), 'entries-combined: '],
  ] as const) {
    const { genuine, others } = await recheck(accounted, { count, seed: 1, runner: wrong });
    assert.equal(genuine, 0);
    assert.ok(others.every(other => other.why.startsWith(why)));
  }
  const idle: Deviation = { ...combining, id: 'idle', asIf: { starCoversAuthorization: true } };
  const padded = accounted.map(one => ({ ...one, explainedBy: [...one.explainedBy, idle] }));
  const { others } = await recheck(padded, { count: 1, seed: 1, runner });
  assert.deepEqual(
    others.map(({ why }) => why),
    ['the same without idle'],
  );
});

test('should not explain by a deviation of another engine or version', async () => {
  const runner = engineOf(combining.asIf ?? {});
  for (const other of [
    { ...combining, engine: 'firefox' as const },
    { ...combining, versions: '155' },
  ]) {
    const tally = await huntWith(runner, generateCases(4, 150), { deviations: [other], shrinkAtMost: 0 });
    assert.equal(tally.explained.size, 0);
    assert.ok(tally.unexplained.length > 0);
  }
});

test('should report a known deviation that does not show where it should', async () => {
  const tally = await huntWith(faultless, generateCases(4, 150), {
    deviations: [combining],
    shrinkAtMost: 1,
  });
  assert.ok(tally.unexplained.length > 0);
  assert.deepEqual(
    tally.unexplained[0]?.difference.stale.map(({ id }) => id),
    ['entries-combined'],
  );
});

test('should see every fault that an engine could have, whatever is listed', () => {
  for (const { what, case: theCase, plant, check } of faults) {
    const one = predictedOf(theCase);
    const { scene, observation } = observeWithModel(one);
    const planted = { scene, observation: { steps: plant([...observation.steps]), durationMs: 0 } };
    for (const name of ['chromium', 'firefox', 'webkit'] as const) {
      // Just this is what WebKit does.
      if (name === 'webkit' && check === 'connections') continue;
      const version = { chromium: '156', firefox: '153', webkit: '2' }[name];
      const found = differenceOf(planted, { ...engine, name, version }, deviations);
      assert.ok(found && isUnexplained(found), `${what} in ${name}`);
    }
  }
});

test('should wait for the requests that the engine is known to send, and write down those of the Standard', async () => {
  const forgetful: Deviation = { ...combining, id: 'own-wire', asIf: { safelists: () => true } };
  const waitedFor: (readonly string[] | undefined)[] = [];
  const engineWithout = (quirks: Quirks): Runner => ({
    prefetch: () => undefined,
    run: one => {
      waitedFor.push(...(one.steps as RequestStep[]).map(({ expect }) => expect.wire));
      return engineOf(quirks).run(one);
    },
  });
  const wires = ({ steps }: Case) => (steps as RequestStep[]).map(({ expect }) => expect.wire);
  const known = await huntWith(engineWithout(forgetful.asIf ?? {}), [withXA], { deviations: [forgetful] });
  assert.deepEqual(waitedFor, [['GET']]);
  assert.deepEqual(wires(known.explained.get('own-wire')?.first.case as Case), [['OPTIONS']]);
  const found = await huntWith(faultless, [withXA], { deviations: [forgetful], shrinkAtMost: 0 });
  assert.deepEqual(
    found.unexplained.map(({ difference }) => wires(difference.case)),
    [[['OPTIONS']]],
  );
});

test('should keep what differs while it makes a case smaller', async () => {
  const running = { engine, deviations: [], runner: careless };
  for (const generated of generateCases(5, 12)) {
    const one = predictCase(generated).case;
    if (!one) continue;
    const ran = await careless.run(one);
    const difference = 'observed' in ran ? differenceOf(ran.observed, engine, []) : null;
    if (!difference) continue;
    const small = await shrink(difference, running);
    assert.ok(JSON.stringify(small.case).length <= JSON.stringify(one).length);
    assert.ok(small.differences.length > 0);
  }
});

test('should let no answer follow one whose connection is reset: an engine may repeat the request', () => {
  const lists = generateCases(52, 500)
    .flatMap(({ steps }) => steps)
    .flatMap(step => ('server' in step && step.server ? [step.server.preflight, step.server.actual] : []))
    .filter(answers => Array.isArray(answers));
  assert.ok(lists.length > 0);
  assert.ok(!lists.some(([first]) => first?.fault === 'reset'));
});

test('should report a case that the engine fails on as failed, not as equal', async () => {
  const broken: Runner = {
    prefetch: () => undefined,
    run: async () => ({ failure: 'the page went away', noPage: null }),
  };
  const tally = await huntWith(broken, generateCases(1, 5));
  assert.equal(tally.equal, 0);
  assert.equal(tally.failed.length, 5);
});

test('should hold nothing against an engine whose steps came too late on a busy machine', async () => {
  const [{ request }] = withXA.steps as [RequestStep];
  const answer = {
    headers: [
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Allow-Headers', '*'],
    ] as [string, string][],
  };
  const step: RequestStep = {
    request,
    server: { preflight: answer, actual: answer },
    expect: { outcome: 'readable' },
  };
  const twice: Case = { ...withXA, steps: [step, { ...step, request: { ...request, method: 'POST' } }] };
  const late = (runner: Runner): Runner => ({
    prefetch: () => undefined,
    run: async one => {
      const slow = {
        ...one,
        steps: one.steps.flatMap((each, at) => (at > 0 ? [{ wait: 6_000 }, each] : [each])),
      };
      const ran = await runner.run(slow);
      assert.ok('observed' in ran);
      const { scene, observation } = ran.observed;
      const steps = observation.steps.map((each, at) => ({ ...each, step: at }));
      return { observed: { scene: { ...scene, case: one }, observation: { ...observation, steps } } };
    },
  });
  const busy = await huntWith(late(faultless), [twice]);
  assert.deepEqual(busy.unexplained, []);
  assert.deepEqual(
    busy.unsteady.map(({ late: by }) => by),
    [true],
  );
  const faulty = await huntWith(late(engineOf({ origin: () => null })), [twice], { shrinkAtMost: 0 });
  assert.equal(faulty.unexplained.length, 1);
  const prompt = await huntWith(engineOf({ maxAge: () => null }), [twice], { shrinkAtMost: 0 });
  assert.equal(prompt.unexplained.length, 1);
});

test('should set a difference that does not show again apart', async () => {
  let runs = 0;
  const flaky: Runner = {
    prefetch: () => undefined,
    run: one => (++runs <= 2 ? careless : faultless).run(one),
  };
  const tally = await huntWith(flaky, [withXA], { again: 3 });
  assert.deepEqual([tally.unsteady.length, tally.unexplained.length, tally.equal], [1, 0, 0]);
  assert.equal(runs, 3);
  const sure = await huntWith(careless, [withXA], { again: 3, shrinkAtMost: 0 });
  assert.deepEqual([sure.unsteady.length, sure.unexplained.length], [0, 1]);
});

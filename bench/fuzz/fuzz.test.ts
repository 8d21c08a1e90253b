/** The fuzzer without browsers: engines that are the model, or the model with a fault. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSuite } from '../../harness/case/define.ts';
import type { Case, RequestStep } from '../../harness/case/schema.ts';
import { ENGINES } from '../../harness/engine/types.ts';
import { observeWithModel } from '../../harness/lab/model.ts';
import type { Ran } from '../../harness/lab/session.ts';
import { asIfLines, combined } from './as-if.ts';
import { differenceOf } from './compare.ts';
import { generateCases } from './generate.ts';
import { hunt, type Runner, shrink, type Tally } from './hunt.ts';
import { known, whyDifferent } from './known.ts';
import { predictCase } from './predict.ts';
import { smaller } from './shrink.ts';

/** An engine that does what the model does, with each case as `fault` changes it. */
function engineOf(fault: (theCase: Case) => Case): Runner {
  return {
    prefetch: () => undefined,
    run: async theCase => {
      const { scene, observation } = observeWithModel(fault(theCase));
      return { observed: { scene: { ...scene, case: theCase }, observation } } satisfies Ran;
    },
  };
}

const faultless = engineOf(one => one);
/** It does not know that X-A calls for a preflight. */
const careless = engineOf(one =>
  asIfLines(one, lines => lines.filter(([name]) => name.toLowerCase() !== 'x-a')),
);
/** It combines entries before it judges them. */
const combining = engineOf(one => asIfLines(one, combined));

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

const huntWith = (runner: Runner, cases: readonly Case[], shrinkAtMost = 5): Promise<Tally> =>
  hunt(cases, { engine: 'chromium', runner, batch: 10, shrinkAtMost, onProgress: () => undefined });

test('should generate the same cases from the same seed, and others from another', () => {
  assert.deepEqual(generateCases(7, 20), generateCases(7, 20));
  assert.notDeepEqual(generateCases(7, 20), generateCases(8, 20));
  assert.deepEqual(generateCases(7, 5), generateCases(7, 20).slice(0, 5));
});

test('should generate well-formed cases of many kinds', () => {
  const cases = generateCases(1, 150).flatMap(one => predictCase(one).case ?? []);
  checkSuite({ id: 'generated', title: 'Generated', cases }, 'generated');
  const steps = cases.flatMap(one => one.steps as RequestStep[]);
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
  const tally = await huntWith(careless, generateCases(3, 40), 2);
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
    assert.ok(difference.failed.some(check => check.id === 'wire'));
  }
});

test('should count a difference under the deviation that the engine’s own reading explains', async () => {
  const tally = await huntWith(combining, generateCases(4, 150));
  assert.deepEqual([...tally.explained.keys()], ['chromium-entries-combined']);
  assert.deepEqual(tally.unexplained, []);
});

test('should not explain by one engine’s deviation what another engine shows', async () => {
  const one = predictedOf({
    id: 'twice',
    title: 'Twice',
    spec: ['https://fetch.spec.whatwg.org/'],
    steps: [
      {
        request: {
          headers: [
            ['Content-Type', 'text/plain'],
            ['Content-Type', 'text/plain'],
          ],
        },
        server: {},
        expect: { outcome: 'readable' },
      },
    ],
  });
  const ran = await combining.run(one);
  const difference = 'observed' in ran ? differenceOf(ran.observed) : null;
  assert.ok(difference);
  assert.equal(whyDifferent('chromium', difference)?.id, 'chromium-entries-combined');
  assert.equal(whyDifferent('firefox', difference), undefined);
});

test('should keep what differs while it makes a case smaller', async () => {
  for (const generated of generateCases(5, 12)) {
    const one = predictCase(generated).case;
    if (!one) continue;
    const ran = await careless.run(one);
    const difference = 'observed' in ran ? differenceOf(ran.observed) : null;
    if (!difference) continue;
    const small = await shrink(difference, 'webkit', careless, []);
    assert.ok(JSON.stringify(small.case).length <= JSON.stringify(one).length);
    assert.ok(small.failed.length > 0);
  }
});

test('should offer only cases that are smaller, and valid', () => {
  for (const one of generateCases(6, 10)) {
    for (const candidate of smaller(one)) {
      assert.notDeepEqual(candidate, one);
      assert.ok(candidate.steps.length > 0);
    }
  }
});

test('should report a case that the engine fails on as trouble, not as equal', async () => {
  const broken: Runner = { prefetch: () => undefined, run: async () => ({ trouble: 'the page went away' }) };
  const tally = await huntWith(broken, generateCases(1, 5));
  assert.equal(tally.equal, 0);
  assert.equal(tally.trouble.length, 5);
});

test('should set a difference that does not show again apart', async () => {
  let runs = 0;
  const flaky: Runner = {
    prefetch: () => undefined,
    run: one => (++runs === 1 ? careless : faultless).run(one),
  };
  const tally = await huntWith(flaky, [withXA]);
  assert.deepEqual([tally.unsteady.length, tally.unexplained.length, tally.equal], [1, 0, 0]);
});

test('should say of every known difference what happens, where, and why', () => {
  const ids = known.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, engine, what, link, asIf, explains } of known) {
    assert.ok((ENGINES as readonly string[]).includes(engine));
    assert.ok(id.startsWith(engine), id);
    assert.match(what, /\.$/, id);
    assert.match(link, /^https:\/\//, id);
    assert.ok(asIf ?? explains, id);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suites } from '../../suites/index.ts';
import {
  ANSWER,
  EXAMPLE,
  fromFragment,
  type PlaygroundState,
  STEP,
  toFragment,
} from '../case/playground-state.ts';
import { observeWithModel } from '../lab/model.ts';
import { fromCase } from './from-case.ts';
import { fromText } from './from-text.ts';
import { simulate } from './simulate.ts';

const outcomes = (state: PlaygroundState) =>
  simulate(state).map(({ prediction }) => prediction.script.outcome);

test('should say what the example comes to, and what mends it', () => {
  const [result] = simulate(EXAMPLE);
  assert.equal(result?.prediction.script.blockedAt, 'preflight');
  assert.equal(result?.reason?.id, 'header-not-allowed');
  assert.match(result?.explanation[0]?.fix ?? '', /List x-request-id/);
  const [step] = EXAMPLE.steps;
  assert.ok(step);
  const answers = step.answers.map(answer => ({ ...answer, headers: `${answer.headers}, X-Request-Id` }));
  const [preflight, actual] = answers;
  assert.ok(preflight && actual);
  assert.deepEqual(outcomes({ steps: [{ ...step, answers: [preflight, step.answers[1] ?? actual] }] }), [
    'readable',
  ]);
});

test('should remember a preflight until its time is over', () => {
  const [first] = EXAMPLE.steps;
  assert.ok(first);
  const step = {
    ...STEP,
    method: 'PUT',
    answers: [
      {
        ...ANSWER,
        role: 'preflight' as const,
        status: '204',
        headers:
          'Access-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: PUT\nAccess-Control-Max-Age: 60',
      },
      { ...ANSWER, headers: 'Access-Control-Allow-Origin: *' },
    ],
  };
  const steps = simulate({ steps: [step, { ...step, wait: '30' }, { ...step, wait: '31' }] });
  assert.deepEqual(
    steps.map(({ exchanges }) => exchanges.map(({ send }) => send.role)),
    [['preflight', 'actual'], ['actual'], ['preflight', 'actual']],
  );
  assert.deepEqual(
    steps.map(({ atSeconds }) => atSeconds),
    [0, 30, 61],
  );
});

test('should follow redirects to the answers of other URLs', () => {
  const step = {
    ...STEP,
    answers: [
      { ...ANSWER, status: '302', headers: 'Access-Control-Allow-Origin: *\nLocation: https://b.example/y' },
      { ...ANSWER, url: 'https://b.example/y', headers: 'Access-Control-Allow-Origin: *' },
    ],
  };
  const [result] = simulate({ steps: [step] });
  assert.equal(result?.prediction.script.outcome, 'readable');
  assert.deepEqual(
    result?.exchanges.map(({ send }) => send.url),
    [STEP.url, 'https://b.example/y'],
  );
});

test('should say what is wrong with the form instead of failing', () => {
  const step = { ...STEP, page: 'app', headers: 'nonsense', answers: [{ ...ANSWER, status: '20x' }] };
  const [result] = simulate({ steps: [step] });
  assert.equal(result?.problems.length, 3);
  for (const problem of result?.problems ?? []) assert.match(problem, /"(?:app|nonsense|20x)"/);
});

test('should keep a state in the fragment of a URL', () => {
  const state: PlaygroundState = {
    steps: [
      { ...STEP, url: 'https://bücher.example/?a=<b>&c', answers: [{ ...ANSWER, headers: 'X: "1"\nY: 2' }] },
    ],
  };
  assert.deepEqual(fromFragment(`#${toFragment(state)}`), state);
  assert.deepEqual(fromFragment(toFragment(EXAMPLE)), EXAMPLE);
});

test('should take no broken or foreign fragment', () => {
  const encode = (value: unknown) => `#s=${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
  for (const fragment of [
    '',
    '#',
    '#s=',
    '#s=%%%',
    '#s=AAAA',
    encode({}),
    encode([]),
    encode([null]),
    encode(Array(51).fill({})),
  ])
    assert.equal(fromFragment(fragment), null, fragment);
  const [step] =
    fromFragment(encode([{ url: 5, extra: 'x', ['__proto__']: { a: 1 }, answers: [7] }]))?.steps ?? [];
  assert.deepEqual(step, { ...STEP, answers: [ANSWER] });
});

test('should show most cases of the suites, each as the case itself comes out', () => {
  let shown = 0;
  for (const theCase of suites.flatMap(suite => suite.cases)) {
    const state = fromCase(theCase);
    if (!state) continue;
    shown++;
    const { predictions } = observeWithModel(theCase);
    assert.deepEqual(
      outcomes(state),
      predictions.map(({ prediction }) => prediction.script.outcome),
      theCase.id,
    );
  }
  assert.ok(shown > 900, `${shown} cases`);
});

test('should read what people paste', () => {
  const curl = fromText("curl -X PUT 'https://api.example/x' -H 'X-A: 1' -H 'Origin: https://a.example'");
  assert.ok('state' in curl);
  assert.deepEqual(
    curl.state.steps.map(({ page, method, headers }) => [page, method, headers]),
    [['https://a.example', 'PUT', 'X-A: 1']],
  );
  const call = fromText(
    'fetch("https://api.example/x", {"method": "PUT", "referrer": "https://a.example/page"});',
  );
  assert.ok('state' in call);
  assert.deepEqual(
    call.state.steps.map(({ page, url, method }) => [page, url, method]),
    [['https://a.example', 'https://api.example/x', 'PUT']],
  );
  const message = fromText(
    "Access to fetch at 'https://api.example/x' from origin 'https://a.example' has been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
  );
  assert.ok('state' in message);
  assert.equal(message.state.steps[0]?.method, 'PUT');
  for (const text of ['hello', 'curl', 'curl -H', '{}', '{"log":{"entries":[]}}'])
    assert.ok('problem' in fromText(text), text);
});

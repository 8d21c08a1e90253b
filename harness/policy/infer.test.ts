import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstQuestions, type InferenceAnswer, inferPolicy, preflightQuestions } from './infer.ts';

const APP = 'https://app.example.com';

const answers = (preflight: (method: string) => InferenceAnswer['response']) => {
  const first = firstQuestions([APP]).map((question): InferenceAnswer => {
    const headers = question.origin === APP ? [['Access-Control-Allow-Origin', APP] as const] : [];
    return { question, response: { status: 200, headers: [['Vary', 'Origin'], ...headers] } };
  });
  const second = preflightQuestions(APP).map(
    (question): InferenceAnswer => ({ question, response: preflight(question.asksMethod ?? '') }),
  );
  return inferPolicy(first, second, [APP])?.mistakes ?? [];
};

const allows = {
  status: 204,
  headers: [
    ['Access-Control-Allow-Origin', APP],
    ['Access-Control-Allow-Methods', 'PUT'],
  ] as const,
};

test('should say nothing of preflights that were answered', () => {
  assert.deepEqual(
    answers(() => allows),
    [],
  );
});

test('should say how many requests told nothing, and not call what they asked for refused', () => {
  const told = ['6 of 20 requests got no answer, or 429 or 503: what they asked for may be missing here.'];
  assert.deepEqual(
    answers(() => null),
    told,
  );
  assert.deepEqual(
    answers(() => ({ status: 429, headers: [] })),
    told,
  );
  assert.match(answers(method => (method === 'PUT' ? null : allows)).join(), /^1 of 20 requests/);
});

test('should say that no preflight is allowed if all are refused', () => {
  assert.match(answers(() => ({ status: 403, headers: [] })).join(), /^No preflight is allowed today/);
});

test('should say who is let in that only looks like an origin that is meant to read', () => {
  const mistakesOf = (allowed: (origin: string) => boolean) => {
    const first = firstQuestions([APP]).map((question): InferenceAnswer => {
      const { origin = '' } = question;
      const headers = allowed(origin) ? [['Access-Control-Allow-Origin', origin] as const] : [];
      return { question, response: { status: 200, headers: [['Vary', 'Origin'], ...headers] } };
    });
    return inferPolicy(first, [], [APP])?.mistakes ?? [];
  };
  assert.deepEqual(
    mistakesOf(origin => origin === APP),
    [],
  );
  assert.match(
    mistakesOf(origin => origin.endsWith('example.com')).join(),
    /^Today https:\/\/evilexample\.com may read, too: the server .*\. The policy leaves it out; verify finds/,
  );
  assert.equal(mistakesOf(origin => origin.includes('app.example.com')).length, 1);
  assert.match(
    mistakesOf(origin => /^https:\/\/([a-z]+\.)*example\.com$/.test(origin)).join(),
    /^Today https:\/\/\S+\.example\.com may read, too: the server trusts every name under example\.com/,
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromFragment } from '../harness/case/playground-state.ts';
import { fake } from './fake-record.test-support.ts';
import { playgroundLink } from './playground-link.ts';

const stateOf = (link: string) => fromFragment(link.replace(/^.*&(?=s=)/, ''));

test('should name the case, and carry what was asked and answered', () => {
  const link = playgroundLink([fake('put/json', 'model', 'not-run'), fake('put/json', 'firefox', 'pass')]);
  assert.match(link, /^playground\.html#case=preflight%3Aput%2Fjson&s=[\w-]+$/);
  const [step] = stateOf(link)?.steps ?? [];
  assert.equal(step?.page, 'http://localhost:40111');
  assert.equal(step?.method, 'PUT');
  assert.equal(step?.headers, 'X-A: 1', 'and nothing that the browser set');
  assert.deepEqual(
    step?.answers.map(({ role, status }) => `${role} ${status}`),
    ['preflight 204', 'actual 200'],
  );
  assert.match(step?.answers[0]?.headers ?? '', /^Access-Control-Allow-Origin: /m);
});

test('should tell a request that was only asked for by its preflight', () => {
  const whole = fake('put', 'firefox', 'pass');
  const [preflight] = whole.exchanges;
  assert.ok(preflight);
  const [step] = stateOf(playgroundLink([{ ...whole, exchanges: [preflight] }]))?.steps ?? [];
  assert.equal(`${step?.method} ${step?.headers}`, 'PUT x-a: 1');
  const cut = { ...preflight, response: null, end: 'no-answer' as const };
  const [ended] = stateOf(playgroundLink([{ ...whole, exchanges: [cut] }]))?.steps ?? [];
  assert.equal(ended?.answers[0]?.fault, 'failure');
});

test('should not fail over half a surrogate pair in an id', () => {
  const link = playgroundLink([fake('half-\ud800', 'webkit', 'not-run')]);
  assert.equal(link, 'playground.html#case=preflight%3Ahalf-%EF%BF%BD');
});

test('should name a case without a recorded exchange all the same', () => {
  assert.equal(
    playgroundLink([fake('absent', 'webkit', 'not-run')]),
    'playground.html#case=preflight%3Aabsent',
  );
});

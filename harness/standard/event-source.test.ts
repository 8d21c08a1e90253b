import assert from 'node:assert/strict';
import test from 'node:test';
import { acac, acao, answer, Browser, sent } from './testing.test-support.ts';
import type { Header, ScriptRequest, WireReply } from './user-agent.ts';

const stream: Header = ['Content-Type', 'text/event-stream; charset=utf-8'];
const open = (request: Partial<ScriptRequest>, actual: WireReply) =>
  new Browser().run({ api: 'eventsource', ...request }, { actual });

test('should open where the CORS check passes and the type is right', () => {
  const seen = open({}, { ...answer(200, acao(), stream), bodyEnd: 'hang' });
  assert.deepEqual([seen.script.result, seen.script.outcome], ['open', 'readable']);
  assert.equal(sent(seen, 0, 'accept'), 'text/event-stream');
  assert.equal(sent(seen, 0, 'cache-control'), 'no-cache');
  assert.equal(seen.wire[0]?.credentials, false);
});

test('should include credentials where script says so, and need permission for them', () => {
  assert.equal(open({ withCredentials: true }, answer(200, acao(), acac(), stream)).script.result, 'open');
  const refused = open({ withCredentials: true }, answer(200, acao('*'), stream)).script;
  assert.deepEqual([refused.result, refused.outcome, refused.blockedAt], ['error', 'blocked', 'response']);
});

test('should fail for another status, another type, or no answer', () => {
  assert.equal(open({}, answer(200, acao())).script.result, 'error');
  assert.equal(open({}, answer(204, acao(), stream)).script.result, 'error');
  assert.equal(open({}, { kind: 'failure' }).script.outcome, 'error');
  assert.equal(open({}, { kind: 'hang' }).script.settled, 'unsettled');
});

test('should throw for a URL that does not parse, and let a bug be heard', () => {
  const { script } = open({ url: 'http://' }, answer(200));
  assert.deepEqual([script.settled, script.error?.name], ['threw', 'SyntaxError']);
  const broken = {
    get kind(): 'hang' {
      throw new RangeError('broken');
    },
  };
  assert.throws(() => open({}, broken), RangeError);
});

test('should answer a challenge with the user name and password of its URL', () => {
  const seen = new Browser().run(
    { api: 'eventsource', url: 'https://u:p@app.example/events' },
    ({ headers }) =>
      headers.some(([name]) => name === 'Authorization')
        ? answer(200, stream)
        : answer(401, ['WWW-Authenticate', 'Basic realm="x"']),
  );
  assert.equal(seen.script.result, 'open');
  assert.equal(seen.wire.length, 2);
});

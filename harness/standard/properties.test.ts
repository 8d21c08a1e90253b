import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { isForbiddenRequestHeader } from './request-headers.ts';
import { Browser, client, PAGE } from './testing.test-support.ts';
import type { Header, Prediction, ScriptRequest, WireReply, WireSend } from './user-agent.ts';

const RUNS = { numRuns: 300 };

const origins = fc.constantFrom(PAGE, '*', 'null', `${PAGE}/`, 'https://other.example', '');
const lists = fc.constantFrom(
  '*',
  'PUT',
  'put',
  'x-a',
  'x-a, x-b',
  'b@d',
  '',
  'PUT, *',
  'authorization, *',
  'ETag',
);
const oddValue = fc.string({
  maxLength: 12,
  unit: fc.constantFrom('a', ' ', '\t', ',', '"', '\x0b', '\0', '\xe9', '\ud800'),
});
const corsHeader: fc.Arbitrary<Header> = fc.oneof(
  origins.map((value): Header => ['Access-Control-Allow-Origin', value]),
  fc.constantFrom('true', 'True', '').map((value): Header => ['access-control-allow-credentials', value]),
  lists.map((value): Header => ['Access-Control-Allow-Methods', value]),
  lists.map((value): Header => ['Access-Control-Allow-Headers', value]),
  lists.map((value): Header => ['Access-Control-Expose-Headers', value]),
  fc.constantFrom('0', '60', '-1', 'x').map((value): Header => ['Access-Control-Max-Age', value]),
);
const plainHeader = fc.tuple(
  fc.constantFrom('ETag', 'X-A', 'Set-Cookie', 'Content-Type', 'Vary'),
  fc.constantFrom('v', 'a=b'),
);
const oddHeader = fc.tuple(fc.constantFrom('X-Odd', 'Access-Control-Allow-Origin'), oddValue);

const reply: fc.Arbitrary<WireReply> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('response' as const),
      status: fc.constantFrom(200, 204, 299, 301, 302, 307, 401, 404, 421, 500),
      headers: fc
        .tuple(
          fc.array(fc.oneof(corsHeader, corsHeader, plainHeader, oddHeader), { maxLength: 7 }),
          fc.boolean(),
        )
        .map(([headers, moved]): Header[] =>
          moved ? [...headers, ['Location', 'https://b.test/y']] : headers,
        ),
      body: fc.constantFrom('', 'ok'),
    }),
  },
  { weight: 1, arbitrary: fc.constant<WireReply>({ kind: 'failure' }) },
  { weight: 1, arbitrary: fc.constant<WireReply>({ kind: 'hang' }) },
);

const request: fc.Arbitrary<Partial<ScriptRequest>> = fc.record(
  {
    api: fc.constantFrom('fetch', 'xhr'),
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'put', 'patch', 'CHICKEN'),
    headers: fc.array(
      fc.oneof(
        fc.tuple(
          fc.constantFrom('X-A', 'x-b', 'Authorization', 'Cookie', 'Accept', 'Content-Type'),
          fc.constantFrom('1', 'text/plain', '"'),
        ),
        fc.tuple(fc.string({ maxLength: 4 }), oddValue),
      ),
      { maxLength: 4 },
    ),
    mode: fc.constantFrom('cors', 'no-cors', 'same-origin'),
    credentials: fc.constantFrom('omit', 'same-origin', 'include'),
    withCredentials: fc.boolean(),
    redirect: fc.constantFrom('follow', 'manual', 'error'),
    uploadListener: fc.constantFrom('before-send' as const),
    url: fc.constantFrom('https://api.test/items', `${PAGE}/x`),
  },
  { requiredKeys: ['api', 'url'] },
);

const scripted = (replies: readonly WireReply[]) => {
  let turn = 0;
  return (_: WireSend): WireReply => replies[turn++ % replies.length] as WireReply;
};
const replies = fc.array(reply, { minLength: 1, maxLength: 4 });

const check = (
  predicate: (seen: Prediction, asked: Partial<ScriptRequest>, answers: readonly WireReply[]) => void,
) =>
  fc.assert(
    fc.property(request, replies, (asked, answers) => {
      predicate(new Browser().run(asked, scripted(answers)), asked, answers);
    }),
    RUNS,
  );

const SAFE = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]);

test('should never expose a hidden header', () =>
  check((seen, _asked, answers) => {
    for (const [name] of seen.script.headers ?? []) {
      assert.notEqual(name.toLowerCase(), 'set-cookie');
      if (seen.script.type !== 'cors' || SAFE.has(name.toLowerCase())) continue;
      const listed = answers.some(
        answer =>
          answer.kind === 'response' &&
          answer.headers.some(
            ([n, value]) =>
              n === 'Access-Control-Expose-Headers' &&
              value.split(',').some(item => item.trim() === '*' || item.trim().toLowerCase() === name),
          ),
      );
      assert.ok(listed, `${name} was listed by nobody`);
    }
    if (seen.script.type === 'opaque') assert.deepEqual(seen.script.headers, []);
  }));

test('should never send the actual request after a preflight that blocked', () =>
  check(seen => {
    if (seen.script.blockedAt === 'preflight') assert.equal(seen.wire.at(-1)?.role, 'preflight');
  }));

test('should never show a cross-origin response that does not allow the origin', () =>
  check((seen, _asked, answers) => {
    if (seen.script.type !== 'cors') return;
    const last = answers[(seen.wire.length - 1) % answers.length];
    assert.ok(last?.kind === 'response');
    const allowed = last.headers
      .filter(([name]) => name === 'Access-Control-Allow-Origin')
      .map(([, value]) => value)
      .join(', ');
    const origin = seen.wire.at(-1)?.headers.find(([name]) => name === 'Origin')?.[1];
    assert.ok(allowed === origin || allowed === '*', `${allowed} for ${origin}`);
  }));

test('should never send credentials, or a body, with a preflight', () =>
  check(seen => {
    for (const send of seen.wire) {
      if (send.role !== 'preflight') continue;
      assert.deepEqual([send.method, send.credentials, send.body], ['OPTIONS', false, null]);
      assert.ok(!send.headers.some(([name]) => name === 'Cookie' || name === 'Authorization'));
    }
  }));

test('should never send a forbidden header that script set', () =>
  check((seen, asked) => {
    const own = new Set(
      (asked.headers ?? []).filter(([n, v]) => isForbiddenRequestHeader(n, v)).map(([n]) => n),
    );
    for (const send of seen.wire) {
      for (const [name] of send.headers) assert.ok(!own.has(name) || name === 'Cookie', name);
    }
    for (const send of seen.wire) assert.ok(!send.headers.some(([n, v]) => n === 'Cookie' && v === '1'));
  }));

test('should not be changed by a response header that has nothing to do with it', () =>
  fc.assert(
    fc.property(request, replies, (asked, answers) => {
      const more = answers.map(answer =>
        answer.kind === 'response'
          ? { ...answer, headers: [...answer.headers, ['X-Irrelevant', '1'] as const] }
          : answer,
      );
      const strip = ({ wire, script }: Prediction) => ({
        wire,
        script: { ...script, headers: script.headers?.filter(([name]) => name !== 'x-irrelevant') },
      });
      assert.deepEqual(
        strip(new Browser().run(asked, scripted(more))),
        strip(new Browser().run(asked, scripted(answers))),
      );
    }),
    RUNS,
  ));

test('should not depend on the case of response header names', () =>
  fc.assert(
    fc.property(request, replies, (asked, answers) => {
      const upper = answers.map(answer =>
        answer.kind === 'response'
          ? { ...answer, headers: answer.headers.map(([name, value]): Header => [name.toUpperCase(), value]) }
          : answer,
      );
      const { wire, script } = new Browser().run(asked, scripted(answers));
      const other = new Browser().run(asked, scripted(upper));
      assert.deepEqual({ wire: other.wire, script: other.script }, { wire, script });
    }),
    RUNS,
  ));

test('should end every trace that does not end readable with the step that stopped it', () =>
  check(seen => {
    const stops = seen.trace.filter(step => step.result === 'stop').length;
    const fine = ['readable', 'opaque'].includes(seen.script.outcome) || seen.notModelled !== undefined;
    assert.equal(stops, fine ? 0 : 1);
  }));

test('should neither throw nor look at what it does not know, whatever script passes', () =>
  fc.assert(
    fc.property(
      fc.record({
        method: fc.string({ unit: 'binary' }),
        url: fc.string({ unit: 'binary' }),
        headers: fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), {
          maxLength: 5,
        }),
        body: fc.string({ unit: 'binary' }),
        mode: fc.string(),
        referrer: fc.string({ unit: 'binary' }),
        integrity: fc.string(),
        api: fc.constantFrom('fetch', 'xhr'),
      }),
      replies,
      (asked, answers) => {
        const seen = new Browser().run({ ...asked, client }, scripted(answers));
        assert.ok(seen.wire.length <= 44);
        for (const { text } of seen.trace) assert.match(text, /\.$/);
      },
    ),
    RUNS,
  ));

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  acac,
  acah,
  acam,
  acao,
  answer,
  Browser,
  client,
  methods,
  PAGE,
  sent,
  stopped,
} from './testing.test-support.ts';
import type { Header, ScriptRequest, WireReply } from './user-agent.ts';

const ok = { ...answer(200, acao()), body: 'hé'.replace('é', '\xc3\xa9') };
const xhr = (
  request: Partial<ScriptRequest>,
  server: { preflight?: WireReply; actual?: WireReply } = { actual: ok },
) => new Browser().run({ api: 'xhr', ...request }, server);
const events = (request: Partial<ScriptRequest>, server?: { preflight?: WireReply; actual?: WireReply }) =>
  xhr(request, server)
    .script.events?.filter(event => !event.endsWith('progress'))
    .join(' ');

const throwing: [title: string, request: Partial<ScriptRequest>, name: string][] = [
  ['a method that is no token', { method: 'GET A' }, 'SyntaxError'],
  ['a method beyond bytes', { method: '\u0100' }, 'TypeError'],
  ['a forbidden method', { method: 'Trace' }, 'SecurityError'],
  ['a URL that does not parse', { url: 'http://' }, 'SyntaxError'],
  ['a header name that is no token', { headers: [['a b', '1']] }, 'SyntaxError'],
  ['a header value with NUL', { headers: [['a', '\0']] }, 'SyntaxError'],
  ['a header beyond bytes', { headers: [['a', '\ud800']] }, 'TypeError'],
  ['a header name beyond bytes', { headers: [['\u0100', '1']] }, 'TypeError'],
  ['sync with a timeout in a window', { sync: true, timeoutMs: 1 }, 'InvalidAccessError'],
  ['sync with a responseType in a window', { sync: true, responseType: 'json' }, 'InvalidAccessError'],
];
for (const [title, request, name] of throwing) {
  test(`should throw ${name} for ${title}`, () => {
    const { script, wire } = xhr(request);
    assert.deepEqual([script.settled, script.error?.name, wire.length], ['threw', name, 0]);
  });
}

test('should allow sync with a timeout in a worker', () => {
  const worker = { ...client, global: 'worker' as const };
  assert.equal(
    xhr({ client: worker, sync: true, timeoutMs: 9, responseType: 'text' }).script.outcome,
    'readable',
  );
});

test('should load', () => {
  const { script } = xhr({});
  assert.deepEqual([script.outcome, script.status, script.body], ['readable', 200, 'hé']);
  assert.equal(
    events({}),
    'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
  );
  assert.equal(
    events({}, { actual: answer(204, acao()) }),
    'readystatechange:1 loadstart readystatechange:2 readystatechange:4 load loadend',
  );
  assert.equal(events({ sync: true }), 'readystatechange:1 readystatechange:4 load loadend');
});

test('should fail alike for every network error', () => {
  const end = 'readystatechange:1 loadstart readystatechange:4 error loadend';
  assert.equal(events({}, { actual: answer(200) }), end);
  assert.equal(events({ method: 'PUT' }, { preflight: answer(204, acao()) }), end);
  const { script } = xhr({}, { actual: answer(200) });
  assert.deepEqual(
    [script.outcome, script.blockedAt, script.status, script.url, script.headers, script.error?.name],
    ['blocked', 'response', 0, '', [], 'error'],
  );
  assert.equal(xhr({}, {}).script.outcome, 'error');
});

test('should throw NetworkError from a synchronous send()', () => {
  const { script } = xhr({ sync: true }, { actual: answer(200) });
  assert.deepEqual([script.settled, script.error?.name, script.status], ['threw', 'NetworkError', 0]);
  assert.deepEqual(script.events, ['readystatechange:1']);
});

test("should fire upload events in the Standard's order", () => {
  const put = { method: 'PUT', body: 'x', uploadListener: 'before-send' as const };
  const preflight = answer(204, acao(), acam('PUT'));
  assert.equal(
    events(put, { preflight, actual: ok }),
    'readystatechange:1 loadstart upload.loadstart upload.load upload.loadend readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
  );
  assert.equal(
    events(put, { preflight: answer(204) }),
    'readystatechange:1 loadstart upload.loadstart readystatechange:4 upload.error upload.loadend error loadend',
  );
  assert.equal(
    events(put, { preflight, actual: answer(200) }),
    'readystatechange:1 loadstart upload.loadstart upload.load upload.loadend readystatechange:4 error loadend',
  );
  assert.equal(
    events({ ...put, sync: true }, { preflight, actual: ok }),
    'readystatechange:1 readystatechange:4 load loadend',
  );
});

test('should force a preflight for a listener on upload, with or without a body', () => {
  const server = { preflight: answer(204, acao()), actual: ok };
  assert.equal(
    methods(xhr({ method: 'POST', body: 'x', uploadListener: 'before-send' }, server)),
    'OPTIONS POST',
  );
  assert.equal(methods(xhr({ uploadListener: 'before-send' }, server)), 'OPTIONS GET');
  assert.equal(methods(xhr({ method: 'POST', body: 'x', uploadListener: 'after-send' }, server)), 'POST');
  assert.equal(methods(xhr({ method: 'POST', body: 'x', uploadListener: 'object-only' }, server)), 'POST');
});

test('should include credentials where script says so', () => {
  const allowed = { actual: answer(200, acao(), acac()) };
  const seen = xhr({ withCredentials: true }, allowed);
  assert.deepEqual([seen.script.outcome, seen.wire[0]?.credentials], ['readable', true]);
  assert.equal(xhr({}, allowed).wire[0]?.credentials, false);
});

test('should throw InvalidStateError for withCredentials after send(), and let the request run', () => {
  const late = xhr({ withCredentialsAfterSend: true });
  assert.equal(methods(late), 'GET');
  assert.deepEqual(
    [late.script.settled, late.script.error?.name, late.script.status],
    ['threw', 'InvalidStateError', 0],
  );
  assert.deepEqual(late.script.events, ['readystatechange:1', 'loadstart']);
  const sync = xhr({ withCredentialsAfterSend: true, sync: true });
  assert.deepEqual([sync.script.error?.name, sync.script.status], ['InvalidStateError', 200]);
  const failed = xhr({ withCredentialsAfterSend: true, sync: true }, { actual: answer(200) });
  assert.equal(failed.script.error?.name, 'NetworkError');
});

test('should combine headers, so that the sum counts', () => {
  const headers: Header[] = [
    ['Accept', 'a'.repeat(70)],
    ['accept', 'b'.repeat(70)],
    ['Cookie', 'a=1'],
  ];
  const seen = xhr({ headers }, { preflight: answer(204, acao(), acah('accept')), actual: ok });
  assert.equal(methods(seen), 'OPTIONS GET');
  assert.equal(sent(seen, 1, 'accept')?.length, 142);
  assert.equal(sent(seen, 1, 'cookie'), undefined);
});

const types: [author: string | undefined, body: ScriptRequest['body'], expected: string | undefined][] = [
  [undefined, 'x', 'text/plain;charset=UTF-8'],
  [undefined, { buffer: 'x' }, undefined],
  ['text/plain', 'x', 'text/plain'],
  ['text/plain;charset=utf-8', 'x', 'text/plain;charset=utf-8'],
  ['text/plain; charset=latin1', 'x', 'text/plain;charset=UTF-8'],
  ['text/plain; charset=latin1', { bytes: 2 }, 'text/plain;charset=UTF-8'],
  ['text/plain; charset=latin1', { urlencoded: [['a', 'b']] }, 'text/plain;charset=UTF-8'],
  ['text/plain; charset=latin1', { buffer: 'x' }, 'text/plain; charset=latin1'],
  ['no type', 'x', 'no type'],
];
for (const [author, body, expected] of types) {
  test(`should send Content-Type ${expected} for ${author} and ${JSON.stringify(body)}`, () => {
    const headers: Header[] = author === undefined ? [] : [['Content-Type', author]];
    const seen = new Browser().run(
      { api: 'xhr', url: '/x', method: 'POST', headers, body: body as string },
      { actual: ok },
    );
    assert.equal(sent(seen, 0, 'content-type'), expected);
  });
}

test('should drop the body of GET and HEAD', () => {
  assert.equal(xhr({ method: 'head', body: 'x' }).wire[0]?.body, null);
  assert.equal(xhr({ body: 'x' }).wire[0]?.body, null);
});

test('should send user and password only where the server asks, and only at home', () => {
  const browser = new Browser();
  const challenge = answer(401, ['WWW-Authenticate', 'Basic realm=x']);
  const own = browser.run({ api: 'xhr', url: '/x', user: 'ü%', password: 'p' }, send =>
    send.headers.some(([name]) => name === 'Authorization') ? ok : challenge,
  );
  assert.equal(methods(own), 'GET GET');
  assert.equal(sent(own, 1, 'authorization'), `Basic ${btoa('\xc3\xbc%:p')}`);
  assert.equal(own.script.status, 200);
  assert.equal(
    sent(browser.run({ url: '/y' }, { actual: ok }), 0, 'authorization'),
    sent(own, 1, 'authorization'),
  );
  assert.equal(
    sent(browser.run({ url: '/y', credentials: 'omit' }, { actual: ok }), 0, 'authorization'),
    undefined,
  );
  const wrong = browser.run({ api: 'xhr', url: '/x', user: 'u' }, () => challenge);
  assert.match(wrong.notModelled ?? '', /a name and a password/);
  const author: Header[] = [['Authorization', 'own']];
  const named = browser.run({ api: 'xhr', url: '/x', user: 'u', headers: author }, send =>
    send.newConnection ? ok : challenge,
  );
  assert.equal(sent(named, 1, 'authorization'), 'own');
  const cross = xhr(
    { user: 'u', password: 'p', withCredentials: true },
    { actual: answer(401, acao(), acac(), ['WWW-Authenticate', 'Basic']) },
  );
  assert.deepEqual([methods(cross), cross.script.status], ['GET', 401]);
  assert.equal(xhr({ url: 'data:,x', user: 'u' }).notModelled, 'data: URLs');
});

test('should time out and abort', () => {
  const hang: WireReply = { kind: 'hang' };
  const late = xhr({ method: 'PUT', timeoutMs: 5 }, { preflight: hang });
  assert.deepEqual(
    [late.script.outcome, late.script.error?.name, methods(late)],
    ['timeout', 'timeout', 'OPTIONS'],
  );
  assert.equal(
    events({ timeoutMs: 5 }, { actual: hang }),
    'readystatechange:1 loadstart readystatechange:4 timeout loadend',
  );
  assert.equal(xhr({}, { actual: hang }).script.settled, 'unsettled');
  const worker = { ...client, global: 'worker' as const };
  const sync = xhr({ client: worker, sync: true, timeoutMs: 5 }, { actual: hang });
  assert.deepEqual([sync.script.settled, sync.script.error?.name], ['threw', 'TimeoutError']);
  assert.equal(
    events({ abort: { when: 'actual' } }),
    'readystatechange:1 loadstart readystatechange:4 abort loadend',
  );
});

test('should tell how a body ends', () => {
  const body = (bodyEnd: 'cut' | 'hang', request: Partial<ScriptRequest> = {}, text = 'x') =>
    xhr(request, { actual: { ...ok, body: text, bodyEnd } }).script;
  assert.equal(body('cut').error?.name, 'error');
  assert.equal(body('hang').settled, 'unsettled');
  assert.equal(body('hang', { timeoutMs: 5 }).error?.name, 'timeout');
  assert.deepEqual(body('cut').events?.slice(2, 3), ['readystatechange:2']);
  assert.ok(body('cut').events?.includes('readystatechange:3'));
  assert.equal(body('cut', { sync: true }).error?.name, 'NetworkError');
  assert.equal(body('hang', { sync: true }, '').settled, 'unsettled');
  assert.equal(body('cut', { method: 'HEAD' }).outcome, 'readable');
});

test('should show response headers sorted by their upper-cased names', () => {
  const headers: Header[] = [
    ['x_b', '1'],
    ['xab', '2'],
    ['X-A', '3'],
    ['x-a', '4'],
    ['Set-Cookie', 'a'],
  ];
  const { script } = new Browser().run({ api: 'xhr', url: '/x' }, { actual: answer(200, ...headers) });
  assert.deepEqual(script.headers, [
    ['x-a', '3, 4'],
    ['xab', '2'],
    ['x_b', '1'],
  ]);
});

test('should decode by the charset of the response', () => {
  const typed = (type: string) =>
    xhr({}, { actual: { ...answer(200, acao(), ['Content-Type', type]), body: '\xe9' } }).script.body;
  assert.equal(typed('text/plain;charset=Windows-1252'), 'é');
  assert.equal(typed('text/plain'), '\ufffd');
  assert.equal(typed('nonsense'), '\ufffd');
  assert.equal(xhr({ method: 'HEAD' }).script.body, '');
});

test('should show responseURL without its fragment', () => {
  assert.equal(xhr({ url: 'https://api.test/#f' }).script.url, 'https://api.test/');
});

test('should not model a stream', () => {
  assert.match(xhr({ method: 'POST', body: { stream: 'x' } }).notModelled ?? '', /stream/);
  assert.equal(stopped(xhr({ url: `${PAGE}/x` })), undefined);
});

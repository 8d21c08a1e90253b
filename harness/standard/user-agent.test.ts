/** The model of the Standard as a whole. Longer than other files: one table of requests with what must come of them. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  acac,
  acam,
  acao,
  answer,
  Browser,
  client,
  methods,
  PAGE,
  sent,
  stopped,
  TARGET,
} from './testing.test-support.ts';
import { type Header, predict, predictAsync, type ScriptRequest, type WireReply } from './user-agent.ts';

const ok = answer(200, acao());
const simple = { actual: ok };

test('should send a simple request without a preflight', () => {
  const seen = new Browser().run({}, simple);
  assert.equal(methods(seen), 'GET');
  assert.equal(seen.script.outcome, 'readable');
  assert.equal(seen.script.type, 'cors');
  assert.equal(sent(seen, 0, 'origin'), PAGE);
  assert.equal(sent(seen, 0, 'accept'), '*/*');
  assert.equal(seen.wire[0]?.credentials, false);
});

test('should run against servers that take their time', async () => {
  const seen = await predictAsync({ client, url: TARGET }, async () => ok, { now: () => 0 });
  assert.equal(seen.script.outcome, 'readable');
  assert.equal(predict({ client, url: TARGET }, () => ok, { now: () => 0 }).script.outcome, 'readable');
});

test('should leave the CORS protocol out of same-origin requests', () => {
  const seen = new Browser().run(
    { url: '/x', method: 'PUT', headers: [['X-A', '1']] },
    { actual: answer(200, ['ETag', '1']) },
  );
  assert.equal(methods(seen), 'PUT');
  assert.equal(seen.script.type, 'basic');
  assert.deepEqual(seen.script.headers, [['etag', '1']]);
  assert.equal(seen.wire[0]?.credentials, true);
  assert.equal(sent(seen, 0, 'origin'), PAGE);
});

const put: Partial<ScriptRequest> = { method: 'PUT' };
const xa: Partial<ScriptRequest> = { headers: [['x-a', '1']] };
const include: Partial<ScriptRequest> = { credentials: 'include' };

test('should answer mode no-cors with an opaque response', () => {
  const seen = new Browser().run(
    { mode: 'no-cors', headers: xa.headers as Header[] },
    { actual: answer(200, ['X', '1']) },
  );
  assert.deepEqual(
    [seen.script.type, seen.script.status, seen.script.url, seen.script.headers, seen.script.body],
    ['opaque', 0, '', [], ''],
  );
  assert.equal(sent(seen, 0, 'x-a'), undefined);
  assert.equal(
    stopped(new Browser().run({ mode: 'no-cors', redirect: 'manual' }, simple)),
    'main.no-cors-redirect',
  );
  assert.equal(new Browser().run({ mode: 'no-cors', url: '/x' }, simple).script.type, 'basic');
});

test('should hold opaque responses against Cross-Origin-Resource-Policy, and CORS ones never', () => {
  const corp = (value: string): Header => ['Cross-Origin-Resource-Policy', value];
  const blockedBy = (value: string, page = PAGE, url = TARGET) =>
    stopped(
      new Browser().run(
        { mode: 'no-cors', url, client: { ...client, origin: page } },
        { actual: answer(200, corp(value)) },
      ),
    ) === 'corp';
  assert.equal(blockedBy('same-origin'), true);
  assert.equal(blockedBy('same-site'), true);
  assert.equal(blockedBy('cross-origin'), false);
  assert.equal(blockedBy('same-site', PAGE, 'https://app.example:8443/'), false);
  assert.equal(blockedBy('same-site', 'http://app.example', 'https://app.example/'), true);
  assert.equal(blockedBy('same-site', 'http://app.example', 'http://app.example:81/'), false);
  const cors = new Browser().run({}, { actual: answer(200, acao(), corp('same-origin')) });
  assert.equal(cors.script.outcome, 'readable');
});

test('should stop what may not be asked for at all', () => {
  const stop = (request: Partial<ScriptRequest>) => {
    const seen = new Browser().run(request, simple);
    assert.equal(seen.wire.length, 0);
    assert.equal(seen.script.outcome, 'error');
    return stopped(seen);
  };
  assert.equal(stop({ mode: 'same-origin' }), 'main.mode-same-origin');
  assert.equal(stop({ url: 'https://api.test:6000/' }), 'bad-port');
  assert.equal(stop({ url: 'http://api.test/' }), 'mixed-content');
  const sandboxed = { ...client, origin: 'null', topLevelOrigin: client.origin };
  assert.equal(stop({ url: 'http://api.test/', client: sandboxed }), 'mixed-content');
  assert.equal(
    stop({ url: 'ftp://api.test/', client: { ...client, origin: 'http://a.test' } }),
    'main.scheme',
  );
  assert.equal(
    stop({ url: 'foo:bar', mode: 'no-cors', client: { ...client, origin: 'null' } }),
    'main.unknown-scheme',
  );
  assert.equal(stop({ url: '/x', mode: 'same-origin', cache: 'only-if-cached' }), 'only-if-cached');
  assert.equal(stop({ method: 'POST', keepalive: true, body: { bytes: 65_537 } }), 'keepalive-limit');
  assert.equal(stop({ method: 'CONNECT' }), 'construct');
  assert.equal(stop({ abort: 'before' }), 'aborted');
});

test('should let keepalive requests carry 64 KiB', () => {
  const seen = new Browser().run({ method: 'POST', keepalive: true, body: { bytes: 65_536 } }, simple);
  assert.equal(seen.script.outcome, 'readable');
});

test('should let loopback be asked from a secure page', () => {
  assert.equal(new Browser().run({ url: 'http://localhost:3000/' }, simple).script.outcome, 'readable');
});

test('should take tabs and spaces off the values of response headers', () => {
  const seen = new Browser().run({}, { actual: answer(200, acao(` \t${PAGE}\t `)) });
  assert.equal(seen.script.outcome, 'readable');
});

test('should retry once after 421, on a new connection', () => {
  const seen = new Browser().run({}, { actual: answer(421, acao()) });
  assert.deepEqual(
    seen.wire.map(send => send.newConnection),
    [false, true],
  );
  assert.equal(seen.script.status, 421);
  const preflight = new Browser().run(put, { preflight: answer(421, acao()) });
  assert.equal(methods(preflight), 'OPTIONS OPTIONS');
  const stream = new Browser({ http: '2' }).run(
    { method: 'POST', body: { stream: 'x' } },
    { preflight: answer(204, acao()), actual: answer(421, acao()) },
  );
  assert.equal(methods(stream), 'OPTIONS POST');
});

test('should show 401 to a CORS request without asking anybody', () => {
  const challenge = answer(401, acao(), acac(), ['WWW-Authenticate', 'Basic']);
  assert.equal(new Browser().run(include, { actual: challenge }).script.status, 401);
  const own = new Browser().run({ url: '/x' }, { actual: challenge });
  assert.match(own.notModelled ?? '', /a name and a password/);
  const unasked = new Browser().run({ url: '/x' }, { actual: answer(401) });
  assert.equal(unasked.script.status, 401);
  const worker = new Browser().run(
    { url: '/x', client: { ...client, global: 'worker' } },
    { actual: challenge },
  );
  assert.equal(worker.script.status, 401);
  const stream = new Browser({ http: '2' }).run(
    { url: '/x', method: 'POST', body: { stream: 'x' } },
    { actual: challenge },
  );
  assert.equal(stopped(stream), 'authenticate.stream');
});

test('should not know what becomes of 407 in a window, and fail in a worker', () => {
  assert.match(new Browser().run({}, { actual: answer(407, acao()) }).notModelled ?? '', /proxy/);
  const worker = new Browser().run(
    { client: { ...client, global: 'worker' } },
    { actual: answer(407, acao()) },
  );
  assert.equal(worker.script.outcome, 'error');
});

test('should send what the cache modes add, which never forces a preflight', () => {
  const header = (request: Partial<ScriptRequest>, name: string) =>
    sent(new Browser().run(request, simple), 0, name);
  assert.equal(header({ cache: 'no-cache' }, 'cache-control'), 'max-age=0');
  assert.equal(header({ cache: 'reload' }, 'cache-control'), 'no-cache');
  assert.equal(header({ cache: 'reload' }, 'pragma'), 'no-cache');
  assert.equal(header({ cache: 'default' }, 'pragma'), undefined);
  assert.equal(header({ headers: [['Range', 'bytes=0-5']] }, 'accept-encoding'), 'identity');
  const own = new Browser().run(
    {
      url: '/x',
      headers: [
        ['Cache-Control', 'x'],
        ['Pragma', 'y'],
        ['If-None-Match', 'z'],
      ],
    },
    { actual: answer(304) },
  );
  assert.equal(sent(own, 0, 'cache-control'), 'x');
  assert.equal(sent(own, 0, 'pragma'), 'y');
  const noCache = new Browser().run(
    { url: '/x', cache: 'no-cache', headers: [['Cache-Control', 'x']] },
    simple,
  );
  assert.equal(sent(noCache, 0, 'cache-control'), 'x');
  const conditional = new Browser().run(
    { url: '/x', headers: [['If-None-Match', 'z']] },
    { actual: answer(304) },
  );
  assert.equal(sent(conditional, 0, 'pragma'), 'no-cache');
});

test('should say how near the request is, to servers that may be trusted to hear it', () => {
  const site = (url: string) => sent(new Browser().run({ url }, simple), 0, 'sec-fetch-site');
  assert.equal(site('/x'), 'same-origin');
  assert.equal(site('https://api.app.example/'), 'same-site');
  assert.equal(site(TARGET), 'cross-site');
  const insecure = new Browser().run(
    { url: 'http://a.test/', client: { ...client, origin: 'http://b.test' } },
    simple,
  );
  assert.equal(sent(insecure, 0, 'sec-fetch-site'), undefined);
});

test('should send Content-Length: 0 with a POST or PUT without a body', () => {
  assert.equal(sent(new Browser().run({ method: 'POST' }, simple), 0, 'content-length'), '0');
  assert.equal(sent(new Browser().run({}, simple), 0, 'content-length'), undefined);
  const put = new Browser().run({ url: '/x', method: 'PUT' }, simple);
  assert.equal(sent(put, 0, 'content-length'), '0');
});

test('should abort once the server has received the request', () => {
  const preflight = answer(204, acao(), acam('PUT'));
  const first = new Browser().run({ ...put, abort: { when: 'preflight' } }, { preflight, actual: ok });
  assert.equal(methods(first), 'OPTIONS');
  assert.deepEqual(first.script.error?.name, 'AbortError');
  const second = new Browser().run(
    { ...put, abort: { when: 'actual', url: TARGET, reason: 'enough' } },
    { preflight, actual: ok },
  );
  assert.equal(methods(second), 'OPTIONS PUT');
  assert.equal(second.script.error?.name, 'enough');
  const elsewhere = new Browser().run({ abort: { when: 'actual', url: 'https://b.test/' } }, simple);
  assert.equal(elsewhere.script.outcome, 'readable');
});

test('should time out, and wait for ever where nothing says otherwise', () => {
  const browser = new Browser();
  const late = browser.run({ timeoutMs: 100 }, { actual: { ...ok, delayMs: 100 } });
  assert.deepEqual([late.script.outcome, late.script.error?.name], ['timeout', 'TimeoutError']);
  assert.equal(browser.clock.time, 100);
  assert.equal(
    browser.run({ timeoutMs: 100 }, { actual: { ...ok, delayMs: 99 } }).script.outcome,
    'readable',
  );
  assert.equal(browser.clock.time, 199);
  assert.equal(browser.run({ timeoutMs: 5 }, { actual: { kind: 'hang' } }).script.outcome, 'timeout');
  const forever = browser.run({}, { actual: { kind: 'hang' } });
  assert.deepEqual([forever.script.outcome, forever.script.settled], ['timeout', 'unsettled']);
  const failing = browser.run({}, { actual: { kind: 'failure', delayMs: 7 } });
  assert.equal(failing.script.outcome, 'error');
  assert.equal(browser.clock.time, 211);
});

test('should do without a sleeping clock', () => {
  const clock = { now: () => 0 };
  const slow = { ...ok, delayMs: 50 };
  assert.equal(predict({ client, url: TARGET }, () => slow, clock).script.outcome, 'readable');
  assert.equal(predict({ client, url: TARGET, timeoutMs: 10 }, () => slow, clock).script.outcome, 'timeout');
});

test('should tell how a body ends', () => {
  const body = (bodyEnd: 'cut' | 'hang', request: Partial<ScriptRequest> = {}) =>
    new Browser().run(request, { actual: { ...ok, body: 'x', bodyEnd } }).script;
  assert.equal(body('cut').bodyError, 'TypeError');
  assert.equal(body('hang').settled, 'unsettled');
  assert.equal(body('hang', { timeoutMs: 5 }).bodyError, 'TimeoutError');
  assert.equal(body('cut', { method: 'HEAD' }).bodyError, undefined);
});

test('should have no body for HEAD and null body statuses', () => {
  for (const status of [204, 205, 304]) {
    const seen = new Browser().run({}, { actual: { ...answer(status, acao()), body: 'x', reason: 'R' } });
    assert.deepEqual([seen.script.status, seen.script.body, seen.script.statusText], [status, '', 'R']);
  }
  assert.equal(new Browser().run({ method: 'HEAD' }, { actual: { ...ok, body: 'x' } }).script.body, '');
});

test('should name what it does not model', () => {
  const reason = (request: Partial<ScriptRequest>, actual: WireReply = ok) => {
    const seen = new Browser().run(request, { actual });
    assert.equal(seen.trace.at(-1)?.id, 'not-modelled');
    return seen.notModelled ?? '';
  };
  assert.match(reason({ api: 'beacon' }), /API beacon/);
  assert.match(reason({ targetAddressSpace: 'local' }), /Local Network Access/);
  assert.match(reason({ url: 'data:,x' }), /data: URLs/);
  assert.match(reason({ url: 'blob:https://app.example/1' }), /blob: URLs/);
  assert.match(reason({}, answer(101, acao())), /1xx/);
});

test('should tell a bug from a prediction', () => {
  const broken = () => {
    throw new RangeError('the exchange itself is broken');
  };
  for (const api of ['fetch', 'xhr']) {
    assert.throws(() => predict({ client, url: TARGET, api }, broken, { now: () => 0 }), RangeError);
  }
});

test('should tell a body that is null from one that is empty', () => {
  const nullBody = (request: Partial<ScriptRequest>, status: number) =>
    new Browser().run(request, { actual: { ...answer(status, acao()), body: '' } }).script.nullBody;
  assert.equal(nullBody({}, 204), true);
  assert.equal(nullBody({ method: 'HEAD' }, 200), true);
  assert.equal(nullBody({}, 200), undefined);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Header } from './header-list.ts';
import { includesCredentials, isRedirectStatus, locationUrl } from './redirect.ts';
import {
  acac,
  acah,
  acam,
  acao,
  answer,
  Browser,
  client,
  maxAge,
  methods,
  PAGE,
  sent,
  stopped,
} from './testing.test-support.ts';
import type { ScriptRequest, WireReply, WireSend } from './types.ts';

const A = 'https://a.test/x';
const B = 'https://b.test/y';

const location = (...values: string[]): Header[] => values.map(value => ['Location', value]);
const redirect = (status: number, to: string, ...headers: Header[]): WireReply =>
  answer(status, ...location(to), ...headers);

/** Answers by URL; every preflight is allowed, for whatever origin asks. */
const servers =
  (answers: Record<string, WireReply>) =>
  (send: WireSend): WireReply =>
    send.role === 'preflight'
      ? answer(
          204,
          acao(origin(send)),
          acac(),
          acam('PUT, POST, DELETE, GET'),
          acah('x-a, content-type, authorization'),
          maxAge('0'),
        )
      : (answers[send.url] ?? { kind: 'failure' });
const origin = (send: WireSend) => send.headers.find(([name]) => name === 'Origin')?.[1] ?? '';

const run = (request: Partial<ScriptRequest>, answers: Record<string, WireReply>) =>
  new Browser().run({ url: A, ...request }, servers(answers));

test('should know the five redirect statuses', () => {
  for (const status of [301, 302, 303, 307, 308]) assert.equal(isRedirectStatus(status), true);
  for (const status of [200, 300, 304, 305, 306, 309]) assert.equal(isRedirectStatus(status), false);
});

test('should read Location', () => {
  const base = new URL(`${A}#f`);
  assert.equal(locationUrl([], base), null);
  assert.equal(locationUrl(location('/z'), base)?.toString(), 'https://a.test/z#f');
  assert.equal(locationUrl(location('/z#g'), base)?.toString(), 'https://a.test/z#g');
  assert.equal(locationUrl(location(''), base)?.toString(), `${A}#f`);
  assert.equal(locationUrl(location('/z'), new URL(A))?.toString(), 'https://a.test/z');
  assert.equal(locationUrl(location('/z', '/z'), base), 'failure');
  assert.equal(locationUrl(location('http://'), base), 'failure');
  assert.equal(includesCredentials(new URL('https://u@a.test')), true);
  assert.equal(includesCredentials(new URL('https://:p@a.test')), true);
  assert.equal(includesCredentials(new URL('https://:@a.test')), false);
});

test('should send Origin null to another origin after a cross-origin redirect', () => {
  const seen = run({}, { [A]: redirect(302, B, acao()), [B]: answer(200, acao('null')) });
  assert.equal(seen.script.outcome, 'readable');
  assert.equal(seen.script.redirected, true);
  assert.equal(seen.script.url, B);
  assert.equal(sent(seen, 0, 'origin'), PAGE);
  assert.equal(sent(seen, 1, 'origin'), 'null');
});

test('should never contact the second origin where the first hop fails the CORS check', () => {
  const seen = run({}, { [A]: redirect(302, B) });
  assert.equal(methods(seen), 'GET');
  assert.equal(seen.script.blockedAt, 'response');
  assert.equal(stopped(seen), 'cors.allow-origin-missing');
});

test('should not check the hop that is same-origin, and send the real origin on', () => {
  const seen = run({ url: `${PAGE}/x` }, { [`${PAGE}/x`]: redirect(302, A), [A]: answer(200, acao()) });
  assert.equal(seen.script.type, 'cors');
  assert.equal(sent(seen, 0, 'origin'), undefined);
  assert.equal(sent(seen, 1, 'origin'), PAGE);
});

test("should need CORS headers of the page's own origin after a detour", () => {
  const seen = run({}, { [A]: redirect(302, `${PAGE}/x`, acao()), [`${PAGE}/x`]: answer(200) });
  assert.equal(seen.script.outcome, 'blocked');
  assert.equal(sent(seen, 1, 'origin'), 'null');
});

test('should preflight each hop, with the origin that hop gets', () => {
  const seen = run({ method: 'PUT' }, { [A]: redirect(307, B, acao()), [B]: answer(200, acao('null')) });
  assert.equal(methods(seen), 'OPTIONS PUT OPTIONS PUT');
  assert.equal(sent(seen, 2, 'origin'), 'null');
});

for (const [status, method, expected] of [
  [301, 'POST', 'GET'],
  [302, 'POST', 'GET'],
  [303, 'POST', 'GET'],
  [307, 'POST', 'POST'],
  [308, 'POST', 'POST'],
  [303, 'HEAD', 'HEAD'],
  [303, 'GET', 'GET'],
  [302, 'HEAD', 'HEAD'],
] as const) {
  test(`should follow ${status} after ${method} with ${expected}`, () => {
    const body = method === 'POST' ? { body: 'x', headers: [['Content-Language', 'en']] as const } : {};
    const seen = run({ method, ...body }, { [A]: redirect(status, B, acao()), [B]: answer(200, acao('*')) });
    assert.equal(seen.wire[1]?.method, expected);
    assert.equal(seen.wire[1]?.body, expected === 'POST' ? 'x' : null);
    assert.equal(sent(seen, 1, 'content-type') !== undefined, expected === 'POST');
    assert.equal(sent(seen, 1, 'content-language') !== undefined, expected === 'POST');
  });
}

test('should drop the need for a second preflight together with its reason', () => {
  const json = { method: 'POST', body: '{}', headers: [['Content-Type', 'application/json']] as const };
  const seen = run(json, { [A]: redirect(302, B, acao()), [B]: answer(200, acao('*')) });
  assert.equal(methods(seen), 'OPTIONS POST GET');
  const authorized = { headers: [['Authorization', 'x']] as const };
  const stripped = run(authorized, { [A]: redirect(302, B, acao()), [B]: answer(200, acao('*')) });
  assert.equal(methods(stripped), 'OPTIONS GET GET');
  assert.equal(sent(stripped, 2, 'authorization'), undefined);
  assert.match(
    stripped.trace.find(step => step.id === 'redirect.followed')?.values.dropped ?? '',
    /Authorization/,
  );
});

test('should keep Authorization, and custom headers, within one origin', () => {
  const request = {
    method: 'DELETE',
    headers: [
      ['Authorization', 'x'],
      ['X-A', '1'],
    ] as const,
  };
  const seen = run(request, { [A]: redirect(303, `${A}2`, acao()), [`${A}2`]: answer(200, acao()) });
  assert.equal(methods(seen), 'OPTIONS DELETE OPTIONS GET');
  assert.equal(sent(seen, 2, 'access-control-request-method'), 'GET');
  assert.equal(sent(seen, 3, 'authorization'), 'x');
});

const refused: [title: string, to: string, from: string, id: string, outcome: string][] = [
  ['a data: URL', 'data:,x', A, 'redirect.scheme', 'error'],
  ['a mail address', 'mailto:a@b.test', A, 'redirect.scheme', 'error'],
  ['a URL that does not parse', 'http://', A, 'redirect.location-invalid', 'error'],
  ['userinfo at another origin', 'https://u:p@b.test/', A, 'redirect.credentials-cross-origin', 'blocked'],
  ["userinfo at the page's origin", `https://u@app.example/`, A, 'redirect.credentials-tainted', 'blocked'],
  [
    "userinfo from the page's origin",
    'https://u@b.test/',
    `${PAGE}/x`,
    'redirect.credentials-cross-origin',
    'blocked',
  ],
];
for (const [title, to, from, id, outcome] of refused) {
  test(`should not follow to ${title}`, () => {
    const seen = run({ url: from }, { [from]: redirect(302, to, acao()) });
    assert.equal(methods(seen), 'GET');
    assert.equal(stopped(seen), id);
    assert.equal(seen.script.outcome, outcome);
  });
}

test("should follow userinfo within the page's own origin, and empty userinfo anywhere", () => {
  const own = run(
    { url: `${PAGE}/x` },
    { [`${PAGE}/x`]: redirect(302, 'https://u:p@app.example/y'), 'https://u:p@app.example/y': answer(200) },
  );
  assert.equal(own.script.outcome, 'readable');
  const empty = run(
    {},
    { [A]: redirect(302, 'https://:@a.test/y', acao()), 'https://a.test/y': answer(200, acao()) },
  );
  assert.equal(empty.script.outcome, 'readable');
});

test('should follow 20 redirects and not 21', () => {
  const chain = (last: number) => {
    const answers: Record<string, WireReply> = {};
    for (let n = 0; n < last; n++) answers[`https://a.test/${n}`] = redirect(302, `/${n + 1}`, acao());
    answers[`https://a.test/${last}`] = answer(200, acao());
    return run({ url: 'https://a.test/0' }, answers);
  };
  assert.equal(chain(20).script.outcome, 'readable');
  assert.equal(stopped(chain(21)), 'redirect.too-many');
  assert.equal(chain(21).wire.length, 21);
});

test('should show a redirect without Location as it is', () => {
  assert.equal(run({}, { [A]: answer(302, acao()) }).script.status, 302);
  assert.equal(run({}, { [A]: answer(302) }).script.outcome, 'blocked');
});

test('should heed the redirect modes', () => {
  const manual = run({ redirect: 'manual' }, { [A]: redirect(302, B, acao()) });
  assert.deepEqual(
    [manual.script.type, manual.script.status, manual.script.url, manual.script.outcome],
    ['opaqueredirect', 0, A, 'opaque'],
  );
  assert.equal(run({ redirect: 'manual' }, { [A]: redirect(302, B) }).script.outcome, 'blocked');
  assert.equal(stopped(run({ redirect: 'error' }, { [A]: redirect(302, B, acao()) })), 'redirect.error-mode');
});

test('should not send a stream a second time, except to drop it', () => {
  const stream = { method: 'POST', body: { stream: 'x' } };
  const over2 = (status: number) =>
    new Browser({ http: '2' }).run(
      { url: A, ...stream },
      servers({ [A]: redirect(status, `${A}2`, acao()), [`${A}2`]: answer(200, acao()) }),
    );
  assert.equal(stopped(over2(307)), 'redirect.stream-body');
  assert.equal(over2(303).script.outcome, 'readable');
});

test('should take the referrer policy that a redirect sets', () => {
  const seen = new Browser().run(
    { url: A, client: { ...client, referrerPolicy: 'unsafe-url' } },
    servers({
      [A]: redirect(302, B, acao(), ['Referrer-Policy', 'unknown, no-referrer']),
      [B]: answer(200, acao('*')),
    }),
  );
  assert.equal(sent(seen, 0, 'referer'), `${PAGE}/page?q`);
  assert.equal(sent(seen, 1, 'referer'), undefined);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, explainStep } from './explain.ts';
import { SPEC } from './spec.ts';
import { acac, acah, acam, acao, answer, Browser, client, PAGE } from './testing.test-support.ts';
import type { Header, ScriptRequest, WireReply } from './user-agent.ts';

const told = (
  request: Partial<ScriptRequest>,
  server: { preflight?: WireReply; actual?: WireReply } | ((send: { url: string }) => WireReply),
) => {
  const [first] = explain(new Browser().run(request, server));
  assert.ok(first, 'there is an explanation');
  assert.match(first.spec ?? '', /^https:\/\//);
  return first;
};
const response = (request: Partial<ScriptRequest>, ...headers: Header[]) =>
  told(request, { actual: answer(200, ...headers) });
const preflight = (request: Partial<ScriptRequest>, ...headers: Header[]) =>
  told(request, { preflight: answer(204, ...headers) });
const put: Partial<ScriptRequest> = { method: 'PUT' };
const include: Partial<ScriptRequest> = { credentials: 'include' };

test('should tell what the status of an answer without CORS headers means first', () => {
  const options = told(put, { preflight: answer(405) });
  assert.match(options.text, /\(status 405\)\.$/);
  assert.match(
    options.fix ?? '',
    /^Route OPTIONS for this URL, and answer it with 204\. Send "Access-Control-Allow-Origin/,
  );
  assert.match(told(put, { preflight: answer(302) }).fix ?? '', /^Answer OPTIONS at this very URL with 204/);
  const redirect = told({}, { actual: answer(301, ['Location', 'https://api.example/x/']) });
  assert.match(redirect.text, /\(status 301\)\.$/);
  assert.match(
    redirect.fix ?? '',
    /^This answer is a redirect: let the page ask for the URL that it leads to/,
  );
  assert.match(
    told({}, { actual: answer(500) }).fix ?? '',
    /^Many servers leave CORS headers out of their error answers/,
  );
});

test("should word the three classic errors as browsers' consoles do", () => {
  const missing = response({});
  assert.equal(
    missing.text,
    "Blocked at the response: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
  );
  assert.match(missing.fix ?? '', /"Access-Control-Allow-Origin: https:\/\/app\.example".*Vary: Origin/);
  const unprepared = preflight(put);
  assert.match(
    unprepared.text,
    /^Blocked at the preflight: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource\.$/,
  );
  assert.match(unprepared.fix ?? '', /answer to OPTIONS/);
  const star = response(include, acao('*'));
  assert.ok(
    star.text.includes(
      "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
    ),
  );
  assert.equal(star.spec, SPEC.corsCheck);
});

test('should know that error answers often lack CORS headers', () => {
  const failed = told({}, { actual: answer(500) });
  assert.match(failed.text, /\(status 500\)/);
  assert.match(failed.fix ?? '', /error answers/);
});

const nearMisses: [value: string, why: RegExp][] = [
  [`${PAGE}/`, /no trailing slash/],
  [`${PAGE}/page`, /no path/],
  ['HTTPS://app.example', /case-sensitively/],
  [`${PAGE}:443`, /default port/],
  [`${PAGE}:8443`, /the port differs/],
  ['http://app.example', /the scheme differs/],
  ['https://www.app.example', /another origin/],
  ['http://other.example', /another origin/],
  ['', /it is empty/],
  ['null', /opaque origins only/],
  ['*\x0b', /control characters in it that HTTP does not strip/],
  ['\xa0*', /that HTTP does not strip/],
  ['https://*.example', /bare '\*'/],
  [`"${PAGE}"`, /quotes/],
  [`${PAGE}\x0b`, /whitespace/],
  ['app.example', /begins with its scheme/],
  ['https://', /not a serialized origin/],
  [`${PAGE}, ${PAGE}`, /multiple values/],
];
for (const [value, why] of nearMisses) {
  test(`should explain the near miss ${JSON.stringify(value)}`, () => {
    const { text, fix } = response({}, acao(value));
    assert.match(text, why);
    assert.match(fix ?? '', /exactly "Access-Control-Allow-Origin: https:\/\/app\.example"/);
  });
}

test('should not advise to let in whom the server means to keep out', () => {
  assert.match(
    response({}, acao('https://other.example')).fix ?? '',
    /if not, the server does what it should/,
  );
  assert.doesNotMatch(response({}, acao(`${PAGE}/`)).fix ?? '', /if not/);
});

test('should tell two equal lines from a list', () => {
  assert.match(response({}, acao(), acao()).fix ?? '', /once; two layers/);
  assert.match(response({}, acao(`${PAGE}, https://b.example`)).fix ?? '', /choose the one origin/);
});

test('should explain the null of a redirect', () => {
  const { text, fix } = told({ url: 'https://a.test/' }, send =>
    send.url === 'https://a.test/'
      ? answer(302, acao(), ['Location', 'https://b.test/'])
      : answer(200, acao()),
  );
  assert.match(text, /the redirect from https:\/\/a\.test to https:\/\/b\.test made the origin null/);
  assert.match(fix ?? '', /ask https:\/\/b\.test directly, or redirect only within one origin/);
  const opaque = response({ client: { ...client, origin: 'null' } }, acao());
  assert.match(opaque.text, /not equal to the supplied origin 'null'/);
});

test('should name the way that made the origin null, back to the page included', () => {
  const { text } = told({ url: 'https://a.test/' }, send =>
    send.url === 'https://a.test/' ? answer(302, acao(), ['Location', `${PAGE}/back`]) : answer(200, acao()),
  );
  assert.match(text, /the redirect from https:\/\/a\.test to https:\/\/app\.example made the origin null/);
});

test('should never advise to list null, or to add credentials to it', () => {
  const opaque = { client: { ...client, origin: 'null' } };
  const tainted = (more: Partial<ScriptRequest>, ...headers: Header[]) =>
    told({ url: 'https://a.test/', ...more }, send =>
      send.url === 'https://a.test/'
        ? answer(302, acao(), acac(), ['Location', 'https://b.test/'])
        : answer(200, ...headers),
    );
  const advices = [
    response(opaque),
    response(opaque, acao('https://other.example')),
    response(opaque, acao('*, *')),
    response({ ...opaque, ...include }),
    response({ ...opaque, ...include }, acao('*')),
    response({ ...opaque, ...include }, acao('null')),
    preflight({ ...opaque, ...put }),
    preflight({ ...opaque, ...put, ...include }, acao('*')),
    tainted({}),
    tainted({}, acao()),
    tainted(include),
    tainted(include, acao('*')),
    tainted(include, acao()),
    tainted(include, acao('null'), acac('1')),
  ].map(({ fix }) => fix ?? '');
  for (const advice of advices) {
    assert.match(advice, /^Do not list null: any site can make requests with that origin\./);
    assert.doesNotMatch(advice, /Allow-Origin: null|Allow-Credentials|Vary/);
  }
  assert.equal(advices.filter(advice => /No header can safely allow this/.test(advice)).length, 8);
});

test('should make advice that lets others read depend on whether they may', () => {
  assert.match(response({}).fix ?? '', /if pages of https:\/\/app\.example may read it/);
  assert.match(response(include, acao()).fix ?? '', /may read what it says to a signed-in user/);
});

test('should write every sentence in full', () => {
  const said = [
    response({}),
    response(include, acao('*')),
    response(include, acao(), acac('yes')),
    ...nearMisses.map(([value]) => response({}, acao(value))),
    preflight(put),
    preflight(put, acao(), acam('put')),
    preflight({ ...put, ...include }, acao(), acac(), acam('*')),
    preflight({ headers: [['X-A', '1']] }, acao(), acah('b@d')),
    preflight({ headers: [['Authorization', '1']] }, acao(), acah('*')),
    ...[301, 401, 403, 404, 407, 500].map(status => told(put, { preflight: answer(status, acao()) })),
    told({}, { actual: { kind: 'failure' } }),
    told({ method: 'TRACE' }, {}),
    told({ method: 'a b', api: 'xhr' }, {}),
    told({ url: 'ftp://x.example/' }, {}),
    told({ redirect: 'error' }, { actual: answer(302, acao(), ['Location', '/']) }),
    told({ url: 'http://localhost:22/' }, {}),
  ];
  for (const { text, fix = 'None.' } of said) {
    for (const sentence of [text, fix]) {
      assert.match(sentence, /^[A-Z].*[.]$|\.\)$|\)\.$/s, sentence);
      assert.ok(sentence.length <= 420, sentence);
      assert.doesNotMatch(
        sentence,
        /undefined|\[object|\{[a-z]|\b(\w+) \1\b|\ba [aeiou]|\.\.$| {2}/i,
        sentence,
      );
    }
  }
});

test('should explain Access-Control-Allow-Credentials', () => {
  assert.match(response(include, acao()).text, /header in the response is '' which must be 'true' when/);
  assert.match(
    response(include, acao(), acac('True')).text,
    /is 'True' which must be 'true', in exactly these letters, when/,
  );
  assert.match(response(include, acao(), acac('1')).text, /is '1' which must be 'true' when/);
  assert.match(response(include, acao(), acac()).text, /may be shared/);
});

test('should explain a method that is not allowed', () => {
  const near = preflight({ method: 'patch' }, acao(), acam('PATCH'));
  assert.equal(
    near.text,
    "Blocked at the preflight: Method patch is not allowed by Access-Control-Allow-Methods in preflight response: Access-Control-Allow-Methods lists PATCH, the request's method is patch, and method names are compared case-sensitively.",
  );
  assert.match(near.fix ?? '', /as PATCH in the request/);
  assert.match(preflight(put, acao(), acam('put')).fix ?? '', /^List PUT/);
  assert.match(preflight(put, acao()).text, /which is absent\.$/);
  assert.match(preflight(put, acao(), acam('GET')).text, /which is 'GET'\.$/);
  assert.match(preflight({ ...put, ...include }, acao(), acac(), acam('*')).text, /'\*' is no wildcard when/);
});

test('should explain a header that is not allowed', () => {
  const xa: Partial<ScriptRequest> = { headers: [['X-A', '1']] };
  assert.match(
    preflight(xa, acao()).text,
    /Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response, which is absent\.$/,
  );
  assert.match(preflight(xa, acao(), acah('x-b')).text, /which is 'x-b'\.$/);
  const both: Partial<ScriptRequest> = {
    headers: [
      ['X-A', '1'],
      ['X-B', '1'],
    ],
  };
  assert.match(preflight(both, acao()).text, /fields x-a, x-b are not allowed/);
  assert.match(preflight({ ...xa, ...include }, acao(), acac(), acah('*')).text, /no wildcard when/);
  const authorization: Partial<ScriptRequest> = { headers: [['Authorization', 'x']] };
  assert.match(preflight(authorization, acao(), acah('*')).text, /does not cover Authorization/);
});

test('should explain what else a preflight stumbles over', () => {
  const status = (code: number) => told(put, { preflight: answer(code, acao()) });
  assert.match(
    status(404).text,
    /doesn't pass access control check: It does not have HTTP ok status: it has 404/,
  );
  assert.match(status(405).fix ?? '', /Route OPTIONS/);
  assert.match(status(404).fix ?? '', /Route OPTIONS/);
  assert.match(status(401).fix ?? '', /before authentication/);
  assert.match(status(403).fix ?? '', /before whatever forbids it/);
  assert.doesNotMatch(status(403).fix ?? '', /authentication/);
  assert.match(status(500).fix ?? '', /from 200 to 299/);
  assert.match(status(302).text, /Redirect is not allowed for a preflight request/);
  assert.match(preflight(put, acao(), acam('b@d')).text, /Access-Control-Allow-Methods is 'b@d'/);
});

test('should explain what is not about CORS headers', () => {
  assert.match(told({}, { actual: { kind: 'failure' } }).fix ?? '', /valid HTTP/);
  assert.match(told({ method: 'TRACE' }, {}).text, /^The call itself fails: TypeError/);
  assert.equal(told({ mode: 'same-origin' }, {}).fix, undefined);
  assert.match(told({ api: 'beacon' }, {}).text, /Not modelled: the API beacon/);
});

test('should say why a request was allowed', () => {
  assert.match(response({}, acao()).text, /^The response may be shared with https:\/\/app\.example\.$/);
  assert.match(response({ url: '/x' }).text, /every header but Set-Cookie/);
  assert.match(told({ url: '/x', redirect: 'manual' }, { actual: answer(302) }).text, /same-origin/);
  assert.match(response({ mode: 'no-cors' }).text, /opaque/);
});

test('should have nothing to say of nothing', () => {
  assert.deepEqual(
    explain({ wire: [], script: { outcome: 'readable', settled: 'resolved' }, trace: [] }),
    [],
  );
  const bare = {
    id: 'preflight.method',
    section: SPEC.preflightFetch,
    text: 't',
    values: {},
    result: 'stop',
  } as const;
  assert.match(explainStep(bare).text, /\(absent\)/);
});

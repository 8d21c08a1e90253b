import assert from 'node:assert/strict';
import test from 'node:test';
import {
  acac,
  acah,
  acam,
  acao,
  answer,
  Browser,
  methods,
  PAGE,
  sent,
  stopped,
  TARGET,
} from './testing.test-support.ts';
import type { Header, ScriptRequest, WireReply } from './user-agent.ts';

const ok = answer(200, acao());

test('should ask with exact preflight headers', () => {
  const headers: Header[] = [
    ['X-B', '1'],
    ['Accept', 'text/zz'],
    ['x-a', ''],
    ['User-Agent', 'zz'],
  ];
  const seen = new Browser().run(
    { method: 'PUT', headers, url: `${TARGET}#f`, cache: 'no-store', body: 'x' },
    { preflight: answer(204, acao('*'), acam('*'), acah('*')), actual: ok },
  );
  assert.equal(methods(seen), 'OPTIONS PUT');
  assert.equal(seen.wire[0]?.url, TARGET);
  assert.equal(seen.wire[0]?.body, null);
  assert.equal(seen.wire[0]?.role, 'preflight');
  assert.equal(sent(seen, 0, 'access-control-request-method'), 'PUT');
  assert.equal(sent(seen, 0, 'access-control-request-headers'), 'user-agent,x-a,x-b');
  assert.equal(sent(seen, 0, 'accept'), '*/*');
  assert.match(sent(seen, 0, 'user-agent') ?? '', /^Mozilla/);
  assert.equal(sent(seen, 0, 'referer'), `${PAGE}/`);
  for (const name of ['pragma', 'cache-control', 'content-type', 'content-length', 'accept-language']) {
    assert.equal(sent(seen, 0, name), undefined, name);
  }
  assert.equal(sent(seen, 1, 'user-agent'), 'zz');
  assert.equal(sent(seen, 1, 'pragma'), 'no-cache');
  assert.equal(sent(seen, 1, 'content-length'), '1');
});

test('should leave Access-Control-Request-Headers out where there is nothing to ask', () => {
  const seen = new Browser().run(
    { method: 'DELETE' },
    { preflight: answer(200, acao(), acam('DELETE')), actual: ok },
  );
  assert.equal(sent(seen, 0, 'access-control-request-headers'), undefined);
  assert.equal(seen.script.outcome, 'readable');
});

const put: Partial<ScriptRequest> = { method: 'PUT' };
const xa: Partial<ScriptRequest> = { headers: [['x-a', '1']] };
const include: Partial<ScriptRequest> = { credentials: 'include' };
const authorization: Partial<ScriptRequest> = { headers: [['Authorization', 'x']] };

const preflights: [
  title: string,
  request: Partial<ScriptRequest>,
  preflight: WireReply,
  stop: string | null,
][] = [
  ['status 299', put, answer(299, acao(), acam('PUT')), null],
  ['status 301', put, answer(301, acao(), acam('PUT'), ['Location', '/']), 'preflight.redirect'],
  ['status 300', put, answer(300, acao(), acam('PUT')), 'preflight.status'],
  ['status 404', put, answer(404, acao(), acam('PUT')), 'preflight.status'],
  [
    'status 401 with a challenge',
    { ...put, ...include },
    answer(401, acao(), acac(), ['WWW-Authenticate', 'Basic']),
    'preflight.status',
  ],
  ['status 407', put, answer(407, acao()), 'proxy-authentication'],
  ['no CORS headers', put, answer(204), 'cors.allow-origin-missing'],
  ['no method list', put, answer(204, acao()), 'preflight.method'],
  ['an empty method list', put, answer(204, acao(), acam('')), 'preflight.method'],
  ['a method in another case', put, answer(204, acao(), acam('put')), 'preflight.method'],
  ['empty members', put, answer(204, acao(), acam(',,PUT')), null],
  ['two lines', put, answer(204, acao(), acam('X'), acam('PUT')), null],
  ['a bad second line', put, answer(204, acao(), acam('PUT'), acam('b@d')), 'preflight.list-invalid'],
  ['a bad list nobody needs', put, answer(204, acao(), acam('PUT'), acah('b@d')), 'preflight.list-invalid'],
  [
    'a bad method list beside a good header list',
    xa,
    answer(204, acao(), acam('b@d'), acah('x-a')),
    'preflight.list-invalid',
  ],
  ['a star for the method', put, answer(204, acao(), acam('*')), null],
  [
    'a star for the method with credentials',
    { ...put, ...include },
    answer(204, acao(), acac(), acam('*')),
    'preflight.method',
  ],
  [
    'a literal star method with credentials',
    { method: '*', ...include },
    answer(204, acao(), acac(), acam('*')),
    null,
  ],
  [
    'no credentials permission',
    { ...put, ...include },
    answer(204, acao(), acam('PUT')),
    'cors.allow-credentials-missing',
  ],
  [
    'a safelisted method never listed',
    { ...xa, method: 'POST' },
    answer(204, acao(), acam('PUT'), acah('x-a')),
    null,
  ],
  ['no header list', xa, answer(204, acao()), 'preflight.header'],
  ['a header in another case', xa, answer(204, acao(), acah('X-A')), null],
  [
    'one header of two',
    {
      headers: [
        ['x-a', ''],
        ['x-b', ''],
      ],
    },
    answer(204, acao(), acah('x-a')),
    'preflight.header',
  ],
  ['a star for the header', xa, answer(204, acao(), acah('*, x-q')), null],
  ['two stars', xa, answer(204, acao(), acah('**')), 'preflight.header'],
  [
    'a star for the header with credentials',
    { ...xa, ...include },
    answer(204, acao(), acac(), acah('*')),
    'preflight.header',
  ],
  ['a star for Authorization', authorization, answer(204, acao(), acah('*')), 'preflight.header'],
  ['a star and Authorization', authorization, answer(204, acao(), acah('*, authorization')), null],
  [
    'a header called * with credentials',
    { headers: [['*', '1']], ...include },
    answer(204, acao(), acac(), acah('*')),
    null,
  ],
  ['a body that never ends', put, { ...answer(200, acao(), acam('PUT')), bodyEnd: 'hang' }, null],
  ['a reset', put, { kind: 'failure' }, 'network-failure'],
  ['NUL in a header', put, answer(204, acao(), acam('PUT'), ['X', 'a\0']), 'network-failure'],
];
for (const [title, request, preflight, stop] of preflights) {
  test(`should ${stop ? 'stop at' : 'accept'} a preflight with ${title}`, () => {
    const seen = new Browser().run(request, { preflight, actual: answer(200, acao(), acac()) });
    assert.equal(stopped(seen) ?? null, stop);
    assert.equal(seen.wire.length, stop ? 1 : 2);
    const blocks = stop !== null && !['network-failure', 'proxy-authentication'].includes(stop);
    assert.equal(seen.script.outcome, stop === null ? 'readable' : blocks ? 'blocked' : 'error');
    assert.equal(seen.script.blockedAt, blocks ? 'preflight' : undefined);
  });
}

test('should check the actual response too', () => {
  const preflight = answer(204, acao('*'), acam('PUT'));
  const seen = new Browser().run(put, { preflight, actual: answer(200) });
  assert.equal(methods(seen), 'OPTIONS PUT');
  assert.deepEqual([seen.script.outcome, seen.script.blockedAt], ['blocked', 'response']);
  assert.deepEqual(seen.script.error?.name, 'TypeError');
});

test("should preflight an author's OPTIONS by another OPTIONS", () => {
  const seen = new Browser().run(
    { method: 'options' },
    { preflight: answer(204, acao(), acam('OPTIONS')), actual: ok },
  );
  assert.equal(methods(seen), 'OPTIONS OPTIONS');
  assert.equal(seen.wire[1]?.role, 'actual');
});

test('should preflight a stream, and not send it over HTTP/1.1', () => {
  const request = { method: 'POST', body: { stream: 'abc' } };
  const server = { preflight: answer(204, acao()), actual: ok };
  const over1 = new Browser().run(request, server);
  assert.equal(methods(over1), 'OPTIONS');
  assert.equal(stopped(over1), 'stream-http1');
  assert.equal(methods(new Browser({ http: '2' }).run(request, server)), 'OPTIONS POST');
});

test('should take a preflight answer of status 204 for whole where a broken body fails', () => {
  const wire = (status: number) => {
    const browser = new Browser({ quirks: { brokenPreflightBodyFails: true } });
    const preflight = { ...answer(status, acao(), acam('PUT')), bodyEnd: 'cut' as const };
    return methods(browser.run({ method: 'PUT' }, { preflight, actual: answer(200, acao()) }));
  };
  assert.deepEqual([wire(200), wire(204)], ['OPTIONS', 'OPTIONS PUT']);
});

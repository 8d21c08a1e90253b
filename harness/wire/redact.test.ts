import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange, HeaderLine } from './exchange.ts';
import { redactExchange, redactHeader, redactText, redactUrl } from './redact.ts';

const lines: [line: HeaderLine, value: string][] = [
  [['Cookie', 'sid=abc; theme=dark;empty='], 'sid=[redacted 3 bytes]; theme=[redacted 4 bytes];empty='],
  [['cookie', 'lonely'], '[redacted 6 bytes]'],
  [
    ['Set-Cookie', 'sid=a=b; Path=/; SameSite=None; Secure'],
    'sid=[redacted 3 bytes]; Path=/; SameSite=None; Secure',
  ],
  [['AUTHORIZATION', `Bearer ${'x'.repeat(24)}`], 'Bearer [redacted 24 bytes]'],
  [['Authorization', 'Digest username="a", nonce="b"'], 'Digest [redacted 23 bytes]'],
  [['Authorization', 'x'], '[redacted 1 byte]'],
  [['Authorization', ''], ''],
  [['Proxy-Authorization', 'Basic YTpi'], 'Basic [redacted 4 bytes]'],
  [['X-Api-Key', 'k'], '[redacted 1 byte]'],
  [['X-Auth-Token', 'k'], '[redacted 1 byte]'],
  [['X-CSRF-Token', 'k'], '[redacted 1 byte]'],
  [['X-XSRF-TOKEN', 'k'], '[redacted 1 byte]'],
  [['X-Amz-Security-Token', 'k'], '[redacted 1 byte]'],
  [['apikey', 'k'], '[redacted 1 byte]'],
  [['X-Client-Secret', 'k'], '[redacted 1 byte]'],
  [
    ['Location', 'https://u:pw@x.example/?a=1&token=t'],
    'https://[redacted 1 byte]:[redacted 2 bytes]@x.example/?a=1&token=[redacted 1 byte]',
  ],
  [['Referer', '/path?access_token=abc'], '/path?access_token=[redacted 3 bytes]'],
  [
    ['WWW-Authenticate', 'Custom realm="x", key="a, b", error="invalid_token"'],
    'Custom realm="x", key="[redacted 4 bytes]", error="invalid_token"',
  ],
  [['Proxy-Authenticate', 'Custom token=abc, nonce=1'], 'Custom token=[redacted 3 bytes], nonce=1'],
  [['Link', '</s.js?key=abc>; rel=preload'], '</s.js?key=[redacted 3 bytes]>; rel=preload'],
];
for (const [line, value] of lines) {
  test(`should redact ${line[0]}: ${line[1].slice(0, 40)}`, () => {
    assert.deepEqual(redactHeader(line), [line[0], value]);
  });
}

for (const line of [
  ['Access-Control-Allow-Credentials', 'true'],
  ['Access-Control-Allow-Headers', 'authorization, x-api-key'],
  ['Access-Control-Expose-Headers', 'X-Auth-Token'],
  ['Origin', 'https://app.example.com'],
  ['WWW-Authenticate', 'Basic realm="x"'],
  ['Vary', 'Cookie, Authorization'],
  ['ETag', '"abc"'],
  ['X-Request-Id', 'abc'],
  ['Location', '/next?page=2&keyboard=x&country_code=US'],
] as const) {
  test(`should leave ${line[0]}: ${line[1]}`, () => assert.equal(redactHeader(line)[1], line[1]));
}

test('should redact URLs', () => {
  assert.equal(redactUrl('https://x.example/p@q?a=b'), 'https://x.example/p@q?a=b');
  assert.equal(redactUrl('https://tok@x.example/'), 'https://[redacted 3 bytes]@x.example/');
  assert.equal(redactUrl('//u:p@x.example/'), '//[redacted 1 byte]:[redacted 1 byte]@x.example/');
  for (const name of [
    'access_token',
    'token',
    'key',
    'sig',
    'api_key',
    'apikey',
    'X-Amz-Signature',
    'X-Amz-Credential',
    'code',
    'client_secret',
    'id_token',
    'accessToken',
    'hmac',
    'user[password]',
    'SAMLResponse',
  ]) {
    assert.equal(redactUrl(`/?${name}=abc&x=1`), `/?${name}=[redacted 3 bytes]&x=1`, name);
    assert.equal(redactUrl(`/#${name}=abc`), `/#${name}=[redacted 3 bytes]`, name);
  }
});

test('should redact what signs a URL, and leave short words of the same name', () => {
  const long = 'eyJTdGF0ZW1lbnQiOlt7';
  assert.equal(
    redactUrl(`/?Policy=${long}&st=${long}`),
    '/?Policy=[redacted 20 bytes]&st=[redacted 20 bytes]',
  );
  assert.equal(redactUrl('/?policy=public&st=open'), '/?policy=public&st=open');
});

test('should leave the code of an error in a log, and take the code of a login', () => {
  const log = "{ code: 'ERR_INVALID_URL' } code: ECONNREFUSED, exit code: 137";
  assert.equal(redactText(log), log);
  assert.equal(redactText("code: 'abc123def456'"), "code: '[redacted 12 bytes]'");
  assert.equal(redactText("code: 'E7K2P9QX'"), "code: '[redacted 8 bytes]'");
});

const exchange: Exchange = {
  role: 'actual',
  resource: '/login',
  request: {
    method: 'POST',
    url: 'https://api.example.com/login?api_key=k1&page=2',
    headers: [
      ['Cookie', 'a=SECRET'],
      ['cookie', 'a=SECRET'],
      ['X', 'plain'],
    ],
    bodyBytes: 33,
    body: 'user=ann&password=SECRET&page=2',
  },
  response: {
    status: 200,
    headers: [
      ['Set-Cookie', 'a=SECRET'],
      ['Set-Cookie', 'b=SECRET; HttpOnly'],
    ],
    interim: [{ status: 103, headers: [['Link', '</a?token=SECRET>']] }],
    trailers: [['X-Auth-Token', 'SECRET']],
    bodyBytes: 50,
    body: '{"access_token": "SECRET", "name": "ann", "refresh_token":"SECRET cut he',
  },
  end: 'complete',
  connection: 1,
  startedMs: 1,
  endedMs: 2,
};

test('should redact every part of an exchange, once, and leave the rest', () => {
  const before = structuredClone(exchange);
  const redacted = redactExchange(exchange);
  assert.deepEqual(exchange, before, 'the exchange itself is untouched');
  assert.ok(!JSON.stringify(redacted).includes('SECRET'));
  assert.deepEqual(redactExchange(redacted), redacted);
  assert.deepEqual(redacted.request, {
    method: 'POST',
    url: 'https://api.example.com/login?api_key=[redacted 2 bytes]&page=2',
    headers: [
      ['Cookie', 'a=[redacted 6 bytes]'],
      ['cookie', 'a=[redacted 6 bytes]'],
      ['X', 'plain'],
    ],
    bodyBytes: 33,
    body: 'user=ann&password=[redacted 6 bytes]&page=2',
  });
  assert.match(redacted.response?.body ?? '', /"name": "ann"/);
  assert.deepEqual({ ...redacted, request: 0, response: 0 }, { ...exchange, request: 0, response: 0 });
});

test('should leave an exchange without an answer without one', () => {
  assert.equal(redactExchange({ ...exchange, response: null }).response, null);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { constructRequest, ScriptException } from './construct.ts';
import type { Header } from './header-list.ts';
import { client, PAGE, TARGET } from './testing.test-support.ts';
import { Trace } from './trace.ts';
import type { ScriptBody, ScriptRequest } from './types.ts';

const make = (request: Partial<ScriptRequest>, trace = new Trace()) =>
  constructRequest({ client, url: TARGET, ...request }, trace);

const throwing: [title: string, request: Partial<ScriptRequest>][] = [
  ['an unknown mode', { mode: 'websocket' }],
  ['an unknown credentials mode', { credentials: 'maybe' }],
  ['an unknown cache mode', { cache: 'never' }],
  ['an unknown redirect mode', { redirect: 'sometimes' }],
  ['an unknown referrer policy', { referrerPolicy: 'whatever' }],
  ['a URL that does not parse', { url: 'http://' }],
  ['userinfo in the URL', { url: 'https://u:p@api.test/' }],
  ['a referrer that does not parse', { referrer: 'http://' }],
  ['mode navigate', { mode: 'navigate' }],
  ['only-if-cached across origins', { cache: 'only-if-cached' }],
  ['a method that is no token', { method: 'GET A' }],
  ['an empty method', { method: '' }],
  ['a forbidden method', { method: 'track' }],
  ['no-cors with another method', { mode: 'no-cors', method: 'PUT' }],
  ['GET with a body', { body: 'x' }],
  ['HEAD with a body', { method: 'head', body: 'x' }],
  ['a header name that is no token', { headers: [['b@d', '1']] }],
  ['a header name beyond bytes', { headers: [['x-\u0100', '1']] }],
  ['a header value beyond bytes', { headers: [['x-a', '\u0100']] }],
  ['a lone surrogate in a value', { headers: [['x-a', '\ud800']] }],
  ['NUL in a value', { headers: [['x-a', 'a\0b']] }],
  ['a line break in a value', { headers: [['x-a', 'a\nb']] }],
  ['a stream with no-cors', { mode: 'no-cors', method: 'POST', body: { stream: 'x' } }],
  ['a stream with keepalive', { method: 'POST', keepalive: true, body: { stream: 'x' } }],
];
for (const [title, request] of throwing) {
  test(`should throw a TypeError for ${title}`, () => {
    assert.throws(
      () => make(request),
      error =>
        error instanceof ScriptException &&
        error.name === 'TypeError' &&
        error.section.startsWith('https://'),
    );
  });
}

test('should take the defaults of fetch()', () => {
  const request = make({ url: '/x' });
  assert.equal(request.urls[0]?.href, `${PAGE}/x`);
  const { method, mode, credentials, cache, redirect, referrer, body, useCorsPreflight } = request;
  assert.deepEqual(
    { method, mode, credentials, cache, redirect, referrer, body, useCorsPreflight },
    {
      method: 'GET',
      mode: 'cors',
      credentials: 'same-origin',
      cache: 'default',
      redirect: 'follow',
      referrer: 'client',
      body: null,
      useCorsPreflight: false,
    },
  );
});

test('should ignore forbidden headers and say so', () => {
  const trace = new Trace();
  const headers: Header[] = [
    ['Cookie', 'a=1'],
    ['X-A', ' 1 '],
    ['X-HTTP-Method', 'TRACE'],
  ];
  assert.deepEqual(make({ headers }, trace).headers, [['X-A', '1']]);
  assert.deepEqual(
    trace.read().map(step => step.values.header),
    ['Cookie', 'X-HTTP-Method'],
  );
});

test('should keep of a no-cors request what is no-CORS-safelisted', () => {
  const headers: Header[] = [
    ['X-A', '1'],
    ['Range', 'bytes=0-5'],
    ['Content-Type', 'application/json'],
    ['Accept', 'a'.repeat(100)],
    ['Accept', 'b'.repeat(100)],
    ['Accept', 'c'],
  ];
  const request = make({ mode: 'no-cors', method: 'POST', headers, body: '{}' });
  assert.deepEqual(request.headers, [
    ['Accept', 'a'.repeat(100)],
    ['Accept', 'c'],
    ['Content-Type', 'text/plain;charset=UTF-8'],
  ]);
});

const bodies: [title: string, body: ScriptBody, type: string | undefined, bytes: string][] = [
  ['a string', 'é', 'text/plain;charset=UTF-8', '\xc3\xa9'],
  ['many bytes', { bytes: 3 }, 'text/plain;charset=UTF-8', 'xxx'],
  [
    'pairs',
    {
      urlencoded: [
        ['a', 'b c'],
        ['d', '&'],
      ],
    },
    'application/x-www-form-urlencoded;charset=UTF-8',
    'a=b+c&d=%26',
  ],
  ['a buffer', { buffer: '\xff' }, undefined, '\xff'],
  ['a Blob', { blob: '{}', type: 'Application/JSON' }, 'application/json', '{}'],
  ['a Blob without a type', { blob: '{}', type: '' }, undefined, '{}'],
  ['a Blob with an odd type', { blob: '{}', type: 'té/xt' }, undefined, '{}'],
  ['a stream', { stream: 's' }, undefined, 's'],
];
for (const [title, body, type, bytes] of bodies) {
  test(`should extract ${title}`, () => {
    const request = make({ method: 'POST', body });
    assert.equal(request.headers.find(([name]) => name === 'Content-Type')?.[1], type);
    assert.equal(request.body?.bytes, bytes);
    assert.equal(request.useCorsPreflight, title === 'a stream');
  });
}

test('should encode a form as multipart', () => {
  const request = make({ method: 'POST', body: { multipart: [['a"\n', 'b\nc']] } });
  assert.match(request.headers[0]?.[1] ?? '', /^multipart\/form-data; boundary=/);
  assert.match(request.body?.bytes ?? '', /name="a%22%0D%0A"\r\n\r\nb\r\nc\r\n--.*--\r\n$/s);
});

test("should leave an author's Content-Type alone, even an empty one", () => {
  const request = make({ method: 'POST', body: 'x', headers: [['content-type', '']] });
  assert.deepEqual(request.headers, [['content-type', '']]);
});

test('should take a same-origin referrer only', () => {
  assert.equal(make({ referrer: '' }).referrer, 'no-referrer');
  assert.equal(make({ referrer: 'about:client' }).referrer, 'client');
  assert.equal(make({ referrer: 'https://other.example/' }).referrer, 'client');
  assert.equal(make({ referrer: '/r' }).referrer, `${PAGE}/r`);
  const blank = { ...client, url: 'about:blank', creatorUrl: `${PAGE}/made` };
  assert.equal(make({ referrer: '/r', client: blank }).referrer, `${PAGE}/r`);
});

test('should take what script sets', () => {
  const request = make({
    method: 'post',
    mode: 'same-origin',
    credentials: 'include',
    cache: 'only-if-cached',
    redirect: 'manual',
    referrerPolicy: 'origin',
    integrity: 'sha256-x',
    keepalive: true,
  });
  assert.equal(request.method, 'POST');
  assert.equal(request.credentials, 'include');
  assert.equal(request.keepalive, true);
  assert.equal(request.referrerPolicy, 'origin');
});

test('should take a Headers object for the pairs that it iterates over: combined, in lower case and sorted', () => {
  const headers: Header[] = [
    ['X-B', '1'],
    ['Accept', 'a'],
    ['x-b', '2'],
  ];
  assert.deepEqual(make({ headers, headersAs: 'object' }).headers, [
    ['accept', 'a'],
    ['x-b', '1, 2'],
  ]);
  assert.equal(make({ headers }).headers.length, 3);
});

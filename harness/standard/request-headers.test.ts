import assert from 'node:assert/strict';
import test from 'node:test';
import type { Header } from './header-list.ts';
import {
  isForbiddenRequestHeader,
  isNoCorsSafelisted,
  isSafelistedRequestHeader,
  unsafeRequestHeaderNames,
  whyNotSafelisted,
} from './request-headers.ts';

const a = (n: number) => 'a'.repeat(n);

const safelisted: [name: string, value: string][] = [
  ['Accept', 'test'],
  ['accept', ''],
  ['ACCEPT', a(128)],
  ['Accept', 'a\tb'],
  ['Accept', 'é'],
  ['Accept-Language', 'en-US, de;q=0.5 *.=9Z'],
  ['Content-Language', ''],
  ['Content-Type', 'TEXT/PLAIN'],
  ['Content-Type', 'text/plain;charset=utf-16'],
  ['Content-Type', 'text/plain;garbage'],
  ['Content-Type', 'text/plain;'],
  ['Content-Type', 'text/plain;\tx=y'],
  ['Content-Type', 'text/plain;é'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
  ['Content-Type', 'multipart/form-data; boundary=x'],
  ['Range', 'bytes=0-5'],
  ['Range', 'bytes=0-'],
];
for (const [name, value] of safelisted) {
  test(`should safelist ${name}: ${JSON.stringify(value).slice(0, 40)}`, () => {
    assert.equal(whyNotSafelisted(name, value), null);
    assert.equal(isSafelistedRequestHeader(name, value), true);
  });
}

const unsafe: [name: string, value: string, why: RegExp][] = [
  ['Accept', '"', /unsafe byte/],
  ['Accept', a(129), /129 bytes.*128/],
  ['Accept', 'a\x01', /unsafe byte/],
  ['Accept', 'a\x7f', /unsafe byte/],
  ['Accept-Language', 'en_US', /none of/],
  ['Accept-Language', 'é', /none of/],
  ['Content-Language', '@', /none of/],
  ['Content-Type', 'application/json', /application\/json/],
  ['Content-Type', 'text/plain; x="q"', /unsafe byte/],
  ['Content-Type', 'text/plain,text/plain', /MIME type/],
  ['Content-Type', '', /MIME type/],
  ['Content-Type', 'text /plain', /MIME type/],
  ['Range', 'bytes=-5', /suffix/],
  ['Range', 'BYTES=0-5', /simple range/],
  ['X-A', '', /not on the safelist/],
  ['Save-Data', 'on', /not on the safelist/],
  ['User-Agent', 'zz', /not on the safelist/],
  ['Authorization', 'Basic x', /not on the safelist/],
];
for (const [name, value, why] of unsafe) {
  test(`should not safelist ${name}: ${JSON.stringify(value).slice(0, 40)}`, () => {
    assert.match(whyNotSafelisted(name, value) ?? '', why);
    assert.equal(isSafelistedRequestHeader(name, value), false);
  });
}

for (const byte of '"():<>?@[\\]{}') {
  test(`should call ${byte} unsafe in Accept`, () => {
    assert.equal(isSafelistedRequestHeader('accept', `a${byte}`), false);
  });
}

test('should name unsafe headers once, in lower case, sorted', () => {
  const headers: Header[] = [
    ['X-B', '1'],
    ['x-a', '1'],
    ['Content-Type', 'application/json'],
    ['Accept', 'text/html'],
    ['x-b', '2'],
  ];
  assert.deepEqual(unsafeRequestHeaderNames(headers), ['content-type', 'x-a', 'x-b']);
});

test('should count only what is strictly over 1024 bytes of safelisted values', () => {
  const accept = (times: number, length: number) =>
    Array.from({ length: times }, (): Header => ['Accept', a(length)]);
  assert.deepEqual(unsafeRequestHeaderNames(accept(8, 128)), []);
  assert.deepEqual(unsafeRequestHeaderNames([...accept(8, 128), ['Accept-Language', 'e']]), [
    'accept',
    'accept-language',
  ]);
  assert.deepEqual(unsafeRequestHeaderNames([...accept(9, 127), ['X-A', '']]), ['accept', 'x-a']);
});

test('should forbid the headers that the user agent keeps to itself', () => {
  for (const name of [
    'Accept-Charset',
    'Accept-Encoding',
    'Access-Control-Request-Headers',
    'Access-Control-Request-Method',
    'Connection',
    'Content-Length',
    'Cookie',
    'Cookie2',
    'Date',
    'DNT',
    'Expect',
    'Host',
    'Keep-Alive',
    'Origin',
    'Referer',
    'Set-Cookie',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Via',
    'Proxy-X',
    'sec-',
    'SEC-Fetch-Site',
  ]) {
    assert.equal(isForbiddenRequestHeader(name, ''), true, name);
  }
  for (const name of [
    'X-A',
    'User-Agent',
    'Authorization',
    'Access-Control-Request-Private-Network',
    'secx',
  ]) {
    assert.equal(isForbiddenRequestHeader(name, ''), false, name);
  }
});

test('should forbid a method override that names a forbidden method', () => {
  assert.equal(isForbiddenRequestHeader('X-HTTP-Method-Override', 'GET, trace'), true);
  assert.equal(isForbiddenRequestHeader('x-http-method', 'CONNECT'), true);
  assert.equal(isForbiddenRequestHeader('X-Method-Override', '"TRACE"'), false);
  assert.equal(isForbiddenRequestHeader('X-Method-Override', 'PUT'), false);
});

test('should let a no-cors request carry four safelisted headers', () => {
  assert.equal(isNoCorsSafelisted('Accept', 'x'), true);
  assert.equal(isNoCorsSafelisted('Content-Type', 'text/plain'), true);
  assert.equal(isNoCorsSafelisted('Content-Type', 'application/json'), false);
  assert.equal(isNoCorsSafelisted('Range', 'bytes=0-5'), false);
});

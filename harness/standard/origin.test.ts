import assert from 'node:assert/strict';
import test from 'node:test';
import { constructRequest } from './construct.ts';
import {
  isCrossSiteTainted,
  isPotentiallyTrustworthy,
  isRedirectTainted,
  originHeaderValue,
  sameOrigin,
  sameSite,
  schemelesslySameSite,
  serializeRequestOrigin,
  siteOf,
} from './origin.ts';
import { client } from './testing.test-support.ts';
import { Trace } from './trace.ts';
import type { FetchRequest } from './types.ts';

const P = 'https://p.example';
const A = 'https://a.test/x';
const B = 'https://b.invalid/x';
const urls = (...list: string[]) => list.map(url => new URL(url));

test('should hold an opaque origin the same as no other', () => {
  assert.equal(sameOrigin(P, P), true);
  assert.equal(sameOrigin(P, `${P}:8443`), false);
  assert.equal(sameOrigin('null', 'null'), false);
});

test('should tell sites by scheme and registrable domain', () => {
  assert.equal(sameSite('https://a.example.com', 'https://b.example.com:8443'), true);
  assert.equal(sameSite('https://example.com', 'https://b.example.com'), true);
  assert.equal(sameSite('https://a.example', 'http://a.example'), false);
  assert.equal(schemelesslySameSite('https://a.example', 'http://a.example'), true);
  assert.equal(schemelesslySameSite('null', 'http://a.example'), false);
  assert.equal(schemelesslySameSite('http://a.example', 'null'), false);
  for (const suffix of ['github.io', 'co.uk', 'herokuapp.com', 's3.amazonaws.com', 'com'])
    assert.equal(sameSite(`https://a.${suffix}`, `https://b.${suffix}`), false, suffix);
  assert.equal(sameSite('https://a.x.co.uk', 'https://b.x.co.uk'), true);
  assert.equal(sameSite('https://github.io', 'https://a.github.io'), false);
  assert.equal(sameSite('https://a.internal', 'https://b.internal'), false);
  assert.equal(sameSite('https://a.corp.internal', 'https://b.corp.internal'), true);
  assert.equal(sameSite('http://[::1]:1', 'http://[::1]:2'), true);
  assert.equal(sameSite('http://[::1]', 'http://[::2]'), false);
  assert.equal(sameSite('http://localhost:1', 'http://localhost:2'), true);
  assert.equal(sameSite('http://localhost:1', 'http://site.localhost:1'), false);
  assert.equal(sameSite('http://127.0.0.1:1', 'http://127.0.0.1:2'), true);
  assert.equal(sameSite('http://10.0.0.1', 'http://11.0.0.1'), false);
  assert.equal(sameSite('null', 'null'), false);
  assert.equal(sameSite(P, 'null'), false);
  assert.equal(siteOf('http://[::1]:80'), 'http://[::1]');
  assert.equal(siteOf('null'), 'null');
});

test('should trust https and loopback', () => {
  for (const url of [
    'https://a.example',
    'wss://a.example',
    'data:,',
    'http://localhost',
    'http://localhost.',
    'http://a.localhost',
    'http://127.9.9.9',
    'http://[::1]',
  ]) {
    assert.equal(isPotentiallyTrustworthy(new URL(url)), true, url);
  }
  for (const url of ['http://a.example', 'http://128.0.0.1', 'http://127.a.example', 'http://notlocalhost']) {
    assert.equal(isPotentiallyTrustworthy(new URL(url)), false, url);
  }
});

const taints: [chain: string[], tainted: boolean][] = [
  [[A], false],
  [[`${P}/x`, A], false],
  [[A, `${A}2`], false],
  [[`${P}/x`, A, `${A}2`], false],
  [[A, B], true],
  [[A, `${P}/x`], true],
  [[A, B, A], true],
  [[`${P}/x`, A, `${P}/x`], true],
];
for (const [chain, tainted] of taints) {
  test(`should call the chain ${chain.join(' → ')} ${tainted ? '' : 'not '}tainted`, () => {
    assert.equal(isRedirectTainted(P, urls(...chain)), tainted);
    assert.equal(serializeRequestOrigin(P, urls(...chain)), tainted ? 'null' : P);
  });
}

test('should know the taint between sites from the one within a site', () => {
  assert.equal(isCrossSiteTainted(P, urls('https://x.a.test', 'https://y.a.test')), false);
  assert.equal(isCrossSiteTainted(P, urls('https://a.p.example', B)), false);
  assert.equal(isCrossSiteTainted(P, urls(A, B)), true);
});

const request = (change: Partial<FetchRequest>): FetchRequest => ({
  ...constructRequest({ client: { ...client, origin: P }, url: A }, new Trace()),
  ...change,
});

const origins: [title: string, change: Partial<FetchRequest>, expected: string | null][] = [
  ['a CORS GET', { tainting: 'cors' }, P],
  ['a same-origin GET', { tainting: 'basic' }, null],
  ['a no-cors HEAD', { tainting: 'opaque', mode: 'no-cors', method: 'HEAD' }, null],
  ['a same-origin POST', { method: 'POST', referrerPolicy: 'no-referrer' }, P],
  [
    'a no-cors POST without referrer',
    { mode: 'no-cors', method: 'POST', referrerPolicy: 'no-referrer' },
    'null',
  ],
  ['a no-cors POST under origin', { mode: 'no-cors', method: 'POST', referrerPolicy: 'origin' }, P],
  [
    'a no-cors POST under same-origin',
    { mode: 'no-cors', method: 'POST', referrerPolicy: 'same-origin' },
    'null',
  ],
  [
    'a same-origin POST under same-origin',
    { mode: 'no-cors', method: 'POST', referrerPolicy: 'same-origin', urls: urls(`${P}/x`) },
    P,
  ],
  ['a secure no-cors POST', { mode: 'no-cors', method: 'POST', referrerPolicy: 'strict-origin' }, P],
  [
    'an insecure no-cors POST',
    {
      mode: 'no-cors',
      method: 'POST',
      referrerPolicy: 'no-referrer-when-downgrade',
      origin: 'http://p.test',
    },
    'http://p.test',
  ],
  [
    'a downgraded no-cors POST',
    { mode: 'no-cors', method: 'POST', referrerPolicy: 'strict-origin', urls: urls('http://a.test') },
    'null',
  ],
];
for (const [title, change, expected] of origins) {
  test(`should send Origin ${expected} with ${title}`, () => {
    assert.equal(originHeaderValue(request(change)), expected);
  });
}

test('should go by the public suffix list, hosting providers included', () => {
  assert.ok(!sameSite('https://a.github.io', 'https://b.github.io'));
  assert.ok(!sameSite('https://a.co.uk', 'https://b.co.uk'));
  assert.ok(sameSite('https://x.a.co.uk', 'https://a.co.uk'));
  assert.ok(sameSite('http://localhost:1', 'http://localhost:2'));
  assert.ok(!sameSite('http://site.localhost', 'http://target.localhost'));
  assert.ok(!sameSite('http://127.0.0.1', 'http://127.0.0.2'));
  assert.ok(sameSite('http://[::1]:1', 'http://[::1]:2'));
});

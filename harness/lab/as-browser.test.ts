import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HeaderLine, headerValue } from '../wire/exchange.ts';
import { asBrowser, asPage } from './as-browser.ts';

const sent = (url: string, ...headers: HeaderLine[]) => {
  const { headers: lines } = asBrowser({ url, headers });
  return (name: string) => headerValue(lines, name);
};
const ORIGIN: HeaderLine = ['Origin', 'https://app.example.com'];

test('should name a browser to servers that turn away what names none, and leave a name that is given', () => {
  assert.match(sent('https://api.example/', ORIGIN)('user-agent') ?? '', /Mozilla/);
  assert.equal(sent('https://api.example/', ['user-agent', 'mine'])('user-agent'), 'mine');
});

test('should take compressed answers, and the newer codings where browsers do', () => {
  assert.equal(sent('https://api.example/')('accept-encoding'), 'gzip, deflate, br, zstd');
  assert.equal(sent('http://localhost:3000/')('accept-encoding'), 'gzip, deflate, br, zstd');
  assert.equal(sent('http://api.example/')('accept-encoding'), 'gzip, deflate');
  assert.equal(sent('https://api.example/', ['Accept-Encoding', 'identity'])('accept-encoding'), 'identity');
});

test('should tell what script asks from what a command line asks', () => {
  const page = sent('https://api.example.com/', ORIGIN);
  assert.deepEqual(
    [page('sec-fetch-mode'), page('sec-fetch-dest'), page('sec-fetch-site')],
    ['cors', 'empty', 'same-site'],
  );
  assert.equal(sent('https://api.example/', ['Origin', 'null'])('sec-fetch-site'), 'cross-site');
  assert.equal(
    sent('https://api.example/', ['Origin', 'https://api.example'])('sec-fetch-site'),
    'same-origin',
  );
  assert.equal(sent('https://api.example/')('sec-fetch-mode'), null);
  assert.equal(sent('http://api.example/', ORIGIN)('sec-fetch-mode'), null);
});

test('should name the page as the default policy of browsers does', () => {
  const refererOf = (origin: string, url: string, ...others: HeaderLine[]) =>
    headerValue(asPage({ url, headers: [['Origin', origin], ...others] }).headers, 'referer');
  assert.equal(refererOf('https://app.example', 'https://api.example/x'), 'https://app.example/');
  assert.equal(refererOf('http://app.example:8080', 'https://api.example/x'), 'http://app.example:8080/');
  assert.equal(refererOf('http://app.example', 'http://api.example/x'), 'http://app.example/');
  assert.equal(refererOf('https://app.example', 'http://api.example/x'), null);
  assert.equal(refererOf('https://app.example', 'http://localhost:3000/x'), 'https://app.example/');
  assert.equal(
    refererOf('https://a.example', 'https://api.example/', ['referer', 'https://b.example/?c']),
    'https://b.example/?c',
  );
  for (const origin of ['null', 'app://main', 'HTTPS://APP.example', 'https://a.example,https://b.example'])
    assert.equal(refererOf(origin, 'https://api.example/x'), null, origin);
  assert.equal(headerValue(asPage({ url: 'https://api.example/', headers: [] }).headers, 'referer'), null);
  assert.equal(asPage({ url: 'nowhere', headers: [ORIGIN] }).headers.length, 1);
});

test('should leave a URL alone that is none', () => {
  const request = { url: 'nowhere', headers: [ORIGIN] };
  assert.equal(asBrowser(request), request);
});

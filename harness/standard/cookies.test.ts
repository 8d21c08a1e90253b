import assert from 'node:assert/strict';
import test from 'node:test';
import { CookieJar } from './cookies.ts';
import { acac, acam, acao, answer, Browser, client, sent } from './testing.test-support.ts';
import type { Header } from './user-agent.ts';

const url = new URL('https://api.test/a/b');
const jar = (...cookies: string[]) => {
  const made = new CookieJar();
  for (const cookie of cookies) made.store(cookie, url, false, 0);
  return made;
};
const header = (cookie: string, to = 'https://api.test/a/c', crossSite = false, now = 0) =>
  jar(cookie).header(new URL(to), crossSite, now);

const cases: [cookie: string, to: string, expected: string | null][] = [
  ['a=1', 'https://api.test/a/c', 'a=1'],
  ['a=1', 'https://api.test/a', 'a=1'],
  ['a=1', 'https://api.test/ab', null],
  ['a=1', 'https://other.test/a/', null],
  ['a=1', 'https://www.api.test/a/', null],
  ['a=1; Domain=api.test', 'https://www.api.test/a/', 'a=1'],
  ['a=1; Domain=.API.test', 'https://api.test/a/', 'a=1'],
  ['a=1; Domain=', 'https://api.test/a/', 'a=1'],
  ['a=1; Domain=other.test', 'https://api.test/a/', null],
  ['a=1; Path=/', 'https://api.test/', 'a=1'],
  ['a=1; Path=/a/', 'https://api.test/a/x', 'a=1'],
  ['a=1; Path=x', 'https://api.test/a/x', 'a=1'],
  ['a=1; Secure', 'https://api.test/a/', 'a=1'],
  ['a=1; Secure', 'http://api.test/a/', null],
  ['a', 'https://api.test/a/', 'a'],
  ['=a', 'https://api.test/a/', 'a'],
  ['=', 'https://api.test/a/', null],
  ['', 'https://api.test/a/', null],
  ['a=1; Max-Age=0', 'https://api.test/a/', null],
  ['a=1; Max-Age=-5', 'https://api.test/a/', null],
  ['a=1; Max-Age=x', 'https://api.test/a/', 'a=1'],
  ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'https://api.test/a/', null],
  ['a=1; Expires=never; Unknown', 'https://api.test/a/', 'a=1'],
  ['a=1; SameSite=None', 'https://api.test/a/', null],
];
for (const [cookie, to, expected] of cases) {
  test(`should send ${expected} to ${to} for "${cookie}"`, () => assert.equal(header(cookie, to), expected));
}

test('should keep SameSite cookies at home', () => {
  const to = 'https://api.test/a/';
  assert.equal(header('a=1', to, true), null);
  assert.equal(header('a=1; SameSite=Strict', to, true), null);
  assert.equal(header('a=1; SameSite=Lax', to, true), null);
  assert.equal(header('a=1; SameSite=None; Secure', to, true), 'a=1');
  const cross = new CookieJar();
  cross.store('a=1', url, true, 0);
  assert.equal(cross.header(url, false, 0), null);
});

test('should forget, replace and order', () => {
  assert.equal(header('a=1; Max-Age=5', 'https://api.test/a/', false, 4999), 'a=1');
  assert.equal(header('a=1; Max-Age=5', 'https://api.test/a/', false, 5000), null);
  const several = jar('a=1', 'b=2', 'a=3');
  assert.equal(several.header(url, false, 0), 'a=3; b=2');
  several.store('a=; Max-Age=0', url, false, 0);
  assert.equal(several.header(url, false, 0), 'b=2');
  const insecure = new CookieJar();
  insecure.store('a=1; Secure', new URL('http://api.test/'), false, 0);
  insecure.store('b=1', new URL('http://api.test'), false, 0);
  assert.equal(insecure.header(new URL('https://api.test/x'), false, 0), 'b=1');
});

const home = { ...client, origin: 'https://app.test', url: 'https://app.test/' };
const setCookie: Header = ['Set-Cookie', 'a=1; SameSite=None; Secure; Path=/'];

test('should attach and store cookies only where credentials are included', () => {
  const browser = new Browser();
  const server = (...headers: Header[]) => ({
    preflight: answer(204, acao('https://app.test'), acac(), acam('PUT'), setCookie),
    actual: answer(200, acao('https://app.test'), acac(), ...headers),
  });
  const ask = (credentials: string, ...headers: Header[]) =>
    browser.run({ client: home, method: 'PUT', credentials }, server(...headers));
  ask('same-origin', setCookie);
  assert.equal(sent(ask('include', setCookie), 1, 'cookie'), undefined);
  const second = browser.run({ client: home, credentials: 'include' }, server());
  assert.equal(sent(second, 0, 'cookie'), 'a=1');
  assert.equal(sent(ask('omit'), 0, 'cookie'), undefined);
});

test('should store the cookies of a response that the CORS check refuses', () => {
  const browser = new Browser();
  const refused = browser.run({ client: home, credentials: 'include' }, { actual: answer(200, setCookie) });
  assert.equal(refused.script.outcome, 'blocked');
  const next = browser.run({ client: home, credentials: 'include' }, { actual: answer(200) });
  assert.equal(sent(next, 0, 'cookie'), 'a=1');
});

test('should do without third-party cookies where the user agent has none', () => {
  const browser = new Browser({ thirdPartyCookies: false });
  const actual = answer(200, setCookie);
  browser.run({ credentials: 'include' }, { actual });
  assert.equal(sent(browser.run({ credentials: 'include' }, { actual }), 0, 'cookie'), undefined);
  const ours = { client: home, url: 'https://app.test/x' };
  browser.run(ours, { actual });
  assert.equal(sent(browser.run(ours, { actual }), 0, 'cookie'), 'a=1');
});

test('should keep SameSite cookies from frames below another site', () => {
  const browser = new Browser();
  const lax = { actual: answer(200, ['Set-Cookie', 'a=1']) };
  const ours = { client: home, url: 'https://app.test/x' };
  browser.run(ours, lax);
  assert.equal(sent(browser.run(ours, lax), 0, 'cookie'), 'a=1');
  const framed = { ...ours, client: { ...home, topLevelOrigin: 'https://top.test' } };
  assert.equal(sent(browser.run(framed, lax), 0, 'cookie'), undefined);
});

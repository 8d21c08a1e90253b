import assert from 'node:assert/strict';
import test from 'node:test';
import { basicFiltered, corsFiltered, exposedNames } from './expose.ts';
import type { Header } from './header-list.ts';

const SEVEN = [
  'Cache-Control',
  'Content-Language',
  'Content-Length',
  'Content-Type',
  'Expires',
  'Last-Modified',
  'Pragma',
];
const response: Header[] = [
  ...SEVEN.map((name): Header => [name, '1']),
  ['ETag', '1'],
  ['X-A', '1'],
  ['Set-Cookie', 'a=1'],
  ['Set-Cookie2', 'a=1'],
  ['*', '1'],
];
const seen = (credentials: string, ...lines: string[]): string[] => {
  const headers = [...response, ...lines.map((line): Header => ['Access-Control-Expose-Headers', line])];
  return corsFiltered(headers, exposedNames(headers, credentials))
    .map(([name]) => name)
    .filter(name => !SEVEN.includes(name));
};

test('should always show the seven safelisted headers', () => {
  const shown = corsFiltered(response, exposedNames(response, 'include')).map(([name]) => name);
  assert.deepEqual(shown, SEVEN);
});

const cases: [title: string, credentials: string, lines: string[], expected: string[]][] = [
  ['nothing more without a list', 'omit', [], []],
  ['a listed header', 'omit', ['x-a'], ['X-A']],
  ['the union of several lines', 'omit', ['x-a', 'etag'], ['ETag', 'X-A']],
  ['a list with empty members', 'omit', [',x-a,,'], ['X-A']],
  ['nothing of a list with a bad token', 'omit', ['x-a, b@d'], []],
  ['nothing of a star beside a bad token', 'omit', ['*, b@d'], []],
  ['nothing of a quoted name', 'omit', ['"x-a"'], []],
  ['never a cookie', 'omit', ['set-cookie, set-cookie2'], []],
  ['everything else by a star', 'omit', ['*'], ['ETag', 'X-A', '*', 'Access-Control-Expose-Headers']],
  [
    'everything else by a star in a list',
    'same-origin',
    ['set-cookie, *'],
    ['ETag', 'X-A', '*', 'Access-Control-Expose-Headers'],
  ],
  ['only the header called * where credentials are included', 'include', ['*'], ['*']],
];
for (const [title, credentials, lines, expected] of cases) {
  test(`should show ${title}`, () => assert.deepEqual(seen(credentials, ...lines), expected));
}

test('should say how the list was read', () => {
  const kind = (value: string, credentials = 'omit') =>
    exposedNames([['access-control-expose-headers', value]], credentials).kind;
  assert.equal(exposedNames([], 'omit').kind, 'absent');
  assert.equal(kind('a'), 'list');
  assert.equal(kind('*'), 'wildcard');
  assert.equal(kind('*', 'include'), 'literal');
  assert.equal(kind('b@d'), 'invalid');
});

test('should hide only cookies from a same-origin script', () => {
  const names = basicFiltered(response).map(([name]) => name);
  assert.deepEqual(names, [...SEVEN, 'ETag', 'X-A', '*']);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  appendAll,
  combineAll,
  contains,
  extractDeltaSeconds,
  extractTokens,
  FAILURE,
  get,
  getDecodeAndSplit,
  type Header,
  set,
  sortAndCombine,
  valuesOf,
  without,
} from './header-list.ts';

const list: Header[] = [
  ['A', '1'],
  ['b', '2'],
  ['a', '3'],
];

test('should find headers by name without regard to case', () => {
  assert.equal(contains(list, 'a'), true);
  assert.equal(contains(list, 'c'), false);
  assert.deepEqual(valuesOf(list, 'a'), ['1', '3']);
  assert.equal(get(list, 'a'), '1, 3');
  assert.equal(get(list, 'c'), null);
  assert.equal(get([['x', '']], 'x'), '');
});

test('should delete, set, append and combine', () => {
  assert.deepEqual(without(list, new Set(['a'])), [['b', '2']]);
  assert.deepEqual(set(list, 'a', '9'), [
    ['A', '9'],
    ['b', '2'],
  ]);
  assert.deepEqual(set(list, 'c', '9'), [...list, ['c', '9']]);
  assert.deepEqual(appendAll(list), [
    ['A', '1'],
    ['b', '2'],
    ['A', '3'],
  ]);
  assert.deepEqual(combineAll(list), [
    ['A', '1, 3'],
    ['b', '2'],
  ]);
});

test('should sort and combine as iteration shows headers, with Set-Cookie apart', () => {
  const headers: Header[] = [
    ['X-B', '1'],
    ['Set-Cookie', 'a=1'],
    ['x-a', ''],
    ['set-cookie', 'b=2'],
    ['x-b', '2'],
  ];
  assert.deepEqual(sortAndCombine(headers), [
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['x-a', ''],
    ['x-b', '1, 2'],
  ]);
});

const extracted: [title: string, lines: string[], expected: string[] | null | 'failure'][] = [
  ['no such header', [], null],
  ['an empty value', [''], []],
  ['one name', ['PUT'], ['PUT']],
  ['empty members', [',,PUT', ' \t,DELETE,,'], ['PUT', 'DELETE']],
  ['tab or space around members', ['\tPUT ,\t DELETE'], ['PUT', 'DELETE']],
  ['a star', ['*'], ['*']],
  ['a bad token', ['PUT, b@d'], 'failure'],
  ['quotes', ['"PUT"'], 'failure'],
  ['a space inside', ['PUT DELETE'], 'failure'],
  ['a parameter', ['PUT;q=1'], 'failure'],
  ['a vertical tab', ['PUT\x0b'], 'failure'],
  ['a form feed', ['\x0cPUT'], 'failure'],
  ['non-ASCII', ['é'], 'failure'],
  ['a bad second line', ['PUT', 'b@d'], 'failure'],
  ['an apostrophe, which is a token', ["'x'"], ["'x'"]],
];
for (const [title, lines, expected] of extracted) {
  test(`should extract a list of names from ${title}`, () => {
    const headers = lines.map((line): Header => ['Access-Control-Allow-Methods', line]);
    assert.deepEqual(
      extractTokens(headers, 'access-control-allow-methods'),
      expected === 'failure' ? FAILURE : expected,
    );
  });
}

const ages: [lines: string[], expected: number | null | 'failure'][] = [
  [[], null],
  [['60'], 60],
  [['060'], 60],
  [['0'], 0],
  [['9'.repeat(400)], Number.POSITIVE_INFINITY],
  [[''], 'failure'],
  [['-1'], 'failure'],
  [['+60'], 'failure'],
  [['1.5'], 'failure'],
  [['"60"'], 'failure'],
  [['60, 60'], 'failure'],
  [['60', '60'], 'failure'],
];
for (const [lines, expected] of ages) {
  test(`should read the max-age ${JSON.stringify(lines)}`, () => {
    const headers = lines.map((line): Header => ['access-control-max-age', line]);
    assert.equal(
      extractDeltaSeconds(headers, 'access-control-max-age'),
      expected === 'failure' ? FAILURE : expected,
    );
  });
}

test("should get, decode and split as the Standard's own examples do", () => {
  const examples: [string, string[]][] = [
    ['nosniff,', ['nosniff', '']],
    ['', ['']],
    ['text/html;", x/x', ['text/html;", x/x']],
    ['x/x;test="hi",y/y', ['x/x;test="hi"', 'y/y']],
    ['x / x,,,1', ['x / x', '', '', '1']],
    ['"1,2", 3', ['"1,2"', '3']],
    ['"a\\",b",c', ['"a\\",b"', 'c']],
    ['"\\', ['"\\']],
  ];
  for (const [value, expected] of examples) assert.deepEqual(getDecodeAndSplit(value), expected);
});

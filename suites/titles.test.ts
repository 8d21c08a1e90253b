/** What every text for people in the suites must be, as far as that can be checked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behaviours } from './behaviours.ts';
import { deviations } from './deviations.ts';
import { suites } from './index.ts';
import { unobservable } from './unobservable.ts';

const cases = suites.flatMap(suite => suite.cases);

const titles = new Map([
  ...cases.map((one): [string, string] => [one.id, one.title]),
  ...suites.map((suite): [string, string] => [`suite ${suite.id}`, suite.title]),
  ...behaviours.map((group): [string, string] => [`group ${group.title}`, group.title]),
]);

const sentences = new Map([
  ...cases.flatMap((one): [string, string][] => (one.because ? [[one.id, one.because]] : [])),
  ...cases.flatMap((one): [string, string][] => (one.notModelled ? [[one.id, one.notModelled]] : [])),
  ...suites.flatMap((suite): [string, string][] => (suite.about ? [[`suite ${suite.id}`, suite.about]] : [])),
  ...deviations.map((known): [string, string] => [`deviation ${known.id}`, known.what]),
  ...Object.entries(unobservable),
]);

/** The texts in which `wrong` finds something, with their names. */
const faults = (texts: ReadonlyMap<string, string>, wrong: (text: string) => boolean): string[] =>
  [...texts].filter(([, text]) => wrong(text)).map(([name, text]) => `${name}: ${text}`);

/** Words that are spoken with a vowel first, or without, although they are spelt the other way. */
const SPOKEN_VOWEL = /^(?:XMLHttpRequest|XHR|HTTP|HTTPS|HTML|FTP|ftp:|http|href|SRI|hour|[FHLMNRSX]\b)/;
const SPOKEN_CONSONANT = /^(?:U[SR]|UA\b|UTF|uni|use|user|URL|urlencoded|one\b|once\b|eu|U\b|User)/;

/** An article that does not go with the word after it. */
function hasWrongArticle(text: string): boolean {
  return [...text.matchAll(/(?<![\w.:,-]|: |, )([Aa]n?) (?=["'(]?([A-Za-z][\w:-]*))/g)].some(
    ([, article = '', word = '']) => {
      const vowel = !SPOKEN_CONSONANT.test(word) && (SPOKEN_VOWEL.test(word) || /^[aeiouAEIOU]/.test(word));
      return (article.toLowerCase() === 'an') !== vowel;
    },
  );
}

const hasDoubledWord = (text: string): boolean => /\b([A-Za-z]+) \1\b/i.test(text.replace(/: .*$/, ''));

const hasPlaceholder = (text: string): boolean =>
  /\$\{|\{[a-z]+(?::[^{}]*)?\}|\bundefined\b|\[object/.test(text);

const hasCurlyQuote = (text: string): boolean => /[\u2018\u2019\u201c\u201d]/.test(text);

test('should give every case a title of its own', () => {
  const all = cases.map(one => one.title);
  assert.deepEqual(
    all.filter((title, i) => all.indexOf(title) !== i),
    [],
  );
});

test('should keep titles short, and without a full stop', () => {
  assert.deepEqual(
    faults(titles, title => title.replace(/ \(XMLHttpRequest\)$/, '').length > 110),
    [],
  );
  assert.deepEqual(
    faults(titles, title => /[.!]$/.test(title)),
    [],
  );
});

test('should begin every title with a capital, or with the name of an API, a header value or a URL', () => {
  assert.deepEqual(
    faults(titles, title => !/^[A-Z"*]|^(?:[a-z]+[A-Z]\w*|fetch|about:|xhr\.|document\.)/.test(title)),
    [],
  );
});

test('should end every sentence with a full stop', () => {
  assert.deepEqual(
    faults(sentences, text => !/[.?]$/.test(text)),
    [],
  );
});

test('should begin every sentence with a capital, or with the name of an API', () => {
  assert.deepEqual(
    faults(sentences, text => !/^[A-Z"*]|^[a-z]+(?:[A-Z]\w*)?\(|^[a-z]+[A-Z]/.test(text)),
    [],
  );
});

for (const [what, texts] of [
  ['title', titles],
  ['sentence', sentences],
] as const) {
  test(`should leave no placeholder, doubled word, curly quote or wrong article in a ${what}`, () => {
    for (const wrong of [hasPlaceholder, hasDoubledWord, hasCurlyQuote, hasWrongArticle])
      assert.deepEqual(faults(texts, wrong), [], wrong.name);
  });
}

test('should know an article that does not go with its word', () => {
  for (const wrong of ['a xhr request', 'an URL', 'a about: URL', 'A ftp: URL', 'an user', 'a HTTP cache'])
    assert.equal(hasWrongArticle(wrong.replace('xhr', 'XHR')), true, wrong);
  for (const right of [
    'an XHR',
    'a URL',
    'an about: URL',
    'an ftp: URL',
    'a user',
    'an HTTP cache',
    'a 301',
    'an hour',
  ])
    assert.equal(hasWrongArticle(right), false, right);
});

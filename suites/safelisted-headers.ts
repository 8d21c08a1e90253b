/** Accept, Accept-Language, Content-Language and Range: safelisted by their values, and only up to a size. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { withXhr } from './apis.ts';
import { asked, unasked } from './families.ts';
import { spec } from './helpers.ts';
import { UNSAFE_BYTES } from './unsafe-bytes.ts';

const repeated = (times: number, name: string, value: string): [string, string][] =>
  Array.from({ length: times }, () => [name, value]);

const get = (...headers: [name: string, value: string][]): CaseRequest => ({ headers });

const free = (id: string, name: string, value: string, what: string): Case =>
  unasked(id, `${name} ${what} needs no preflight`, get([name, value]));
const unsafe = (id: string, name: string, value: string, what: string): Case =>
  asked(id, `${name} ${what} needs a preflight`, get([name, value]), name.toLowerCase());

const LANGUAGE_NOT: [id: string, value: string, what: string][] = [
  ['underscore', 'en_US', 'with an underscore'],
  ['at', 'en@x', 'with an at sign'],
  ['slash', 'en/US', 'with a slash'],
  ['quote', '"en"', 'in quotes'],
  ['tab', 'en\tx', 'with a tab'],
  ['control', 'en\x01', 'with a control character'],
  ['nonascii', 'fran\xe7ais', 'with a byte from 0x80 on'],
];

const languages = (allowed: string, refused: string, name: string): Case[] => [
  free(`${allowed}/${name.toLowerCase()}-all`, name, '09 AZ-az *,-.;=', 'of permitted bytes only'),
  ...withXhr(
    free(`${allowed}/${name.toLowerCase()}-usual`, name, 'en-US, en;q=0.8, *;q=0.1', 'as browsers write it'),
  ),
  ...LANGUAGE_NOT.map(([id, value, what]) =>
    unsafe(`${refused}/${name.toLowerCase()}-${id}`, name, value, what),
  ),
];

const SPACED: [id: string, value: (blank: string) => string, where: string][] = [
  ['before-equals', b => `bytes${b}=0-5`, 'before its equals sign'],
  ['after-equals', b => `bytes=${b}0-5`, 'after its equals sign'],
  ['before-hyphen', b => `bytes=0${b}-5`, 'before its hyphen'],
  ['after-hyphen', b => `bytes=0-${b}5`, 'after its hyphen'],
];

const BLANKS: [id: string, blank: string, what: string][] = [
  ['space', ' ', 'a space'],
  ['tab', '\t', 'a tab'],
];

const identity: Partial<Expectation> = {
  requestHeaders: { range: 'bytes=0-5', 'accept-encoding': 'identity' },
};

export const safelistedHeaders = defineSuite({
  id: 'safelisted-headers',
  title: 'Safelisted request headers other than Content-Type',
  about:
    'A safelisted header needs no preflight while its value is short and harmless, and all of them are together.',
  cases: [
    ...withXhr(free('accept-plain', 'Accept', 'test', 'of a plain word')),
    ...UNSAFE_BYTES.map(({ name, byte, what }) =>
      asked(
        `accept-unsafe/${name}`,
        `Accept with ${what} needs a preflight`,
        get(['Accept', `a${byte}b`]),
        'accept',
      ),
    ),
    free('accept-128-129/128', 'Accept', 'x'.repeat(128), 'of exactly 128 bytes'),
    ...withXhr(unsafe('accept-128-129/129', 'Accept', 'x'.repeat(129), 'of 129 bytes')),
    unasked(
      'accept-dup-each-under-128/entries',
      'Two Accept entries of 100 bytes are judged one by one: no preflight',
      get(...repeated(2, 'Accept', 'x'.repeat(100))),
    ),
    asked(
      'accept-dup-each-under-128/xhr-combined',
      'XMLHttpRequest makes one value of two Accept values of 100 bytes, which needs a preflight',
      { api: 'xhr', ...get(...repeated(2, 'Accept', 'x'.repeat(100))) },
      'accept',
      {},
      { spec: [spec.safelistedRequestHeader, spec.xhrSetRequestHeader] },
    ),
    free('accept-tab', 'Accept', 'a\tb', 'with a tab'),
    free('accept-nonascii', 'Accept', '\xe9', 'with a byte from 0x80 on'),
    ...withXhr(free('accept-empty', 'Accept', '', 'with an empty value')),
    ...languages('accept-language-charset', 'accept-language-underscore', 'Accept-Language'),
    ...languages('content-language-charset', 'content-language-charset', 'Content-Language'),
    ...withXhr(free('range-simple/closed', 'Range', 'bytes=0-5', 'with a start and an end')),
    free('range-simple/open', 'Range', 'bytes=0-', 'with a start and no end'),
    free('range-simple/one-byte', 'Range', 'bytes=7-7', 'of one byte'),
    ...withXhr(
      unasked(
        'range-simple/accept-encoding',
        'A request with Range accepts the identity encoding only',
        get(['Range', 'bytes=0-5']),
        identity,
        { class: 'wire', spec: [spec.networkOrCache] },
      ),
    ),
    ...withXhr(unsafe('range-suffix', 'Range', 'bytes=-5', 'without a start')),
    unsafe('range-unit-case', 'Range', 'BYTES=0-5', 'with its unit in capitals'),
    unsafe('range-sign-ff/plus-start', 'Range', 'bytes=+0-5', 'with a plus sign before its start'),
    unsafe('range-sign-ff/plus-end', 'Range', 'bytes=0-+5', 'with a plus sign before its end'),
    unsafe('range-sign-ff/minus-end', 'Range', 'bytes=0--5', 'with two hyphens'),
    unsafe('range-sign-ff/form-feed', 'Range', 'bytes=0-5\x0c', 'with a form feed at its end'),
    unsafe('range-sign-ff/vertical-tab', 'Range', 'bytes=0-5\x0b', 'with a vertical tab at its end'),
    ...BLANKS.flatMap(([id, blank, what]) =>
      SPACED.map(([spot, value, where]) =>
        unsafe(`range-whitespace/${id}-${spot}`, 'Range', value(blank), `with ${what} ${where}`),
      ),
    ),
    unsafe('range-multi-reversed/two-ranges', 'Range', 'bytes=0-1,3-4', 'that lists two ranges'),
    unsafe('range-multi-reversed/reversed', 'Range', 'bytes=5-0', 'that ends before it starts'),
    unsafe('range-multi-reversed/empty', 'Range', 'bytes=-', 'with neither start nor end'),
    unsafe('range-multi-reversed/other-unit', 'Range', 'items=0-5', 'in another unit'),
    free('range-over-128/128', 'Range', `bytes=${'0'.repeat(120)}-5`, 'of exactly 128 bytes'),
    unasked(
      'range-over-128/huge-number',
      'Range with an end of 120 digits needs no preflight while its value has 128 bytes',
      get(['Range', `bytes=0-${'9'.repeat(120)}`]),
      {},
      {
        class: 'disputed',
        because:
          'By the Standard the digits are a decimal number of any size; every engine reads a machine integer, and takes one that is too big for a malformed range.',
      },
    ),
    unsafe('range-over-128/129', 'Range', `bytes=0-${'9'.repeat(121)}`, 'of 129 bytes'),
    unasked(
      'total-1024-exact',
      'Safelisted values of 1,024 bytes in all need no preflight',
      get(...repeated(8, 'Accept', 'x'.repeat(128))),
    ),
    asked(
      'total-over-1024',
      'Safelisted values of more than 1,024 bytes in all need a preflight',
      get(...repeated(9, 'Accept', 'x'.repeat(127))),
      'accept',
    ),
    asked(
      'total-over-1024-mixed',
      'Over 1,024 bytes, the preflight names every safelisted header beside the others, sorted',
      get(
        ['X-A', '1'],
        ...repeated(7, 'Accept', 'x'.repeat(128)),
        ['Content-Language', 'x'.repeat(128)],
        ['Accept-Language', 'x'],
      ),
      'accept,accept-language,content-language,x-a',
    ),
  ],
});

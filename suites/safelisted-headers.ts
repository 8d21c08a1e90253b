/** Accept, Accept-Language, Content-Language and Range: safelisted by their values, and only up to a size. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { withXhr } from './api-helpers.ts';
import { asksFirst, needsNoPreflight } from './safelist-helpers.ts';
import { shownValue } from './title-helpers.ts';
import { UNSAFE_BYTES } from './unsafe-bytes.ts';

const repeated = (times: number, name: string, value: string): [string, string][] =>
  Array.from({ length: times }, () => [name, value]);

const get = (...headers: [name: string, value: string][]): CaseRequest => ({ headers });

/** The header in a title: its value, or words for one that is too long to show. */
const shown = (name: string, value: string, words?: string): string =>
  words === undefined ? `${name}: ${shownValue(value)}` : `${name} ${words}`;

const safelisted = (id: string, name: string, value: string, words?: string): Case =>
  needsNoPreflight({
    id,
    title: `${shown(name, value, words)} needs no preflight`,
    request: get([name, value]),
  });
const unsafe = (id: string, name: string, value: string, words?: string): Case =>
  asksFirst({
    id,
    title: `${shown(name, value, words)} needs a preflight`,
    request: get([name, value]),
    names: name.toLowerCase(),
  });

const LANGUAGE_NOT: [id: string, value: string][] = [
  ['underscore', 'en_US'],
  ['at', 'en@x'],
  ['slash', 'en/US'],
  ['quote', '"en"'],
  ['tab', 'en\tx'],
  ['control', 'en\x01'],
  ['nonascii', 'fran\xe7ais'],
];

const languages = (allowed: string, refused: string, name: string): Case[] => [
  safelisted(`${allowed}/${name.toLowerCase()}-all`, name, '09 AZ-az *,-.;='),
  ...withXhr(safelisted(`${allowed}/${name.toLowerCase()}-usual`, name, 'en-US, en;q=0.8, *;q=0.1')),
  ...LANGUAGE_NOT.map(([id, value]) => unsafe(`${refused}/${name.toLowerCase()}-${id}`, name, value)),
];

const SPACED: [id: string, value: (blank: string) => string][] = [
  ['before-equals', b => `bytes${b}=0-5`],
  ['after-equals', b => `bytes=${b}0-5`],
  ['before-hyphen', b => `bytes=0${b}-5`],
  ['after-hyphen', b => `bytes=0-${b}5`],
];

const BLANKS: [id: string, blank: string][] = [
  ['space', ' '],
  ['tab', '\t'],
];

const identity: Partial<Expectation> = {
  requestHeaders: { range: 'bytes=0-5', 'accept-encoding': 'identity' },
};

export const safelistedHeaders = defineSuite({
  id: 'safelisted-headers',
  title: 'Safelisted request headers other than Content-Type',
  about:
    'A safelisted header needs no preflight as long as its value is short and has no unsafe byte, and all values together are short.',
  cases: [
    ...withXhr(safelisted('accept-plain', 'Accept', 'test')),
    ...UNSAFE_BYTES.map(({ name, byte }) => unsafe(`accept-unsafe/${name}`, 'Accept', `a${byte}b`)),
    safelisted('accept-128-129/128', 'Accept', 'x'.repeat(128), 'of exactly 128 bytes'),
    ...withXhr(unsafe('accept-128-129/129', 'Accept', 'x'.repeat(129), 'of 129 bytes')),
    needsNoPreflight({
      id: 'accept-dup-each-under-128/entries',
      title: 'Two Accept entries of 100 bytes each need no preflight',
      request: get(...repeated(2, 'Accept', 'x'.repeat(100))),
    }),
    asksFirst({
      id: 'accept-dup-each-under-128/xhr-combined',
      title: 'XMLHttpRequest combines two Accept values of 100 bytes into one, which needs a preflight',
      request: { api: 'xhr', ...get(...repeated(2, 'Accept', 'x'.repeat(100))) },
      names: 'accept',
      spec: [SPEC.safelistedRequestHeader, SPEC.xhrSetRequestHeader],
    }),
    safelisted('accept-tab', 'Accept', 'a\tb'),
    safelisted('accept-nonascii', 'Accept', '\xe9'),
    ...withXhr(safelisted('accept-empty', 'Accept', '')),
    ...languages('accept-language-charset', 'accept-language-underscore', 'Accept-Language'),
    ...languages('content-language-charset', 'content-language-charset', 'Content-Language'),
    ...withXhr(safelisted('range-simple/closed', 'Range', 'bytes=0-5')),
    safelisted('range-simple/open', 'Range', 'bytes=0-'),
    safelisted('range-simple/leading-zeros', 'Range', 'bytes=0000-5'),
    safelisted('range-simple/one-byte', 'Range', 'bytes=7-7'),
    ...withXhr(
      needsNoPreflight({
        id: 'range-simple/accept-encoding',
        title: 'A GET with a Range header sends Accept-Encoding: identity',
        request: get(['Range', 'bytes=0-5']),
        expect: identity,
        class: 'wire',
        spec: [SPEC.networkOrCache],
      }),
    ),
    ...withXhr(unsafe('range-suffix', 'Range', 'bytes=-5')),
    unsafe('range-unit-case', 'Range', 'BYTES=0-5'),
    unsafe('range-sign-ff/plus-start', 'Range', 'bytes=+0-5'),
    unsafe('range-sign-ff/plus-end', 'Range', 'bytes=0-+5'),
    unsafe('range-sign-ff/minus-end', 'Range', 'bytes=0--5'),
    unsafe('range-sign-ff/form-feed', 'Range', 'bytes=0-5\x0c'),
    unsafe('range-sign-ff/vertical-tab', 'Range', 'bytes=0-5\x0b'),
    ...BLANKS.flatMap(([id, blank]) =>
      SPACED.map(([spot, value]) => unsafe(`range-whitespace/${id}-${spot}`, 'Range', value(blank))),
    ),
    unsafe('range-multi-reversed/two-ranges', 'Range', 'bytes=0-1,3-4'),
    unsafe('range-multi-reversed/reversed', 'Range', 'bytes=5-0'),
    unsafe('range-multi-reversed/empty', 'Range', 'bytes=-'),
    unsafe('range-multi-reversed/other-unit', 'Range', 'items=0-5'),
    safelisted('range-over-128/128', 'Range', `bytes=${'0'.repeat(120)}-5`, 'of exactly 128 bytes'),
    needsNoPreflight({
      id: 'range-over-128/huge-number',
      title: 'A Range whose end has 120 digits needs no preflight, as its value has only 128 bytes',
      request: get(['Range', `bytes=0-${'9'.repeat(120)}`]),
      class: 'disputed',
      because:
        'By the Standard, the digits are a decimal number of any size; every engine parses a machine integer and rejects one that overflows.',
    }),
    unsafe('range-over-128/129', 'Range', `bytes=0-${'9'.repeat(121)}`, 'of 129 bytes'),
    needsNoPreflight({
      id: 'total-1024-exact',
      title: 'Safelisted values of 1,024 bytes in total need no preflight',
      request: get(...repeated(7, 'Accept', 'x'.repeat(128)), ['Accept-Language', 'x'.repeat(128)]),
    }),
    asksFirst({
      id: 'total-over-1024',
      title: 'Safelisted values of more than 1,024 bytes in total need a preflight',
      request: get(
        ...repeated(7, 'Accept', 'x'.repeat(128)),
        ['Accept-Language', 'x'.repeat(128)],
        ['Content-Language', 'x'],
      ),
      names: 'accept,accept-language,content-language',
    }),
    asksFirst({
      id: 'total-over-1024-defaults',
      title: 'The default Accept counts towards the 1,024 bytes of safelisted values',
      request: get(...repeated(7, 'Content-Language', 'x'.repeat(128)), ['Accept-Language', 'x'.repeat(128)]),
      names: 'accept,accept-language,content-language',
      spec: [SPEC.unsafeRequestHeaderNames, SPEC.fetch],
    }),
    asksFirst({
      id: 'total-over-1024-body-type',
      title: 'The Content-Type of the body counts towards the 1,024 bytes of safelisted values',
      request: {
        method: 'POST',
        ...get(...repeated(7, 'Accept', 'x'.repeat(128)), ['Accept-Language', 'x'.repeat(128)]),
        body: 'hello',
      },
      names: 'accept,accept-language,content-type',
    }),
    asksFirst({
      id: 'total-over-1024-mixed',
      title: 'If safelisted values exceed 1,024 bytes, the preflight lists those headers too, sorted',
      request: get(
        ['X-A', '1'],
        ...repeated(7, 'Accept', 'x'.repeat(128)),
        ['Content-Language', 'x'.repeat(128)],
        ['Accept-Language', 'x'],
      ),
      names: 'accept,accept-language,content-language,x-a',
    }),
  ],
});

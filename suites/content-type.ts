/** Content-Type values: which a form could send, and which call for a preflight. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest } from '../harness/case/schema.ts';
import { withXhr } from './apis.ts';
import { asked, unasked } from './families.ts';
import { UNSAFE_BYTES } from './unsafe-bytes.ts';

/** A POST with this Content-Type. Its body is bytes, so that no engine has a charset to add. */
const posted = (...types: string[]): CaseRequest => ({
  method: 'POST',
  headers: types.map(type => ['Content-Type', type]),
  body: { buffer: '{}' },
});

const free = (id: string, value: string, what: string): Case =>
  unasked(id, `Content-Type ${what} needs no preflight`, posted(value));
const unsafe = (id: string, value: string, what: string): Case =>
  asked(id, `Content-Type ${what} needs a preflight`, posted(value), 'content-type');

const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

export const contentType = defineSuite({
  id: 'content-type',
  title: 'Content-Type in the request-header safelist',
  about: 'Three types are safelisted, with any parameters, as long as no byte of the value is unsafe.',
  cases: [
    ...FORM_TYPES.flatMap(type =>
      withXhr(free(`ct-three-safelisted/${type.replace(/[^a-z]/g, '-')}`, type, type)),
    ),
    ...withXhr(free('ct-case-insensitive/upper', 'TEXT/PLAIN', 'in capitals')),
    free('ct-case-insensitive/mixed', 'Multipart/Form-Data;Boundary=b', 'in mixed case'),
    free('ct-any-parameter/charset', 'text/plain;charset=utf-16', 'text/plain with another charset'),
    free('ct-any-parameter/garbage', 'text/plain;garbage', 'text/plain with a nameless parameter'),
    free('ct-any-parameter/trailing-semicolon', 'text/plain;', 'text/plain with a semicolon at its end'),
    ...withXhr(unsafe('ct-json', 'application/json', 'application/json')),
    unsafe('ct-json/text-xml', 'text/xml', 'text/xml'),
    ...UNSAFE_BYTES.map(({ name, byte, what }) =>
      asked(
        `ct-unsafe-bytes/${name}`,
        `Content-Type text/plain with ${what} in a parameter needs a preflight`,
        posted(`text/plain;x=${byte}y`),
        'content-type',
      ),
    ),
    free('ct-tab-ok', 'text/plain;\tx=y', 'text/plain with a tab, the one permitted control character,'),
    unsafe('ct-list-value/trailing-comma', 'text/plain,', 'text/plain followed by a comma'),
    unsafe('ct-list-value/leading-comma', ',text/plain', 'text/plain after a comma'),
    unsafe('ct-list-value/twice', 'text/plain,text/plain', 'that lists text/plain twice'),
    ...withXhr(unsafe('ct-list-value/two-types', 'text/plain,x/x', 'that lists two types')),
    unsafe('ct-whitespace-inside/space', 'text /plain', 'with a space before its slash'),
    unsafe('ct-whitespace-inside/vertical-tab', 'text/plain\x0b', 'text/plain followed by a vertical tab'),
    unsafe('ct-whitespace-inside/form-feed', 'text/plain\x0c', 'text/plain followed by a form feed'),
    ...withXhr(
      asked(
        'ct-empty',
        "An empty Content-Type needs a preflight and is not replaced by the body's own type",
        { method: 'POST', headers: [['Content-Type', '']], body: 'hello' },
        'content-type',
      ),
    ),
    free('ct-nonascii', 'text/plain;\xe9', 'text/plain with a byte from 0x80 on'),
    free('ct-129/128', `text/plain;${'x'.repeat(117)}`, 'of exactly 128 bytes'),
    unsafe('ct-129/129', `text/plain;${'x'.repeat(118)}`, 'of 129 bytes'),
    unasked(
      'ct-dup-entries-safelisted',
      'Two Content-Type entries are judged one by one: both safelisted, no preflight',
      posted('text/plain', 'text/plain'),
    ),
    asked(
      'ct-dup-json-plain/json-first',
      'Two Content-Type entries, application/json and text/plain, need a preflight',
      posted('application/json', 'text/plain'),
      'content-type',
    ),
    asked(
      'ct-dup-json-plain/plain-first',
      'Two Content-Type entries, text/plain and application/json, need a preflight',
      posted('text/plain', 'application/json'),
      'content-type',
    ),
  ],
});

/** Content-Type values: which a form could send, and which call for a preflight. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest } from '../harness/case/schema.ts';
import { withXhr } from './api-helpers.ts';
import { asksFirst, needsNoPreflight } from './safelist-helpers.ts';
import { shownValue } from './title-helpers.ts';
import { UNSAFE_BYTES } from './unsafe-bytes.ts';

/** A POST with this Content-Type. Its body is bytes, so that no engine has a charset to add. */
const posted = (...types: string[]): CaseRequest => ({
  method: 'POST',
  headers: types.map(type => ['Content-Type', type]),
  body: { buffer: '{}' },
});

/** The header in a title: its value, or words for one that is too long to show. */
const shown = (value: string, words?: string): string =>
  words === undefined ? `Content-Type: ${shownValue(value)}` : `A Content-Type ${words}`;

const safelisted = (id: string, value: string, words?: string): Case =>
  needsNoPreflight({ id, title: `${shown(value, words)} needs no preflight`, request: posted(value) });
const unsafe = (id: string, value: string, words?: string): Case =>
  asksFirst({
    id,
    title: `${shown(value, words)} needs a preflight`,
    request: posted(value),
    names: 'content-type',
  });

const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

export const contentType = defineSuite({
  id: 'content-type',
  title: 'Content-Type in the request-header safelist',
  about: 'Three types are safelisted, with any parameters, as long as the value has no CORS-unsafe byte.',
  cases: [
    ...FORM_TYPES.flatMap(type =>
      withXhr(safelisted(`ct-three-safelisted/${type.replace(/[^a-z]/g, '-')}`, type)),
    ),
    ...withXhr(safelisted('ct-case-insensitive/upper', 'TEXT/PLAIN')),
    safelisted('ct-case-insensitive/mixed', 'Multipart/Form-Data;Boundary=b'),
    safelisted('ct-any-parameter/charset', 'text/plain;charset=utf-16'),
    safelisted('ct-any-parameter/garbage', 'text/plain;garbage'),
    safelisted('ct-any-parameter/trailing-semicolon', 'text/plain;'),
    ...withXhr(unsafe('ct-json', 'application/json')),
    unsafe('ct-json/text-xml', 'text/xml'),
    ...UNSAFE_BYTES.map(({ name, byte }) => unsafe(`ct-unsafe-bytes/${name}`, `text/plain;x=${byte}y`)),
    safelisted('ct-tab-ok', 'text/plain;\tx=y'),
    unsafe('ct-list-value/trailing-comma', 'text/plain,'),
    unsafe('ct-list-value/leading-comma', ',text/plain'),
    unsafe('ct-list-value/twice', 'text/plain,text/plain'),
    ...withXhr(unsafe('ct-list-value/two-types', 'text/plain,x/x')),
    unsafe('ct-whitespace-inside/space', 'text /plain'),
    unsafe('ct-whitespace-inside/vertical-tab', 'text/plain\x0b'),
    unsafe('ct-whitespace-inside/form-feed', 'text/plain\x0c'),
    ...withXhr(
      asksFirst({
        id: 'ct-empty',
        title: "An empty Content-Type needs a preflight and is not replaced by the body's type",
        request: { method: 'POST', headers: [['Content-Type', '']], body: 'hello' },
        names: 'content-type',
      }),
    ),
    safelisted('ct-nonascii', 'text/plain;\xe9'),
    safelisted('ct-129/128', `text/plain;${'x'.repeat(117)}`, 'of exactly 128 bytes'),
    unsafe('ct-129/129', `text/plain;${'x'.repeat(118)}`, 'of 129 bytes'),
    needsNoPreflight({
      id: 'ct-dup-entries-safelisted',
      title: 'Two Content-Type entries that are each safelisted need no preflight',
      request: posted('text/plain', 'text/plain'),
    }),
    asksFirst({
      id: 'ct-dup-json-plain/json-first',
      title: 'Content-Type entries application/json and text/plain, in that order, need a preflight',
      request: posted('application/json', 'text/plain'),
      names: 'content-type',
    }),
    asksFirst({
      id: 'ct-dup-json-plain/plain-first',
      title: 'Content-Type entries text/plain and application/json, in that order, need a preflight',
      request: posted('text/plain', 'application/json'),
      names: 'content-type',
    }),
  ],
});

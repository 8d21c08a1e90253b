/** What XMLHttpRequest does to the charset of a Content-Type that script set, when the body is a string. */
import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acah, acao, allowed, answer, one, readable } from './helpers.ts';

/** A Content-Type that script sets for a string, and what send() makes of it. */
const CHARSETS: readonly [variant: string, type: string, sent: string][] = [
  ['not-a-type', 'text; charset=ascii', 'text; charset=ascii'],
  ['quoted', 'text/plain;charset="ascii"', 'text/plain;charset=UTF-8'],
  ['twice', 'text/plain;charset=ascii;charset=utf-8', 'text/plain;charset=UTF-8'],
  ['other-parameter', 'Text/Plain ;Charset=latin1; x=Y', 'text/plain;charset=UTF-8;x=Y'],
  ['already', 'text/plain; charset=utf-8; x=Y', 'text/plain; charset=utf-8; x=Y'],
];

const IN_WORKERS: readonly [variant: string, what: string, request: CaseRequest, sent: string][] = [
  ['text', 'text', { body: 'sent' }, 'text/plain;charset=UTF-8'],
  [
    'urlencoded',
    'URLSearchParams',
    { body: { urlencoded: [['a', 'b']] } },
    'application/x-www-form-urlencoded;charset=UTF-8',
  ],
  [
    'author',
    'text of type text/plain;charset=ascii',
    { body: 'sent', headers: [['Content-Type', 'text/plain;charset=ascii']] },
    'text/plain;charset=UTF-8',
  ],
];

/** Types that are not safelisted, before send() rewrites them or after. */
const NO_TEXT: ReadonlySet<string> = new Set(['not-a-type']);

export const xhrCharsets = defineSuite({
  id: 'xhr-charsets',
  title: 'The charset of a Content-Type set by script',
  about:
    'If script set another charset than UTF-8 for a string, send() rewrites the type; otherwise it stays as it is.',
  cases: [
    ...CHARSETS.map(([variant, type, sent]) =>
      one({
        id: `xhr-charset-rewritten/${variant}`,
        title: `Content-Type: ${type} is sent as ${sent === type ? 'it is' : sent} with a string body`,
        spec: SPEC.xhrSend,
        request: { api: 'xhr', method: 'POST', body: 'sent', headers: [['Content-Type', type]] },
        server: { preflight: answer(acao(), acah('content-type')), actual: allowed },
        expect: readable({
          wire: NO_TEXT.has(variant) ? ['OPTIONS', 'POST'] : ['POST'],
          requestHeaders: { 'content-type': sent },
        }),
        class: 'wire',
      }),
    ),
    ...IN_WORKERS.map(([variant, what, request, sent]) =>
      one({
        id: `xhr-worker-charset/${variant}`,
        title: `XMLHttpRequest in a worker sends ${what} as ${sent}`,
        spec: SPEC.xhrSend,
        realm: 'worker',
        request: { api: 'xhr', method: 'POST', ...request },
        server: allowed,
        expect: readable({ wire: ['POST'], requestHeaders: { 'content-type': sent } }),
        class: 'wire',
      }),
    ),
  ],
});

/** What no-cors requests carry. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { withXhr } from './api-helpers.ts';
import { acah, acao, allowed, answer, blockedAtPreflight, one, readable, type Titled } from './helpers.ts';
import { asksFirst } from './safelist-helpers.ts';

/** A no-cors request, and what of its headers arrives. */
const noCors = ({
  id,
  title,
  request,
  requestHeaders,
}: Titled & { request: CaseRequest; requestHeaders: NonNullable<Expectation['requestHeaders']> }): Case =>
  one({
    id,
    title,
    spec: [SPEC.headersClass, SPEC.mainFetch],
    request: { mode: 'no-cors', ...request },
    server: { actual: answer() },
    expect: { outcome: 'opaque', type: 'opaque', wire: [request.method ?? 'GET'], requestHeaders },
  });

const AUTHORIZATION: CaseRequest = { headers: [['Authorization', 'Basic dXNlcjp3b3Jk']] };
const SENT = { authorization: 'Basic dXNlcjp3b3Jk' };

/** Types of a Blob that are not safelisted: the body's own type is subject to the guard of the headers, too. */
const DROPPED_TYPES: readonly [variant: string, what: string, type: string][] = [
  ['json', 'a Blob of type application/json', 'application/json'],
  ['html', 'a Blob of type text/html', 'text/html'],
  ['xml', 'a Blob of type application/xml', 'application/xml'],
  ['long', 'a Blob whose type has 129 bytes', `text/plain;x=${'y'.repeat(116)}`],
];

export const noCorsHeaders = defineSuite({
  id: 'no-cors-headers',
  title: 'Headers of no-cors requests, and Authorization',
  about: 'A no-cors request carries only safelisted headers; Authorization set by script needs a preflight.',
  cases: [
    noCors({
      id: 'nocors-guard/custom',
      title: 'A no-cors request drops a custom header',
      request: { headers: [['X-A', '1']] },
      requestHeaders: { 'x-a': null },
    }),
    noCors({
      id: 'nocors-guard/range',
      title: 'A no-cors request drops Range, although it is safelisted',
      request: { headers: [['Range', 'bytes=0-5']] },
      requestHeaders: { range: null },
    }),
    noCors({
      id: 'nocors-guard/json',
      title: 'A no-cors request drops Content-Type: application/json',
      request: { method: 'POST', headers: [['Content-Type', 'application/json']], body: { buffer: '{}' } },
      requestHeaders: { 'content-type': null },
    }),
    noCors({
      id: 'nocors-guard/json-string',
      title: 'A no-cors request replaces Content-Type: application/json by the type of its string body',
      request: { method: 'POST', headers: [['Content-Type', 'application/json']], body: '{}' },
      requestHeaders: { 'content-type': 'text/plain;charset=UTF-8' },
    }),
    noCors({
      id: 'nocors-guard/safelisted',
      title: 'A no-cors request keeps safelisted headers',
      request: {
        headers: [
          ['Accept', 'text/zz'],
          ['Content-Language', 'en'],
        ],
      },
      requestHeaders: { accept: 'text/zz', 'content-language': 'en' },
    }),
    noCors({
      id: 'nocors-guard/authorization',
      title: 'A no-cors request drops Authorization',
      request: AUTHORIZATION,
      requestHeaders: {
        authorization: null,
      },
    }),
    noCors({
      id: 'nocors-guard-append-128',
      title: 'A no-cors request drops a value that would make a header longer than 128 bytes',
      request: {
        headers: [
          ['Accept', 'x'.repeat(100)],
          ['Accept', 'y'.repeat(100)],
        ],
      },
      requestHeaders: { accept: 'x'.repeat(100) },
    }),
    ...DROPPED_TYPES.flatMap(([variant, what, type]) =>
      (['same-origin', 'include'] as const).map(credentials =>
        noCors({
          id: `nocors-blob-type/${variant}${credentials === 'include' ? '-credentials' : ''}`,
          title: `A no-cors POST of ${what} is sent without Content-Type${credentials === 'include' ? ', with credentials' : ''}`,
          request: { method: 'POST', credentials, body: { blob: '{}', type } },
          requestHeaders: { 'content-type': null },
        }),
      ),
    ),
    noCors({
      id: 'nocors-blob-type/text',
      title: 'A no-cors POST of a Blob of type text/plain is sent with that Content-Type',
      request: { method: 'POST', body: { blob: '{}', type: 'text/plain' } },
      requestHeaders: { 'content-type': 'text/plain' },
    }),
    noCors({
      id: 'nocors-blob-type/none',
      title: 'A no-cors POST of a Blob without a type is sent without Content-Type',
      request: { method: 'POST', body: { blob: '{}', type: '' } },
      requestHeaders: { 'content-type': null },
    }),
    noCors({
      id: 'nocors-blob-type/author-type',
      title: 'A no-cors POST of a JSON Blob keeps a safelisted Content-Type set by script',
      request: {
        method: 'POST',
        headers: [['Content-Type', 'text/plain']],
        body: { blob: '{}', type: 'application/json' },
      },
      requestHeaders: { 'content-type': 'text/plain' },
    }),
    one({
      id: 'authorization-survives-same-origin',
      title: "An Authorization set by script is sent to the page's own origin even in credentials mode omit",
      spec: [SPEC.networkOrCache, SPEC.corsAndCredentials],
      request: { ...AUTHORIZATION, credentials: 'omit' },
      server: answer(),
      expect: readable({ type: 'basic', status: 200, wire: ['GET'], requestHeaders: SENT }),
      at: 'site',
    }),
    ...withXhr(
      asksFirst({
        id: 'authorization-cross-origin-needs-preflight/listed',
        title: 'A cross-origin Authorization set by script needs a preflight and is then sent',
        request: AUTHORIZATION,
        names: 'authorization',
      }),
    ),
    ...withXhr(
      one({
        id: 'authorization-cross-origin-needs-preflight/not-listed',
        title: 'A cross-origin Authorization set by script is blocked if it is not listed',
        spec: [SPEC.safelistedRequestHeader, SPEC.preflightFetch],
        request: AUTHORIZATION,
        server: { preflight: answer(acao(), acah('x-a')), actual: allowed },
        expect: blockedAtPreflight({ wire: ['OPTIONS'], accessControlRequestHeaders: 'authorization' }),
      }),
    ),
  ],
});

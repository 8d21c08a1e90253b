/** Requests that need no preflight: methods and bodies that any form could send. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { withXhr } from './api-helpers.ts';
import { acah, acao, allowed, answer, blockedAtResponse, one, preflighted, readable } from './helpers.ts';

const bodies: [id: string, what: string, body: CaseRequest['body'], type: TypeSent, text: string][] = [
  ['simple-post-string', 'a string', 'hello', 'text/plain;charset=UTF-8', 'hello'],
  [
    'simple-post-urlsearchparams',
    'URLSearchParams',
    {
      urlencoded: [
        ['a', '1'],
        ['b', 'x y'],
      ],
    },
    'application/x-www-form-urlencoded;charset=UTF-8',
    'a=1&b=x+y',
  ],
  ['simple-post-arraybuffer', 'an ArrayBuffer', { buffer: '\x00\xff!' }, null, '\x00\xff!'],
  ['simple-post-blob-untyped', 'a Blob without a type', { blob: 'hello', type: '' }, null, 'hello'],
];
type TypeSent = string | null;

const post = (id: string, what: string, body: CaseRequest['body'], expect: Partial<Expectation>): Case =>
  one({
    id,
    title: `A POST with ${what} as its body needs no preflight`,
    spec: [SPEC.safelistedRequestHeader, SPEC.bodyExtract],
    request: { method: 'POST', body },
    server: allowed,
    expect: readable({ type: 'cors', status: 200, ...expect }),
  });

export const simpleRequests = defineSuite({
  id: 'simple-requests',
  title: 'Simple requests',
  about:
    'A request that any HTML form could make is sent at once; CORS only decides whether the page may read the response.',
  cases: [
    one({
      id: 'simple-get',
      title: 'A GET without author headers needs no preflight',
      spec: SPEC.mainFetch,
      server: allowed,
      expect: readable({
        type: 'cors',
        status: 200,
        body: 'ok',
        redirected: false,
        requestHeaders: { origin: '{origin}' },
      }),
    }),
    one({
      id: 'simple-head',
      title: 'A HEAD needs no preflight and has no body',
      spec: SPEC.safelistedMethod,
      request: { method: 'HEAD' },
      server: answer(acao('*')),
      expect: readable({ type: 'cors', status: 200, body: '', wire: ['HEAD'] }),
    }),
    ...bodies.map(([id, what, body, type, text]) =>
      post(id, what, body, { requestHeaders: { 'content-type': type }, requestBody: text }),
    ),
    post(
      'simple-post-formdata',
      'FormData',
      { multipart: [['a', '1']] },
      { requestHeaders: { 'content-type': { matches: '^multipart/form-data; ?boundary=[^ ]+$' } } },
    ),
    one({
      id: 'post-blob-json-type',
      title: 'A POST of a Blob of type application/json needs a preflight, although script set no header',
      spec: [SPEC.safelistedRequestHeader, SPEC.bodyExtract],
      request: { method: 'POST', body: { blob: '{"a":1}', type: 'application/json' } },
      server: { preflight: answer(acao(), acah('content-type')), actual: allowed },
      expect: preflighted({
        type: 'cors',
        accessControlRequestMethod: 'POST',
        accessControlRequestHeaders: 'content-type',
        requestHeaders: { 'content-type': 'application/json' },
        requestBody: '{"a":1}',
      }),
    }),
    one({
      id: 'same-origin-never-preflights',
      title: 'A same-origin PUT with a custom header needs neither a preflight nor permission',
      spec: SPEC.mainFetch,
      request: { method: 'PUT', headers: [['X-A', '1']], body: 'hello' },
      server: answer(['X-B', '2']),
      expect: readable({
        type: 'basic',
        status: 200,
        wire: ['PUT'],
        readable: { 'x-b': '2' },
        requestHeaders: { 'x-a': '1', origin: '{origin}' },
      }),
      at: 'site',
    }),
    one({
      id: 'mode-cors-default',
      title: 'A GET to another origin defaults to mode cors: it arrives, but its response is blocked',
      spec: [SPEC.requestClass, SPEC.corsCheck],
      server: answer(),
      expect: blockedAtResponse({ preflight: 'not sent', actual: 'sent' }),
    }),
  ].flatMap(withXhr),
});

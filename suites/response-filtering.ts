import { defineSuite } from '../harness/case/define.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { forBoth } from './api-helpers.ts';
import { acao, aceh, answer, GZIP, type HeaderLine, one, readable, resourceAt } from './helpers.ts';
import { apiName } from './title-helpers.ts';

const SAFELISTED: Record<string, string> = {
  'Cache-Control': 'no-store',
  'Content-Language': 'de',
  'Content-Length': '2',
  'Content-Type': 'text/x-sample',
  Expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
  'Last-Modified': 'Wed, 21 Oct 2015 07:28:00 GMT',
  Pragma: 'no-cache',
};

/** Headers that people expect to read and cannot. */
const HIDDEN: Record<string, string> = {
  ETag: '"1"',
  Date: 'Wed, 21 Oct 2015 07:28:00 GMT',
  Server: 'lab',
  Age: '1',
  Vary: 'Accept',
  Location: '{url}',
  Link: '<{url}>; rel=next',
  'X-Custom': 'a',
  'X-Content-Type-Options': 'nosniff',
  'WWW-Authenticate': 'Basic realm="lab"',
  'Content-Disposition': 'attachment; filename="a.txt"',
  'Content-Range': 'bytes 0-1/2',
  'Retry-After': '1',
  Authorization: 'none',
  'Access-Control-Allow-Credentials': 'true',
};

const DUPLICATES: HeaderLine[] = [
  ['X-A', '1'],
  ['X-B', 'b'],
  ['x-a', '2'],
];

const unsorted = answer(
  ['X-Zebra', 'z'],
  ['X-Hidden', 'h'],
  acao(),
  ['Pragma', 'no-cache'],
  ['X-Apple', 'a'],
  ['Content-Type', 'text/plain'],
  aceh('X-Zebra, x-apple'),
);
const sorted = readable({
  allHeaders: ['content-length', 'content-type', 'pragma', 'x-apple', 'x-zebra'],
});

export const responseFiltering = defineSuite({
  id: 'response-filtering',
  title: 'What script sees of a response',
  about:
    'The seven safelisted response headers, how values are shown, and what else a CORS response reveals.',
  cases: [
    ...forBoth(api =>
      one({
        id: `safelisted-response-seven/${api}`,
        title: `The seven safelisted response headers are readable by ${apiName(api)} without being listed`,
        spec: [SPEC.safelistedResponseHeader, SPEC.corsFilter],
        request: { api },
        server: answer(acao(), ...Object.entries(SAFELISTED)),
        expect: readable({
          readable: SAFELISTED,
          allHeaders: Object.keys(SAFELISTED).map(name => name.toLowerCase()),
        }),
      }),
    ),
    ...forBoth(api =>
      one({
        id: `non-safelisted-hidden/${api}`,
        title: `Response headers that are not safelisted are hidden from ${apiName(api)}`,
        spec: SPEC.corsFilter,
        request: { api },
        server: answer(acao(), ...Object.entries(HIDDEN)),
        expect: readable({ hidden: Object.keys(HIDDEN), allHeaders: ['content-length'] }),
      }),
    ),
    ...forBoth(api =>
      one({
        id: `dup-exposed-combined/${api}`,
        title: `Several lines of an exposed header are combined into one value for ${apiName(api)}`,
        spec: SPEC.getHeader,
        request: { api },
        server: answer(acao(), ...DUPLICATES, aceh('x-a, x-b')),
        expect: readable({
          readable: { 'x-a': '1, 2', 'x-b': 'b' },
          allHeaders: ['content-length', 'x-a', 'x-b'],
        }),
      }),
    ),
    ...forBoth(api =>
      one({
        id: `dup-safelisted-combined/${api}`,
        title: `Several lines of a safelisted header are combined into one value for ${apiName(api)}`,
        spec: SPEC.getHeader,
        request: { api },
        server: answer(acao(), ['Content-Language', 'en'], ['Content-Language', 'de, fr']),
        expect: readable({ readable: { 'content-language': 'en, de, fr' } }),
      }),
    ),
    ...forBoth(api =>
      one({
        id: `exposed-bytes/${api}`,
        title: `Bytes beyond ASCII in an exposed header are read by ${apiName(api)} as one character each`,
        spec: SPEC.headersClass,
        request: { api },
        server: answer(acao(), ['X-A', 'caf\xe9 \xc3\xbc \xff'], aceh('x-a')),
        expect: readable({ readable: { 'x-a': 'caf\xe9 \xc3\xbc \xff' } }),
      }),
    ),
    ...forBoth(api =>
      one({
        id: `exposed-empty-value/${api}`,
        title: `An exposed header with an empty value is read by ${apiName(api)} as the empty string`,
        spec: SPEC.getHeader,
        request: { api },
        server: answer(acao(), ['X-A', ''], aceh('x-a')),
        expect: readable({ readable: { 'x-a': '' }, allHeaders: ['content-length', 'x-a'] }),
      }),
    ),
    one({
      id: 'exposed-empty-value/beside-another',
      title: 'An empty line of an exposed header leaves an empty member in the combined value',
      spec: SPEC.getHeader,
      server: answer(acao(), ['X-A', ''], ['X-A', 'a'], aceh('x-a')),
      expect: readable({ readable: { 'x-a': ', a' } }),
    }),
    one({
      id: 'headers-immutable-iteration/order',
      title: 'Iteration shows exactly the readable headers, in lower case and sorted',
      spec: [SPEC.headersClass, SPEC.sortAndCombine],
      server: unsorted,
      expect: sorted,
    }),
    one({
      id: 'headers-immutable-iteration/xhr-order',
      title: 'getAllResponseHeaders() shows exactly the readable headers, in lower case and sorted',
      spec: SPEC.xhrGetAllResponseHeaders,
      request: { api: 'xhr' },
      server: unsorted,
      expect: sorted,
    }),
    one({
      id: 'headers-immutable-iteration/guard',
      title: 'The headers of a response are immutable',
      spec: [SPEC.fetchMethod, SPEC.headersGuard],
      request: { reads: 'write-headers' },
      server: answer(acao()),
      expect: readable({ result: 'TypeError' }),
    }),
    one({
      id: 'response-type-url-redirected/direct',
      title: 'A cross-origin response has type cors, the requested URL, and redirected is false',
      spec: [SPEC.corsFilter, SPEC.responseRedirected],
      request: { suffix: '?a=1' },
      server: answer(acao()),
      expect: readable({ type: 'cors', url: '{url}?a=1', redirected: false, status: 200 }),
    }),
    one({
      id: 'response-type-url-redirected/fragment',
      title: 'The URL of a response has no fragment',
      spec: SPEC.responseUrl,
      request: { suffix: '#f' },
      server: answer(acao()),
      expect: readable({ url: '{url}' }),
    }),
    one({
      id: 'response-type-url-redirected/redirected',
      title: 'After a redirect, the response has the URL of the last hop, and redirected is true',
      spec: [SPEC.redirectFetch, SPEC.responseRedirected],
      server: {
        actual: { status: 302, headers: [acao(), ['Location', '{url:next}']] },
        resources: { next: resourceAt('other-target', { actual: answer(acao('*')) }) },
      },
      expect: readable({ wire: ['GET', 'GET next'], type: 'cors', url: '{url:next}', redirected: true }),
    }),
    one({
      id: 'response-type-url-redirected/xhr',
      title: 'After a redirect, responseURL is the URL of the last hop',
      spec: SPEC.xhrResponseUrl,
      request: { api: 'xhr' },
      server: {
        actual: { status: 302, headers: [acao(), ['Location', '{url:next}']] },
        resources: { next: resourceAt('other-target', { actual: answer(acao('*')) }) },
      },
      expect: readable({ wire: ['GET', 'GET next'], url: '{url:next}' }),
    }),
    ...forBoth(api =>
      one({
        id: `content-length-exposed-with-encoding/${api}`,
        title: `A compressed response shows ${apiName(api)} its length as sent and its decoded body, but not its encoding`,
        spec: [SPEC.safelistedResponseHeader, SPEC.networkFetch],
        request: { api },
        server: { actual: { headers: [acao(), ['Content-Encoding', 'gzip']], body: GZIP } },
        expect: readable({
          readable: { 'content-length': '30' },
          hidden: ['content-encoding'],
          body: 'compressed',
        }),
      }),
    ),
    one({
      id: 'content-length-exposed-with-encoding/listed',
      title: 'A listed Content-Encoding is readable although the body has been decoded',
      spec: [SPEC.mainFetch, SPEC.networkFetch],
      server: {
        actual: { headers: [acao(), ['Content-Encoding', 'gzip'], aceh('content-encoding')], body: GZIP },
      },
      expect: readable({
        readable: { 'content-encoding': 'gzip', 'content-length': '30' },
        body: 'compressed',
      }),
    }),
    one({
      id: 'clone-keeps-filter',
      title: 'A clone of a response hides the same headers as the response',
      spec: SPEC.cloneResponse,
      request: { reads: 'clone' },
      server: answer(acao(), ['X-A', 'a'], ['X-B', 'b'], aceh('x-a')),
      expect: readable({ type: 'cors', readable: { 'x-a': 'a' }, hidden: ['x-b'], body: 'ok' }),
    }),
  ],
});

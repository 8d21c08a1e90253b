import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acao,
  aceh,
  allowed,
  answer,
  blockedAtResponse,
  type HeaderLine,
  one,
  readable,
  resourceAt,
  type Titled,
} from './helpers.ts';
import { sequence } from './sequence-helpers.ts';
import { apiName } from './title-helpers.ts';

const FIRST: HeaderLine[] = [['Range', 'bytes=0-3']];
const CONTENT_RANGE: HeaderLine = ['Content-Range', 'bytes 0-3/10'];

/** The first bytes of a resource of ten. */
const part = (...headers: HeaderLine[]): Answer => ({
  status: 206,
  headers: [CONTENT_RANGE, ...headers],
  body: 'abcd',
});

/** What a media element gets through the service worker, which gives it to the next request for that URL too. */
const replayed = ({ id, title, first, expect }: Titled & { first: Answer; expect: Expectation }): Case =>
  sequence({
    id,
    title,
    spec: SPEC.mainFetch,
    steps: [
      {
        request: { api: 'audio', mode: 'no-cors' },
        server: { actual: first },
        expect: {
          outcome: 'readable',
          anyRequests: true,
          actual: 'sent',
          requestHeaders: { range: 'bytes=0-', origin: null },
        },
      },
      { request: { mode: 'no-cors' }, expect },
    ],
    realm: 'controlled-frame',
    worker: 'replay',
    page: 'secure-site',
    at: 'secure-target',
    notModelled: 'The model has no service workers and no media elements.',
    engines: ['chromium', 'firefox'],
    because: 'The media elements of WebKitGTK do not request a range from a service worker.',
  });

/** A resource that is no server's: what it makes of Range is no matter of CORS. */
const local = ({
  id,
  title,
  request,
  expect,
}: Titled & { request: CaseRequest; expect: Partial<Expectation> }): Case =>
  one({
    id,
    title,
    spec: SPEC.schemeFetch,
    request: { headers: FIRST, ...request },
    server: allowed,
    expect: { outcome: 'readable', wire: [], ...expect },
    notModelled: 'The model does not fetch data: and blob: URLs, which need no request.',
  });

export const range = defineSuite({
  id: 'range',
  title: 'Range requests',
  about: 'A simple range needs no preflight, and a partial response is checked like a whole one.',
  cases: [
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      one({
        id: `range-cors-206/${api}`,
        title: `${apiName(api)} reads a partial response without a preflight, but not its Content-Range`,
        spec: [SPEC.safelistedRequestHeader, SPEC.corsFilter],
        request: { api, headers: FIRST },
        server: { actual: part(acao()) },
        expect: readable({
          wire: ['GET'],
          status: 206,
          body: 'abcd',
          hidden: ['content-range'],
          readable: { 'content-length': '4' },
          requestHeaders: { range: 'bytes=0-3' },
        }),
      }),
      one({
        id: `range-cors-206/${api}-exposed`,
        title: `${apiName(api)} reads Content-Range if it is exposed`,
        spec: SPEC.corsFilter,
        request: { api, headers: FIRST },
        server: { actual: part(acao(), aceh('Content-Range')) },
        expect: readable({ status: 206, body: 'abcd', readable: { 'content-range': 'bytes 0-3/10' } }),
      }),
      one({
        id: `range-cors-206/${api}-not-allowed`,
        title: `${apiName(api)} is blocked from reading a partial response without Access-Control-Allow-Origin`,
        spec: SPEC.corsCheck,
        request: { api, headers: FIRST },
        server: { actual: part() },
        expect: blockedAtResponse(),
      }),
      one({
        id: `range-cors-206/${api}-not-satisfiable`,
        title: `${apiName(api)} reads status 416 for a range that cannot be satisfied`,
        spec: SPEC.httpFetch,
        request: { api, headers: [['Range', 'bytes=100-200']] },
        server: { actual: { status: 416, headers: [acao()], body: '' } },
        expect: readable({ status: 416, body: '' }),
      }),
    ]),
    one({
      id: 'range-cors-206/whole',
      title: 'A server may answer a range request with the whole resource',
      spec: SPEC.httpFetch,
      request: { headers: FIRST },
      server: { actual: { headers: [acao()], body: 'abcdefghij' } },
      expect: readable({ status: 200, body: 'abcdefghij' }),
    }),
    one({
      id: 'range-cors-206/redirected',
      title: 'Range is kept by a redirect to another origin',
      spec: SPEC.redirectFetch,
      request: { headers: FIRST },
      server: {
        actual: { status: 307, headers: [acao(), ['Location', '{url:hop2}']] },
        resources: { hop2: resourceAt('other-target', { actual: part(acao('*')) }) },
      },
      expect: readable({
        wire: ['GET', 'GET hop2'],
        status: 206,
        requestHeadersAt: { 'GET hop2': { range: 'bytes=0-3' } },
      }),
    }),
    ...(['fetch', 'xhr'] as const).map(api =>
      one({
        id: `range-accept-encoding-identity/${api}`,
        title: `A range request by ${apiName(api)} sends Accept-Encoding: identity`,
        spec: SPEC.networkOrCache,
        request: { api, headers: FIRST },
        server: { actual: part(acao()) },
        expect: readable({ requestHeaders: { range: 'bytes=0-3', 'accept-encoding': 'identity' } }),
        class: 'wire',
      }),
    ),
    one({
      id: 'range-accept-encoding-identity/same-origin',
      title: 'A same-origin range request sends Accept-Encoding: identity',
      spec: SPEC.networkOrCache,
      request: { headers: FIRST },
      server: { actual: part() },
      expect: readable({ requestHeaders: { range: 'bytes=0-3', 'accept-encoding': 'identity' } }),
      class: 'wire',
      at: 'site',
    }),
    one({
      id: 'range-nocors-dropped',
      title: 'A no-cors request drops a Range set by script',
      spec: [SPEC.privilegedNoCorsName, SPEC.headersClass],
      request: { mode: 'no-cors', headers: FIRST },
      server: answer(),
      expect: { outcome: 'opaque', type: 'opaque', requestHeaders: { range: null } },
      class: 'wire',
    }),
    replayed({
      id: 'range-opaque-206-unrequested/part',
      title: 'An opaque partial response to a media element cannot answer a request without Range',
      first: part(['Content-Type', 'audio/wav']),
      expect: { outcome: 'error', error: 'TypeError', anyRequests: true },
    }),
    replayed({
      id: 'range-opaque-206-unrequested/whole',
      title: 'An opaque whole response to a media element can answer a request without Range',
      first: { headers: [['Content-Type', 'audio/wav']], body: 'abcd' },
      expect: { outcome: 'opaque', type: 'opaque', anyRequests: true },
    }),
    local({
      id: 'range-blob-data/blob',
      title: 'fetch() reads a range of a blob: URL with status 206',
      request: { objectOf: 'abcdefghij' },
      expect: {
        type: 'basic',
        status: 206,
        body: 'abcd',
        readable: { 'content-range': 'bytes 0-3/10', 'content-length': '4' },
      },
    }),
    local({
      id: 'range-blob-data/blob-xhr',
      title: 'XMLHttpRequest reads a range of a blob: URL with status 206',
      request: { api: 'xhr', objectOf: 'abcdefghij' },
      expect: { status: 206, body: 'abcd' },
    }),
    local({
      id: 'range-blob-data/blob-not-satisfiable',
      title: 'A range of a blob: URL that cannot be satisfied is a network error',
      request: { objectOf: 'abcdefghij', headers: [['Range', 'bytes=9-3']] },
      expect: { outcome: 'error', error: 'TypeError' },
    }),
    local({
      id: 'range-blob-data/data',
      title: 'A data: URL ignores Range and is read as a whole',
      request: { url: 'data:text/plain,abcdefghij' },
      expect: { type: 'basic', status: 200, body: 'abcdefghij' },
    }),
  ],
});

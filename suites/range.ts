import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { acao, aceh, allowed, answer, at, blocked, one, readable, spec } from './helpers.ts';
import { sequence, step } from './sequences.ts';

type Line = [name: string, value: string];

const PRIVILEGED = 'https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name';

const FIRST: Line[] = [['Range', 'bytes=0-3']];
const CONTENT_RANGE: Line = ['Content-Range', 'bytes 0-3/10'];

/** The first bytes of a resource of ten. */
const part = (...headers: Line[]): Answer => ({
  status: 206,
  headers: [CONTENT_RANGE, ...headers],
  body: 'abcd',
});

/** What a media element gets through the service worker, which gives it to the next request for that URL too. */
const replayed = (id: string, title: string, first: Answer, expect: Expectation): Case =>
  sequence(
    id,
    title,
    spec.mainFetch,
    [
      step(
        { api: 'audio', mode: 'no-cors' },
        { actual: first },
        {
          outcome: 'readable',
          anyRequests: true,
          actual: 'sent',
          requestHeaders: { range: 'bytes=0-', origin: null },
        },
      ),
      step({ mode: 'no-cors' }, undefined, expect),
    ],
    {
      realm: 'controlled-frame',
      worker: 'replay',
      page: 'secure-site',
      at: 'secure-target',
      notModelled: 'Service workers and media elements are not modelled',
      engines: ['chromium', 'firefox'],
      because: 'The media elements of WebKitGTK ask a service worker for no range.',
    },
  );

/** A resource that is no server's: what it makes of Range is no matter of CORS. */
const local = (id: string, title: string, request: CaseRequest, expect: Partial<Expectation>): Case =>
  one(
    id,
    title,
    spec.schemeFetch,
    { headers: FIRST, ...request },
    allowed,
    { outcome: 'readable', wire: [], ...expect },
    { notModelled: 'What a URL without a server is answered with is not modelled' },
  );

export const range = defineSuite({
  id: 'range',
  title: 'Range requests',
  about: 'A simple range needs no preflight, and a part of a resource is checked like the whole.',
  cases: [
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      one(
        `range-cors-206/${api}`,
        `${api} reads a part of a resource without a preflight, but not where the part stands`,
        [spec.safelistedRequestHeader, spec.filteredResponse],
        { api, headers: FIRST },
        { actual: part(acao()) },
        readable({
          wire: ['GET'],
          status: 206,
          body: 'abcd',
          hidden: ['content-range'],
          readable: { 'content-length': '4' },
          requestHeaders: { range: 'bytes=0-3' },
        }),
      ),
      one(
        `range-cors-206/${api}-exposed`,
        `${api} reads Content-Range where the server exposes it`,
        spec.filteredResponse,
        { api, headers: FIRST },
        { actual: part(acao(), aceh('Content-Range')) },
        readable({ status: 206, body: 'abcd', readable: { 'content-range': 'bytes 0-3/10' } }),
      ),
      one(
        `range-cors-206/${api}-not-allowed`,
        `${api} does not read a part of a resource that does not allow its origin`,
        spec.corsCheck,
        { api, headers: FIRST },
        { actual: part() },
        blocked(),
      ),
      one(
        `range-cors-206/${api}-not-satisfiable`,
        `${api} reads that a range cannot be satisfied`,
        spec.httpFetch,
        { api, headers: [['Range', 'bytes=100-200']] },
        { actual: { status: 416, headers: [acao()], body: '' } },
        readable({ status: 416, body: '' }),
      ),
    ]),
    one(
      'range-cors-206/whole',
      'A server may answer a range with the whole resource',
      spec.httpFetch,
      { headers: FIRST },
      { actual: { headers: [acao()], body: 'abcdefghij' } },
      readable({ status: 200, body: 'abcdefghij' }),
    ),
    one(
      'range-cors-206/redirected',
      'The range goes along with a redirect to another origin',
      spec.redirectFetch,
      { headers: FIRST },
      {
        actual: { status: 307, headers: [acao(), ['Location', '{url:hop2}']] },
        resources: { hop2: at('other-target', { actual: part(acao('*')) }) },
      },
      readable({
        wire: ['GET', 'GET hop2'],
        status: 206,
        requestHeadersAt: { 'GET hop2': { range: 'bytes=0-3' } },
      }),
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      one(
        `range-accept-encoding-identity/${api}`,
        `A ${api} request for a range accepts the identity encoding only`,
        spec.networkOrCache,
        { api, headers: FIRST },
        { actual: part(acao()) },
        readable({ requestHeaders: { range: 'bytes=0-3', 'accept-encoding': 'identity' } }),
        { class: 'wire' },
      ),
    ),
    one(
      'range-accept-encoding-identity/same-origin',
      'A same-origin request for a range accepts the identity encoding only',
      spec.networkOrCache,
      { headers: FIRST },
      { actual: part() },
      readable({ requestHeaders: { range: 'bytes=0-3', 'accept-encoding': 'identity' } }),
      { class: 'wire', at: 'site' },
    ),
    one(
      'range-nocors-dropped',
      'Script sets no Range on a no-cors request',
      [PRIVILEGED, spec.headersClass],
      { mode: 'no-cors', headers: FIRST },
      answer(),
      { outcome: 'opaque', type: 'opaque', requestHeaders: { range: null } },
      { class: 'wire' },
    ),
    replayed(
      'range-opaque-206-unrequested/part',
      'An opaque part of a resource that a media element asked for does not answer a request without Range',
      part(['Content-Type', 'audio/wav']),
      { outcome: 'error', error: 'TypeError', anyRequests: true },
    ),
    replayed(
      'range-opaque-206-unrequested/whole',
      'An opaque whole resource that a media element asked for answers a request without Range',
      { headers: [['Content-Type', 'audio/wav']], body: 'abcd' },
      { outcome: 'opaque', type: 'opaque', anyRequests: true },
    ),
    local(
      'range-blob-data/blob',
      'A range of a blob: URL is answered with status 206, without CORS',
      { objectOf: 'abcdefghij' },
      {
        type: 'basic',
        status: 206,
        body: 'abcd',
        readable: { 'content-range': 'bytes 0-3/10', 'content-length': '4' },
      },
    ),
    local(
      'range-blob-data/blob-xhr',
      'XMLHttpRequest reads a range of a blob: URL with status 206',
      { api: 'xhr', objectOf: 'abcdefghij' },
      { status: 206, body: 'abcd' },
    ),
    local(
      'range-blob-data/blob-not-satisfiable',
      'A range of a blob: URL that cannot be satisfied is a network error',
      { objectOf: 'abcdefghij', headers: [['Range', 'bytes=9-3']] },
      { outcome: 'error', error: 'TypeError' },
    ),
    local(
      'range-blob-data/data',
      'A data: URL knows no ranges: it is read as a whole, without CORS',
      { url: 'data:text/plain,abcdefghij' },
      { type: 'basic', status: 200, body: 'abcdefghij' },
    ),
  ],
});

import { defineSuite } from '../harness/case/define.ts';
import { forBoth } from './apis.ts';
import { acao, aceh, answer, at, one, readable, spec } from './helpers.ts';

type Line = [name: string, value: string];

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

/** "compressed", as gzip writes it. */
const GZIP =
  '\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xce\xcf\x2d\x28\x4a\x2d\x2e\x4e\x4d\x01\x00\x1e\x4b\x56\x97\x0a\x00\x00\x00';

const DUPLICATES: Line[] = [
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
  about: 'The seven safelisted response headers, how values are shown, and what else a CORS response tells.',
  cases: [
    ...forBoth(api =>
      one(
        `safelisted-response-seven/${api}`,
        `The seven safelisted response headers can be read through ${api} without being listed`,
        [spec.safelistedResponseHeader, spec.filteredResponse],
        { api },
        answer(acao(), ...Object.entries(SAFELISTED)),
        readable({
          readable: SAFELISTED,
          allHeaders: Object.keys(SAFELISTED).map(name => name.toLowerCase()),
        }),
      ),
    ),
    ...forBoth(api =>
      one(
        `non-safelisted-hidden/${api}`,
        `Every other response header is hidden from ${api}`,
        spec.filteredResponse,
        { api },
        answer(acao(), ...Object.entries(HIDDEN)),
        readable({ hidden: Object.keys(HIDDEN), allHeaders: ['content-length'] }),
      ),
    ),
    ...forBoth(api =>
      one(
        `dup-exposed-combined/${api}`,
        `Several lines of one exposed header are read through ${api} as one value`,
        spec.getHeader,
        { api },
        answer(acao(), ...DUPLICATES, aceh('x-a, x-b')),
        readable({ readable: { 'x-a': '1, 2', 'x-b': 'b' }, allHeaders: ['content-length', 'x-a', 'x-b'] }),
      ),
    ),
    ...forBoth(api =>
      one(
        `dup-safelisted-combined/${api}`,
        `Several lines of one safelisted header are read through ${api} as one value`,
        spec.getHeader,
        { api },
        answer(acao(), ['Content-Language', 'en'], ['Content-Language', 'de, fr']),
        readable({ readable: { 'content-language': 'en, de, fr' } }),
      ),
    ),
    ...forBoth(api =>
      one(
        `exposed-bytes/${api}`,
        `Bytes beyond ASCII are read through ${api} one character each`,
        'https://fetch.spec.whatwg.org/#headers-class',
        { api },
        answer(acao(), ['X-A', 'caf\xe9 \xc3\xbc \xff'], aceh('x-a')),
        readable({ readable: { 'x-a': 'caf\xe9 \xc3\xbc \xff' } }),
      ),
    ),
    ...forBoth(api =>
      one(
        `exposed-empty-value/${api}`,
        `An exposed header with an empty value is read through ${api} as the empty string`,
        spec.getHeader,
        { api },
        answer(acao(), ['X-A', ''], aceh('x-a')),
        readable({ readable: { 'x-a': '' }, allHeaders: ['content-length', 'x-a'] }),
      ),
    ),
    one(
      'exposed-empty-value/beside-another',
      'An empty line beside another of the same name leaves its place in the value',
      spec.getHeader,
      {},
      answer(acao(), ['X-A', ''], ['X-A', 'a'], aceh('x-a')),
      readable({ readable: { 'x-a': ', a' } }),
    ),
    one(
      'headers-immutable-iteration/order',
      'Iteration shows exactly the readable headers, in lower case and sorted',
      [spec.headersClass, 'https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine'],
      {},
      unsorted,
      sorted,
    ),
    one(
      'headers-immutable-iteration/xhr-order',
      'getAllResponseHeaders() shows exactly the readable headers, in lower case and sorted',
      'https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method',
      { api: 'xhr' },
      unsorted,
      sorted,
    ),
    one(
      'headers-immutable-iteration/guard',
      'The headers of a response cannot be changed',
      [spec.fetchMethod, 'https://fetch.spec.whatwg.org/#concept-headers-guard'],
      { reads: 'write-headers' },
      answer(acao()),
      readable({ result: 'TypeError' }),
    ),
    one(
      'response-type-url-redirected/direct',
      'A cross-origin response is of type cors, has the URL that was asked for, and was not redirected',
      [spec.filteredResponse, 'https://fetch.spec.whatwg.org/#dom-response-redirected'],
      { suffix: '?a=1' },
      answer(acao()),
      readable({ type: 'cors', url: '{url}?a=1', redirected: false, status: 200 }),
    ),
    one(
      'response-type-url-redirected/fragment',
      'The URL of a response has no fragment',
      'https://fetch.spec.whatwg.org/#dom-response-url',
      { suffix: '#f' },
      answer(acao()),
      readable({ url: '{url}' }),
    ),
    one(
      'response-type-url-redirected/redirected',
      'After a redirect the response has the URL of the last hop and says that it was redirected',
      [spec.redirectFetch, 'https://fetch.spec.whatwg.org/#dom-response-redirected'],
      {},
      {
        actual: { status: 302, headers: [acao(), ['Location', '{url:next}']] },
        resources: { next: at('other-target', { actual: answer(acao('*')) }) },
      },
      readable({ wire: ['GET', 'GET next'], type: 'cors', url: '{url:next}', redirected: true }),
    ),
    one(
      'response-type-url-redirected/xhr',
      'After a redirect responseURL is the URL of the last hop',
      'https://xhr.spec.whatwg.org/#the-responseurl-attribute',
      { api: 'xhr' },
      {
        actual: { status: 302, headers: [acao(), ['Location', '{url:next}']] },
        resources: { next: at('other-target', { actual: answer(acao('*')) }) },
      },
      readable({ wire: ['GET', 'GET next'], url: '{url:next}' }),
    ),
    ...forBoth(api =>
      one(
        `content-length-exposed-with-encoding/${api}`,
        `Of a compressed response ${api} sees the length as sent and the body unpacked, and not the encoding`,
        [spec.safelistedResponseHeader, spec.networkFetch],
        { api },
        { actual: { headers: [acao(), ['Content-Encoding', 'gzip']], body: GZIP } },
        readable({
          readable: { 'content-length': '30' },
          hidden: ['content-encoding'],
          body: 'compressed',
        }),
      ),
    ),
    one(
      'content-length-exposed-with-encoding/listed',
      'A listed Content-Encoding can be read though the body has been unpacked',
      [spec.mainFetch, spec.networkFetch],
      {},
      { actual: { headers: [acao(), ['Content-Encoding', 'gzip'], aceh('content-encoding')], body: GZIP } },
      readable({ readable: { 'content-encoding': 'gzip', 'content-length': '30' }, body: 'compressed' }),
    ),
    one(
      'clone-keeps-filter',
      'A clone hides what the response hides',
      'https://fetch.spec.whatwg.org/#concept-response-clone',
      { reads: 'clone' },
      answer(acao(), ['X-A', 'a'], ['X-B', 'b'], aceh('x-a')),
      readable({ type: 'cors', readable: { 'x-a': 'a' }, hidden: ['x-b'], body: 'ok' }),
    ),
  ],
});

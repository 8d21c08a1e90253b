/** XMLHttpRequest's own ways with requests and responses: upload listeners, headers, URLs and documents. */

import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acah, acao, aceh, allowed, answer, one, preflighted, readable } from './helpers.ts';
import { onTarget, redirect } from './redirect-helpers.ts';

const XHR: CaseRequest = { api: 'xhr' };
const POST: CaseRequest = { api: 'xhr', method: 'POST', body: 'sent' };
const FORCED = [SPEC.xhrSend, SPEC.useCorsPreflight];
const both = { preflight: answer(acao(), acah('x-a')), actual: allowed };

const UPLOAD = ['upload.loadstart', 'upload.load', 'upload.loadend'];
const events = (upload: readonly string[]) => [
  'readystatechange:1',
  'loadstart',
  ...upload,
  'readystatechange:2',
  'readystatechange:3',
  'readystatechange:4',
  'load',
  'loadend',
];

const uploads = [
  one({
    id: 'xhr-upload-listener-forces-preflight',
    title: 'An upload listener forces a preflight for a request that needs none otherwise',
    spec: FORCED,
    request: { ...POST, uploadListener: 'before-send' },
    server: both,
    expect: preflighted({
      status: 200,
      accessControlRequestMethod: 'POST',
      accessControlRequestHeaders: null,
      events: events(UPLOAD),
    }),
  }),
  one({
    id: 'xhr-upload-listener-late',
    title: 'An upload listener added after send() forces no preflight and receives no events',
    spec: FORCED,
    request: { ...POST, uploadListener: 'after-send' },
    server: both,
    expect: readable({ status: 200, wire: ['POST'], events: events([]) }),
  }),
  one({
    id: 'xhr-upload-listener-late/with-header',
    title: 'An upload listener added after send() receives no events even if there was a preflight',
    spec: SPEC.xhrSend,
    request: { ...POST, headers: [['X-A', '1']], uploadListener: 'after-send' },
    server: both,
    expect: preflighted({ status: 200, events: events([]) }),
    because: 'Whether there are upload listeners is decided when send() is called.',
  }),
  one({
    id: 'xhr-upload-listener-get',
    title: 'An upload listener forces a preflight for a GET',
    spec: FORCED,
    request: { ...XHR, uploadListener: 'before-send' },
    server: both,
    expect: preflighted({
      status: 200,
      accessControlRequestMethod: 'GET',
      accessControlRequestHeaders: null,
    }),
  }),
  one({
    id: 'xhr-upload-listener-sync',
    title: 'An upload listener forces a preflight for a synchronous request',
    spec: FORCED,
    request: { ...POST, sync: true, uploadListener: 'before-send' },
    server: both,
    expect: preflighted({
      status: 200,
      accessControlRequestMethod: 'POST',
      accessControlRequestHeaders: null,
    }),
  }),
  one({
    id: 'xhr-upload-listener-redirect',
    title: 'An upload listener forces a preflight when a redirect leads to another origin',
    spec: FORCED,
    request: { ...POST, uploadListener: 'before-send' },
    server: { actual: redirect('hop2', 307), resources: { hop2: onTarget(both) } },
    expect: readable({ status: 200, wire: ['POST', 'OPTIONS hop2', 'POST hop2'], requestBody: 'sent' }),
    at: 'site',
  }),
  one({
    id: 'xhr-upload-object-no-listener',
    title: 'Reading xhr.upload without adding a listener forces no preflight',
    spec: FORCED,
    request: { ...POST, uploadListener: 'object-only' },
    server: both,
    expect: readable({ status: 200, wire: ['POST'], events: events([]) }),
  }),
];

const long = 'text/plain;x='.padEnd(70, 'x');

const headers = [
  one({
    id: 'xhr-setrequestheader-combine',
    title: 'Two setRequestHeader() calls whose combined value exceeds 128 bytes need a preflight',
    spec: [SPEC.xhrSetRequestHeader, SPEC.safelistedRequestHeader],
    request: {
      ...XHR,
      headers: [
        ['Accept', long],
        ['Accept', long],
      ],
    },
    server: { preflight: answer(acao(), acah('accept')), actual: allowed },
    expect: preflighted({
      accessControlRequestHeaders: 'accept',
      requestHeaders: { accept: `${long}, ${long}` },
    }),
  }),
  one({
    id: 'xhr-setrequestheader-combine/short',
    title: 'Two setRequestHeader() calls whose combined value is within 128 bytes need no preflight',
    spec: [SPEC.xhrSetRequestHeader, SPEC.safelistedRequestHeader],
    request: {
      ...XHR,
      headers: [
        ['Accept', 'text/plain'],
        ['Accept', 'text/html'],
      ],
    },
    server: both,
    expect: readable({ wire: ['GET'], requestHeaders: { accept: 'text/plain, text/html' } }),
  }),
  one({
    id: 'xhr-default-accept',
    title: 'Accept defaults to */* and needs no preflight',
    spec: [SPEC.xhrSend, SPEC.fetch],
    request: XHR,
    server: both,
    expect: readable({ wire: ['GET'], requestHeaders: { accept: '*/*' } }),
    class: 'wire',
  }),
  ...(
    [
      [
        'none',
        'text/plain',
        '^text/plain$',
        'A Content-Type without charset for a string body is left unchanged, without a preflight',
      ],
      [
        'utf-8',
        'text/plain;charset=utf-8',
        '^text/plain;charset=utf-8$',
        'A charset of utf-8 in any case is left unchanged for a string body, without a preflight',
      ],
      [
        'other',
        'text/plain;charset=windows-1252',
        '^text/plain;\\s?charset=UTF-8$',
        'Another charset in the Content-Type of a string body is rewritten to UTF-8, without a preflight',
      ],
    ] as const
  ).map(([name, type, matches, told]) =>
    one({
      id: `xhr-charset-appended/${name}`,
      title: told,
      spec: SPEC.xhrSend,
      request: { ...POST, headers: [['Content-Type', type]] },
      server: both,
      expect: readable({ wire: ['POST'], requestHeaders: { 'content-type': { matches } } }),
      class: 'wire',
      because: 'The Standard rewrites a charset that is present and does not add one that is absent.',
    }),
  ),
];

const responses = [
  one({
    id: 'xhr-getallresponseheaders',
    title: 'getAllResponseHeaders() lists only safelisted and exposed headers, sorted and in lower case',
    spec: [SPEC.xhrGetAllResponseHeaders, SPEC.corsFilter],
    request: XHR,
    server: answer(['X-Hidden', '1'], ['X-B', '2'], ['Content-Language', 'en'], acao(), aceh('X-B, x-a'), [
      'X-A',
      '1',
    ]),
    expect: readable({
      allHeaders: ['content-language', 'content-length', 'x-a', 'x-b'],
      readable: { 'x-a': '1', 'x-b': '2' },
      hidden: ['x-hidden', 'access-control-allow-origin'],
    }),
  }),
  one({
    id: 'xhr-getallresponseheaders/legacy-order',
    title: 'getAllResponseHeaders() sorts names as if they were in upper case',
    spec: SPEC.xhrHeaderOrder,
    request: XHR,
    server: answer(['X_A', '1'], ['XB', '2'], acao(), aceh('*')),
    expect: readable({
      allHeaders: [
        'access-control-allow-origin',
        'access-control-expose-headers',
        'content-length',
        'xb',
        'x_a',
      ],
    }),
  }),
  ...(
    [
      ['hidden', 'X-Hidden', 'null', 'returns null for a header that is not exposed'],
      [
        'exposed',
        'x-SHOWN',
        'one, two',
        'combines the lines of an exposed header, whatever the case of the name',
      ],
      ['set-cookie', 'Set-Cookie', 'null', 'returns null for Set-Cookie, even if exposed'],
    ] as const
  ).map(([name, readsHeader, result, told]) =>
    one({
      id: `xhr-getresponseheader-hidden/${name}`,
      title: `getResponseHeader() ${told}`,
      spec: [SPEC.xhrGetResponseHeader, SPEC.corsFilter],
      request: { ...XHR, readsHeader },
      server: answer(
        ['X-Hidden', '1'],
        ['X-Shown', 'one'],
        ['X-Shown', 'two'],
        ['Set-Cookie', 'a{nonce}=1; Path=/c/{nonce}'],
        acao(),
        aceh('x-shown, set-cookie'),
      ),
      expect: readable({ result }),
      notModelled: 'The model lists headers and does not look up single ones.',
    }),
  ),
  one({
    id: 'xhr-responseurl',
    title: 'responseURL has no fragment',
    spec: SPEC.xhrResponseUrl,
    request: { ...XHR, suffix: '?q=1#f' },
    server: allowed,
    expect: readable({ url: '{url}?q=1', requestTargets: { GET: '{path}?q=1' } }),
  }),
  one({
    id: 'xhr-responsexml-cross',
    title: 'A readable XML response has a responseXML across origins',
    spec: SPEC.xhrResponseXml,
    request: XHR,
    server: { headers: [acao(), ['Content-Type', 'text/xml']], body: '<a/>' },
    expect: readable({ status: 200, body: '<a/>', result: 'xml' }),
    notModelled: 'The model does not parse documents.',
  }),
  one({
    id: 'xhr-document-domain',
    title: 'Setting document.domain does not change the origin that CORS uses',
    spec: [SPEC.corsCheck, SPEC.documentDomain],
    request: { ...XHR, documentDomain: true },
    server: allowed,
    expect: readable({ requestHeaders: { origin: '{origin}' } }),
    pageHeaders: [['Origin-Agent-Cluster', '?0']],
    notModelled: 'The model has no documents.',
  }),
  one({
    id: 'xhr-document-domain/own-origin',
    title: 'Setting document.domain does not change which URLs are same-origin',
    spec: [SPEC.corsCheck, SPEC.documentDomain],
    request: { ...XHR, documentDomain: true },
    server: answer(['X-A', '1']),
    expect: readable({ readable: { 'x-a': '1' }, requestHeaders: { origin: null } }),
    at: 'site',
    pageHeaders: [['Origin-Agent-Cluster', '?0']],
    notModelled: 'The model has no documents.',
  }),
  one({
    id: 'xhr-data-url',
    title: 'A data: URL is readable without CORS, with status 200',
    spec: [SPEC.schemeFetch, SPEC.mainFetch],
    request: { ...XHR, url: 'data:text/plain,hello' },
    server: allowed,
    expect: readable({ status: 200, body: 'hello', readable: { 'content-type': 'text/plain' }, wire: [] }),
    notModelled: 'The model does not fetch data: URLs.',
  }),
];

export const xhrRequests = defineSuite({
  id: 'xhr-requests',
  title: 'XMLHttpRequest: uploads, headers and responses',
  cases: [...uploads, ...headers, ...responses],
});

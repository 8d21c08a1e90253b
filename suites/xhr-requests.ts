/** XMLHttpRequest's own ways with requests and responses: upload listeners, headers, URLs and documents. */
import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { acah, acao, aceh, allowed, answer, one, preflighted, readable, spec } from './helpers.ts';
import { A, redirect } from './redirect-words.ts';

const XHR: CaseRequest = { api: 'xhr' };
const POST: CaseRequest = { api: 'xhr', method: 'POST', body: 'sent' };
const FORCED = [spec.xhrSend, 'https://fetch.spec.whatwg.org/#use-cors-preflight-flag'];
const SET_HEADER = 'https://xhr.spec.whatwg.org/#the-setrequestheader()-method';
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
  one(
    'xhr-upload-listener-forces-preflight',
    'A listener on the upload makes a preflight of a request that otherwise needs none',
    FORCED,
    { ...POST, uploadListener: 'before-send' },
    both,
    preflighted({
      status: 200,
      accessControlRequestMethod: 'POST',
      accessControlRequestHeaders: null,
      events: events(UPLOAD),
    }),
  ),
  one(
    'xhr-upload-listener-late',
    'A listener that comes after send() neither forces a preflight nor hears of the upload',
    FORCED,
    { ...POST, uploadListener: 'after-send' },
    both,
    readable({ status: 200, wire: ['POST'], events: events([]) }),
  ),
  one(
    'xhr-upload-listener-late/with-header',
    'A listener that comes after send() hears nothing of the upload even where there was a preflight',
    spec.xhrSend,
    { ...POST, headers: [['X-A', '1']], uploadListener: 'after-send' },
    both,
    preflighted({ status: 200, events: events([]) }),
    { because: 'What counts is whether there was a listener when send() was called.' },
  ),
  one(
    'xhr-upload-listener-get',
    'A listener on the upload forces a preflight even where there is nothing to upload',
    FORCED,
    { ...XHR, uploadListener: 'before-send' },
    both,
    preflighted({
      status: 200,
      accessControlRequestMethod: 'GET',
      accessControlRequestHeaders: null,
    }),
  ),
  one(
    'xhr-upload-listener-sync',
    'A listener on the upload forces a preflight of a synchronous request, too',
    FORCED,
    { ...POST, sync: true, uploadListener: 'before-send' },
    both,
    preflighted({ status: 200, accessControlRequestMethod: 'POST', accessControlRequestHeaders: null }),
  ),
  one(
    'xhr-upload-listener-redirect',
    'A listener on the upload forces a preflight where a redirect leads to another origin',
    FORCED,
    { ...POST, uploadListener: 'before-send' },
    { actual: redirect('hop2', 307), resources: { hop2: A(both) } },
    readable({ status: 200, wire: ['POST', 'OPTIONS hop2', 'POST hop2'], requestBody: 'sent' }),
    { at: 'site' },
  ),
  one(
    'xhr-upload-object-no-listener',
    'The upload object alone, without a listener, forces nothing',
    FORCED,
    { ...POST, uploadListener: 'object-only' },
    both,
    readable({ status: 200, wire: ['POST'], events: events([]) }),
  ),
];

const long = 'text/plain;x='.padEnd(70, 'x');

const headers = [
  one(
    'xhr-setrequestheader-combine',
    'Two calls of setRequestHeader() make one value, which is unsafe beyond 128 bytes',
    [SET_HEADER, spec.safelistedRequestHeader],
    {
      ...XHR,
      headers: [
        ['Accept', long],
        ['Accept', long],
      ],
    },
    { preflight: answer(acao(), acah('accept')), actual: allowed },
    preflighted({ accessControlRequestHeaders: 'accept', requestHeaders: { accept: `${long}, ${long}` } }),
  ),
  one(
    'xhr-setrequestheader-combine/short',
    'Two calls of setRequestHeader() whose combined value stays within 128 bytes need no preflight',
    [SET_HEADER, spec.safelistedRequestHeader],
    {
      ...XHR,
      headers: [
        ['Accept', 'text/plain'],
        ['Accept', 'text/html'],
      ],
    },
    both,
    readable({ wire: ['GET'], requestHeaders: { accept: 'text/plain, text/html' } }),
  ),
  one(
    'xhr-default-accept',
    'Accept is */* where script sets none, and needs no preflight',
    [spec.xhrSend, 'https://fetch.spec.whatwg.org/#concept-fetch'],
    XHR,
    both,
    readable({ wire: ['GET'], requestHeaders: { accept: '*/*' } }),
    { class: 'wire' },
  ),
  ...(
    [
      ['none', 'text/plain', '^text/plain$', 'a type without charset is left alone'],
      ['utf-8', 'text/plain;charset=utf-8', '^text/plain;charset=utf-8$', 'utf-8 in any case is left alone'],
      [
        'other',
        'text/plain;charset=windows-1252',
        '^text/plain;\\s?charset=UTF-8$',
        'another charset is rewritten to UTF-8, which is what is sent',
      ],
    ] as const
  ).map(([name, type, matches, told]) =>
    one(
      `xhr-charset-appended/${name}`,
      `Of an author's Content-Type for a string, ${told}; no preflight either way`,
      spec.xhrSend,
      { ...POST, headers: [['Content-Type', type]] },
      both,
      readable({ wire: ['POST'], requestHeaders: { 'content-type': { matches } } }),
      { class: 'wire', because: 'The Standard rewrites a charset that is there and adds none that is not.' },
    ),
  ),
];

const responses = [
  one(
    'xhr-getallresponseheaders',
    'getAllResponseHeaders() shows the safelisted and the exposed headers only, sorted, in lower case',
    ['https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method', spec.filteredResponse],
    XHR,
    answer(['X-Hidden', '1'], ['X-B', '2'], ['Content-Language', 'en'], acao(), aceh('X-B, x-a'), [
      'X-A',
      '1',
    ]),
    readable({
      allHeaders: ['content-language', 'content-length', 'x-a', 'x-b'],
      readable: { 'x-a': '1', 'x-b': '2' },
      hidden: ['x-hidden', 'access-control-allow-origin'],
    }),
  ),
  one(
    'xhr-getallresponseheaders/legacy-order',
    'getAllResponseHeaders() sorts names as if they were in upper case',
    'https://xhr.spec.whatwg.org/#legacy-uppercased-byte-less-than',
    XHR,
    answer(['X_A', '1'], ['XB', '2'], acao(), aceh('*')),
    readable({
      allHeaders: [
        'access-control-allow-origin',
        'access-control-expose-headers',
        'content-length',
        'xb',
        'x_a',
      ],
    }),
  ),
  ...(
    [
      ['hidden', 'X-Hidden', 'null', 'is null for a header that is not exposed'],
      [
        'exposed',
        'x-SHOWN',
        'one, two',
        'combines the lines of an exposed header, under any case of its name',
      ],
      ['set-cookie', 'Set-Cookie', 'null', 'is null for Set-Cookie, even if exposed'],
    ] as const
  ).map(([name, readsHeader, result, told]) =>
    one(
      `xhr-getresponseheader-hidden/${name}`,
      `getResponseHeader() ${told}`,
      ['https://xhr.spec.whatwg.org/#the-getresponseheader()-method', spec.filteredResponse],
      { ...XHR, readsHeader },
      answer(
        ['X-Hidden', '1'],
        ['X-Shown', 'one'],
        ['X-Shown', 'two'],
        ['Set-Cookie', 'a{nonce}=1; Path=/c/{nonce}'],
        acao(),
        aceh('x-shown, set-cookie'),
      ),
      readable({ result }),
      { notModelled: 'the model lists headers and does not look up single ones' },
    ),
  ),
  one(
    'xhr-responseurl',
    'responseURL has no fragment',
    'https://xhr.spec.whatwg.org/#the-responseurl-attribute',
    { ...XHR, suffix: '?q=1#f' },
    allowed,
    readable({ url: '{url}?q=1', requestTargets: { GET: '{path}?q=1' } }),
  ),
  one(
    'xhr-responsexml-cross',
    'A readable XML response has a responseXML across origins',
    'https://xhr.spec.whatwg.org/#the-responsexml-attribute',
    XHR,
    { headers: [acao(), ['Content-Type', 'text/xml']], body: '<a/>' },
    readable({ status: 200, body: '<a/>', result: 'xml' }),
    { notModelled: 'the model parses no documents' },
  ),
  one(
    'xhr-document-domain',
    'document.domain changes nothing about the origin that CORS is about',
    'https://html.spec.whatwg.org/multipage/browsers.html#relaxing-the-same-origin-restriction',
    { ...XHR, documentDomain: true },
    allowed,
    readable({ requestHeaders: { origin: '{origin}' } }),
    { pageHeaders: [['Origin-Agent-Cluster', '?0']], notModelled: 'the model has no documents' },
  ),
  one(
    'xhr-document-domain/own-origin',
    'After document.domain was set, the own origin is still the own origin',
    'https://html.spec.whatwg.org/multipage/browsers.html#relaxing-the-same-origin-restriction',
    { ...XHR, documentDomain: true },
    answer(['X-A', '1']),
    readable({ readable: { 'x-a': '1' }, requestHeaders: { origin: null } }),
    {
      at: 'site',
      pageHeaders: [['Origin-Agent-Cluster', '?0']],
      notModelled: 'the model has no documents',
    },
  ),
  one(
    'xhr-data-url',
    'A data: URL is readable without CORS, with status 200',
    [spec.schemeFetch, spec.mainFetch],
    { ...XHR, url: 'data:text/plain,hello' },
    allowed,
    readable({ status: 200, body: 'hello', readable: { 'content-type': 'text/plain' }, wire: [] }),
    { notModelled: 'the model fetches no data: URLs' },
  ),
];

export const xhrRequests = defineSuite({
  id: 'xhr-requests',
  title: 'XMLHttpRequest: uploads, headers and responses',
  cases: [...uploads, ...headers, ...responses],
});

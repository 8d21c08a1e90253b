/** Range requests: part of a resource across origins, and what script may read of it. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, CaseRequest } from '../harness/case/schema.ts';
import { withXhr } from './apis.ts';
import { acao, aceh, one, readable, spec } from './helpers.ts';

const FIRST_FOUR: CaseRequest = { headers: [['Range', 'bytes=0-3']] };
const SCHEME = 'https://fetch.spec.whatwg.org/#scheme-fetch';

/** Four of ten bytes. */
const part = (...headers: [string, string][]): Answer => ({
  status: 206,
  headers: [acao(), ['Content-Range', 'bytes 0-3/10'], ['Accept-Ranges', 'bytes'], ...headers],
  body: 'part',
});

const answered = [
  ...withXhr(
    one(
      'range-cors-206',
      'A simple range needs no preflight; the part is readable, and where it lies is hidden',
      [spec.safelistedRequestHeader, spec.filteredResponse],
      FIRST_FOUR,
      part(),
      readable({
        type: 'cors',
        status: 206,
        body: 'part',
        wire: ['GET'],
        readable: { 'content-length': '4' },
        hidden: ['content-range', 'accept-ranges'],
        requestHeaders: { range: 'bytes=0-3' },
      }),
    ),
  ),
  one(
    'range-cors-206/exposed',
    'Where a part lies is readable where Content-Range is exposed',
    spec.filteredResponse,
    FIRST_FOUR,
    part(aceh('Content-Range')),
    readable({ status: 206, readable: { 'content-range': 'bytes 0-3/10' }, hidden: ['accept-ranges'] }),
  ),
  one(
    'range-cors-206/whole',
    'A server may answer a range with the whole',
    spec.mainFetch,
    FIRST_FOUR,
    { headers: [acao()], body: 'part and rest' },
    readable({ type: 'cors', status: 200, body: 'part and rest' }),
  ),
  one(
    'range-cors-206/416',
    'A range that cannot be satisfied is a readable 416',
    spec.mainFetch,
    FIRST_FOUR,
    { status: 416, headers: [acao(), ['Content-Range', 'bytes */2']] },
    readable({ type: 'cors', status: 416, hidden: ['content-range'] }),
  ),
  one(
    'range-cors-206/unasked',
    'A 206 that nobody asked for is readable',
    spec.mainFetch,
    {},
    part(),
    readable({ type: 'cors', status: 206, body: 'part' }),
    { because: 'Only an opaque response is held to the range of its request.' },
  ),
];

const sent = [
  ...withXhr(
    one(
      'range-accept-encoding-identity',
      'A request for a range asks for no content coding',
      spec.networkOrCache,
      FIRST_FOUR,
      part(),
      readable({ status: 206, requestHeaders: { 'accept-encoding': 'identity' } }),
      { class: 'wire' },
    ),
  ),
  one(
    'range-nocors-dropped',
    'In no-cors mode script cannot ask for a range',
    [
      'https://fetch.spec.whatwg.org/#headers-guard',
      'https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header',
    ],
    { ...FIRST_FOUR, mode: 'no-cors' },
    part(),
    { outcome: 'opaque', type: 'opaque', status: 0, wire: ['GET'], requestHeaders: { range: null } },
    { class: 'wire' },
  ),
];

const NO_REQUEST = {
  notModelled: 'A data: or blob: URL is answered without a request; the model is about requests.',
};

const local = [
  one(
    'range-blob-data/blob',
    'A range of a blob: URL is a readable 206 with its Content-Range, without CORS',
    SCHEME,
    { ...FIRST_FOUR, url: 'blob:page' },
    part(),
    readable({
      type: 'basic',
      status: 206,
      body: 'made',
      readable: { 'content-range': 'bytes 0-3/16', 'content-length': '4' },
      wire: [],
    }),
    NO_REQUEST,
  ),
  one(
    'range-blob-data/data',
    'A data: URL knows no ranges: it is read whole',
    SCHEME,
    { ...FIRST_FOUR, url: 'data:text/plain,whole' },
    part(),
    readable({ type: 'basic', status: 200, body: 'whole', wire: [] }),
    NO_REQUEST,
  ),
];

export const ranges = defineSuite({
  id: 'ranges',
  title: 'Range requests',
  cases: [...answered, ...sent, ...local],
});

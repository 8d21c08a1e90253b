/** Realms that take over the origin of the page that made them, and URLs that are answered without a request. */

import { defineSuite } from '../harness/case/define.ts';
import type { Expectation, Realm, RequestStep } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { inBothApis } from './api-helpers.ts';
import { acam, acao, answer, blockedAtResponse, one, preflighted, readable } from './helpers.ts';

const INHERITING: readonly [row: string, realm: Realm, what: string, link: string][] = [
  ['inherit-srcdoc', 'srcdoc-frame', 'A srcdoc frame', SPEC.documentOrigin],
  ['inherit-about-blank', 'about-blank-frame', 'An about:blank frame', SPEC.documentOrigin],
  ['inherit-blob-iframe', 'blob-frame', 'A frame created from a blob: URL', SPEC.documentOrigin],
  ['inherit-blob-worker', 'blob-worker', 'A worker created from a blob: URL', SPEC.workerOrigin],
];

const inheriting = INHERITING.flatMap(([row, realm, what, link]) => [
  ...inBothApis(
    one({
      id: `${row}/page-origin`,
      title: `${what} sends the page's origin`,
      spec: [link, SPEC.originHeader],
      server: answer(acao()),
      expect: readable({ type: 'cors', status: 200, requestHeaders: { origin: '{origin}' } }),
      realm,
    }),
  ),
  one({
    id: `${row}/null`,
    title: `${what} is not allowed by "null"`,
    spec: [link, SPEC.corsCheck],
    server: answer(acao('null')),
    expect: blockedAtResponse({ error: 'TypeError', requestHeaders: { origin: '{origin}' } }),
    realm,
  }),
  one({
    id: `${row}/preflight`,
    title: `${what} sends the page's origin on the preflight of a PUT`,
    spec: [link, SPEC.preflightFetch],
    request: { method: 'PUT' },
    server: { preflight: answer(acao(), acam('PUT')), actual: answer(acao()) },
    expect: preflighted({ preflightHeaders: { origin: '{origin}' }, requestHeaders: { origin: '{origin}' } }),
    realm,
  }),
  one({
    id: `${row}/own-server`,
    title: `${what} reads the page's own server without CORS`,
    spec: [link, SPEC.mainFetch],
    server: answer(['X-Plain', '1']),
    expect: readable({
      type: 'basic',
      status: 200,
      readable: { 'x-plain': '1' },
      requestHeaders: { origin: null },
    }),
    realm,
    at: 'site',
  }),
  ...inBothApis(
    one({
      id: `${row}/own-server-put`,
      title: `${what} sends the page's origin on a PUT to the page's own server`,
      spec: [link, SPEC.appendOriginHeader],
      request: { method: 'PUT' },
      server: answer(),
      expect: readable({ type: 'basic', wire: ['PUT'], requestHeaders: { origin: '{origin}' } }),
      realm,
      at: 'site',
    }),
  ),
]);

const DATA_URL = 'data:text/plain,here';
const fetched = readable({ type: 'basic', status: 200, body: 'here', url: DATA_URL, wire: [] });
const NO_REQUEST = 'The model does not fetch data: and blob: URLs, which need no request.';

const dataUrls = [
  ...(
    [
      ['page', 'the page'],
      ['worker', 'a worker'],
      ['sandboxed-frame', 'a sandboxed frame'],
      ['data-frame', 'a data: frame'],
      ['data-worker', 'a data: worker'],
    ] as const
  ).flatMap(([realm, where]) =>
    inBothApis(
      one({
        id: `opaque-data-url-fetch/${realm}`,
        title: `A data: URL is readable from ${where} without CORS`,
        spec: [SPEC.mainFetch, SPEC.schemeFetch],
        request: { url: DATA_URL },
        server: {},
        expect: fetched,
        realm,
        notModelled: NO_REQUEST,
      }),
    ),
  ),
  ...(['same-origin', 'no-cors'] as const).map(mode =>
    one({
      id: `opaque-data-url-fetch/${mode}`,
      title: `A data: URL is readable in mode ${mode}`,
      spec: [SPEC.mainFetch, SPEC.schemeFetch],
      request: { url: DATA_URL, mode },
      server: {},
      expect: fetched,
      notModelled: NO_REQUEST,
    }),
  ),
];

const BLOB_URL = 'blob:page';
const ownBlob = readable({ type: 'basic', status: 200, body: 'made by the page', wire: [] });
const noBlob: Expectation = { outcome: 'error', error: 'TypeError', wire: [] };

const BLOB_READERS: readonly [variant: string, title: string, where: Partial<RequestStep>, Expectation][] = [
  ['own', 'A page reads its own blob: URL without CORS', {}, ownBlob],
  [
    'srcdoc',
    "A frame that inherits the page's origin reads the page's blob: URL",
    { realm: 'srcdoc-frame' },
    ownBlob,
  ],
  ['sandboxed', "A sandboxed frame cannot read the page's blob: URL", { realm: 'sandboxed-frame' }, noBlob],
  [
    'other-origin',
    "A frame of another origin cannot read the page's blob: URL",
    { frame: 'other-site' },
    noBlob,
  ],
];

const blobUrls = BLOB_READERS.flatMap(([variant, title, where, expect]) =>
  inBothApis({
    id: `blob-cross-origin-url/${variant}`,
    title,
    spec: [SPEC.mainFetch, SPEC.schemeFetch],
    notModelled: NO_REQUEST,
    steps: [{ request: { url: BLOB_URL }, ...where, expect }],
  }),
);

export const inheritedOrigins = defineSuite({
  id: 'inherited-origins',
  title: 'Inherited origins',
  about: "Frames and workers that inherit the page's origin, and who may read data: and blob: URLs.",
  cases: [...inheriting, ...dataUrls, ...blobUrls],
});

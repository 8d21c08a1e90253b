/** Realms that take over the origin of the page that made them, and URLs that are answered without a request. */
import { defineSuite } from '../harness/case/define.ts';
import type { Expectation, Realm, RequestStep } from '../harness/case/schema.ts';
import { inBothApis } from './apis.ts';
import { acam, acao, answer, blocked, one, preflighted, readable, spec } from './helpers.ts';

const HTML = 'https://html.spec.whatwg.org/multipage/';
const DOCUMENT_ORIGIN = `${HTML}document-sequences.html#determining-the-origin`;
const WORKER_ORIGIN = `${HTML}workers.html#script-settings-for-workers`;

const INHERITING: readonly [row: string, realm: Realm, what: string, link: string][] = [
  ['inherit-srcdoc', 'srcdoc-frame', 'A srcdoc frame', DOCUMENT_ORIGIN],
  ['inherit-about-blank', 'about-blank-frame', 'An about:blank frame', DOCUMENT_ORIGIN],
  ['inherit-blob-iframe', 'blob-frame', 'A frame made from a blob: URL', DOCUMENT_ORIGIN],
  ['inherit-blob-worker', 'blob-worker', 'A worker made from a blob: URL', WORKER_ORIGIN],
];

const inheriting = INHERITING.flatMap(([row, realm, what, link]) => [
  ...inBothApis(
    one(
      `${row}/page-origin`,
      `${what} makes its requests with the page's origin`,
      [link, spec.originHeader],
      {},
      answer(acao()),
      readable({ type: 'cors', status: 200, requestHeaders: { origin: '{origin}' } }),
      { realm },
    ),
  ),
  one(
    `${row}/null`,
    `${what} is not allowed by "null"`,
    [link, spec.corsCheck],
    {},
    answer(acao('null')),
    blocked({ error: 'TypeError', requestHeaders: { origin: '{origin}' } }),
    { realm },
  ),
  one(
    `${row}/preflight`,
    `${what} asks before a PUT with the page's origin`,
    [link, spec.preflightFetch],
    { method: 'PUT' },
    { preflight: answer(acao(), acam('PUT')), actual: answer(acao()) },
    preflighted({ preflightHeaders: { origin: '{origin}' }, requestHeaders: { origin: '{origin}' } }),
    { realm },
  ),
  one(
    `${row}/own-server`,
    `${what} reads from the page's own server without CORS`,
    [link, spec.mainFetch],
    {},
    answer(['X-Plain', '1']),
    readable({ type: 'basic', status: 200, readable: { 'x-plain': '1' }, requestHeaders: { origin: null } }),
    { realm, at: 'site' },
  ),
]);

const DATA_URL = 'data:text/plain,here';
const fetched = readable({ type: 'basic', status: 200, body: 'here', url: DATA_URL, wire: [] });
const NO_REQUEST = 'A data: or blob: URL is answered without a request; the model is about requests.';

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
      one(
        `opaque-data-url-fetch/${realm}`,
        `A data: URL is readable from ${where} without CORS`,
        [spec.mainFetch, spec.schemeFetch],
        { url: DATA_URL },
        {},
        fetched,
        { realm, notModelled: NO_REQUEST },
      ),
    ),
  ),
  ...(['same-origin', 'no-cors'] as const).map(mode =>
    one(
      `opaque-data-url-fetch/${mode}`,
      `A data: URL is readable in mode ${mode}`,
      [spec.mainFetch, spec.schemeFetch],
      { url: DATA_URL, mode },
      {},
      fetched,
      { notModelled: NO_REQUEST },
    ),
  ),
];

const BLOB_URL = 'blob:page';
const ownBlob = readable({ type: 'basic', status: 200, body: 'made by the page', wire: [] });
const noBlob: Expectation = { outcome: 'error', error: 'TypeError', wire: [] };

const BLOB_READERS: readonly [variant: string, title: string, where: Partial<RequestStep>, Expectation][] = [
  ['own', 'A page reads its own blob: URL without CORS', {}, ownBlob],
  [
    'srcdoc',
    "A frame that takes over the page's origin reads the page's blob: URL",
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
    spec: [spec.mainFetch, spec.schemeFetch],
    notModelled: NO_REQUEST,
    steps: [{ request: { url: BLOB_URL }, ...where, expect }],
  }),
);

export const inheritedOrigins = defineSuite({
  id: 'inherited-origins',
  title: 'Inherited origins',
  about: 'Frames and workers that take over the origin of the page, and who may read data: and blob: URLs.',
  cases: [...inheriting, ...dataUrls, ...blobUrls],
});

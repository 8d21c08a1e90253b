/** Opaque origins: sandboxed frames, and frames and workers made from data: URLs. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, Realm } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { inBothApis, withXhr } from './api-helpers.ts';
import {
  acac,
  acam,
  acao,
  aceh,
  answer,
  blockedAtPreflight,
  blockedAtResponse,
  one,
  preflighted,
  readable,
} from './helpers.ts';
import { shownLines } from './title-helpers.ts';

const sandboxed = { realm: 'sandboxed-frame' } as const satisfies Partial<Case>;
const NULL_ORIGIN = { origin: 'null' } as const;
const readableAsNull = readable({ type: 'cors', status: 200, requestHeaders: NULL_ORIGIN });
const blockedAsNull = blockedAtResponse({ error: 'TypeError', requestHeaders: NULL_ORIGIN });

const sandbox = [
  one({
    id: 'opaque-sandbox-null',
    title: 'A sandboxed frame sends Origin: null, and "null" allows it',
    spec: [SPEC.sandboxedOrigin, SPEC.corsCheck],
    server: answer(acao('null')),
    expect: readableAsNull,
    ...sandboxed,
  }),
  one({
    id: 'opaque-sandbox-star',
    title: 'A sandboxed frame reads a response with Access-Control-Allow-Origin: *',
    spec: [SPEC.sandboxedOrigin, SPEC.corsCheck],
    server: answer(acao('*')),
    expect: readableAsNull,
    ...sandboxed,
  }),
  one({
    id: 'opaque-sandbox-page-origin',
    title: "A sandboxed frame is blocked if the response allows the embedding page's origin",
    spec: [SPEC.sandboxedOrigin, SPEC.corsCheck],
    server: answer(acao()),
    expect: blockedAsNull,
    ...sandboxed,
  }),
  one({
    id: 'opaque-sandbox-none',
    title: 'A sandboxed frame is blocked without Access-Control-Allow-Origin',
    spec: [SPEC.sandboxedOrigin, SPEC.corsCheck],
    server: answer(),
    expect: blockedAsNull,
    ...sandboxed,
  }),
  one({
    id: 'opaque-credentials-null',
    title: 'A sandboxed frame reads with credentials if "null" and credentials are allowed',
    spec: SPEC.corsCheck,
    request: { credentials: 'include' },
    server: answer(acao('null'), acac()),
    expect: readableAsNull,
    ...sandboxed,
  }),
  one({
    id: 'opaque-credentials-star',
    title: 'A sandboxed frame with credentials is blocked by Access-Control-Allow-Origin: *',
    spec: SPEC.corsCheck,
    request: { credentials: 'include' },
    server: answer(acao('*'), acac()),
    expect: blockedAsNull,
    ...sandboxed,
  }),
  one({
    id: 'opaque-preflight-null',
    title: 'A sandboxed frame sends Origin: null on its preflight and on the actual request',
    spec: [SPEC.preflightFetch, SPEC.originHeader],
    request: { method: 'PUT' },
    server: { preflight: answer(acao('null'), acam('PUT')), actual: answer(acao('null')) },
    expect: preflighted({ status: 200, preflightHeaders: NULL_ORIGIN, requestHeaders: NULL_ORIGIN }),
    ...sandboxed,
  }),
].flatMap(withXhr);

const sandboxRest = [
  one({
    id: 'opaque-credentials-null/no-acac',
    title: 'A sandboxed frame with credentials is blocked without Access-Control-Allow-Credentials',
    spec: SPEC.corsCheck,
    request: { credentials: 'include' },
    server: answer(acao('null')),
    expect: blockedAsNull,
    ...sandboxed,
  }),
  one({
    id: 'opaque-preflight-null/page-origin',
    title: "A preflight that allows the embedding page's origin fails for its sandboxed frame",
    spec: SPEC.preflightFetch,
    request: { method: 'PUT' },
    server: { preflight: answer(acao(), acam('PUT')), actual: answer(acao('null')) },
    expect: blockedAtPreflight({ preflightHeaders: NULL_ORIGIN }),
    ...sandboxed,
  }),
  one({
    id: 'opaque-preflight-null/star',
    title: 'A preflight answered with "*" succeeds for a sandboxed frame',
    spec: SPEC.preflightFetch,
    request: { method: 'PUT' },
    server: { preflight: answer(acao('*'), acam('*')), actual: answer(acao('*')) },
    expect: preflighted({ status: 200, preflightHeaders: NULL_ORIGIN, requestHeaders: NULL_ORIGIN }),
    ...sandboxed,
  }),
  ...inBothApis(
    one({
      id: 'opaque-own-server-is-cross/none',
      title: 'A sandboxed frame is blocked from reading the server it came from without permission',
      spec: [SPEC.sandboxedOrigin, SPEC.mainFetch],
      server: answer(),
      expect: blockedAsNull,
      ...sandboxed,
      at: 'site',
    }),
  ),
  one({
    id: 'opaque-own-server-is-cross/null',
    title: 'A sandboxed frame reads a response of type cors from the server it came from',
    spec: [SPEC.sandboxedOrigin, SPEC.mainFetch],
    server: answer(acao('null'), ['X-Kept', '1'], ['X-Shown', '1'], aceh('X-Shown')),
    expect: { ...readableAsNull, readable: { 'x-shown': '1' }, hidden: ['x-kept'] },
    ...sandboxed,
    at: 'site',
  }),
  one({
    id: 'opaque-own-server-is-cross/same-origin-mode',
    title: 'A sandboxed frame in mode same-origin cannot reach even the server it came from',
    spec: [SPEC.sandboxedOrigin, SPEC.mainFetch],
    request: { mode: 'same-origin' },
    server: answer(acao('null')),
    expect: { outcome: 'error', error: 'TypeError', wire: [] },
    ...sandboxed,
    at: 'site',
  }),
  one({
    id: 'opaque-own-server-is-cross/preflight',
    title: 'A PUT from a sandboxed frame to the server it came from is preflighted',
    spec: [SPEC.sandboxedOrigin, SPEC.preflightFetch],
    request: { method: 'PUT' },
    server: { preflight: answer(acao('null'), acam('PUT')), actual: answer(acao('null')) },
    expect: preflighted({
      status: 200,
      type: 'cors',
      preflightHeaders: NULL_ORIGIN,
      requestHeaders: NULL_ORIGIN,
    }),
    ...sandboxed,
    at: 'site',
  }),
];

const UNFIT: readonly [variant: string, value: string][] = [
  ['list-with-star', 'null, *'],
  ['upper-case', 'NULL'],
  ['capitalised', 'Null'],
  ['quoted', '"null"'],
  ['slash', 'null/'],
  ['twice', 'null, null'],
  ['http', 'http://null'],
  ['empty', ''],
];

const nearlyNull = [
  ...UNFIT.map(([variant, value]) =>
    one({
      id: `null-cannot-be-tuple-wildcard/${variant}`,
      title: `${shownLines([acao(value)])} does not allow an opaque origin`,
      spec: SPEC.corsCheck,
      server: answer(acao(value)),
      expect: blockedAsNull,
      ...sandboxed,
    }),
  ),
  one({
    id: 'null-cannot-be-tuple-wildcard/two-lines',
    title: 'Two Access-Control-Allow-Origin lines, null and *, do not allow an opaque origin',
    spec: [SPEC.corsCheck, SPEC.getHeader],
    server: answer(acao('null'), acao('*')),
    expect: blockedAsNull,
    ...sandboxed,
  }),
];

const kept = { realm: 'sandboxed-same-origin-frame' } as const;
const keptOrigin = [
  ...inBothApis(
    one({
      id: 'opaque-sandbox-allow-same-origin/page-origin',
      title: "A sandboxed frame with allow-same-origin keeps the page's origin",
      spec: [SPEC.sandboxedOrigin, SPEC.corsCheck],
      server: answer(acao()),
      expect: readable({ type: 'cors', status: 200, requestHeaders: { origin: '{origin}' } }),
      ...kept,
    }),
  ),
  one({
    id: 'opaque-sandbox-allow-same-origin/null',
    title: 'A sandboxed frame with allow-same-origin is not allowed by "null"',
    spec: [SPEC.sandboxedOrigin, SPEC.corsCheck],
    server: answer(acao('null')),
    expect: blockedAtResponse({ requestHeaders: { origin: '{origin}' } }),
    ...kept,
  }),
  one({
    id: 'opaque-sandbox-allow-same-origin/own-server',
    title: 'A sandboxed frame with allow-same-origin reads its own server without CORS',
    spec: [SPEC.sandboxedOrigin, SPEC.mainFetch],
    server: answer(),
    expect: readable({ type: 'basic', status: 200, requestHeaders: { origin: null } }),
    ...kept,
    at: 'site',
  }),
];

const DATA_REALMS: readonly [row: string, realm: Realm, what: string, link: string][] = [
  ['opaque-data-iframe', 'data-frame', 'frame', SPEC.documentOrigin],
  ['opaque-data-worker', 'data-worker', 'worker', SPEC.workerOrigin],
  ['opaque-data-shared-worker', 'data-shared-worker', 'shared worker', SPEC.workerOrigin],
];

const dataRealms = DATA_REALMS.flatMap(([row, realm, what, link]) => [
  ...inBothApis(
    one({
      id: `${row}/null`,
      title: `A ${what} created from a data: URL sends Origin: null, and "null" allows it`,
      spec: [link, SPEC.corsCheck],
      server: answer(acao('null')),
      expect: readableAsNull,
      realm,
    }),
  ),
  one({
    id: `${row}/page-origin`,
    title: `A ${what} created from a data: URL is blocked if the response allows the page's origin`,
    spec: [link, SPEC.corsCheck],
    server: answer(acao()),
    expect: blockedAsNull,
    realm,
  }),
  one({
    id: `${row}/own-server`,
    title: `A ${what} created from a data: URL is blocked from reading the page's server without permission`,
    spec: [link, SPEC.mainFetch],
    server: answer(acao('null')),
    expect: readableAsNull,
    realm,
    at: 'site',
  }),
]);

export const opaqueOrigins = defineSuite({
  id: 'opaque-origins',
  title: 'Opaque origins',
  about: 'Sandboxed frames, and frames and workers created from data: URLs, which send Origin: null.',
  cases: [...sandbox, ...sandboxRest, ...nearlyNull, ...keptOrigin, ...dataRealms],
});

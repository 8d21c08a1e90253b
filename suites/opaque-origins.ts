/** Opaque origins: sandboxed frames, and frames and workers made from data: URLs. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, Realm } from '../harness/case/schema.ts';
import { inBothApis, withXhr } from './apis.ts';
import {
  acac,
  acam,
  acao,
  aceh,
  answer,
  blocked,
  one,
  preflighted,
  readable,
  refused,
  spec,
} from './helpers.ts';

const HTML = 'https://html.spec.whatwg.org/multipage/';
const SANDBOX = `${HTML}browsers.html#sandboxed-origin-browsing-context-flag`;
const DOCUMENT_ORIGIN = `${HTML}document-sequences.html#determining-the-origin`;
const WORKER_ORIGIN = `${HTML}workers.html#script-settings-for-workers`;

const sandboxed = { realm: 'sandboxed-frame' } as const satisfies Partial<Case>;
const NULL_ORIGIN = { origin: 'null' } as const;
const readableAsNull = readable({ type: 'cors', status: 200, requestHeaders: NULL_ORIGIN });
const blockedAsNull = blocked({ error: 'TypeError', requestHeaders: NULL_ORIGIN });

const sandbox = [
  one(
    'opaque-sandbox-null',
    'A sandboxed frame sends Origin null, and "null" allows it',
    [SANDBOX, spec.corsCheck],
    {},
    answer(acao('null')),
    readableAsNull,
    sandboxed,
  ),
  one(
    'opaque-sandbox-star',
    'A wildcard allows a sandboxed frame',
    [SANDBOX, spec.corsCheck],
    {},
    answer(acao('*')),
    readableAsNull,
    sandboxed,
  ),
  one(
    'opaque-sandbox-page-origin',
    'Allowing the origin of the embedding page does not allow its sandboxed frame',
    [SANDBOX, spec.corsCheck],
    {},
    answer(acao()),
    blockedAsNull,
    sandboxed,
  ),
  one(
    'opaque-sandbox-none',
    'A sandboxed frame is blocked where nobody is allowed',
    [SANDBOX, spec.corsCheck],
    {},
    answer(),
    blockedAsNull,
    sandboxed,
  ),
  one(
    'opaque-credentials-null',
    'A sandboxed frame may read with credentials where "null" is allowed to',
    spec.corsCheck,
    { credentials: 'include' },
    answer(acao('null'), acac()),
    readableAsNull,
    sandboxed,
  ),
  one(
    'opaque-credentials-star',
    'No wildcard allows credentials, from a sandboxed frame either',
    spec.corsCheck,
    { credentials: 'include' },
    answer(acao('*'), acac()),
    blockedAsNull,
    sandboxed,
  ),
  one(
    'opaque-preflight-null',
    'The preflight of a sandboxed frame says Origin null, and so does the request after it',
    [spec.preflightFetch, spec.originHeader],
    { method: 'PUT' },
    { preflight: answer(acao('null'), acam('PUT')), actual: answer(acao('null')) },
    preflighted({ status: 200, preflightHeaders: NULL_ORIGIN, requestHeaders: NULL_ORIGIN }),
    sandboxed,
  ),
].flatMap(withXhr);

const sandboxRest = [
  one(
    'opaque-credentials-null/no-acac',
    'Allowing "null" alone does not allow credentials',
    spec.corsCheck,
    { credentials: 'include' },
    answer(acao('null')),
    blockedAsNull,
    sandboxed,
  ),
  one(
    'opaque-preflight-null/page-origin',
    'A preflight answer for the embedding page does not do for its sandboxed frame',
    spec.preflightFetch,
    { method: 'PUT' },
    { preflight: answer(acao(), acam('PUT')), actual: answer(acao('null')) },
    refused({ preflightHeaders: NULL_ORIGIN }),
    sandboxed,
  ),
  one(
    'opaque-preflight-null/star',
    'A wildcard in the preflight answer does for a sandboxed frame',
    spec.preflightFetch,
    { method: 'PUT' },
    { preflight: answer(acao('*'), acam('*')), actual: answer(acao('*')) },
    preflighted({ status: 200, preflightHeaders: NULL_ORIGIN, requestHeaders: NULL_ORIGIN }),
    sandboxed,
  ),
  ...inBothApis(
    one(
      'opaque-own-server-is-cross/none',
      'To a sandboxed frame the server it came from is another origin: without permission it is blocked',
      [SANDBOX, spec.mainFetch],
      {},
      answer(),
      blockedAsNull,
      { ...sandboxed, at: 'site' },
    ),
  ),
  one(
    'opaque-own-server-is-cross/null',
    'To a sandboxed frame the server it came from is another origin: the response is a CORS response',
    [SANDBOX, spec.mainFetch],
    {},
    answer(acao('null'), ['X-Kept', '1'], ['X-Shown', '1'], aceh('X-Shown')),
    { ...readableAsNull, readable: { 'x-shown': '1' }, hidden: ['x-kept'] },
    { ...sandboxed, at: 'site' },
  ),
  one(
    'opaque-own-server-is-cross/same-origin-mode',
    'Mode same-origin reaches nothing from a sandboxed frame, not even the server it came from',
    [SANDBOX, spec.mainFetch],
    { mode: 'same-origin' },
    answer(acao('null')),
    { outcome: 'error', error: 'TypeError', wire: [] },
    { ...sandboxed, at: 'site' },
  ),
  one(
    'opaque-own-server-is-cross/preflight',
    'A sandboxed frame has to ask the server it came from before a PUT',
    [SANDBOX, spec.preflightFetch],
    { method: 'PUT' },
    { preflight: answer(acao('null'), acam('PUT')), actual: answer(acao('null')) },
    preflighted({ status: 200, type: 'cors', preflightHeaders: NULL_ORIGIN, requestHeaders: NULL_ORIGIN }),
    { ...sandboxed, at: 'site' },
  ),
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
    one(
      `null-cannot-be-tuple-wildcard/${variant}`,
      `"${value}" does not allow an opaque origin`,
      spec.corsCheck,
      {},
      answer(acao(value)),
      blockedAsNull,
      sandboxed,
    ),
  ),
  one(
    'null-cannot-be-tuple-wildcard/two-lines',
    'Two lines, "null" and a wildcard, allow nobody',
    [spec.corsCheck, spec.getHeader],
    {},
    answer(acao('null'), acao('*')),
    blockedAsNull,
    sandboxed,
  ),
];

const kept = { realm: 'sandboxed-same-origin-frame' } as const;
const keptOrigin = [
  ...inBothApis(
    one(
      'opaque-sandbox-allow-same-origin/page-origin',
      'A sandbox with allow-same-origin keeps the origin',
      [SANDBOX, spec.corsCheck],
      {},
      answer(acao()),
      readable({ type: 'cors', status: 200, requestHeaders: { origin: '{origin}' } }),
      kept,
    ),
  ),
  one(
    'opaque-sandbox-allow-same-origin/null',
    'A sandbox with allow-same-origin is not allowed by "null"',
    [SANDBOX, spec.corsCheck],
    {},
    answer(acao('null')),
    blocked({ requestHeaders: { origin: '{origin}' } }),
    kept,
  ),
  one(
    'opaque-sandbox-allow-same-origin/own-server',
    'With allow-same-origin the server that a frame came from is its own',
    [SANDBOX, spec.mainFetch],
    {},
    answer(),
    readable({ type: 'basic', status: 200, requestHeaders: { origin: null } }),
    { ...kept, at: 'site' },
  ),
];

const DATA_REALMS: readonly [row: string, realm: Realm, what: string, link: string][] = [
  ['opaque-data-iframe', 'data-frame', 'frame', DOCUMENT_ORIGIN],
  ['opaque-data-worker', 'data-worker', 'worker', WORKER_ORIGIN],
  ['opaque-data-shared-worker', 'data-shared-worker', 'shared worker', WORKER_ORIGIN],
];

const dataRealms = DATA_REALMS.flatMap(([row, realm, what, link]) => [
  ...inBothApis(
    one(
      `${row}/null`,
      `A ${what} made from a data: URL sends Origin null, and "null" allows it`,
      [link, spec.corsCheck],
      {},
      answer(acao('null')),
      readableAsNull,
      { realm },
    ),
  ),
  one(
    `${row}/page-origin`,
    `Allowing the page's origin does not allow its ${what} made from a data: URL`,
    [link, spec.corsCheck],
    {},
    answer(acao()),
    blockedAsNull,
    { realm },
  ),
  one(
    `${row}/own-server`,
    `To a ${what} made from a data: URL the page's server is another origin`,
    [link, spec.mainFetch],
    {},
    answer(acao('null')),
    readableAsNull,
    { realm, at: 'site' },
  ),
]);

export const opaqueOrigins = defineSuite({
  id: 'opaque-origins',
  title: 'Opaque origins',
  about: 'Sandboxed frames, and frames and workers made from data: URLs, whose Origin is null.',
  cases: [...sandbox, ...sandboxRest, ...nearlyNull, ...keptOrigin, ...dataRealms],
});

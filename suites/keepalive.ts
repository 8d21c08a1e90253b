/** Requests that outlive their page: keepalive follows the same rules as any other request. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  answer,
  blocked,
  one,
  preflighted,
  readable,
  refused,
  spec,
} from './helpers.ts';
import { B, echo, redirect } from './redirect-words.ts';

const KEEP: CaseRequest = { keepalive: true };
const FROM_PAGE = { origin: '{origin}' } as const;
/** What the page is told where a frame made the request while it was being taken away. */
const left = (more: Partial<Expectation> = {}): Expectation => readable({ result: 'unloaded', ...more });
/** A redirect that comes when its frame has surely gone: while a frame goes, WebKit may lose it. */
const ONCE_GONE = { delayMs: 400 } as const satisfies Partial<Answer>;
const leaving = { realm: 'unloading-frame', class: 'wire' } as const satisfies Partial<Case>;

const open: Answer = answer(acao(), acac());

const staying = [
  one(
    'keepalive-cors/allowed',
    'A keepalive request is readable where the page is allowed',
    spec.mainFetch,
    KEEP,
    allowed,
    readable({ type: 'cors', status: 200, requestHeaders: FROM_PAGE }),
  ),
  one(
    'keepalive-cors/denied',
    'A keepalive request is blocked where the page is not allowed',
    [spec.mainFetch, spec.corsCheck],
    KEEP,
    answer(),
    blocked({ error: 'TypeError', requestHeaders: FROM_PAGE }),
  ),
  one(
    'keepalive-cors/credentials',
    'A keepalive request with credentials is readable where credentials are allowed',
    spec.corsCheck,
    { ...KEEP, credentials: 'include' },
    open,
    readable({ type: 'cors', status: 200 }),
  ),
  one(
    'keepalive-cors/credentials-star',
    'A wildcard does not allow a keepalive request with credentials',
    spec.corsCheck,
    { ...KEEP, credentials: 'include' },
    answer(acao('*'), acac()),
    blocked({ error: 'TypeError' }),
  ),
  one(
    'keepalive-cors/no-cors',
    'A keepalive request in mode no-cors is opaque, whoever is allowed',
    spec.mainFetch,
    { ...KEEP, mode: 'no-cors' },
    answer(),
    { outcome: 'opaque', type: 'opaque', status: 0, requestHeaders: { origin: null } },
  ),
  one(
    'keepalive-cors/post',
    'A keepalive POST of text is sent at once',
    [spec.mainFetch, spec.safelistedMethod],
    { ...KEEP, method: 'POST', body: 'gone' },
    allowed,
    readable({ type: 'cors', status: 200, requestHeaders: FROM_PAGE, requestBody: 'gone' }),
  ),
  one(
    'keepalive-preflight/put',
    'A keepalive PUT asks first',
    spec.preflightFetch,
    { ...KEEP, method: 'PUT', body: 'gone' },
    { preflight: answer(acao(), acam('PUT')), actual: allowed },
    preflighted({ status: 200, accessControlRequestMethod: 'PUT', requestBody: 'gone' }),
  ),
  one(
    'keepalive-preflight/header',
    'A keepalive request with a header of its own asks first',
    spec.preflightFetch,
    { ...KEEP, headers: [['X-Own', '1']] },
    { preflight: answer(acao(), acah('x-own')), actual: allowed },
    preflighted({ status: 200, accessControlRequestHeaders: 'x-own', requestHeaders: { 'x-own': '1' } }),
  ),
  one(
    'keepalive-preflight/refused',
    'A keepalive PUT that is not allowed is not sent',
    spec.preflightFetch,
    { ...KEEP, method: 'PUT' },
    { preflight: answer(acao(), acam('PATCH')), actual: allowed },
    refused({ error: 'TypeError' }),
  ),
  one(
    'keepalive-redirect-cross/staying',
    'A keepalive request follows a redirect to a third origin, with Origin null',
    spec.redirectFetch,
    KEEP,
    { actual: redirect('hop2', 302, acao()), resources: { hop2: B({ actual: answer(echo) }) } },
    readable({
      type: 'cors',
      redirected: true,
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { GET: FROM_PAGE, 'GET hop2': { origin: 'null' } },
    }),
  ),
];

const LIMIT = 65_536;
/** What other cases have under way in the same page would count too. */
const OWN_PAGE = { fresh: true } as const;
const limits = (['cors', 'no-cors'] as const).flatMap(mode => [
  one(
    `keepalive-64k/${mode}-exact`,
    `A keepalive request in mode ${mode} may carry 64 KiB`,
    spec.networkOrCache,
    { ...KEEP, mode, method: 'POST', body: { bytes: LIMIT } },
    allowed,
    mode === 'cors' ? readable({ status: 200 }) : { outcome: 'opaque' },
    OWN_PAGE,
  ),
  one(
    `keepalive-64k/${mode}-over`,
    `A keepalive request in mode ${mode} that carries a byte more than 64 KiB fails before it is sent`,
    spec.networkOrCache,
    { ...KEEP, mode, method: 'POST', body: { bytes: LIMIT + 1 } },
    allowed,
    { outcome: 'error', error: 'TypeError', wire: [] },
  ),
]);

const overWithPreflight = one(
  'keepalive-64k/preflight-over',
  'A keepalive request that is too big and needs a preflight fails after the preflight',
  [spec.httpFetch, spec.networkOrCache],
  { ...KEEP, method: 'PUT', body: { bytes: LIMIT + 1 } },
  { preflight: answer(acao(), acam('PUT')), actual: allowed },
  { outcome: 'error', error: 'TypeError', preflight: 'sent', actual: 'not sent' },
  {
    class: 'disputed',
    because:
      'Read literally, the limit is checked in HTTP-network-or-cache fetch, which comes after the preflight; engines refuse the call at once.',
  },
);

const unloading = [
  one(
    'keepalive-unload/no-cors',
    'A keepalive request in mode no-cors that a frame makes while it goes away reaches the server',
    [spec.fetchMethod, spec.mainFetch],
    { ...KEEP, mode: 'no-cors' },
    answer(),
    left({ requestHeaders: { origin: null } }),
    leaving,
  ),
  one(
    'keepalive-unload/allowed',
    'An allowed keepalive request that a frame makes while it goes away reaches the server with its Origin',
    [spec.fetchMethod, spec.mainFetch],
    KEEP,
    allowed,
    left({ requestHeaders: FROM_PAGE }),
    leaving,
  ),
  one(
    'keepalive-unload/denied',
    'A keepalive request that nobody may read reaches the server too when its frame goes away',
    [spec.fetchMethod, spec.mainFetch],
    KEEP,
    answer(),
    left({ requestHeaders: FROM_PAGE }),
    leaving,
  ),
  one(
    'keepalive-unload/post',
    'A keepalive POST that a frame makes while it goes away arrives with its body',
    [spec.fetchMethod, spec.mainFetch],
    { ...KEEP, method: 'POST', body: 'gone' },
    allowed,
    left({ requestHeaders: FROM_PAGE, requestBody: 'gone' }),
    leaving,
  ),
  one(
    'keepalive-preflight/unload',
    'A keepalive PUT that a frame makes while it goes away asks first and is then sent',
    [spec.fetchMethod, spec.preflightFetch],
    { ...KEEP, method: 'PUT', body: 'gone' },
    { preflight: answer(acao(), acam('PUT')), actual: allowed },
    left({
      preflight: 'sent',
      actual: 'sent',
      preflightHeaders: FROM_PAGE,
      requestHeaders: FROM_PAGE,
      requestBody: 'gone',
    }),
    leaving,
  ),
  one(
    'keepalive-preflight/unload-refused',
    'A keepalive PUT that is not allowed is not sent, though its frame has gone',
    [spec.fetchMethod, spec.preflightFetch],
    { ...KEEP, method: 'PUT' },
    { preflight: answer(acao(), acam('PATCH')), actual: allowed },
    left({ preflight: 'sent', actual: 'not sent' }),
    leaving,
  ),
  one(
    'keepalive-redirect-cross/unload',
    'A redirect to a third origin is followed, though the frame that made the keepalive request has gone',
    [spec.fetchMethod, spec.redirectFetch],
    KEEP,
    {
      actual: { ...redirect('hop2', 302, acao()), ...ONCE_GONE },
      resources: { hop2: B({ actual: answer(echo) }) },
    },
    left({
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { GET: FROM_PAGE, 'GET hop2': { origin: 'null' } },
    }),
    leaving,
  ),
  one(
    'keepalive-redirect-cross/unload-no-cors',
    'A redirect in mode no-cors is followed, though the frame that made the keepalive request has gone',
    [spec.fetchMethod, spec.redirectFetch],
    { ...KEEP, mode: 'no-cors' },
    { actual: { ...redirect('hop2', 302), ...ONCE_GONE }, resources: { hop2: B({ actual: answer() }) } },
    left({ wire: ['GET', 'GET hop2'] }),
    leaving,
  ),
  one(
    'keepalive-redirect-cross/unload-denied',
    'A redirect that does not allow the page is not followed after the frame has gone',
    [spec.fetchMethod, spec.httpFetch, spec.corsCheck],
    KEEP,
    { actual: { ...redirect('hop2', 302), ...ONCE_GONE }, resources: { hop2: B({ actual: answer(echo) }) } },
    left({ wire: ['GET'] }),
    leaving,
  ),
];

export const keepalive = defineSuite({
  id: 'keepalive',
  title: 'Requests that outlive their page',
  about: 'fetch() with keepalive, in a page that stays and in a frame that goes away.',
  cases: [...staying, ...limits, overWithPreflight, ...unloading],
});

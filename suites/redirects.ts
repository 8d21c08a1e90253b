/** Redirects between origins: what each hop is told about the request's origin, and what it must allow. */
import { defineSuite } from '../harness/case/define.ts';
import { inBothApis } from './apis.ts';
import { acac, acao, answer, blocked, one, readable, spec } from './helpers.ts';
import { A, B, echo, landed, P, REDIRECT_STATUSES, redirect } from './redirect-words.ts';

const TAINT = 'https://fetch.spec.whatwg.org/#concept-request-tainted-origin';
const rules = [spec.redirectFetch, spec.serializedOrigin];

const twoHops = [
  ...REDIRECT_STATUSES.map(status =>
    one(
      `redir-same-to-cross/${status}`,
      `A ${status} from the page's own origin to another: only the second hop carries Origin and needs to allow it`,
      [spec.redirectFetch, spec.mainFetch],
      {},
      { actual: redirect('hop2', status), resources: { hop2: A({ actual: answer(acao()) }) } },
      readable({
        ...landed,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { GET: { origin: null }, 'GET hop2': { origin: '{origin}' } },
      }),
      { at: 'site' },
    ),
  ),
  ...inBothApis(
    one(
      'redir-cross-to-same-cross',
      'A redirect within another origin keeps the real Origin on both hops',
      rules,
      {},
      {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: A({ actual: answer(acao()) }) },
      },
      readable({
        ...landed,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { GET: { origin: '{origin}' }, 'GET hop2': { origin: '{origin}' } },
      }),
    ),
  ),
  ...(['null', '*'] as const).flatMap(value =>
    inBothApis(
      one(
        `redir-cross-to-other-cross/${value === '*' ? 'star' : 'null'}`,
        `After a redirect from one foreign origin to another the Origin is null, and "${value}" allows it`,
        rules,
        {},
        {
          actual: redirect('hop2', 302, acao()),
          resources: { hop2: B({ actual: answer(acao(value)) }) },
        },
        readable({
          ...landed,
          wire: ['GET', 'GET hop2'],
          requestHeadersAt: { GET: { origin: '{origin}' }, 'GET hop2': { origin: 'null' } },
        }),
      ),
    ),
  ),
  ...inBothApis(
    one(
      'redir-cross-to-other-cross/page-origin',
      "After a redirect from one foreign origin to another, allowing the page's real origin is not enough",
      [...rules, spec.corsCheck],
      {},
      { actual: redirect('hop2', 302, acao()), resources: { hop2: B({ actual: answer(acao()) }) } },
      blocked({ wire: ['GET', 'GET hop2'], requestHeadersAt: { 'GET hop2': { origin: 'null' } } }),
    ),
  ),
  ...(['null', '*'] as const).map(value =>
    one(
      `redir-cross-back-to-page/${value === '*' ? 'star' : 'null'}`,
      `A redirect back to the page's own origin is still a CORS request with Origin null; "${value}" allows it`,
      rules,
      {},
      {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: P({ actual: answer(acao(value)) }) },
      },
      readable({
        ...landed,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { origin: 'null' } },
      }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-cross-back-to-page/none',
      "A redirect from a foreign origin back to the page's own is blocked where the page's origin does not allow it",
      [...rules, spec.corsCheck],
      {},
      { actual: redirect('hop2', 302, acao()), resources: { hop2: P({ actual: answer() }) } },
      blocked({ wire: ['GET', 'GET hop2'] }),
    ),
  ),
  one(
    'redir-cross-back-to-page/page-origin',
    "A redirect back to the page's own origin is blocked where that answer allows only the real origin",
    [...rules, spec.corsCheck],
    {},
    { actual: redirect('hop2', 302, acao()), resources: { hop2: P({ actual: answer(acao()) }) } },
    blocked({ wire: ['GET', 'GET hop2'], requestHeadersAt: { 'GET hop2': { origin: 'null' } } }),
  ),
];

const threeHops = [
  one(
    'redir-three-hops-taint',
    'Once tainted, the Origin stays null, even back at the first foreign origin',
    TAINT,
    {},
    {
      actual: redirect('hop2', 302, echo),
      resources: { hop2: B({ actual: redirect('hop3', 302, echo) }), hop3: A({ actual: answer(echo) }) },
    },
    readable({
      ...landed,
      url: '{url:hop3}',
      wire: ['GET', 'GET hop2', 'GET hop3'],
      requestHeadersAt: {
        GET: { origin: '{origin}' },
        'GET hop2': { origin: 'null' },
        'GET hop3': { origin: 'null' },
      },
    }),
  ),
  one(
    'redir-same-cross-same',
    'Leaving the own origin and coming back taints the Origin',
    TAINT,
    {},
    {
      actual: redirect('hop2', 302),
      resources: { hop2: A({ actual: redirect('hop3', 302, echo) }), hop3: P({ actual: answer(echo) }) },
    },
    readable({
      ...landed,
      url: '{url:hop3}',
      wire: ['GET', 'GET hop2', 'GET hop3'],
      requestHeadersAt: {
        GET: { origin: null },
        'GET hop2': { origin: '{origin}' },
        'GET hop3': { origin: 'null' },
      },
    }),
    { at: 'site' },
  ),
  one(
    'redir-same-cross-same/not-allowed',
    'Coming back to the own origin through a foreign one is blocked where the last answer does not allow it',
    [TAINT, spec.corsCheck],
    {},
    {
      actual: redirect('hop2', 302),
      resources: { hop2: A({ actual: redirect('hop3', 302, echo) }), hop3: P({ actual: answer() }) },
    },
    blocked({ wire: ['GET', 'GET hop2', 'GET hop3'] }),
    { at: 'site' },
  ),
  ...(
    [
      ['same-origin', []],
      ['omit', []],
      ['include', [acac()]],
    ] as ['same-origin' | 'omit' | 'include', [string, string][]][]
  ).map(([credentials, allowing]) =>
    one(
      `redir-same-cross-cross/${credentials}`,
      `A redirect within the foreign origin does not taint a request that came from the own one (credentials ${credentials})`,
      TAINT,
      { credentials },
      {
        actual: redirect('hop2', 302),
        resources: {
          hop2: A({ actual: redirect('hop3', 302, echo, ...allowing) }),
          hop3: A({ actual: answer(echo, ...allowing) }),
        },
      },
      readable({
        ...landed,
        url: '{url:hop3}',
        wire: ['GET', 'GET hop2', 'GET hop3'],
        requestHeadersAt: { 'GET hop2': { origin: '{origin}' }, 'GET hop3': { origin: '{origin}' } },
      }),
      { at: 'site' },
    ),
  ),
];

const everyHopChecked = [
  ...inBothApis(
    one(
      'redir-hop1-missing-acao',
      'A cross-origin redirect that does not itself allow the origin is not followed',
      [spec.httpFetch, spec.corsCheck],
      {},
      { actual: redirect('hop2', 302), resources: { hop2: B({ actual: answer(acao('*')) }) } },
      blocked({ wire: ['GET'], error: 'TypeError' }),
    ),
  ),
  one(
    'redir-hop1-acao-wrong',
    'A cross-origin redirect that allows another origin is not followed',
    [spec.httpFetch, spec.corsCheck],
    {},
    {
      actual: redirect('hop2', 302, acao('{origin:other-site}')),
      resources: { hop2: A({ actual: answer(acao()) }) },
    },
    blocked({ wire: ['GET'] }),
  ),
  ...inBothApis(
    one(
      'redir-cred-null-origin',
      'With credentials, a tainted hop is readable where it allows null and credentials',
      [spec.corsCheck, spec.serializedOrigin],
      { credentials: 'include' },
      {
        actual: redirect('hop2', 302, acao(), acac()),
        resources: { hop2: B({ actual: answer(acao('null'), acac()) }) },
      },
      readable({
        ...landed,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { origin: 'null' } },
      }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-cred-star-hop2',
      'With credentials, "*" on the hop that a same-origin redirect leads to is not enough',
      spec.corsCheck,
      { credentials: 'include' },
      { actual: redirect('hop2', 302), resources: { hop2: A({ actual: answer(acao('*'), acac()) }) } },
      blocked({ wire: ['GET', 'GET hop2'] }),
      { at: 'site' },
    ),
  ),
];

export const redirects = defineSuite({
  id: 'redirects',
  title: 'Redirects between origins',
  about:
    'P is the origin of the page, A and B are other origins. A request that goes from one foreign origin to another is tainted: from then on its Origin is null.',
  cases: [...twoHops, ...threeHops, ...everyHopChecked],
});

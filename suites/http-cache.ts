import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import {
  acah,
  acam,
  acao,
  answer,
  at,
  blocked,
  maxAge,
  preflighted,
  readable,
  spec,
  WIRE,
} from './helpers.ts';
import { sequence, step } from './sequences.ts';

type Line = [name: string, value: string];

const NO_CORS: CaseRequest = { mode: 'no-cors' };
const FRESH: Line = ['Cache-Control', 'max-age=600'];
const VARY: Line = ['Vary', 'Origin'];
const CACHES = [spec.networkOrCache, spec.corsAndCaches];
const KEYS = 'https://fetch.spec.whatwg.org/#http-cache-partitions';

/** A response that may be stored and used again without asking. */
const stored = (...headers: Line[]): Answer => ({ headers: [FRESH, ...headers], body: 'stored' });
/** What the server says when it is asked again. */
const later = (...headers: Line[]): Answer => ({ headers, body: 'later' });

const OPAQUE: Expectation = { outcome: 'opaque', type: 'opaque', body: '' };
/** Script gets a network error, and no request is made. */
const failsFromStore: Expectation = { outcome: 'error', error: 'TypeError', wire: [] };
const readFromStore = (more: Partial<Expectation> = {}): Expectation =>
  readable({ body: 'stored', wire: [], ...more });
const readAnew = (more: Partial<Expectation> = {}): Expectation =>
  readable({ body: 'later', wire: ['GET'], ...more });
/** Script gets a network error, whether or not the server is asked again. */
const fails: Expectation = { outcome: 'error', error: 'TypeError', anyRequests: true };

const OPTIONAL = {
  class: 'may',
  because: 'A user agent may keep no HTTP cache, or divide it further; it then asks the server again.',
} as const satisfies Partial<Case>;

type Request = [request: CaseRequest, answer: Answer, expect: Expectation];

/** One request after another for the same URL, each with what the server would answer by then. */
const inTurn = (
  id: string,
  title: string,
  requests: readonly Request[],
  more: Partial<Case> = {},
  link: string | string[] = CACHES,
): Case =>
  sequence(
    id,
    title,
    link,
    requests.map(([request, actual, expect]) => step(request, { actual }, expect)),
    more,
  );

export const httpCache = defineSuite({
  id: 'http-cache',
  title: 'The HTTP cache and Vary',
  about:
    'The HTTP cache knows nothing of CORS: it hands out what it stored, and the CORS check then looks at the stored headers.',
  cases: [
    inTurn(
      'cache-nocors-then-cors/reused',
      'What a no-cors request stored without CORS headers fails a CORS request, without asking the server',
      [
        [NO_CORS, stored(), OPAQUE],
        [{}, later(acao()), failsFromStore],
      ],
      OPTIONAL,
    ),
    inTurn(
      'cache-nocors-then-cors/script-element',
      'What a script element stored fails a CORS request, without asking the server',
      [
        [
          { api: 'script', mode: 'no-cors' },
          { headers: [FRESH, ['Content-Type', 'text/javascript']], body: '' },
          { outcome: 'readable', result: 'load', wire: ['GET'] },
        ],
        [{}, later(acao()), failsFromStore],
      ],
      OPTIONAL,
    ),
    inTurn(
      'cache-nocors-then-cors/never-read',
      'What a no-cors request stored is never read by a CORS request that the server does not allow',
      [
        [NO_CORS, stored(), OPAQUE],
        [{}, later(), fails],
      ],
    ),
    inTurn(
      'cache-nocors-then-cors/allowed-before',
      'What a no-cors request stored with "*" serves a CORS request, without asking the server',
      [
        [NO_CORS, stored(acao('*')), OPAQUE],
        [{}, later(acao('*')), readFromStore({ type: 'cors' })],
      ],
      OPTIONAL,
    ),
    ...(['reload', 'no-store'] as const).map(cache =>
      inTurn(
        `cache-nocors-then-cors/${cache}`,
        `Cache mode ${cache} gets past what a no-cors request stored`,
        [
          [NO_CORS, stored(), OPAQUE],
          [{ cache }, later(acao()), readAnew({ type: 'cors' })],
        ],
      ),
    ),
    inTurn(
      'cache-vary-origin/no-cors-then-cors',
      'With Vary: Origin what a request without Origin stored does not answer one that has it',
      [
        [NO_CORS, stored(VARY), { ...OPAQUE, requestHeaders: { origin: null } }],
        [{}, later(acao(), VARY), readAnew({ requestHeaders: { origin: '{origin}' } })],
      ],
    ),
    inTurn(
      'cache-vary-origin/same-origin-again',
      'With Vary: Origin a stored response serves the same origin again',
      [
        [{}, stored(acao(), VARY), readable({ body: 'stored' })],
        [{}, later(acao(), VARY), readFromStore()],
      ],
      OPTIONAL,
    ),
    inTurn('cache-vary-origin/star', 'With Vary: * nothing that was stored is used without asking', [
      [{}, stored(acao(), ['Vary', '*']), readable({ body: 'stored' })],
      [{}, later(acao()), readAnew()],
    ]),
    inTurn(
      'cache-cred-vs-anon/reused',
      'What was stored with "*" fails a request with credentials, without asking the server',
      [
        [{ credentials: 'omit' }, stored(acao('*')), readable({ body: 'stored' })],
        [
          { credentials: 'include' },
          later(acao(), ['Access-Control-Allow-Credentials', 'true']),
          failsFromStore,
        ],
      ],
      {
        ...OPTIONAL,
        because:
          'Whether requests with and without credentials share a cache is an open question; the Standard lets them.',
        links: ['https://github.com/whatwg/fetch/issues/1253'],
      },
    ),
    inTurn(
      'cache-cred-vs-anon/never-read',
      'What was stored with "*" is never read by a request with credentials',
      [
        [{ credentials: 'omit' }, stored(acao('*')), readable({ body: 'stored' })],
        [{ credentials: 'include' }, later(acao('*')), fails],
      ],
    ),
    inTurn(
      'cache-failed-cors-stored/reused',
      'A response that failed the CORS check is stored and fails again after the server was put right',
      [
        [{}, stored(), blocked()],
        [{}, later(acao()), failsFromStore],
      ],
      OPTIONAL,
    ),
    inTurn('cache-failed-cors-stored/reload', 'Cache mode reload reads the answer of a server put right', [
      [{}, stored(), blocked()],
      [{ cache: 'reload' }, later(acao()), readAnew()],
    ]),
    inTurn(
      'cache-failed-cors-stored/replaced',
      'What cache mode reload brings takes the place of the response that failed',
      [
        [{}, stored(), blocked()],
        [{ cache: 'reload' }, stored(acao()), readable({ wire: ['GET'] })],
        [{}, later(acao()), readFromStore()],
      ],
      OPTIONAL,
    ),
    inTurn(
      'cache-cors-then-nocors/reused',
      'What a CORS request stored serves a no-cors request, as an opaque response',
      [
        [{}, stored(acao()), readable({ body: 'stored' })],
        [NO_CORS, later(), { ...OPAQUE, status: 0, allHeaders: [], wire: [] }],
      ],
      OPTIONAL,
    ),
    inTurn(
      'cache-cors-then-nocors/never-read',
      'What a CORS request stored is opaque to a no-cors request, though script has read it before',
      [
        [{}, stored(acao()), readable({ body: 'stored' })],
        [NO_CORS, later(), { ...OPAQUE, status: 0, allHeaders: [], anyRequests: true }],
      ],
    ),
    sequence(
      'cache-acao-echo-two-origins/reused',
      'An echoed origin that was stored without Vary fails the next origin of the same site',
      CACHES,
      [
        step({}, { actual: stored(acao('{request:origin}')) }, readable({ body: 'stored' })),
        step({}, undefined, failsFromStore, { page: 'other-site' }),
      ],
      OPTIONAL,
    ),
    sequence(
      'cache-acao-echo-two-origins/vary',
      'An echoed origin that was stored with Vary: Origin leaves the next origin alone',
      CACHES,
      [
        step({}, { actual: stored(acao('{request:origin}'), VARY) }, readable({ body: 'stored' })),
        step({}, { actual: later(acao('{request:origin}'), VARY) }, readAnew(), { page: 'other-site' }),
      ],
    ),
    sequence(
      'cache-preflight-not-http-cached',
      'The HTTP cache does not store the answer to a preflight, whatever its Cache-Control says',
      [spec.preflightFetch, 'https://www.rfc-editor.org/rfc/rfc9110#name-options'],
      [
        step(
          { method: 'PUT' },
          { preflight: answer(acao(), acam('PUT'), maxAge(0), FRESH), actual: answer(acao()) },
          preflighted(),
        ),
        step({ method: 'PUT' }, undefined, preflighted()),
      ],
      WIRE,
    ),
    ...(
      [
        ['if-none-match', '"1"'],
        ['if-modified-since', 'Sat, 01 Jan 2000 00:00:00 GMT'],
      ] as const
    ).map(([name, value]) =>
      sequence(
        `cache-conditional-author/${name}`,
        `${name} set by the page is asked for, and goes out with Pragma and Cache-Control as with no-store`,
        spec.networkOrCache,
        [
          step(
            { headers: [[name, value]] },
            { preflight: answer(acao(), acah(name)), actual: answer(acao()) },
            preflighted({
              accessControlRequestHeaders: name,
              requestHeaders: { [name]: value, pragma: 'no-cache', 'cache-control': 'no-cache' },
            }),
          ),
        ],
        WIRE,
      ),
    ),
    sequence(
      'cache-conditional-author/status-304',
      'The 304 that the page asked for by its own If-None-Match is shown to it',
      spec.networkOrCache,
      [
        step(
          { headers: [['If-None-Match', '"1"']] },
          {
            preflight: answer(acao(), acah('if-none-match')),
            actual: { status: 304, headers: [acao(), ['ETag', '"1"']] },
          },
          preflighted({ status: 304, body: '' }),
        ),
      ],
    ),
    ...(
      [
        ['reload', { pragma: 'no-cache', 'cache-control': 'no-cache' }],
        ['no-store', { pragma: 'no-cache', 'cache-control': 'no-cache' }],
        ['no-cache', { 'cache-control': 'max-age=0' }],
      ] as const
    ).map(([cache, requestHeaders]) =>
      sequence(
        `cache-mode-headers-not-unsafe/${cache}`,
        `What cache mode ${cache} adds to a request calls for no preflight`,
        [spec.networkOrCache, spec.unsafeNames],
        [step({ cache }, { actual: answer(acao()) }, readable({ preflight: 'not sent', requestHeaders }))],
        WIRE,
      ),
    ),
    sequence(
      'cache-split-top-level',
      'What was stored under one site is not used under another',
      KEYS,
      [
        step({}, { actual: stored(acao('*')) }, readable({ body: 'stored' })),
        step({}, { actual: later(acao('*')) }, readAnew(), { page: 'cross-site' }),
      ],
      WIRE,
    ),
    sequence(
      'cache-redirect-cached/replayed',
      'A stored redirect is followed again without asking where it stood',
      [spec.networkOrCache, spec.redirectFetch],
      [
        step(
          {},
          {
            actual: { status: 301, headers: [FRESH, acao(), ['Location', '{url:hop2}']] },
            resources: {
              hop2: at('other-target', { actual: answer(acao('*'), ['Cache-Control', 'no-store']) }),
            },
          },
          readable({ wire: ['GET', 'GET hop2'], redirected: true }),
        ),
        step({}, undefined, readable({ wire: ['GET hop2'], redirected: true, url: '{url:hop2}' })),
      ],
      OPTIONAL,
    ),
    sequence(
      'cache-redirect-cached/checked',
      'A redirect that was stored without CORS headers fails a CORS request when it is used again',
      [spec.httpFetch, spec.redirectFetch],
      [
        step(
          NO_CORS,
          {
            actual: { status: 301, headers: [FRESH, ['Location', '{url:hop2}']] },
            resources: {
              hop2: at('other-target', { actual: answer(acao('*'), ['Cache-Control', 'no-store']) }),
            },
          },
          { outcome: 'opaque', wire: ['GET', 'GET hop2'] },
        ),
        step({}, undefined, fails),
      ],
    ),
  ],
});

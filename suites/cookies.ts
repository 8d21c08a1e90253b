import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import {
  acac,
  acam,
  acao,
  aceh,
  answer,
  at,
  blocked,
  INCLUDE,
  one,
  preflighted,
  readable,
  spec,
  WIRE,
} from './helpers.ts';
import { sequence, step } from './sequences.ts';

type Line = [name: string, value: string];

const XHR_INCLUDE: CaseRequest = { api: 'xhr', withCredentials: true };

/** Sets a cookie that no other case can see: its path is the case's own. */
const sets = (name: string, attributes = ''): Line => [
  'Set-Cookie',
  `${name}{nonce}=1; Path=/c/{nonce}${attributes}`,
];
const A_COOKIE = 'a{nonce}=1';
const open: Answer = answer(acao(), acac());
const openAndSets: Answer = answer(acao(), acac(), sets('a'));

const gets = (cookie: string | null) => readable({ requestHeaders: { cookie } });

/** A mode without credentials: neither sends a cookie nor stores one. */
const without = (id: string, title: string, mode: 'omit' | 'same-origin', more: Partial<Case> = {}): Case =>
  sequence(
    id,
    title,
    spec.networkOrCache,
    [
      step(INCLUDE, { actual: openAndSets }, readable()),
      step({ credentials: mode }, { actual: answer(acao('*'), sets('b')) }, gets(null)),
      step(INCLUDE, { actual: open }, gets(A_COOKIE)),
    ],
    { ...WIRE, ...more },
  );

export const cookies = defineSuite({
  id: 'cookies',
  title: 'Cookies',
  about: 'Which requests carry cookies and which responses may set them. Cookies do not know ports.',
  cases: [
    ...(
      [
        ['fetch', INCLUDE],
        ['xhr', XHR_INCLUDE],
      ] as const
    ).map(([api, request]) =>
      sequence(
        `cred-include-exact-true/${api}-cookie`,
        `A ${api} request with credentials stores the cookie of a response and sends it with the next request`,
        [spec.networkOrCache, spec.networkFetch],
        [step(request, { actual: openAndSets }, gets(null)), step(request, { actual: open }, gets(A_COOKIE))],
        WIRE,
      ),
    ),
    sequence(
      'cred-include-exact-true/preflighted-cookie',
      'The cookie goes with the actual request and not with its preflight',
      [spec.preflightFetch, spec.networkOrCache],
      [
        step(INCLUDE, { actual: openAndSets }, readable()),
        step(
          { ...INCLUDE, method: 'PUT' },
          { preflight: answer(acao(), acac(), acam('PUT')), actual: open },
          preflighted({ preflightHeaders: { cookie: null }, requestHeaders: { cookie: A_COOKIE } }),
        ),
      ],
      WIRE,
    ),
    without(
      'cred-same-origin-mode-cross/fetch',
      'Credentials mode same-origin neither sends nor stores cookies across origins',
      'same-origin',
    ),
    sequence(
      'cred-same-origin-mode-cross/xhr',
      'An XHR without withCredentials neither sends nor stores cookies across origins',
      spec.networkOrCache,
      [
        step(XHR_INCLUDE, { actual: openAndSets }, readable()),
        step({ api: 'xhr' }, { actual: answer(acao('*'), sets('b')) }, gets(null)),
        step(XHR_INCLUDE, { actual: open }, gets(A_COOKIE)),
      ],
      WIRE,
    ),
    without(
      'cred-omit-cross',
      'Credentials mode omit neither sends nor stores cookies across origins',
      'omit',
    ),
    without(
      'cred-omit-same-origin',
      'Credentials mode omit neither sends nor stores cookies on the page’s own origin',
      'omit',
      { at: 'site' },
    ),
    sequence(
      'cred-omit-same-origin/default',
      'By default cookies are sent to and stored from the page’s own origin',
      spec.networkOrCache,
      [step({}, { actual: answer(sets('a')) }, gets(null)), step({}, { actual: answer() }, gets(A_COOKIE))],
      { ...WIRE, at: 'site' },
    ),
    sequence(
      'set-cookie-on-failed-cors/fetch',
      'A response that script may not read sets its cookie all the same',
      [spec.networkFetch, spec.corsProtocol],
      [
        step(INCLUDE, { actual: answer(sets('a')) }, blocked()),
        step(INCLUDE, { actual: open }, gets(A_COOKIE)),
      ],
      WIRE,
    ),
    sequence(
      'set-cookie-on-failed-cors/xhr',
      'A response that XHR may not read sets its cookie all the same',
      [spec.networkFetch, spec.corsProtocol],
      [
        step(XHR_INCLUDE, { actual: answer(acao('*'), sets('a')) }, blocked()),
        step(XHR_INCLUDE, { actual: open }, gets(A_COOKIE)),
      ],
      WIRE,
    ),
    sequence(
      'set-cookie-on-preflight-ignored',
      'The answer to a preflight sets no cookie',
      [spec.preflightFetch, spec.networkFetch],
      [
        step(
          { ...INCLUDE, method: 'PUT' },
          { preflight: answer(acao(), acac(), acam('PUT'), sets('b')), actual: openAndSets },
          preflighted({ requestHeaders: { cookie: null } }),
        ),
        step(INCLUDE, { actual: open }, gets(A_COOKIE)),
      ],
      WIRE,
    ),
    ...(['*', 'set-cookie'] as const).flatMap(list =>
      (['fetch', 'xhr'] as const).map(api =>
        one(
          `set-cookie-never-exposed/${list === '*' ? 'star' : 'name'}-${api}`,
          `${api} never reads Set-Cookie, though Access-Control-Expose-Headers says ${list}`,
          [spec.forbiddenResponseHeader, spec.filteredResponse],
          { api },
          answer(acao(), sets('a'), aceh(list)),
          readable({ hidden: ['set-cookie'] }),
        ),
      ),
    ),
    sequence(
      'cookie-third-site-isolation',
      'The cookie of one host is not sent to another',
      spec.networkOrCache,
      [
        step(
          INCLUDE,
          { actual: openAndSets, resources: { far: at('ipv4-target', { actual: open }) } },
          readable(),
        ),
        step(
          { ...INCLUDE, to: 'far' },
          undefined,
          readable({ wire: ['GET far'], requestHeaders: { cookie: null } }),
        ),
        step(INCLUDE, { actual: open }, gets(A_COOKIE)),
      ],
      WIRE,
    ),
    sequence(
      'cred-redirect-include',
      'With credentials, each hop of a redirect gets its own cookies',
      [spec.redirectFetch, spec.networkOrCache],
      [
        step(
          { ...INCLUDE, to: 'far' },
          {
            resources: {
              far: at('other-target', {
                actual: answer(acao(), acac(), ['Set-Cookie', 'b{nonce}=1; Path={path:far}']),
              }),
            },
          },
          readable({ wire: ['GET far'] }),
        ),
        step(
          INCLUDE,
          {
            actual: { status: 302, headers: [acao(), acac(), ['Location', '{url:far}']] },
            resources: { far: at('other-target', { actual: answer(acao('null'), acac()) }) },
          },
          readable({
            wire: ['GET', 'GET far'],
            requestHeadersAt: { GET: { cookie: null }, 'GET far': { cookie: 'b{nonce}=1', origin: 'null' } },
          }),
        ),
      ],
      WIRE,
    ),
    sequence(
      'cred-redirect-same-origin-mode-out',
      'In mode same-origin cookies stop where a redirect leaves the page’s origin',
      [spec.redirectFetch, spec.networkOrCache],
      [
        step({}, { actual: answer(sets('a')) }, readable()),
        step(
          {},
          {
            actual: { status: 302, headers: [['Location', '{url:far}']] },
            resources: { far: at('target', { actual: answer(acao('*')) }) },
          },
          readable({
            wire: ['GET', 'GET far'],
            requestHeadersAt: { GET: { cookie: A_COOKIE }, 'GET far': { cookie: null } },
          }),
        ),
      ],
      { ...WIRE, at: 'site' },
    ),
    sequence(
      'cred-redirect-same-origin-mode-back',
      'In mode same-origin cookies stay off where a redirect comes back to the page’s origin',
      [spec.mainFetch, spec.networkOrCache],
      [
        step(
          { to: 'home' },
          { resources: { home: at('site', { actual: answer(sets('a')) }) } },
          readable({ wire: ['GET home'] }),
        ),
        step(
          {},
          {
            actual: { status: 302, headers: [acao('*'), ['Location', '{url:home}']] },
            resources: { home: at('site', { actual: answer(acao('*')) }) },
          },
          readable({
            wire: ['GET', 'GET home'],
            requestHeadersAt: { GET: { cookie: null }, 'GET home': { cookie: null } },
          }),
        ),
      ],
      WIRE,
    ),
    ...(['Lax', 'Strict'] as const).map(value =>
      sequence(
        `cred-samesite-lax/${value.toLowerCase()}`,
        `A cookie with SameSite=${value} does not go with a request from another site`,
        'https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-samesite-attribute',
        [
          step(INCLUDE, { actual: answer(acao(), acac(), sets('a', `; SameSite=${value}`)) }, readable()),
          step(INCLUDE, { actual: open }, gets(null), { page: 'cross-site' }),
          step(INCLUDE, { actual: open }, gets(A_COOKIE)),
        ],
        {
          class: 'outside',
          because: 'Which stored cookies a request carries is ruled by the cookie specification.',
        },
      ),
    ),
    sequence(
      'cred-coep-credentialless/no-cors',
      'A page whose embedder policy is credentialless sends no cookies with no-cors requests to other origins',
      'https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials',
      [
        step(INCLUDE, { actual: openAndSets }, readable()),
        step(
          { ...INCLUDE, mode: 'no-cors' },
          { actual: answer() },
          { outcome: 'opaque', requestHeaders: { cookie: null } },
        ),
      ],
      { ...WIRE, pageHeaders: [['Cross-Origin-Embedder-Policy', 'credentialless']] },
    ),
    sequence(
      'cred-coep-credentialless/cors',
      'A credentialless embedder policy changes nothing about CORS requests with credentials',
      'https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials',
      [step(INCLUDE, { actual: openAndSets }, readable()), step(INCLUDE, { actual: open }, gets(A_COOKIE))],
      { ...WIRE, pageHeaders: [['Cross-Origin-Embedder-Policy', 'credentialless']] },
    ),
    sequence(
      'cred-eventsource/cookie',
      'An EventSource with credentials sends cookies, one without does not',
      'https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource',
      [
        step(INCLUDE, { actual: openAndSets }, readable()),
        step(
          { api: 'eventsource', withCredentials: true },
          {
            actual: {
              headers: [['Content-Type', 'text/event-stream'], acao(), acac()],
              body: ': hello\n\n',
            },
          },
          readable({ result: 'open', requestHeaders: { cookie: A_COOKIE } }),
        ),
        step(
          { api: 'eventsource' },
          undefined,
          readable({ result: 'open', requestHeaders: { cookie: null } }),
        ),
      ],
      WIRE,
    ),
  ],
});

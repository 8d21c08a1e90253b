/**
 * Which requests carry cookies, and which responses set them.
 * Longer than other files, as a suite is one file.
 */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acac,
  acam,
  acao,
  aceh,
  answer,
  blockedAtResponse,
  type CaseDetails,
  type HeaderLine,
  INCLUDE,
  one,
  preflighted,
  readable,
  resourceAt,
  ruledBy,
  type Titled,
  WIRE,
} from './helpers.ts';
import { sequence } from './sequence-helpers.ts';
import { apiName } from './title-helpers.ts';

const XHR_INCLUDE: CaseRequest = { api: 'xhr', withCredentials: true };

/** Sets a cookie that no other case can see: its path is the case's own. */
const sets = (name: string, attributes = ''): HeaderLine => [
  'Set-Cookie',
  `${name}{nonce}=1; Path=/c/{nonce}${attributes}`,
];
const A_COOKIE = 'a{nonce}=1';
const open: Answer = answer(acao(), acac());
const openAndSets: Answer = answer(acao(), acac(), sets('a'));

const gets = (cookie: string | null) => readable({ requestHeaders: { cookie } });

/** A mode without credentials: neither sends a cookie nor stores one. */
const without = ({
  id,
  title,
  mode,
  ...details
}: Titled & CaseDetails & { mode: 'omit' | 'same-origin' }): Case =>
  sequence({
    id,
    title,
    spec: SPEC.networkOrCache,
    steps: [
      { request: INCLUDE, server: { actual: openAndSets }, expect: readable() },
      {
        request: { credentials: mode },
        server: { actual: answer(acao('*'), sets('b')) },
        expect: gets(null),
      },
      { request: INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
    ],
    ...WIRE,
    ...details,
  });

export const cookies = defineSuite({
  id: 'cookies',
  title: 'Cookies',
  about: 'Which requests carry cookies and which responses may set them. Cookies are not separated by port.',
  cases: [
    sequence({
      id: 'cookie-same-site-none/without-secure',
      title: 'A cookie with SameSite=None is not kept without Secure',
      spec: SPEC.cookies,
      at: 'site',
      steps: [
        { server: { actual: answer(sets('n', '; SameSite=None')) }, expect: readable() },
        { expect: gets(null) },
      ],
      class: 'outside',
      because: 'RFC 6265bis rules on cookies.',
    }),
    sequence({
      id: 'cookie-sandboxed-frame',
      title: 'A SameSite=Lax cookie stays away from the request of a sandboxed frame, whose origin is opaque',
      spec: SPEC.cookies,
      steps: [
        {
          request: INCLUDE,
          server: { actual: answer(acao('{request:origin}'), acac(), sets('f', '; SameSite=Lax')) },
          expect: readable(),
        },
        { request: INCLUDE, realm: 'sandboxed-frame', expect: gets(null) },
      ],
      class: 'outside',
      because: 'HTML and RFC 6265bis rule on which requests are same-site.',
    }),
    sequence({
      id: 'cookie-same-site-default',
      title: 'A cookie without SameSite is not sent with a cross-site request, as if it said SameSite=Lax',
      spec: SPEC.sameSiteCookies,
      steps: [
        { request: INCLUDE, server: { actual: openAndSets }, expect: readable() },
        { request: INCLUDE, server: { actual: open }, expect: gets(null), page: 'cross-site' },
        { request: INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
      ],
      class: 'outside',
      because: 'RFC 6265bis rules on cookies.',
    }),
    sequence({
      id: 'cookie-schemeless-site',
      title: 'A SameSite=Lax cookie is not set by https from a page on http of the same host',
      spec: SPEC.sameSiteCookies,
      at: 'secure-target',
      steps: [
        {
          request: INCLUDE,
          server: { actual: answer(acao(), acac(), sets('s', '; SameSite=Lax')) },
          expect: readable(),
        },
        { request: INCLUDE, expect: gets(null) },
      ],
      class: 'outside',
      because: 'RFC 6265bis rules on cookies.',
    }),
    sequence({
      id: 'cookie-partitioned',
      title:
        'A cookie that one site has set is sent with requests from another, unless the user agent keeps them apart',
      spec: SPEC.sameSiteCookies,
      at: 'secure-target',
      page: 'secure-site',
      steps: [
        {
          request: INCLUDE,
          server: {
            actual: answer(acao('{request:origin}'), acac(), sets('a', '; Secure; SameSite=None')),
          },
          expect: readable(),
        },
        { request: INCLUDE, expect: gets(A_COOKIE), page: 'secure-cross-site' },
      ],
      class: 'may',
      because: 'A user agent may block third-party cookies, or keep them apart by the site on top.',
    }),
    sequence({
      id: 'cookie-secure-loopback',
      title: 'A cookie with Secure is not kept without TLS, unless the user agent counts localhost as secure',
      spec: SPEC.cookies,
      at: 'site',
      steps: [
        { server: { actual: answer(sets('s', '; Secure')) }, expect: readable() },
        { expect: gets(null) },
      ],
      class: 'may',
      because: 'RFC 6265bis leaves it to the user agent which protocols and hosts are secure.',
    }),
    ...(
      [
        ['fetch', INCLUDE],
        ['xhr', XHR_INCLUDE],
      ] as const
    ).map(([api, request]) =>
      sequence({
        id: `cred-include-exact-true/${api}-cookie`,
        title: `A response to ${apiName(api)} with credentials sets a cookie, and the next request sends it`,
        spec: [SPEC.networkOrCache, SPEC.networkFetch],
        steps: [
          { request, server: { actual: openAndSets }, expect: gets(null) },
          { request, server: { actual: open }, expect: gets(A_COOKIE) },
        ],
        class: 'wire',
      }),
    ),
    sequence({
      id: 'cred-include-exact-true/preflighted-cookie',
      title: 'A cookie is sent with the actual request, but not with its preflight',
      spec: [SPEC.preflightFetch, SPEC.networkOrCache],
      steps: [
        { request: INCLUDE, server: { actual: openAndSets }, expect: readable() },
        {
          request: { ...INCLUDE, method: 'PUT' },
          server: { preflight: answer(acao(), acac(), acam('PUT')), actual: open },
          expect: preflighted({ preflightHeaders: { cookie: null }, requestHeaders: { cookie: A_COOKIE } }),
        },
      ],
      class: 'wire',
    }),
    without({
      id: 'cred-same-origin-mode-cross/fetch',
      title: 'Credentials mode same-origin neither sends nor stores cookies across origins',
      mode: 'same-origin',
    }),
    sequence({
      id: 'cred-same-origin-mode-cross/xhr',
      title: 'An XHR without withCredentials neither sends nor stores cookies across origins',
      spec: SPEC.networkOrCache,
      steps: [
        { request: XHR_INCLUDE, server: { actual: openAndSets }, expect: readable() },
        { request: { api: 'xhr' }, server: { actual: answer(acao('*'), sets('b')) }, expect: gets(null) },
        { request: XHR_INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
      ],
      class: 'wire',
    }),
    without({
      id: 'cred-omit-cross',
      title: 'Credentials mode omit neither sends nor stores cookies across origins',
      mode: 'omit',
    }),
    without({
      id: 'cred-omit-same-origin',
      title: "Credentials mode omit neither sends nor stores cookies on the page's own origin",
      mode: 'omit',
      at: 'site',
    }),
    sequence({
      id: 'cred-omit-same-origin/default',
      title: "By default, cookies are sent to and stored from the page's own origin",
      spec: SPEC.networkOrCache,
      steps: [
        { server: { actual: answer(sets('a')) }, expect: gets(null) },
        { server: { actual: answer() }, expect: gets(A_COOKIE) },
      ],
      ...WIRE,
      at: 'site',
    }),
    sequence({
      id: 'set-cookie-on-failed-cors/fetch',
      title: 'A response that fetch() is blocked from reading still sets its cookie',
      spec: [SPEC.networkFetch, SPEC.corsProtocol],
      steps: [
        { request: INCLUDE, server: { actual: answer(sets('a')) }, expect: blockedAtResponse() },
        { request: INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'set-cookie-on-failed-cors/xhr',
      title: 'A response that XMLHttpRequest is blocked from reading still sets its cookie',
      spec: [SPEC.networkFetch, SPEC.corsProtocol],
      steps: [
        {
          request: XHR_INCLUDE,
          server: { actual: answer(acao('*'), sets('a')) },
          expect: blockedAtResponse(),
        },
        { request: XHR_INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'set-cookie-on-preflight-ignored',
      title: 'A preflight response sets no cookie',
      spec: [SPEC.preflightFetch, SPEC.networkFetch],
      steps: [
        {
          request: { ...INCLUDE, method: 'PUT' },
          server: { preflight: answer(acao(), acac(), acam('PUT'), sets('b')), actual: openAndSets },
          expect: preflighted({ requestHeaders: { cookie: null } }),
        },
        { request: INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
      ],
      class: 'wire',
    }),
    ...(['*', 'set-cookie'] as const).flatMap(list =>
      (['fetch', 'xhr'] as const).map(api =>
        one({
          id: `set-cookie-never-exposed/${list === '*' ? 'star' : 'name'}-${api}`,
          title: `Access-Control-Expose-Headers: ${list} does not let ${apiName(api)} read Set-Cookie`,
          spec: [SPEC.forbiddenResponseHeader, SPEC.corsFilter],
          request: { api },
          server: answer(acao(), sets('a'), aceh(list)),
          expect: readable({ hidden: ['set-cookie'] }),
        }),
      ),
    ),
    sequence({
      id: 'cookie-third-site-isolation',
      title: 'The cookie of one host is not sent to another host',
      spec: SPEC.networkOrCache,
      steps: [
        {
          request: INCLUDE,
          server: { actual: openAndSets, resources: { far: resourceAt('ipv4-target', { actual: open }) } },
          expect: readable(),
        },
        {
          request: { ...INCLUDE, to: 'far' },
          expect: readable({ wire: ['GET far'], requestHeaders: { cookie: null } }),
        },
        { request: INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
      ],
      class: 'wire',
    }),
    ...(
      [
        ['same-site', 'secure-target', 'SameSite=Lax', 'another origin of the site'],
        ['third-party', 'secure-cross-site-target', 'SameSite=None', 'another site'],
      ] as const
    ).map(([variant, at, sameSite, where]) =>
      sequence({
        id: `cookie-other-host/${variant}`,
        title: `A secure cookie with ${sameSite} set by ${where} is sent back there with credentials`,
        spec: [SPEC.networkOrCache, SPEC.sameSiteCookies],
        steps: [
          {
            request: INCLUDE,
            server: { actual: answer(acao(), acac(), sets('a', `; Secure; ${sameSite}`)) },
            expect: readable(),
          },
          {
            request: INCLUDE,
            server: { actual: answer(acao(), acac()) },
            expect: gets(A_COOKIE),
          },
        ],
        page: 'secure-site',
        at,
        class: 'may',
        because: 'A user agent may block third-party cookies; one that does not must send this.',
      }),
    ),
    sequence({
      id: 'cookie-set-after-cross-site-redirect',
      title: 'A response that a redirect led to through another site sets no cookie with SameSite=Strict',
      spec: [SPEC.sameSiteCookies, SPEC.networkOrCache],
      steps: [
        {
          request: { ...INCLUDE, to: 'far' },
          server: {
            actual: answer(acao('{request:origin}'), acac(), sets('a', '; SameSite=Strict')),
            resources: {
              far: resourceAt('cross-site-target', {
                actual: { status: 302, headers: [acao(), acac(), ['Location', '{url:main}']] },
              }),
            },
          },
          expect: readable({ wire: ['GET far', 'GET'] }),
        },
        { request: INCLUDE, expect: readable({ requestHeaders: { cookie: null } }) },
      ],
      ...ruledBy('RFC 6265bis'),
    }),
    sequence({
      id: 'cookie-after-cross-site-redirect',
      title: 'A cookie with SameSite=Lax does not go with a request that a redirect led through another site',
      spec: [SPEC.sameSiteCookies, SPEC.networkOrCache],
      steps: [
        {
          request: INCLUDE,
          server: { actual: answer(acao(), acac(), sets('a', '; SameSite=Lax')) },
          expect: readable(),
        },
        {
          request: { ...INCLUDE, to: 'far' },
          server: {
            actual: answer(acao('{request:origin}'), acac()),
            resources: {
              far: resourceAt('cross-site-target', {
                actual: { status: 302, headers: [acao(), acac(), ['Location', '{url:main}']] },
              }),
            },
          },
          expect: readable({ wire: ['GET far', 'GET'], requestHeadersAt: { GET: { cookie: null } } }),
        },
      ],
      ...ruledBy('RFC 6265bis'),
    }),
    ...(
      [
        [
          'changed',
          '2',
          'A cookie that is set again with another value keeps its place in the header Cookie',
        ],
        ['kept', '1', 'A cookie that is set again with the same value keeps its place in the header Cookie'],
      ] as const
    ).map(([name, value, title]) =>
      sequence({
        id: `cookie-order/${name}`,
        title,
        spec: SPEC.cookies,
        at: 'site',
        steps: [
          { server: { actual: answer(sets('a'), sets('b')) }, expect: readable() },
          {
            server: { actual: answer(['Set-Cookie', `a{nonce}=${value}; Path=/c/{nonce}`]) },
            expect: readable(),
          },
          { expect: gets(`a{nonce}=${value}; b{nonce}=1`) },
        ],
        ...ruledBy('RFC 6265bis'),
      }),
    ),
    sequence({
      id: 'cred-redirect-include',
      title: 'With credentials, each hop of a redirect receives its own cookies',
      spec: [SPEC.redirectFetch, SPEC.networkOrCache],
      steps: [
        {
          request: { ...INCLUDE, to: 'far' },
          server: {
            resources: {
              far: resourceAt('other-target', {
                actual: answer(acao(), acac(), ['Set-Cookie', 'b{nonce}=1; Path={path:far}']),
              }),
            },
          },
          expect: readable({ wire: ['GET far'] }),
        },
        {
          request: INCLUDE,
          server: {
            actual: { status: 302, headers: [acao(), acac(), ['Location', '{url:far}']] },
            resources: { far: resourceAt('other-target', { actual: answer(acao('null'), acac()) }) },
          },
          expect: readable({
            wire: ['GET', 'GET far'],
            requestHeadersAt: { GET: { cookie: null }, 'GET far': { cookie: 'b{nonce}=1', origin: 'null' } },
          }),
        },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cred-redirect-same-origin-mode-out',
      title: "In credentials mode same-origin, cookies are not sent once a redirect leaves the page's origin",
      spec: [SPEC.redirectFetch, SPEC.networkOrCache],
      steps: [
        { server: { actual: answer(sets('a')) }, expect: readable() },
        {
          server: {
            actual: { status: 302, headers: [['Location', '{url:far}']] },
            resources: { far: resourceAt('target', { actual: answer(acao('*')) }) },
          },
          expect: readable({
            wire: ['GET', 'GET far'],
            requestHeadersAt: { GET: { cookie: A_COOKIE }, 'GET far': { cookie: null } },
          }),
        },
      ],
      ...WIRE,
      at: 'site',
    }),
    sequence({
      id: 'cred-redirect-same-origin-mode-back',
      title:
        "In credentials mode same-origin, cookies are not sent when a redirect returns to the page's origin",
      spec: [SPEC.mainFetch, SPEC.networkOrCache],
      steps: [
        {
          request: { to: 'home' },
          server: { resources: { home: resourceAt('site', { actual: answer(sets('a')) }) } },
          expect: readable({ wire: ['GET home'] }),
        },
        {
          server: {
            actual: { status: 302, headers: [acao('*'), ['Location', '{url:home}']] },
            resources: { home: resourceAt('site', { actual: answer(acao('*')) }) },
          },
          expect: readable({
            wire: ['GET', 'GET home'],
            requestHeadersAt: { GET: { cookie: null }, 'GET home': { cookie: null } },
          }),
        },
      ],
      class: 'wire',
    }),
    ...(['Lax', 'Strict'] as const).map(value =>
      sequence({
        id: `cred-samesite-lax/${value.toLowerCase()}`,
        title: `A cookie with SameSite=${value} is not sent with a cross-site request`,
        spec: SPEC.sameSiteCookies,
        steps: [
          {
            request: INCLUDE,
            server: { actual: answer(acao(), acac(), sets('a', `; SameSite=${value}`)) },
            expect: readable(),
          },
          { request: INCLUDE, server: { actual: open }, expect: gets(null), page: 'cross-site' },
          { request: INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
        ],
        class: 'outside',
        because: 'The cookie specification rules on which stored cookies a request carries.',
      }),
    ),
    sequence({
      id: 'cred-coep-credentialless/no-cors',
      title: 'A page with embedder policy credentialless sends no cookies with cross-origin no-cors requests',
      spec: SPEC.coepAllowsCredentials,
      steps: [
        { request: INCLUDE, server: { actual: openAndSets }, expect: readable() },
        {
          request: { ...INCLUDE, mode: 'no-cors' },
          server: { actual: answer() },
          expect: { outcome: 'opaque', requestHeaders: { cookie: null } },
        },
      ],
      ...WIRE,
      pageHeaders: [['Cross-Origin-Embedder-Policy', 'credentialless']],
    }),
    sequence({
      id: 'cred-coep-credentialless/cors',
      title: 'A page with embedder policy credentialless still sends cookies in mode cors with credentials',
      spec: SPEC.coepAllowsCredentials,
      steps: [
        { request: INCLUDE, server: { actual: openAndSets }, expect: readable() },
        { request: INCLUDE, server: { actual: open }, expect: gets(A_COOKIE) },
      ],
      ...WIRE,
      pageHeaders: [['Cross-Origin-Embedder-Policy', 'credentialless']],
    }),
    sequence({
      id: 'cred-eventsource/cookie',
      title: 'An EventSource with credentials sends cookies, and one without does not',
      spec: [SPEC.eventSource, SPEC.networkOrCache],
      steps: [
        { request: INCLUDE, server: { actual: openAndSets }, expect: readable() },
        {
          request: { api: 'eventsource', withCredentials: true },
          server: {
            actual: {
              headers: [['Content-Type', 'text/event-stream'], acao(), acac()],
              body: ': hello\n\n',
            },
          },
          expect: readable({ result: 'open', requestHeaders: { cookie: A_COOKIE } }),
        },
        {
          request: { api: 'eventsource' },
          expect: readable({ result: 'open', requestHeaders: { cookie: null } }),
        },
      ],
      class: 'wire',
    }),
  ],
});

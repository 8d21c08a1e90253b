/** What a preflight takes from its surroundings: referrer, credentials, Fetch metadata, service workers. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acac, acam, acao, allowed, answer, one, preflighted, readable, type Titled } from './helpers.ts';

const passes = { preflight: answer(acao(), acac(), acam('PUT')), actual: answer(acao(), acac()) };

const FULL = '{origin}/at/home?q';
const ORIGIN = '{origin}/';

/** The Referer of a cross-origin request between two trustworthy URLs under each policy. */
const POLICIES: [row: string, policy: string, referer: string | null][] = [
  ['preflight-referer', 'no-referrer', null],
  ['preflight-referer', 'no-referrer-when-downgrade', FULL],
  ['preflight-referer', 'origin', ORIGIN],
  ['preflight-referer', 'origin-when-cross-origin', ORIGIN],
  ['preflight-referer', 'unsafe-url', FULL],
  ['preflight-referrer-missing-policies', 'same-origin', null],
  ['preflight-referrer-missing-policies', 'strict-origin', ORIGIN],
  ['preflight-referrer-missing-policies', 'strict-origin-when-cross-origin', ORIGIN],
];

const referred = ({
  id,
  title,
  request,
  referer,
}: Titled & { request: CaseRequest; referer: string | null }): Case =>
  one({
    id,
    title,
    spec: [SPEC.preflightFetch, SPEC.referrer],
    request: { method: 'PUT', ...request },
    server: passes,
    expect: preflighted({ preflightHeaders: { referer }, requestHeaders: { referer } }),
    class: 'wire',
  });

const SITES: [id: string, at: NonNullable<Case['at']>, relation: string][] = [
  ['same-site', 'target', 'same-site'],
  ['cross-site', 'cross-site-target', 'cross-site'],
];

/** A step whose answer sets something in the browser that the next step is about. */
const include = 'include' as const;

/** The Referer in a title. */
const shownReferer = (referer: string | null): string =>
  referer === null
    ? 'no Referer'
    : referer === FULL
      ? 'the full URL as Referer'
      : 'only the origin as Referer';

export const preflightContext = defineSuite({
  id: 'preflight-context',
  title: 'What a preflight takes from its request and page',
  about: 'A preflight has the referrer of its request, but never its credentials.',
  cases: [
    ...POLICIES.map(([row, policy, referer]) =>
      referred({
        id: `${row}/${policy}`,
        title: `Under ${policy}, a preflight and its request send ${shownReferer(referer)}`,
        request: { referrer: FULL, referrerPolicy: policy },
        referer,
      }),
    ),
    referred({
      id: 'preflight-referer/none-by-script',
      title: 'If script asks for no referrer, neither the preflight nor the request sends one',
      request: { referrer: '', referrerPolicy: 'unsafe-url' },
      referer: null,
    }),
    {
      id: 'preflight-no-cookies',
      title: 'A preflight carries no cookie, although its request does',
      spec: [SPEC.preflightFetch, SPEC.corsAndCredentials],
      steps: [
        {
          name: 'store a cookie',
          request: { credentials: include },
          server: { actual: answer(acao(), acac(), ['Set-Cookie', 'c{nonce}=1; Path=/c/{nonce}']) },
          expect: readable(),
        },
        {
          name: 'send it',
          request: { method: 'PUT', credentials: include },
          server: passes,
          expect: preflighted({
            preflightHeaders: { cookie: null },
            requestHeaders: { cookie: 'c{nonce}=1' },
          }),
        },
      ],
    },
    {
      id: 'preflight-no-authorization',
      title: 'A preflight carries no Authorization, although the browser knows the password',
      spec: [SPEC.networkOrCache, SPEC.preflightFetch],
      class: 'wire',
      notModelled: 'The model has no authentication entries.',
      steps: [
        {
          name: 'learn a password',
          page: 'target',
          request: { api: 'xhr', user: 'user', password: 'word' },
          server: {
            actual: [
              { status: 401, headers: [['WWW-Authenticate', 'Basic realm="{nonce}"']] },
              { status: 200 },
            ],
          },
          expect: readable({ wire: ['GET', 'GET'], requestHeaders: { authorization: 'Basic dXNlcjp3b3Jk' } }),
        },
        {
          name: 'ask elsewhere for the same resource',
          request: { method: 'PUT', credentials: include },
          server: passes,
          expect: preflighted({
            preflightHeaders: { authorization: null },
            requestHeaders: { authorization: 'Basic dXNlcjp3b3Jk' },
          }),
        },
      ],
    },
    ...SITES.map(([id, at, relation]) =>
      one({
        id: `preflight-sec-fetch/${id}`,
        title: `A preflight to a ${relation} server carries the Fetch metadata of its request`,
        spec: [SPEC.networkOrCache, SPEC.fetchMetadata],
        request: { method: 'PUT' },
        server: passes,
        expect: preflighted({
          preflightHeaders: {
            'sec-fetch-mode': 'cors',
            'sec-fetch-dest': 'empty',
            'sec-fetch-site': relation,
          },
          requestHeaders: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': relation },
        }),
        at,
        class: 'wire',
      }),
    ),
    one({
      id: 'preflight-not-seen-by-sw',
      title: 'A preflight never reaches the service worker, although its request does',
      spec: [SPEC.preflightFetch, SPEC.httpFetch],
      request: { method: 'PUT' },
      server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
      expect: preflighted({ status: 200, type: 'cors', body: 'ok' }),
      realm: 'controlled-frame',
      worker: 'answer-options',
      notModelled: 'The model has no service workers.',
    }),
  ],
});

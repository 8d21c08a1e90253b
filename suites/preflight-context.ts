/** What a preflight takes from its surroundings: referrer, credentials, Fetch metadata, service workers. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest } from '../harness/case/schema.ts';
import { acac, acam, acao, allowed, answer, one, preflighted, readable, spec } from './helpers.ts';

const REFERRER_POLICY = 'https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer';
const FETCH_METADATA =
  'https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request';

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

const referred = (id: string, title: string, request: CaseRequest, referer: string | null): Case =>
  one(
    id,
    title,
    [spec.preflightFetch, REFERRER_POLICY],
    { method: 'PUT', ...request },
    passes,
    preflighted({ preflightHeaders: { referer }, requestHeaders: { referer } }),
    { class: 'wire' },
  );

const SITES: [id: string, at: NonNullable<Case['at']>, relation: string][] = [
  ['same-site', 'target', 'same-site'],
  ['cross-site', 'cross-site-target', 'cross-site'],
];

/** A step whose answer sets something in the browser that the next step is about. */
const include = 'include' as const;

export const preflightContext = defineSuite({
  id: 'preflight-context',
  title: 'What a preflight takes from its surroundings',
  about: 'A preflight has the referrer of its request, but never its credentials.',
  cases: [
    ...POLICIES.map(([row, policy, referer]) =>
      referred(
        `${row}/${policy}`,
        `Under the policy ${policy} the preflight has ${referer === null ? 'no Referer' : `the ${referer === FULL ? 'whole' : 'stripped'} Referer`}, as the request has`,
        { referrer: FULL, referrerPolicy: policy },
        referer,
      ),
    ),
    referred(
      'preflight-referer/none-by-script',
      'Where script wants no referrer, neither preflight nor request has one',
      { referrer: '', referrerPolicy: 'unsafe-url' },
      null,
    ),
    {
      id: 'preflight-no-cookies',
      title: 'A preflight carries no cookie, though its request does',
      spec: [spec.preflightFetch, spec.credentials],
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
      title: 'A preflight carries no Authorization, though the browser knows a password',
      spec: [spec.networkOrCache, spec.preflightFetch],
      class: 'wire',
      notModelled: 'the model keeps no authentication entries',
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
      one(
        `preflight-sec-fetch/${id}`,
        `A preflight to a ${relation} server carries the Fetch metadata of its request`,
        [spec.networkOrCache, FETCH_METADATA],
        { method: 'PUT' },
        passes,
        preflighted({
          preflightHeaders: {
            'sec-fetch-mode': 'cors',
            'sec-fetch-dest': 'empty',
            'sec-fetch-site': relation,
          },
          requestHeaders: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': relation },
        }),
        { at, class: 'wire' },
      ),
    ),
    one(
      'preflight-not-seen-by-sw',
      'A preflight never reaches a service worker, though the request does',
      [spec.preflightFetch, spec.httpFetch],
      { method: 'PUT' },
      { preflight: answer(acao(), acam('PUT')), actual: allowed },
      preflighted({ status: 200, type: 'cors', body: 'ok' }),
      { realm: 'controlled-frame', worker: 'answer-options', notModelled: 'service workers' },
    ),
  ],
});

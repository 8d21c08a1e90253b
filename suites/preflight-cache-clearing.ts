/** Which failures clear the preflight cache: every one of a request that a preflight was needed for. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acam,
  acao,
  allowed,
  answer,
  blockedAtPreflight,
  maxAge,
  PUT,
  preflighted,
  readable,
} from './helpers.ts';
import { putAllowed } from './preflight-cache-helpers.ts';
import { redirect } from './redirect-helpers.ts';
import { sequence } from './sequence-helpers.ts';

const redirectTo = (location: string): Answer => redirect(location, 307, acao());

/** A PUT that fails after its preflight was found in the cache. */
interface Failure {
  readonly id: string;
  readonly title: string;
  readonly actual: Answer;
  readonly request?: CaseRequest;
}

const FAILURES: readonly Failure[] = [
  { id: 'mailto', title: 'A redirect to a mailto: URL', actual: redirectTo('mailto:someone@localhost') },
  { id: 'data', title: 'A redirect to a data: URL', actual: redirectTo('data:text/plain,here') },
  { id: 'bad-url', title: 'A redirect to a malformed URL', actual: redirectTo('http://[') },
  {
    id: 'userinfo',
    title: 'A redirect to a URL with a password',
    actual: redirectTo('http://user:pw@localhost:{port:target}{path}'),
  },
  { id: 'reset', title: 'A reset connection', actual: { fault: 'reset' } },
  {
    id: 'redirect-error',
    title: 'A redirect in redirect mode error',
    actual: redirectTo('{url}?next'),
    request: { redirect: 'error' },
  },
];

const clearedBy = ({ id, title, actual, request }: Failure): Case =>
  sequence({
    id: `cache-cleared-by-failure/${id}`,
    title: `${title} clears the request's preflight cache entries`,
    spec: SPEC.mainFetch,
    steps: [
      { request: PUT, server: putAllowed, expect: preflighted() },
      {
        request: { ...PUT, ...request },
        server: { ...putAllowed, actual },
        // An engine may retry after a reset.
        expect: { outcome: 'error', anyRequests: true, preflight: 'not sent', actual: 'sent' },
      },
      { request: PUT, server: putAllowed, expect: preflighted() },
    ],
    class: 'wire',
  });

const remembering = { preflight: answer(acao(), acam('PUT'), maxAge(600)), actual: allowed };

export const preflightCacheClearing = defineSuite({
  id: 'preflight-cache-clearing',
  title: 'What clears the preflight cache',
  about: 'Any failure of a request that needs a preflight clears the cache entries for its origin and URL.',
  cases: [
    ...FAILURES.map(clearedBy),
    sequence({
      id: 'cache-cleared-by-failed-preflight/no-store',
      title: 'A refused preflight in cache mode no-store clears the entries of earlier ones',
      spec: [SPEC.mainFetch, SPEC.preflightFetch],
      steps: [
        { request: PUT, server: remembering, expect: preflighted() },
        {
          request: { method: 'PATCH', cache: 'no-store' },
          server: remembering,
          expect: blockedAtPreflight({ wire: ['OPTIONS'] }),
        },
        { request: PUT, server: remembering, expect: preflighted() },
      ],
      class: 'wire',
    }),
    sequence({
      id: 'cache-cleared-by-redirect-error',
      title: 'A redirect in redirect mode error clears the entries that its own preflight added',
      spec: [SPEC.mainFetch, SPEC.httpFetch],
      steps: [
        {
          request: { ...PUT, redirect: 'error' },
          server: { ...remembering, actual: redirectTo('{url}?next') },
          expect: { outcome: 'error', wire: ['OPTIONS', 'PUT'] },
        },
        {
          request: PUT,
          server: remembering,
          expect: readable({
            wire: ['OPTIONS', 'PUT'],
            requestTargets: { OPTIONS: '{path}', PUT: '{path}' },
          }),
        },
      ],
      class: 'wire',
    }),
  ],
});

/** Redirects between origins: what each hop is told about the request's origin, and what it must allow. */

import { defineSuite } from '../harness/case/define.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { inBothApis } from './api-helpers.ts';
import { acac, acao, answer, blockedAtResponse, one, readable } from './helpers.ts';
import {
  acaoReflected,
  onPageOrigin,
  onTarget,
  onThirdOrigin,
  REDIRECT_STATUSES,
  reachedHop2,
  redirect,
} from './redirect-helpers.ts';

const rules = [SPEC.redirectFetch, SPEC.serializeRequestOrigin];

const twoHops = [
  ...REDIRECT_STATUSES.map(status =>
    one({
      id: `redir-same-to-cross/${status}`,
      title: `A ${status} from the page's origin to another: only the second hop sends Origin and must allow it`,
      spec: [SPEC.redirectFetch, SPEC.mainFetch],
      server: { actual: redirect('hop2', status), resources: { hop2: onTarget({ actual: answer(acao()) }) } },
      expect: readable({
        ...reachedHop2,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { GET: { origin: null }, 'GET hop2': { origin: '{origin}' } },
      }),
      at: 'site',
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-cross-to-same-cross',
      title: "A redirect within another origin keeps the page's Origin on both hops",
      spec: rules,
      server: {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onTarget({ actual: answer(acao()) }) },
      },
      expect: readable({
        ...reachedHop2,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { GET: { origin: '{origin}' }, 'GET hop2': { origin: '{origin}' } },
      }),
    }),
  ),
  ...(['null', '*'] as const).flatMap(value =>
    inBothApis(
      one({
        id: `redir-cross-to-other-cross/${value === '*' ? 'star' : 'null'}`,
        title: `After a redirect from another origin to a third, Origin is null, and "${value}" allows it`,
        spec: rules,
        server: {
          actual: redirect('hop2', 302, acao()),
          resources: { hop2: onThirdOrigin({ actual: answer(acao(value)) }) },
        },
        expect: readable({
          ...reachedHop2,
          wire: ['GET', 'GET hop2'],
          requestHeadersAt: { GET: { origin: '{origin}' }, 'GET hop2': { origin: 'null' } },
        }),
      }),
    ),
  ),
  ...inBothApis(
    one({
      id: 'redir-cross-to-other-cross/page-origin',
      title: "After a redirect from another origin to a third, allowing the page's origin is not enough",
      spec: [...rules, SPEC.corsCheck],
      server: {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onThirdOrigin({ actual: answer(acao()) }) },
      },
      expect: blockedAtResponse({
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { origin: 'null' } },
      }),
    }),
  ),
  ...(['null', '*'] as const).map(value =>
    one({
      id: `redir-cross-back-to-page/${value === '*' ? 'star' : 'null'}`,
      title: `A redirect from another origin back to the page's sends Origin: null, and "${value}" allows it`,
      spec: rules,
      server: {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onPageOrigin({ actual: answer(acao(value)) }) },
      },
      expect: readable({
        ...reachedHop2,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { origin: 'null' } },
      }),
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-cross-back-to-page/none',
      title:
        "A redirect from another origin back to the page's is blocked without Access-Control-Allow-Origin",
      spec: [...rules, SPEC.corsCheck],
      server: {
        actual: redirect('hop2', 302, acao()),
        resources: { hop2: onPageOrigin({ actual: answer() }) },
      },
      expect: blockedAtResponse({ wire: ['GET', 'GET hop2'] }),
    }),
  ),
  one({
    id: 'redir-cross-back-to-page/page-origin',
    title: "A redirect from another origin back to the page's is blocked if it allows the page's origin only",
    spec: [...rules, SPEC.corsCheck],
    server: {
      actual: redirect('hop2', 302, acao()),
      resources: { hop2: onPageOrigin({ actual: answer(acao()) }) },
    },
    expect: blockedAtResponse({
      wire: ['GET', 'GET hop2'],
      requestHeadersAt: { 'GET hop2': { origin: 'null' } },
    }),
  }),
];

const threeHops = [
  one({
    id: 'redir-three-hops-taint',
    title: 'Once tainted, Origin stays null, even when a redirect returns to the first other origin',
    spec: SPEC.redirectTaint,
    server: {
      actual: redirect('hop2', 302, acaoReflected),
      resources: {
        hop2: onThirdOrigin({ actual: redirect('hop3', 302, acaoReflected) }),
        hop3: onTarget({ actual: answer(acaoReflected) }),
      },
    },
    expect: readable({
      ...reachedHop2,
      url: '{url:hop3}',
      wire: ['GET', 'GET hop2', 'GET hop3'],
      requestHeadersAt: {
        GET: { origin: '{origin}' },
        'GET hop2': { origin: 'null' },
        'GET hop3': { origin: 'null' },
      },
    }),
  }),
  one({
    id: 'redir-same-cross-same',
    title: "A redirect that leaves the page's origin and returns taints the Origin",
    spec: SPEC.redirectTaint,
    server: {
      actual: redirect('hop2', 302),
      resources: {
        hop2: onTarget({ actual: redirect('hop3', 302, acaoReflected) }),
        hop3: onPageOrigin({ actual: answer(acaoReflected) }),
      },
    },
    expect: readable({
      ...reachedHop2,
      url: '{url:hop3}',
      wire: ['GET', 'GET hop2', 'GET hop3'],
      requestHeadersAt: {
        GET: { origin: null },
        'GET hop2': { origin: '{origin}' },
        'GET hop3': { origin: 'null' },
      },
    }),
    at: 'site',
  }),
  one({
    id: 'redir-same-cross-same/not-allowed',
    title:
      "A redirect that leaves the page's origin and returns is blocked without Access-Control-Allow-Origin",
    spec: [SPEC.redirectTaint, SPEC.corsCheck],
    server: {
      actual: redirect('hop2', 302),
      resources: {
        hop2: onTarget({ actual: redirect('hop3', 302, acaoReflected) }),
        hop3: onPageOrigin({ actual: answer() }),
      },
    },
    expect: blockedAtResponse({ wire: ['GET', 'GET hop2', 'GET hop3'] }),
    at: 'site',
  }),
  ...(
    [
      ['same-origin', []],
      ['omit', []],
      ['include', [acac()]],
    ] as ['same-origin' | 'omit' | 'include', [string, string][]][]
  ).map(([credentials, allowing]) =>
    one({
      id: `redir-same-cross-cross/${credentials}`,
      title: `With credentials ${credentials}, a redirect within one other origin does not taint the Origin`,
      spec: SPEC.redirectTaint,
      request: { credentials },
      server: {
        actual: redirect('hop2', 302),
        resources: {
          hop2: onTarget({ actual: redirect('hop3', 302, acaoReflected, ...allowing) }),
          hop3: onTarget({ actual: answer(acaoReflected, ...allowing) }),
        },
      },
      expect: readable({
        ...reachedHop2,
        url: '{url:hop3}',
        wire: ['GET', 'GET hop2', 'GET hop3'],
        requestHeadersAt: { 'GET hop2': { origin: '{origin}' }, 'GET hop3': { origin: '{origin}' } },
      }),
      at: 'site',
    }),
  ),
];

const everyHopChecked = [
  ...inBothApis(
    one({
      id: 'redir-hop1-missing-acao',
      title: 'A cross-origin redirect without Access-Control-Allow-Origin is not followed',
      spec: [SPEC.httpFetch, SPEC.corsCheck],
      server: {
        actual: redirect('hop2', 302),
        resources: { hop2: onThirdOrigin({ actual: answer(acao('*')) }) },
      },
      expect: blockedAtResponse({ wire: ['GET'], error: 'TypeError' }),
    }),
  ),
  one({
    id: 'redir-hop1-acao-wrong',
    title: 'A cross-origin redirect that allows another origin is not followed',
    spec: [SPEC.httpFetch, SPEC.corsCheck],
    server: {
      actual: redirect('hop2', 302, acao('{origin:other-site}')),
      resources: { hop2: onTarget({ actual: answer(acao()) }) },
    },
    expect: blockedAtResponse({ wire: ['GET'] }),
  }),
  ...inBothApis(
    one({
      id: 'redir-cred-null-origin',
      title: 'With credentials, a tainted hop is readable if it allows null and credentials',
      spec: [SPEC.corsCheck, SPEC.serializeRequestOrigin],
      request: { credentials: 'include' },
      server: {
        actual: redirect('hop2', 302, acao(), acac()),
        resources: { hop2: onThirdOrigin({ actual: answer(acao('null'), acac()) }) },
      },
      expect: readable({
        ...reachedHop2,
        wire: ['GET', 'GET hop2'],
        requestHeadersAt: { 'GET hop2': { origin: 'null' } },
      }),
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-cred-star-hop2',
      title: 'With credentials, "*" on the target of a same-origin redirect is not enough',
      spec: SPEC.corsCheck,
      request: { credentials: 'include' },
      server: {
        actual: redirect('hop2', 302),
        resources: { hop2: onTarget({ actual: answer(acao('*'), acac()) }) },
      },
      expect: blockedAtResponse({ wire: ['GET', 'GET hop2'] }),
      at: 'site',
    }),
  ),
];

export const redirects = defineSuite({
  id: 'redirects',
  title: 'Redirects between origins',
  about:
    'A request that is redirected from one other origin to a third is tainted: from then on, its Origin is null.',
  cases: [...twoHops, ...threeHops, ...everyHopChecked],
});

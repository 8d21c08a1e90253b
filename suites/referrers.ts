/** The Referer that frames and workers send, by where their documents come from. */
import { defineSuite } from '../harness/case/define.ts';
import type { Realm } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acao, answer, one, readable, resourceAt, ruledBy } from './helpers.ts';
import { acaoReflected, redirect } from './redirect-helpers.ts';
import { sequence } from './sequence-helpers.ts';

const REALMS: readonly [realm: Realm, what: string, referer: string | null][] = [
  ['page', 'A page', '{origin}/'],
  ['worker', 'A worker', '{origin}/'],
  ['sandboxed-frame', 'A sandboxed frame, whose origin is opaque,', null],
  ['srcdoc-frame', 'A srcdoc frame', '{origin}/'],
  ['about-blank-frame', 'An about:blank frame', null],
  ['blob-frame', 'A frame created from a blob: URL', null],
  ['blob-worker', 'A worker created from a blob: URL', null],
  ['data-frame', 'A frame created from a data: URL', null],
];

/** What is fetched has the policy that it was served with; what is not has that of its creator. */
const POLICY_REALMS: readonly [variant: string, realm: Realm, what: string, referer: string | null][] = [
  ['worker', 'worker', 'A worker', '{origin}/'],
  ['shared-worker', 'shared-worker', 'A shared worker', '{origin}/'],
  ['frame', 'sandboxed-same-origin-frame', 'A frame', '{origin}/'],
  ['blob-worker', 'blob-worker', 'A blob: worker', null],
  ['srcdoc-frame', 'srcdoc-frame', 'A srcdoc frame', null],
  ['about-blank-frame', 'about-blank-frame', 'An about:blank frame', null],
  ['blob-frame', 'blob-frame', 'A blob: frame', null],
];

const LESS_IS_ALLOWED =
  'Referrer Policy lets a user agent send less than the policy says, to keep data private.';

export const referrers = defineSuite({
  id: 'referrers',
  title: 'Referer by realm',
  about: 'Which referrer a cross-origin request sends under the default policy.',
  cases: [
    ...REALMS.map(([realm, what, referer]) =>
      one({
        id: `referer-realm/${realm}`,
        title: `${what} sends ${referer === null ? 'no Referer' : "the page's origin as Referer"}`,
        spec: SPEC.referrer,
        server: answer(acao('*')),
        expect: readable({ requestHeaders: { referer } }),
        realm,
        ...ruledBy('Referrer Policy'),
      }),
    ),
    ...(['other-origin', 'other-site'] as const).map(variant =>
      one({
        id: `referer-synchronous-redirect/${variant}`,
        title: `A redirect to another ${variant === 'other-site' ? 'site' : 'origin'} cuts the Referer of a synchronous XMLHttpRequest down to an origin`,
        spec: [SPEC.referrer, SPEC.mainFetch],
        at: 'site',
        request: { api: 'xhr', sync: true },
        server: {
          actual: redirect('hop2', 302),
          resources: {
            hop2: resourceAt(variant === 'other-site' ? 'ipv4-target' : 'target', {
              actual: answer(acao('{origin}')),
            }),
          },
        },
        expect: readable({ requestHeadersAt: { 'GET hop2': { referer: '{origin}/' } } }),
        ...ruledBy('Referrer Policy'),
      }),
    ),
    one({
      id: 'referrer-policy-realm/shared-worker-xhr',
      title: 'An XMLHttpRequest of a shared worker has no referrer policy from the page',
      spec: SPEC.referrer,
      pageHeaders: [['Referrer-Policy', 'no-referrer']],
      request: { api: 'xhr' },
      server: answer(acao('*')),
      expect: readable({ requestHeaders: { referer: '{origin}/' } }),
      realm: 'shared-worker',
      ...ruledBy('Referrer Policy'),
    }),
    one({
      id: 'referer-realm/blob-worker-unnamed',
      title: 'A fetch() of a blob: worker with an empty referrer sends no Referer',
      spec: SPEC.referrer,
      request: { referrer: '' },
      server: answer(acao('*')),
      expect: readable({ requestHeaders: { referer: null } }),
      realm: 'blob-worker',
      ...ruledBy('Referrer Policy'),
    }),
    one({
      id: 'referer-realm/sandboxed-frame-unnamed',
      title: 'A fetch() of a sandboxed frame with an empty referrer sends no Referer',
      spec: SPEC.referrer,
      request: { referrer: '' },
      server: answer(acao('*')),
      expect: readable({ requestHeaders: { referer: null } }),
      realm: 'sandboxed-frame',
      ...ruledBy('Referrer Policy'),
    }),
    one({
      id: 'referer-realm/srcdoc-frame-named',
      title: 'A srcdoc frame sends the origin of the referrer that its fetch() names as Referer',
      spec: SPEC.referrer,
      request: { referrer: '{origin}/named' },
      server: answer(acao('*')),
      expect: readable({ requestHeaders: { referer: '{origin}/' } }),
      realm: 'srcdoc-frame',
      ...ruledBy('Referrer Policy'),
    }),
    ...POLICY_REALMS.map(([variant, realm, what, referer]) =>
      one({
        id: `referrer-policy-realm/${variant}`,
        title: `${what} of a page with Referrer-Policy: no-referrer sends ${referer === null ? 'no Referer' : 'its origin as Referer'}`,
        spec: SPEC.referrer,
        server: answer(acao('*')),
        expect: readable({ requestHeaders: { referer } }),
        realm,
        pageHeaders: [['Referrer-Policy', 'no-referrer']],
        ...ruledBy('HTML, in its policy containers,'),
      }),
    ),
    one({
      id: 'es-referrer/worker',
      title: "An EventSource of a worker sends the worker's origin as Referer",
      spec: SPEC.referrer,
      request: { api: 'eventsource' },
      server: { actual: { headers: [acao('*'), ['Content-Type', 'text/event-stream']] } },
      expect: readable({ result: 'open', requestHeaders: { referer: '{origin}/' } }),
      realm: 'worker',
      ...ruledBy('Referrer Policy'),
    }),
    one({
      id: 'referer-unsafe-url/same-site',
      title: 'With referrer policy unsafe-url, a page sends its whole URL as Referer to another origin',
      spec: SPEC.referrer,
      request: { referrerPolicy: 'unsafe-url' },
      server: answer(acao('*')),
      expect: readable({ requestHeaders: { referer: { matches: '/agent/page\\?' } } }),
      ...ruledBy('Referrer Policy'),
    }),
    ...(
      [
        ['frame-of-another-site', 'a frame of another site', { frame: 'cross-site' }],
        [
          'frame-below-another-site',
          'a frame in a page of another site',
          { page: 'cross-site', frame: 'site' },
        ],
      ] as const
    ).map(([id, where, { frame, ...at }]) =>
      sequence({
        id: `referer-unsafe-url/${id}`,
        title: `With referrer policy unsafe-url, ${where} may send its whole URL as Referer`,
        spec: SPEC.referrer,
        ...at,
        class: 'may',
        because: LESS_IS_ALLOWED,
        steps: [
          {
            frame,
            request: { referrerPolicy: 'unsafe-url' },
            server: { actual: answer(acao('*')) },
            expect: readable({ requestHeaders: { referer: { matches: '/agent/frame' } } }),
          },
        ],
      }),
    ),
    one({
      id: 'referer-unsafe-url/cross-site',
      title: 'With referrer policy unsafe-url, a page may send its whole URL as Referer to another site',
      spec: SPEC.referrer,
      request: { referrerPolicy: 'unsafe-url' },
      server: answer(acao('*')),
      expect: readable({ requestHeaders: { referer: { matches: '/agent/page\\?' } } }),
      at: 'cross-site-target',
      class: 'may',
      because: LESS_IS_ALLOWED,
    }),
    one({
      id: 'referer-unsafe-url-from-another-site',
      title:
        "With referrer policy unsafe-url, redirects from another site to the page's own may leave the Referer as it was",
      spec: SPEC.referrer,
      request: { referrerPolicy: 'unsafe-url' },
      at: 'cross-site-target',
      server: {
        actual: redirect('hop2', 307, acaoReflected),
        resources: {
          hop2: resourceAt('cross-site-target', { actual: redirect('hop3', 307, acaoReflected) }),
          hop3: resourceAt('site', { actual: answer(acao('*')) }),
        },
      },
      expect: readable({
        wire: ['GET', 'GET hop2', 'GET hop3'],
        requestHeadersAt: Object.fromEntries(
          ['GET', 'GET hop2', 'GET hop3'].map(at => [at, { referer: { matches: '/agent/page\\?' } }]),
        ),
      }),
      class: 'may',
      because: LESS_IS_ALLOWED,
    }),
  ],
});

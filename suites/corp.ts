/** Cross-Origin-Resource-Policy: which no-cors responses it blocks, and how its value is read. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, Expectation, Realm } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { answer, type HeaderLine, networkError, noCors, type OneStep, one } from './helpers.ts';
import { onThirdOrigin, redirect } from './redirect-helpers.ts';

const corp = (value: string): HeaderLine => ['Cross-Origin-Resource-Policy', value];

const opaque: Expectation = { outcome: 'opaque', type: 'opaque' };
const blocked = networkError(['GET']);

const held = (details: Omit<OneStep, 'spec'>): Case =>
  one({ spec: [SPEC.httpFetch, SPEC.corp], request: noCors(), ...details });

const OPAQUE_REALMS: readonly [realm: Realm, what: string][] = [
  ['sandboxed-frame', 'sandboxed frame'],
  ['data-frame', 'frame created from a data: URL'],
  ['data-worker', 'worker created from a data: URL'],
];

/** Values that are none of the three policies, and so mean none. */
const IGNORED: readonly [id: string, title: string, ...lines: string[]][] = [
  [
    'case',
    'Cross-Origin-Resource-Policy: Same-Origin is ignored, as values are case-sensitive',
    'Same-Origin',
  ],
  [
    'two-lines',
    'Two Cross-Origin-Resource-Policy lines, both same-origin, are ignored',
    'same-origin',
    'same-origin',
  ],
  ['list', 'Cross-Origin-Resource-Policy: same-site, same-origin is ignored', 'same-site, same-origin'],
  ['empty', 'An empty Cross-Origin-Resource-Policy is ignored', ''],
  ['parameter', 'Cross-Origin-Resource-Policy: same-origin; x is ignored', 'same-origin; x'],
];

export const corpPolicies = defineSuite({
  id: 'corp',
  title: 'Cross-Origin-Resource-Policy',
  about: 'A policy that a response sets on no-cors requests, in all its shapes.',
  cases: [
    ...OPAQUE_REALMS.flatMap(([realm, what]) => [
      held({
        id: `corp-opaque-origin/${realm}-same-site`,
        title: `Cross-Origin-Resource-Policy: same-site blocks a ${what}, whose origin is opaque`,
        server: answer(corp('same-site')),
        expect: blocked,
        realm,
      }),
      held({
        id: `corp-opaque-origin/${realm}-cross-origin`,
        title: `Cross-Origin-Resource-Policy: cross-origin allows a ${what}`,
        server: answer(corp('cross-origin')),
        expect: opaque,
        realm,
      }),
    ]),
    held({
      id: 'corp-opaque-origin/sandboxed-frame-own-server',
      title:
        'Cross-Origin-Resource-Policy: same-origin blocks a sandboxed frame from the server it came from',
      server: answer(corp('same-origin')),
      expect: blocked,
      realm: 'sandboxed-frame',
      at: 'site',
    }),
    ...IGNORED.map(([variant, title, ...lines]) =>
      held({ id: `corp-ignored/${variant}`, title, server: answer(...lines.map(corp)), expect: opaque }),
    ),
    held({
      id: 'corp-padded',
      title: 'Cross-Origin-Resource-Policy with outer spaces and tabs blocks a no-cors request',
      server: answer(corp(' \tsame-origin\t ')),
      expect: blocked,
    }),
    held({
      id: 'corp-secure-target/same-site',
      title: 'Cross-Origin-Resource-Policy: same-site on an https response blocks a page on http',
      server: answer(corp('same-site')),
      expect: blocked,
      at: 'secure-target',
    }),
    held({
      id: 'corp-secure-target/secure-page',
      title: 'Cross-Origin-Resource-Policy: same-site on an https response allows a page on https',
      server: answer(corp('same-site')),
      expect: opaque,
      page: 'secure-site',
      at: 'secure-target',
    }),
    held({
      id: 'corp-on-redirect/blocked',
      title: 'Cross-Origin-Resource-Policy: same-origin on a redirect blocks a no-cors request',
      server: {
        actual: redirect('hop2', 302, corp('same-origin')),
        resources: { hop2: onThirdOrigin({ actual: answer() }) },
      },
      expect: blocked,
    }),
    held({
      id: 'corp-on-redirect/target',
      title: "Cross-Origin-Resource-Policy: same-origin on a redirect's target blocks a no-cors request",
      server: {
        actual: redirect('hop2', 302),
        resources: { hop2: onThirdOrigin({ actual: answer(corp('same-origin')) }) },
      },
      expect: networkError(['GET', 'GET hop2']),
    }),
    held({
      id: 'corp-error-status',
      title: 'Cross-Origin-Resource-Policy: same-origin blocks a response with an error status',
      server: { status: 404, headers: [corp('same-origin')] },
      expect: blocked,
    }),
    held({
      id: 'corp-same-origin',
      title: "Cross-Origin-Resource-Policy: same-origin allows a no-cors request to the page's own origin",
      server: answer(corp('same-origin')),
      expect: { outcome: 'readable', type: 'basic', status: 200 },
      at: 'site',
    }),
  ],
});

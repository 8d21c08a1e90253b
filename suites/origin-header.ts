import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acam,
  acao,
  allowed,
  answer,
  type CaseDetails,
  one,
  preflighted,
  readable,
  type Titled,
} from './helpers.ts';
import { sequence } from './sequence-helpers.ts';
import { apiName } from './title-helpers.ts';

const HOME = { at: 'site' } as const;

/** A case about the Origin header of one request. */
const origin = ({
  id,
  title,
  request = {},
  value,
  expect = {},
  ...details
}: Titled &
  CaseDetails & { request?: CaseRequest; value: string | null; expect?: Partial<Expectation> }): Case =>
  one({
    id,
    title,
    spec: SPEC.originHeader,
    request,
    server: allowed,
    expect: readable({ requestHeaders: { origin: value }, ...expect }),
    class: 'wire',
    ...details,
  });

/** A POST without CORS to another origin by http: the referrer policy decides. */
const NO_CORS_POST: [policy: string, value: string][] = [
  ['no-referrer', 'null'],
  ['same-origin', 'null'],
  ['origin', '{origin}'],
  ['unsafe-url', '{origin}'],
  ['strict-origin', '{origin}'],
  ['strict-origin-when-cross-origin', '{origin}'],
  ['no-referrer-when-downgrade', '{origin}'],
];

/** A POST in mode same-origin: the referrer policy decides, as in every mode but cors. */
const SAME_ORIGIN_POST: [policy: string, value: string][] = [
  ['no-referrer', 'null'],
  ['same-origin', '{origin}'],
  ['strict-origin', '{origin}'],
  ['unsafe-url', '{origin}'],
];

export const originHeader = defineSuite({
  id: 'origin-header',
  title: 'The Origin header',
  about: 'Which requests carry an Origin header, and its value.',
  cases: [
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      ...(['GET', 'HEAD'] as const).map(method =>
        origin({
          id: `origin-hdr-absent-same-origin-get/${api}-${method.toLowerCase()}`,
          title: `A same-origin ${method} by ${apiName(api)} has no Origin header`,
          request: { api, method },
          value: null,
          ...HOME,
        }),
      ),
      ...(['POST', 'PUT', 'DELETE'] as const).map(method =>
        origin({
          id: `origin-hdr-same-origin-post/${api}-${method.toLowerCase()}`,
          title: `A same-origin ${method} by ${apiName(api)} sends the page's origin`,
          request: { api, method },
          value: '{origin}',
          ...HOME,
        }),
      ),
    ]),
    origin({
      id: 'origin-hdr-on-cors-get/secure',
      title: 'The Origin of an https page has its scheme and port',
      value: 'https://localhost:{port:secure-site}',
      page: 'secure-site',
      at: 'secure-target',
    }),
    origin({
      id: 'origin-hdr-on-cors-get/cross-site',
      title: "A cross-site GET sends the page's origin too",
      value: '{origin}',
      at: 'cross-site-target',
    }),
    one({
      id: 'origin-hdr-on-cors-get/preflight',
      title: 'A preflight and its actual request send the same Origin',
      spec: SPEC.originHeader,
      request: { method: 'PUT' },
      server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
      expect: preflighted({
        preflightHeaders: { origin: '{origin}' },
        requestHeaders: { origin: '{origin}' },
      }),
      class: 'wire',
    }),
    ...(['GET', 'HEAD'] as const).map(method =>
      origin({
        id: `origin-hdr-not-on-nocors-get/${method.toLowerCase()}`,
        title: `A no-cors ${method} has no Origin header`,
        request: { mode: 'no-cors', method },
        value: null,
        expect: { outcome: 'opaque', type: 'opaque' },
      }),
    ),
    ...NO_CORS_POST.map(([policy, value]) =>
      origin({
        id: `origin-hdr-nocors-post-policy/${policy}`,
        title: `A no-cors POST under referrer policy ${policy} sends ${value === 'null' ? 'Origin: null' : "the page's origin"}`,
        request: { mode: 'no-cors', method: 'POST', referrerPolicy: policy, body: 'x' },
        value,
        expect: { outcome: 'opaque', type: 'opaque' },
      }),
    ),
    origin({
      id: 'origin-hdr-nocors-post-policy/same-origin-target',
      title: "A same-origin no-cors POST under referrer policy same-origin sends the page's origin",
      request: { mode: 'no-cors', method: 'POST', referrerPolicy: 'same-origin', body: 'x' },
      value: '{origin}',
      ...HOME,
    }),
    origin({
      id: 'origin-hdr-nocors-post-policy/no-referrer-same-origin-target',
      title: 'A same-origin no-cors POST under referrer policy no-referrer sends Origin: null',
      request: { mode: 'no-cors', method: 'POST', referrerPolicy: 'no-referrer', body: 'x' },
      value: 'null',
      ...HOME,
    }),
    ...(['GET', 'HEAD'] as const).map(method =>
      sequence({
        id: `origin-hdr-nocors-frame-to-top-site/${method.toLowerCase()}`,
        title: `A no-cors ${method} with credentials from a frame of another site to the site of the page on top carries no Origin`,
        spec: [SPEC.originHeader, SPEC.appendOriginHeader],
        steps: [
          {
            frame: 'cross-site',
            request: { mode: 'no-cors', method, credentials: 'include' },
            server: { actual: allowed },
            expect: { outcome: 'opaque', type: 'opaque', wire: [method], requestHeaders: { origin: null } },
          },
        ],
        class: 'wire',
      }),
    ),
    ...SAME_ORIGIN_POST.map(([policy, value]) =>
      origin({
        id: `origin-hdr-same-origin-mode-policy/${policy}`,
        title: `A POST in mode same-origin under referrer policy ${policy} sends ${value === 'null' ? 'Origin: null' : "the page's origin"}`,
        request: { mode: 'same-origin', method: 'POST', referrerPolicy: policy, body: 'x' },
        value,
        ...HOME,
      }),
    ),
    ...(['no-referrer', 'same-origin'] as const).flatMap(referrerPolicy => [
      origin({
        id: `origin-hdr-cors-ignores-policy/${referrerPolicy}-post`,
        title: `A cross-origin POST in mode cors sends the page's origin even under referrer policy ${referrerPolicy}`,
        request: { method: 'POST', body: 'x', referrerPolicy },
        value: '{origin}',
      }),
      origin({
        id: `origin-hdr-cors-ignores-policy/${referrerPolicy}-get`,
        title: `A cross-origin GET in mode cors sends the page's origin even under referrer policy ${referrerPolicy}`,
        request: { referrerPolicy },
        value: '{origin}',
      }),
      origin({
        id: `origin-hdr-cors-ignores-policy/${referrerPolicy}-same-origin-post`,
        title: `A same-origin POST in mode cors sends the page's origin even under referrer policy ${referrerPolicy}`,
        request: { method: 'POST', body: 'x', referrerPolicy },
        value: '{origin}',
        ...HOME,
      }),
    ]),
  ],
});

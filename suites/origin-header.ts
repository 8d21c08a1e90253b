import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { acac, acam, acao, allowed, answer, one, preflighted, readable, spec } from './helpers.ts';

const HOME = { at: 'site' } as const;

/** A case about the Origin header of one request. */
const origin = (
  id: string,
  title: string,
  request: CaseRequest,
  value: string | null,
  more: Partial<Case> = {},
  expect: Partial<Expectation> = {},
): Case =>
  one(
    id,
    title,
    spec.originHeader,
    request,
    allowed,
    readable({ requestHeaders: { origin: value }, ...expect }),
    { class: 'wire', ...more },
  );

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

export const originHeader = defineSuite({
  id: 'origin-header',
  title: 'The Origin header',
  about: 'Which requests say where they come from, and what they say.',
  cases: [
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      origin(
        `origin-hdr-on-cors-get/${api}`,
        `A cross-origin ${api} GET names the page’s origin, without a path`,
        { api },
        '{origin}',
      ),
      ...(['GET', 'HEAD'] as const).map(method =>
        origin(
          `origin-hdr-absent-same-origin-get/${api}-${method.toLowerCase()}`,
          `A same-origin ${api} ${method} has no Origin header`,
          { api, method },
          null,
          HOME,
        ),
      ),
      ...(['POST', 'PUT', 'DELETE'] as const).map(method =>
        origin(
          `origin-hdr-same-origin-post/${api}-${method.toLowerCase()}`,
          `A same-origin ${api} ${method} names the page’s origin`,
          { api, method },
          '{origin}',
          HOME,
        ),
      ),
    ]),
    origin(
      'origin-hdr-on-cors-get/secure',
      'A page by https names its scheme and port',
      {},
      'https://localhost:{port:secure-site}',
      { page: 'secure-site', at: 'secure-target' },
    ),
    origin(
      'origin-hdr-on-cors-get/cross-site',
      'A request to another site names the page’s origin too',
      {},
      '{origin}',
      { at: 'cross-site-target' },
    ),
    one(
      'origin-hdr-on-cors-get/credentials',
      'Credentials change nothing about the Origin header',
      spec.originHeader,
      { credentials: 'include' },
      answer(acao(), acac()),
      readable({ requestHeaders: { origin: '{origin}' } }),
      { class: 'wire' },
    ),
    one(
      'origin-hdr-on-cors-get/preflight',
      'A preflight and its actual request name the same origin',
      spec.originHeader,
      { method: 'PUT' },
      { preflight: answer(acao(), acam('PUT')), actual: allowed },
      preflighted({ preflightHeaders: { origin: '{origin}' }, requestHeaders: { origin: '{origin}' } }),
      { class: 'wire' },
    ),
    ...(['GET', 'HEAD'] as const).map(method =>
      origin(
        `origin-hdr-not-on-nocors-get/${method.toLowerCase()}`,
        `A no-cors ${method} has no Origin header`,
        { mode: 'no-cors', method },
        null,
        {},
        { outcome: 'opaque', type: 'opaque' },
      ),
    ),
    ...NO_CORS_POST.map(([policy, value]) =>
      origin(
        `origin-hdr-nocors-post-policy/${policy}`,
        `A no-cors POST with referrer policy ${policy} says Origin: ${value === 'null' ? 'null' : 'the page’s origin'}`,
        { mode: 'no-cors', method: 'POST', referrerPolicy: policy, body: 'x' },
        value,
        {},
        { outcome: 'opaque', type: 'opaque' },
      ),
    ),
    origin(
      'origin-hdr-nocors-post-policy/same-origin-target',
      'A no-cors POST to the page’s own origin names it under referrer policy same-origin',
      { mode: 'no-cors', method: 'POST', referrerPolicy: 'same-origin', body: 'x' },
      '{origin}',
      HOME,
    ),
    ...(['no-referrer', 'same-origin'] as const).flatMap(referrerPolicy => [
      origin(
        `origin-hdr-cors-ignores-policy/${referrerPolicy}-post`,
        `A CORS POST names the page’s origin under referrer policy ${referrerPolicy} too`,
        { method: 'POST', body: 'x', referrerPolicy },
        '{origin}',
      ),
      origin(
        `origin-hdr-cors-ignores-policy/${referrerPolicy}-get`,
        `A CORS GET names the page’s origin under referrer policy ${referrerPolicy} too`,
        { referrerPolicy },
        '{origin}',
      ),
      origin(
        `origin-hdr-cors-ignores-policy/${referrerPolicy}-same-origin-post`,
        `A POST in mode cors to the page’s own origin names it under referrer policy ${referrerPolicy} too`,
        { method: 'POST', body: 'x', referrerPolicy },
        '{origin}',
        HOME,
      ),
    ]),
  ],
});

/** Behaviours that generated cases brought to light: each is the smallest case that shows it. */
import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import {
  acah,
  acam,
  acao,
  allowed,
  answer,
  at,
  maxAge,
  one,
  preflighted,
  readable,
  spec,
} from './helpers.ts';
import { EARLY_REMOVAL, fromCache, sequence, step } from './sequences.ts';

const withXA: CaseRequest = { headers: [['X-A', '1']] };
const remembering = { preflight: answer(acao(), acah('x-a, if-none-match'), maxAge(600)), actual: allowed };
const anyone = acao('{request:origin}');

export const fuzzFinds = defineSuite({
  id: 'fuzz-finds',
  title: 'Found by generated cases',
  about:
    'Small things in which engines differ from the Standard, found by running generated cases and the model side by side.',
  cases: [
    ...([301, 302, 307, 308] as const).map(status =>
      one(
        `redirect-delete-stays-delete/${status}`,
        `A DELETE answered ${status} stays a DELETE at another origin`,
        spec.redirectFetch,
        { method: 'DELETE' },
        {
          preflight: answer(acao(), acam('DELETE')),
          actual: { status, headers: [acao(), ['Location', '{url:hop2}']] },
          resources: {
            hop2: at('other-target', {
              preflight: answer(anyone, acam('DELETE')),
              actual: answer(anyone),
            }),
          },
        },
        readable({ status: 200, wire: ['OPTIONS', 'DELETE', 'OPTIONS hop2', 'DELETE hop2'] }),
      ),
    ),
    one(
      'forced-preflight-without-methods',
      'A preflight that an upload listener forced allows the request’s own method where no method is listed',
      spec.preflightFetch,
      { api: 'xhr', method: 'PUT', uploadListener: 'before-send', body: 'hello' },
      { preflight: answer(acao(), acah('content-type')), actual: allowed },
      preflighted({ status: 200, accessControlRequestMethod: 'PUT' }),
      {
        class: 'disputed',
        because:
          'The Standard puts the request’s own method on the list where there is no Access-Control-Allow-Methods and the use-CORS-preflight flag is set. All three engines block: to them a method that is not safelisted must be listed.',
      },
    ),
    one(
      'ct-comma-in-parameter',
      'A comma in a parameter of multipart/form-data is no reason for a preflight',
      spec.safelistedRequestHeader,
      {
        method: 'POST',
        headers: [['Content-Type', 'multipart/form-data; boundary=a,b']],
        body: { buffer: '' },
      },
      allowed,
      readable({ status: 200, requestHeaders: { 'content-type': 'multipart/form-data; boundary=a,b' } }),
    ),
    one(
      'ct-entries-judged-apart',
      'Of two Content-Type entries each is judged by itself, not what they add up to',
      [spec.unsafeNames, spec.safelistedRequestHeader],
      {
        headers: [
          ['Content-Type', 'text/plain;charset=utf-8'],
          ['Content-Type', 'application/json'],
        ],
      },
      { preflight: answer(acao(), acah('content-type')), actual: allowed },
      preflighted({ status: 200, accessControlRequestHeaders: 'content-type' }),
    ),
    one(
      'content-type-lines-joined',
      'Two Content-Type lines of a response are read as one value, joined by a comma and a space',
      spec.getHeader,
      {},
      answer(acao(), ['Content-Type', 'text/plain'], ['Content-Type', 'text/html']),
      readable({ readable: { 'content-type': 'text/plain, text/html' } }),
    ),
    ...(
      [
        ['reload', { cache: 'reload' }],
        ['no-store', { cache: 'no-store' }],
        [
          'conditional',
          {
            headers: [
              ['X-A', '1'],
              ['If-None-Match', '"1"'],
            ],
          },
        ],
      ] as [string, Partial<CaseRequest>][]
    ).map(([variant, more]) =>
      sequence(
        `cache-mode-asks-again/${variant}`,
        `What goes around the HTTP cache (${variant}) does not go around remembered preflights`,
        [spec.preflightCache, spec.networkOrCache],
        [
          step({ ...withXA, ...more }, remembering, preflighted()),
          step({ ...withXA, ...more }, undefined, fromCache()),
        ],
        EARLY_REMOVAL,
      ),
    ),
    sequence(
      'cache-serves-head',
      'A remembered answer for a header serves HEAD as it serves GET: both methods are safelisted',
      [spec.preflightCache, spec.safelistedMethod],
      [step(withXA, remembering, preflighted()), step({ ...withXA, method: 'HEAD' }, undefined, fromCache())],
      EARLY_REMOVAL,
    ),
    sequence(
      'cache-cleared-by-redirect-error',
      'A redirect in redirect mode error is a failure like any other: it clears what was remembered of the preflight',
      [spec.mainFetch, spec.httpFetch],
      [
        step(
          { ...withXA, redirect: 'error' },
          { ...remembering, actual: { status: 308, headers: [acao(), ['Location', '{url}?next']] } },
          { outcome: 'error', wire: ['OPTIONS', 'GET'] },
        ),
        step(withXA, remembering, preflighted()),
      ],
      { class: 'wire' },
    ),
  ],
});

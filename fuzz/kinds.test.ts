/** The generator meets every kind of behaviour: an engine with a fault of that kind, and no other, is found out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case, RequestStep } from '../harness/case/schema.ts';
import { observeWithModel } from '../harness/lab/model.ts';
import type { Quirks } from '../harness/standard/quirks.ts';
import { setHeader } from '../suites/deviations/as-if.ts';
import { differenceOf, type ModelDifference } from './compare.ts';
import { generateCases } from './generate.ts';
import { isUnexplained } from './hunt.ts';
import { predictCase } from './predict.ts';

const engine = { name: 'chromium', version: '156.0', build: '', channel: '', os: '', driver: '' } as const;
const cases = generateCases(8, 500).flatMap(one => predictCase(one).case ?? []);

const isRequest = (step: Case['steps'][number]): step is RequestStep => 'request' in step;
const requestsOf = (one: Case) => one.steps.filter(isRequest);

/** Each with the fault of an engine, and a case in which it can show. */
const FAULTS: readonly [kind: string, quirks: Quirks, shows: (one: Case) => boolean][] = [
  [
    'an EventSource that opens whatever the type',
    { seen: (view, { script }) => (script.api === 'eventsource' ? { ...view, result: 'open' } : view) },
    one => requestsOf(one).some(({ request }) => request.api === 'eventsource'),
  ],
  [
    'a Headers object that is taken for no headers',
    { authorHeaders: (headers, { headersAs }) => (headersAs === 'object' ? [] : headers) },
    one => requestsOf(one).some(({ request }) => request.headersAs === 'object'),
  ],
  [
    "a referrer policy of script's that is ignored",
    {
      referrer: (referrer, { initiator }) =>
        initiator === 'fetch' && referrer === 'no-referrer' ? 'http://localhost/' : referrer,
    },
    one => requestsOf(one).some(({ request }) => request.referrerPolicy !== undefined),
  ],
  [
    "a page's referrer policy that is ignored",
    { clientPolicy: () => 'unsafe-url' },
    one => one.pageHeaders !== undefined,
  ],
  [
    'a body that ends early and is taken for whole',
    {
      seen: view => {
        const { bodyError, ...rest } = view;
        return bodyError ? { ...rest, body: '' } : view;
      },
    },
    one => JSON.stringify(one).includes('"reset-in-body"'),
  ],
  [
    'an abort that is told as a failure of the network',
    {
      seen: view =>
        view.error?.name === 'AbortError' ? { ...view, error: { name: 'TypeError', message: '' } } : view,
    },
    one => requestsOf(one).some(({ request }) => request.abort !== undefined),
  ],
  [
    'a time-out that is told as an abort',
    {
      seen: view =>
        view.error?.name === 'TimeoutError' ? { ...view, error: { name: 'AbortError', message: '' } } : view,
    },
    one => requestsOf(one).some(({ request }) => request.timeoutMs !== undefined),
  ],
  [
    'a preflight that is remembered for longer than it says',
    { maxAge: seconds => (seconds === 1 ? 600 : seconds) },
    one => one.steps.some(step => 'wait' in step),
  ],
  ['a preflight that is forgotten too early', { maxAge: () => null }, one => requestsOf(one).length > 1],
  [
    'cookies that are not kept',
    { keepsCookies: () => false },
    one => JSON.stringify(one).includes('Set-Cookie'),
  ],
  [
    'a cookie that goes across sites without SameSite=None',
    { crossSiteForCookies: () => false },
    one => JSON.stringify(one).includes('Set-Cookie'),
  ],
  [
    'a response that is never kept',
    { noHttpCache: true },
    one => JSON.stringify(one).includes('max-age=600'),
  ],
  [
    'a stored response that serves pages of every site',
    { cachePartition: () => '' },
    one => JSON.stringify(one).includes('max-age=600') && JSON.stringify(one).includes('cross-site'),
  ],
  [
    'a stored response that is not validated',
    {
      sent: headers => headers.filter(([name]) => name !== 'If-None-Match' && name !== 'If-Modified-Since'),
    },
    one => JSON.stringify(one).includes('"304"') || JSON.stringify(one).includes(':304'),
  ],
  [
    'a refused response that is not kept',
    { forgetsRefused: () => true },
    one => JSON.stringify(one).includes('max-age=600'),
  ],
  [
    'a cache mode that is ignored',
    { cacheMode: () => 'default' },
    one => requestsOf(one).some(({ request }) => request.cache === 'reload'),
  ],
  [
    'the real origin after a redirect has tainted it',
    { origin: (origin, { client }) => (origin === 'null' ? client.origin : origin) },
    one => JSON.stringify(one).includes('"hop3"'),
  ],
  [
    'an opaque origin that is shown',
    {
      origin: (origin, { client }) =>
        client.origin === 'null' && origin === 'null' ? (client.topLevelOrigin ?? 'null') : origin,
    },
    one => JSON.stringify(one).includes('sandboxed-frame'),
  ],
  [
    'a page whose remembered preflights serve another origin',
    {
      sent: (headers, { client }) =>
        setHeader([...headers], 'Origin', client.topLevelOrigin ?? client.origin),
    },
    one => requestsOf(one).some(({ page, frame }) => page !== undefined || frame !== undefined),
  ],
];

function found(one: Case, quirks: Quirks): ModelDifference | null {
  const { scene, observation } = observeWithModel(one, { quirks });
  return differenceOf({ scene, observation }, engine, []);
}

for (const [kind, quirks, shows] of FAULTS) {
  test(`should meet ${kind}`, () => {
    const met = cases.filter(shows);
    assert.ok(met.length >= 3, `only ${met.length} of ${cases.length} cases could show it`);
    assert.ok(
      met.some(one => {
        const difference = found(one, quirks);
        return difference && isUnexplained(difference);
      }),
    );
  });
}

test('should leave almost no case without a prediction', () => {
  assert.ok(cases.length >= 495, `${cases.length} of 500`);
});

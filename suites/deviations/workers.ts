/** Known deviations of the suites about workers and service workers. */
import { SPEC } from '../../harness/standard/spec.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './versions.ts';

export const workerDeviations: readonly Deviation[] = [
  ...[chromium, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-cross-origin-worker-throws`,
      ...seen,
      cases: ['worker-module-cross-origin/refused'],
      checks: { result: 'SecurityError' },
      what: 'The constructor of a worker throws for a cross-origin URL instead of letting the request fail.',
      link: 'https://github.com/whatwg/html/issues/12046',
    }),
  ),
  {
    id: 'firefox-service-worker-cors-tainted',
    ...firefox,
    cases: ['sw-cors-to-no-cors-element'],
    checks: { result: true },
    what: 'A response of type cors that a service worker gives to an element without crossorigin is treated as opaque.',
    link: SPEC.httpFetch,
  },
  {
    id: 'chromium-upload-listener-outlives-service-worker',
    ...chromium,
    cases: ['sw-passthrough-preflight/upload-listener'],
    checks: { wire: 'OPTIONS, POST' },
    what: 'A request that a service worker forwards is still preflighted for the upload listener of the page.',
    link: SPEC.requestConstructor,
  },
  ...[chromium, firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-synthetic-response-basic`,
      ...seen,
      cases: ['sw-synthetic-response/type'],
      checks: { type: 'basic', 'hidden:x-made': '1' },
      what: 'A synthetic response of a service worker to a cross-origin request has type basic and exposes all its headers.',
      link: 'https://github.com/whatwg/fetch/issues/535',
    }),
  ),
];

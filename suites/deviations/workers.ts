/** Known deviations of the suites about workers and service workers. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';

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
    id: 'chromium-upload-listener-outlives-service-worker',
    ...chromium,
    cases: ['sw-passthrough-preflight/upload-listener'],
    checks: { wire: 'OPTIONS, POST' },
    what: 'A request that a service worker fetches again is still preflighted for the upload listener of the page.',
    link: 'https://fetch.spec.whatwg.org/#dom-request',
  },
  ...[chromium, firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-synthetic-response-basic`,
      ...seen,
      cases: ['sw-synthetic-response/type'],
      checks: { type: 'basic', 'hidden:x-made': '1' },
      what: 'A response that a service worker makes for a cross-origin request is basic and shows all its headers.',
      link: 'https://github.com/whatwg/fetch/issues/535',
    }),
  ),
];

/** Known deviations of the suites about the Origin header and Access-Control-Allow-Origin. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium } from './seen.ts';

export const originDeviations: readonly Deviation[] = [
  {
    id: 'chromium-no-cors-origin-ignores-policy',
    ...chromium,
    cases: ['origin-hdr-nocors-post-policy/no-referrer', 'origin-hdr-nocors-post-policy/same-origin'],
    checks: { 'request-header:origin': true },
    what: 'A no-cors POST names the page’s origin whatever the referrer policy says.',
    link: 'https://fetch.spec.whatwg.org/#append-a-request-origin-header',
  },
];

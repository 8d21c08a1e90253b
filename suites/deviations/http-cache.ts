/** Known deviations of the suite about the HTTP cache. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium } from './seen.ts';

export const httpCacheDeviations: readonly Deviation[] = [
  {
    id: 'chromium-conditional-validates',
    ...chromium,
    cases: ['cache-conditional-author/if-*'],
    checks: { 'request-header:pragma': '(absent)', 'request-header:cache-control': 'max-age=0' },
    what: 'A conditional header set by the page has the request validated as with cache mode no-cache, not sent as with no-store.',
    link: 'https://fetch.spec.whatwg.org/#http-network-or-cache-fetch',
  },
];

/** Known deviations of the suite about the HTTP cache. */
import { SPEC } from '../../harness/standard/spec.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox } from './versions.ts';

export const httpCacheDeviations: readonly Deviation[] = [
  {
    id: 'firefox-xhr-conditional-keeps-cache-mode',
    ...firefox,
    cases: ['conditional-headers/*-xhr'],
    asIf: {
      cacheMode: (mode, { cache, initiator }) => (initiator === 'xmlhttprequest' ? cache : mode),
    },
    what: 'A conditional header set on an XMLHttpRequest leaves its cache mode as it is.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'chromium-conditional-validates',
    ...chromium,
    cases: ['cache-conditional-author/if-*'],
    asIf: {
      cacheMode: (mode, { cache, client }) => {
        if (mode === cache) return mode;
        return client.global === 'worker' ? cache : 'no-cache';
      },
    },
    what: 'A conditional header set by the page has the request validated as with cache mode no-cache, not sent as with no-store; in a worker it changes nothing.',
    link: SPEC.networkOrCache,
  },
];

/** Every suite, in the order in which people read them. */
import type { Suite } from '../harness/case/schema.ts';
import { preflightCacheKeys } from './preflight-cache-keys.ts';
import { preflightCacheLifecycle } from './preflight-cache-lifecycle.ts';
import { preflightCacheMaxAge } from './preflight-cache-max-age.ts';
import { redirectLocations } from './redirect-locations.ts';
import { redirectModes } from './redirect-modes.ts';
import { redirectPreflights } from './redirect-preflights.ts';
import { redirectRequests } from './redirect-requests.ts';
import { redirectUserinfo } from './redirect-userinfo.ts';
import { redirects } from './redirects.ts';
import { simpleRequests } from './simple-requests.ts';

export const suites: readonly Suite[] = [
  simpleRequests,
  preflightCacheMaxAge,
  preflightCacheKeys,
  preflightCacheLifecycle,
  redirects,
  redirectPreflights,
  redirectRequests,
  redirectLocations,
  redirectModes,
  redirectUserinfo,
];

/** Every suite, in the order in which people read them. */

import type { Suite } from '../harness/case/schema.ts';
import { aborts } from './aborts.ts';
import { allowOrigin } from './allow-origin.ts';
import { beacons } from './beacons.ts';
import { contentType } from './content-type.ts';
import { cookies } from './cookies.ts';
import { credentials } from './credentials.ts';
import { elements } from './elements.ts';
import { exposedHeaders } from './exposed-headers.ts';
import { exposedWildcards } from './exposed-wildcards.ts';
import { folklore } from './folklore.ts';
import { forbiddenHeaders, noCorsHeaders } from './forbidden-headers.ts';
import { fuzzFinds } from './fuzz-finds.ts';
import { httpCache } from './http-cache.ts';
import { inheritedOrigins } from './inherited-origins.ts';
import { keepalive } from './keepalive.ts';
import { localNetwork } from './local-network.ts';
import { methods } from './methods.ts';
import { modes } from './modes.ts';
import { opaqueOrigins } from './opaque-origins.ts';
import { originHeader } from './origin-header.ts';
import { otherChecks } from './other-checks.ts';
import { preflightCacheEntries } from './preflight-cache-entries.ts';
import { preflightCacheKeys } from './preflight-cache-keys.ts';
import { preflightCacheLifecycle } from './preflight-cache-lifecycle.ts';
import { preflightCacheMaxAge } from './preflight-cache-max-age.ts';
import { preflightContext } from './preflight-context.ts';
import { preflightOrder, preflightShape } from './preflight-shape.ts';
import { preflightStatus } from './preflight-status.ts';
import { preflightUpgrade } from './preflight-upgrade.ts';
import { preflightHeaders, preflightMethods } from './preflight-validation.ts';
import { range } from './range.ts';
import { redirectLocations } from './redirect-locations.ts';
import { redirectModes } from './redirect-modes.ts';
import { redirectPreflights } from './redirect-preflights.ts';
import { redirectRequests } from './redirect-requests.ts';
import { redirectUserinfo } from './redirect-userinfo.ts';
import { redirects } from './redirects.ts';
import { responseFiltering } from './response-filtering.ts';
import { safelistedHeaders } from './safelisted-headers.ts';
import { serviceWorkers } from './service-workers.ts';
import { simpleRequests } from './simple-requests.ts';
import { status304 } from './status-304.ts';
import { statusCodes } from './status-codes.ts';
import { unsafeHeaders } from './unsafe-headers.ts';
import { wildcards } from './wildcards.ts';
import { workedExamples } from './worked-examples.ts';
import { workers } from './workers.ts';
import { xhrEvents } from './xhr-events.ts';
import { xhrRequests } from './xhr-requests.ts';

export const suites: readonly Suite[] = [
  simpleRequests,
  contentType,
  safelistedHeaders,
  unsafeHeaders,
  originHeader,
  allowOrigin,
  preflightShape,
  preflightOrder,
  preflightContext,
  preflightUpgrade,
  preflightStatus,
  preflightMethods,
  preflightHeaders,
  methods,
  forbiddenHeaders,
  noCorsHeaders,
  credentials,
  cookies,
  wildcards,
  exposedWildcards,
  preflightCacheMaxAge,
  preflightCacheKeys,
  preflightCacheEntries,
  preflightCacheLifecycle,
  exposedHeaders,
  responseFiltering,
  redirects,
  redirectPreflights,
  redirectRequests,
  redirectLocations,
  redirectModes,
  redirectUserinfo,
  statusCodes,
  status304,
  xhrEvents,
  xhrRequests,
  opaqueOrigins,
  inheritedOrigins,
  workers,
  serviceWorkers,
  modes,
  otherChecks,
  elements,
  keepalive,
  beacons,
  httpCache,
  aborts,
  localNetwork,
  range,
  folklore,
  workedExamples,
  fuzzFinds,
];

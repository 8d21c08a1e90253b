/** Every suite, in the order in which people read them. */

import type { Suite } from '../harness/case/schema.ts';
import { aborts } from './aborts.ts';
import { allowOrigin } from './allow-origin.ts';
import { beacons } from './beacons.ts';
import { contentType } from './content-type.ts';
import { cookies } from './cookies.ts';
import { corpPolicies } from './corp.ts';
import { credentials } from './credentials.ts';
import { cutBodies } from './cut-bodies.ts';
import { elements } from './elements.ts';
import { eventSource } from './event-source.ts';
import { exposedHeaders } from './exposed-headers.ts';
import { exposedWildcards } from './exposed-wildcards.ts';
import { fetchMetadata } from './fetch-metadata.ts';
import { folklore } from './folklore.ts';
import { forbiddenHeaders } from './forbidden-headers.ts';
import { fuzzFinds } from './fuzz-finds.ts';
import { headerLines } from './header-lines.ts';
import { headersObjects } from './headers-objects.ts';
import { httpCache } from './http-cache.ts';
import { httpSyntax } from './http-syntax.ts';
import { inheritedOrigins } from './inherited-origins.ts';
import { keepalive } from './keepalive.ts';
import { localNetwork } from './local-network.ts';
import { maxAges } from './max-age.ts';
import { methods } from './methods.ts';
import { modes } from './modes.ts';
import { noCorsHeaders } from './no-cors-headers.ts';
import { opaqueOrigins } from './opaque-origins.ts';
import { originHeader } from './origin-header.ts';
import { otherChecks } from './other-checks.ts';
import { preflightCacheClearing } from './preflight-cache-clearing.ts';
import { preflightCacheEntries } from './preflight-cache-entries.ts';
import { preflightCacheKeys } from './preflight-cache-keys.ts';
import { preflightCacheLifecycle } from './preflight-cache-lifecycle.ts';
import { preflightContext } from './preflight-context.ts';
import { preflightHeaders } from './preflight-headers.ts';
import { preflightMethods } from './preflight-methods.ts';
import { preflightOrder } from './preflight-order.ts';
import { preflightShape } from './preflight-shape.ts';
import { preflightStatus } from './preflight-status.ts';
import { preflightUpgrade } from './preflight-upgrade.ts';
import { range } from './range.ts';
import { redirectLocations } from './redirect-locations.ts';
import { redirectModes } from './redirect-modes.ts';
import { redirectPreflights } from './redirect-preflights.ts';
import { redirectRequests } from './redirect-requests.ts';
import { redirectUserinfo } from './redirect-userinfo.ts';
import { redirects } from './redirects.ts';
import { referrers } from './referrers.ts';
import { responseBodies } from './response-bodies.ts';
import { responseFiltering } from './response-filtering.ts';
import { safelistedHeaders } from './safelisted-headers.ts';
import { serviceWorkers } from './service-workers.ts';
import { simpleRequests } from './simple-requests.ts';
import { status304 } from './status-304.ts';
import { statusCodes } from './status-codes.ts';
import { subresources } from './subresources.ts';
import { unsafeHeaders } from './unsafe-headers.ts';
import { uploadEvents } from './upload-events.ts';
import { wildcards } from './wildcards.ts';
import { workedExamples } from './worked-examples.ts';
import { workers } from './workers.ts';
import { xhrCharsets } from './xhr-charsets.ts';
import { xhrEvents } from './xhr-events.ts';
import { xhrRequests } from './xhr-requests.ts';

export const suites: readonly Suite[] = [
  simpleRequests,
  contentType,
  safelistedHeaders,
  unsafeHeaders,
  headersObjects,
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
  maxAges,
  preflightCacheKeys,
  preflightCacheEntries,
  preflightCacheLifecycle,
  preflightCacheClearing,
  exposedHeaders,
  responseFiltering,
  headerLines,
  responseBodies,
  redirects,
  redirectPreflights,
  redirectRequests,
  redirectLocations,
  redirectModes,
  redirectUserinfo,
  statusCodes,
  status304,
  httpSyntax,
  cutBodies,
  xhrEvents,
  uploadEvents,
  xhrRequests,
  xhrCharsets,
  opaqueOrigins,
  inheritedOrigins,
  workers,
  serviceWorkers,
  modes,
  otherChecks,
  corpPolicies,
  eventSource,
  fetchMetadata,
  referrers,
  elements,
  subresources,
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

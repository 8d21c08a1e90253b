/**
 * Where engines are known to differ from the Standard. Found by running, each with what happens instead and a
 * link; an entry that no longer happens fails the run until it is removed.
 */
import type { Deviation } from '../harness/verdict/deviations.ts';
import { abortDeviations } from './deviations/aborts.ts';
import { beaconDeviations } from './deviations/beacons.ts';
import { credentialsDeviations } from './deviations/credentials.ts';
import { fuzzFindsDeviations } from './deviations/fuzz-finds.ts';
import { httpCacheDeviations } from './deviations/http-cache.ts';
import { modeDeviations } from './deviations/modes.ts';
import { originDeviations } from './deviations/origin.ts';
import { preflightCacheDeviations } from './deviations/preflight-cache.ts';
import { preflightDeviations } from './deviations/preflights.ts';
import { redirectDeviations } from './deviations/redirects.ts';
import { requestDeviations } from './deviations/requests.ts';
import { responseHeaderDeviations } from './deviations/response-headers.ts';
import { statusDeviations } from './deviations/status-codes.ts';
import { workerDeviations } from './deviations/workers.ts';
import { xhrDeviations } from './deviations/xhr.ts';

export const deviations: readonly Deviation[] = [
  ...requestDeviations,
  ...preflightDeviations,
  ...redirectDeviations,
  ...preflightCacheDeviations,
  ...responseHeaderDeviations,
  ...credentialsDeviations,
  ...originDeviations,
  ...statusDeviations,
  ...workerDeviations,
  ...modeDeviations,
  ...beaconDeviations,
  ...httpCacheDeviations,
  ...abortDeviations,
  ...fuzzFindsDeviations,
  ...xhrDeviations,
];

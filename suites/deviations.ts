/**
 * Where engines are known to differ from the Standard. Found by running, each with what happens instead and a
 * link; an entry that no longer happens fails the run until it is removed.
 */
import type { Deviation } from '../harness/verdict/deviations.ts';
import { abortDeviations } from './deviations/aborts.ts';
import { beaconDeviations } from './deviations/beacons.ts';
import { credentialsDeviations } from './deviations/credentials.ts';
import { fetchMetadataDeviations } from './deviations/fetch-metadata.ts';
import { happyDomDeviations } from './deviations/happy-dom.ts';
import { happyDomRules } from './deviations/happy-dom-rules.ts';
import { httpCacheDeviations } from './deviations/http-cache.ts';
import { jsdomDeviations } from './deviations/jsdom.ts';
import { jsdomRules } from './deviations/jsdom-rules.ts';
import { modeDeviations } from './deviations/modes.ts';
import { olderChromiumDeviations } from './deviations/older-chromium.ts';
import { originDeviations } from './deviations/origin.ts';
import { preflightCacheDeviations } from './deviations/preflight-cache.ts';
import { preflightDeviations } from './deviations/preflights.ts';
import { redirectDeviations } from './deviations/redirects.ts';
import { requestDeviations } from './deviations/requests.ts';
import { responseHeaderDeviations } from './deviations/response-headers.ts';
import { statusDeviations } from './deviations/status-codes.ts';
import { workerDeviations } from './deviations/workers.ts';
import { xhrDeviations } from './deviations/xhr.ts';

/** What a web developer would look for, and the deviations that are about it. */
export const SUBJECTS: readonly { readonly title: string; readonly deviations: readonly Deviation[] }[] = [
  { title: 'Which requests need no preflight', deviations: requestDeviations },
  { title: 'Preflights and what they must allow', deviations: preflightDeviations },
  { title: 'Redirects', deviations: redirectDeviations },
  { title: 'How long preflights are remembered', deviations: preflightCacheDeviations },
  { title: 'Response headers that script can read', deviations: responseHeaderDeviations },
  { title: 'Cookies, passwords and credentials', deviations: credentialsDeviations },
  { title: 'The Origin header', deviations: originDeviations },
  { title: 'Statuses and bodies', deviations: statusDeviations },
  { title: 'Workers and frames', deviations: workerDeviations },
  { title: 'Modes, elements and other checks', deviations: modeDeviations },
  { title: 'Beacons and requests that outlive the page', deviations: beaconDeviations },
  { title: 'The HTTP cache', deviations: httpCacheDeviations },
  { title: 'Aborts and timeouts', deviations: abortDeviations },
  { title: 'XMLHttpRequest', deviations: xhrDeviations },
  { title: 'Fetch metadata and referrers', deviations: fetchMetadataDeviations },
  { title: 'Older releases of Chromium', deviations: olderChromiumDeviations },
  { title: 'jsdom', deviations: [...jsdomDeviations, ...jsdomRules] },
  { title: 'happy-dom', deviations: [...happyDomDeviations, ...happyDomRules] },
];

export const deviations: readonly Deviation[] = SUBJECTS.flatMap(subject => subject.deviations);

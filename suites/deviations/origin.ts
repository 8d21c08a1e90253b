/** Known deviations of the suites about the Origin header and Access-Control-Allow-Origin. */

import {
  originHeaderValue,
  sameOrigin,
  sameSite,
  schemelesslySameSite,
  serializeRequestOrigin,
} from '../../harness/standard/origin.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { FetchRequest } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { STORAGE_ACCESS, webkitSource } from './sources.ts';
import { chromium, chromiumIn, firefox, webkit } from './versions.ts';

/** Storage Access Headers, status inactive: a frame of another site asks, with credentials, that of the page on top. */
const isInactive = (
  { client: { origin, topLevelOrigin, global }, credentials }: FetchRequest,
  url: URL,
  isSame: (a: string, b: string) => boolean,
): boolean =>
  credentials === 'include' &&
  global !== 'worker' &&
  topLevelOrigin !== undefined &&
  isSame(topLevelOrigin, url.origin) &&
  !isSame(origin, url.origin);

export const originDeviations: readonly Deviation[] = [
  {
    id: 'chromium-no-cors-origin-ignores-policy',
    ...chromium,
    cases: ['origin-hdr-nocors-post-policy/no-referrer', 'origin-hdr-nocors-post-policy/same-origin'],
    asIf: {
      origin: (value, request) =>
        value === 'null' ? serializeRequestOrigin(request.origin, request.urls) : value,
    },
    what: "A no-cors POST sends the page's origin whatever the referrer policy.",
    link: SPEC.appendOriginHeader,
  },
  {
    id: 'chromium-inactive-storage-access-origin',
    ...chromiumIn('156'),
    cases: ['origin-hdr-nocors-frame-to-top-site/*'],
    asIf: {
      origin: (value, request) =>
        value === null && isInactive(request, request.urls[0] as URL, sameSite)
          ? serializeRequestOrigin(request.origin, request.urls)
          : value,
    },
    what: 'A no-cors GET or HEAD with credentials from a frame to the site of the page on top, which is not its own, has an Origin header beside Sec-Fetch-Storage-Access: inactive, as Storage Access Headers has it.',
    link: STORAGE_ACCESS,
  },
  {
    id: 'webkit-about-blank-xhr-origin',
    ...webkit,
    cases: ['inherit-about-blank/own-server-put-xhr'],
    asIf: {
      origin: (value, { initiator, synchronous, client, origin, urls, firstMethod }) =>
        initiator === 'xmlhttprequest' &&
        !synchronous &&
        client.url === 'about:blank' &&
        firstMethod !== 'GET' &&
        firstMethod !== 'HEAD' &&
        urls.every(url => sameOrigin(url.origin, origin))
          ? 'null'
          : value,
    },
    what: 'An asynchronous XMLHttpRequest of an about:blank document to the origin that it has taken over, with a method other than GET or HEAD, says Origin: null, after redirects within that origin, too.',
    link: webkitSource('WebCore/loader/cache/CachedResourceRequest.cpp'),
  },
  {
    id: 'firefox-inactive-storage-access-origin',
    ...firefox,
    cases: ['origin-hdr-nocors-frame-to-top-site/*'],
    asIf: {
      origin: (value, request) =>
        value === null &&
        request.urls.slice(0, -1).every(url => sameOrigin(url.origin, request.origin)) &&
        isInactive(request, request.urls.at(-1) as URL, schemelesslySameSite)
          ? originHeaderValue({ ...request, method: 'POST' })
          : value,
    },
    what: 'A no-cors GET or HEAD with credentials from a frame to the site of the page on top, which is not its own, has the Origin header that a POST would have, beside Sec-Fetch-Storage-Access: inactive.',
    link: STORAGE_ACCESS,
  },
];

/** Known deviations of the suites about the Origin header and Access-Control-Allow-Origin. */

import { serializeRequestOrigin } from '../../harness/standard/origin.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium } from './versions.ts';

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
];

/** Known deviations of what generated cases found. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';
import {
  FIREFOX_CORS,
  FIREFOX_SAFELIST,
  firefoxSource,
  WEBKIT_PREFLIGHT_CACHE,
  WEBKIT_SOUP_TASK,
} from './sources.ts';

export const fuzzFindsDeviations: readonly Deviation[] = [
  {
    id: 'webkitgtk-cross-origin-delete-becomes-get',
    ...webkit,
    cases: ['redirect-delete-stays-delete/*'],
    checks: { wire: 'OPTIONS, DELETE, OPTIONS hop2, GET hop2' },
    what: 'A redirect that leads a DELETE to another origin makes it a GET, whatever the status, after a preflight that asked for DELETE.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'firefox-content-type-comma-unsafe',
    ...firefox,
    cases: ['ct-comma-in-parameter'],
    checks: {
      outcome: 'blocked',
      preflight: 'sent',
      actual: 'not sent',
      status: true,
      'request-header:*': '(no such request)',
    },
    what: 'A Content-Type with a comma in it is not safelisted, whatever its type.',
    link: FIREFOX_SAFELIST,
  },
  ...[chromium, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-entries-hide-unsafe-one`,
      ...seen,
      cases: ['ct-entries-judged-apart'],
      checks: { preflight: 'not sent', 'access-control-request-headers': '(no preflight)' },
      what: 'Entries of one name become one value before they are judged, so that one that calls for a preflight passes for a parameter of the one before.',
      link: 'https://github.com/whatwg/fetch/issues/748',
    }),
  ),
  {
    id: 'firefox-content-type-joined-bare',
    ...firefox,
    cases: ['content-type-lines-joined'],
    checks: { 'readable:content-type': 'text/plain,text/html' },
    what: 'Two Content-Type lines are joined by a comma without the space after it.',
    link: firefoxSource('netwerk/protocol/http/nsHttpHeaderArray.h'),
  },
  ...[
    {
      ...firefox,
      link: FIREFOX_CORS,
    },
    {
      ...webkit,
      link: WEBKIT_PREFLIGHT_CACHE,
    },
  ].map(
    ({ engine, versions, link }): Deviation => ({
      id: `${engine}-redirect-error-clears-nothing`,
      engine,
      versions,
      cases: ['cache-cleared-by-redirect-error'],
      checks: { '2.preflight': 'not sent' },
      what: 'A failure that is the redirect mode’s doing leaves the remembered answer in place.',
      link,
    }),
  ),
];

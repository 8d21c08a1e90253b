/** Known deviations of the suites about exposed headers and response filtering. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { firefox, webkit } from './seen.ts';
import { FIREFOX_HEADERS, firefoxSource, webkitSource } from './sources.ts';

export const responseHeaderDeviations: readonly Deviation[] = [
  {
    id: 'firefox-expose-star-before-bad-token',
    ...firefox,
    cases: ['aceh-bad-token-with-star/after'],
    checks: { 'hidden:x-a': 'a' },
    what: 'Access-Control-Expose-Headers is read only as far as its "*": a bad name after it does not make the list void.',
    link: firefoxSource('dom/fetch/InternalHeaders.cpp'),
  },
  {
    id: 'firefox-empty-line-dropped',
    ...firefox,
    cases: ['exposed-empty-value/beside-another'],
    checks: { 'readable:x-a': 'a' },
    what: 'An empty header line is dropped where another line of the same name has a value.',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'webkit-header-bytes-replaced',
    ...webkit,
    cases: ['exposed-bytes'],
    checks: { 'readable:x-a': true },
    what: 'Bytes of a header value that are not UTF-8 are replaced before script sees them.',
    link: webkitSource('WebCore/platform/network/soup/ResourceResponseSoup.cpp'),
  },
];

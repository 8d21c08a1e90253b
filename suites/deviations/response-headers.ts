/** Known deviations of the suites about exposed headers and response filtering. */
import { isToken, trimTabOrSpace, utf8 } from '../../harness/standard/bytes.ts';
import type { Exposed } from '../../harness/standard/expose.ts';
import { type Header, type HeaderList, valuesOf } from '../../harness/standard/header-list.ts';
import type { FetchRequest } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { FIREFOX_HEADERS, firefoxSource, webkitSource } from './sources.ts';
import { firefox, webkit } from './versions.ts';

const CHALLENGES = ['www-authenticate', 'proxy-authenticate'];

/** nsHttpHeaderArray::IsSingletonHeader, as far as a response may have it. */
const SINGLE = [
  'strict-transport-security',
  'from',
  'user-agent',
  'referer',
  'authorization',
  'if-modified-since',
  'max-forwards',
  'host',
];

export const responseHeaderDeviations: readonly Deviation[] = [
  {
    id: 'firefox-challenge-lines',
    ...firefox,
    cases: ['header-lines-combined/www-authenticate-*', 'header-lines-combined/proxy-authenticate-*'],
    asIf: {
      received: headers => CHALLENGES.reduce((list, name) => joined(list, name, '\n'), headers),
      seen: (view, { script }) =>
        view.headers && script.api !== 'xhr'
          ? { ...view, headers: view.headers.filter(([, value]) => !value.includes('\n')) }
          : view,
    },
    what: 'Several WWW-Authenticate or Proxy-Authenticate lines are combined by a line feed, which XMLHttpRequest shows and fetch() hides.',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'firefox-first-line-only',
    ...firefox,
    cases: SINGLE.flatMap(name => [
      `header-lines-combined/${name}-fetch`,
      `header-lines-combined/${name}-xhr`,
    ]),
    asIf: { received: headers => firstLines(headers) },
    what: 'Of several lines of Strict-Transport-Security or of a request header such as From, Host or User-Agent, only the first is readable.',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'firefox-content-length-lines',
    ...firefox,
    cases: ['header-lines-combined/content-length'],
    checks: { 'readable:content-length': '0' },
    what: 'Equal Content-Length lines are read as one.',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'firefox-expose-star-before-bad-token',
    ...firefox,
    cases: ['aceh-bad-token-with-star/after'],
    asIf: { exposed: starBeforeBadToken },
    what: 'A "*" in Access-Control-Expose-Headers is a wildcard for fetch() even if a malformed name follows.',
    link: firefoxSource('dom/fetch/InternalHeaders.cpp'),
  },
  {
    id: 'firefox-empty-line-dropped',
    ...firefox,
    cases: ['exposed-empty-value/beside-another', 'acac-list/empty-line', 'content-type-empty-lines'],
    asIf: { received: withoutEmptyLines },
    what: 'An empty header line, other than Access-Control-Allow-Origin, Content-Type or Location, is dropped if another line of the same name has a value; several empty ones count as one.',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'firefox-content-type-joined-bare',
    ...firefox,
    cases: ['content-type-lines-joined'],
    asIf: { received: joinedBare },
    what: 'Two Content-Type lines are combined by a comma without a space.',
    link: firefoxSource('netwerk/protocol/http/nsHttpHeaderArray.h'),
  },
  {
    id: 'webkit-header-bytes-replaced',
    ...webkit,
    cases: ['exposed-bytes'],
    asIf: {
      seen: view =>
        view.headers
          ? { ...view, headers: view.headers.map(([name, value]) => [name, replaced(value)]) }
          : view,
    },
    what: 'Bytes of a header value that are not UTF-8 are replaced before script reads them.',
    link: webkitSource('WebCore/platform/network/soup/ResourceResponseSoup.cpp'),
  },
];

function starBeforeBadToken(
  standard: Exposed,
  headers: HeaderList,
  { credentials, initiator }: FetchRequest,
): Exposed {
  if (standard.kind !== 'invalid' || credentials === 'include' || initiator !== 'fetch') return standard;
  const members = valuesOf(headers, 'access-control-expose-headers')
    .join(', ')
    .split(',')
    .map(trimTabOrSpace);
  const bad = members.findIndex(member => member !== '' && !isToken(member));
  const star = members.indexOf('*');
  return star >= 0 && star < bad ? { ...standard, kind: 'wildcard', all: true } : standard;
}

/** nsHttpHeaderArray::TrackEmptyHeader */
const KEPT_EMPTY = new Set(['access-control-allow-origin', 'content-length', 'location']);

const named =
  (wanted: string) =>
  ([name]: Header): boolean =>
    name.toLowerCase() === wanted.toLowerCase();

/** An empty line goes where another of its name has a value, or came first; one of Content-Type stays after a value. */
function withoutEmptyLines(headers: HeaderList): HeaderList {
  return headers.filter(([name, value], at) => {
    if (value !== '') return true;
    const hasValue = (other: Header) => named(name)(other) && other[1] !== '';
    if (named('content-type')([name, value]) && headers.slice(0, at).some(hasValue)) return true;
    if (KEPT_EMPTY.has(name.toLowerCase()) && headers.some(hasValue)) return true;
    return !headers.some((other, n) => n !== at && named(name)(other) && (n < at || other[1] !== ''));
  });
}

/** The lines of one name as one line. */
function joined(headers: HeaderList, name: string, separator: string): HeaderList {
  const values = valuesOf(headers, name);
  if (values.length < 2) return headers;
  const first = headers.findIndex(named(name));
  return headers.flatMap((header, at): Header[] => {
    if (at === first) return [[header[0], values.join(separator)]];
    return named(name)(header) ? [] : [header];
  });
}

function joinedBare(headers: HeaderList): HeaderList {
  return joined(headers, 'content-type', ',');
}

function firstLines(headers: HeaderList): HeaderList {
  return headers.filter(
    (header, at) => !SINGLE.includes(header[0].toLowerCase()) || headers.findIndex(named(header[0])) === at,
  );
}

function replaced(value: string): string {
  return utf8(new TextDecoder().decode(Uint8Array.from(value, byte => byte.charCodeAt(0))));
}

/** What changes to the model are made of. */
import { byteLowercase } from '../../harness/standard/bytes.ts';
import { get, type Header, type HeaderList, set } from '../../harness/standard/header-list.ts';
import { isSafelistedMethod } from '../../harness/standard/methods.ts';
import { sameOrigin, schemelesslySameSite } from '../../harness/standard/origin.ts';
import type { Quirks } from '../../harness/standard/quirks.ts';
import { unsafeRequestHeaderNames } from '../../harness/standard/request-headers.ts';
import type { Client, FetchRequest } from '../../harness/standard/types.ts';

/** Replaces a header's value where the list has the header, and leaves the list alone where it does not. */
export function setHeader(headers: Header[], name: string, value: string): Header[] {
  const lower = byteLowercase(name);
  return headers.some(([other]) => byteLowercase(other) === lower) ? set(headers, name, value) : headers;
}

/** Changes the value of every header that is called `name`, given in lower case. */
export const changeValues = (
  headers: readonly (readonly [string, string])[],
  name: string,
  change: (value: string) => string,
): Header[] =>
  headers.map(([other, value]): Header => [other, byteLowercase(other) === name ? change(value) : value]);

/** The list without the headers called one of `names`, given in lower case. */
export const lacking = (headers: HeaderList, names: ReadonlySet<string>): Header[] =>
  headers.filter(([name]) => !names.has(byteLowercase(name)));

/** The redirect that led to this request led to another origin. */
export const leftAnOrigin = ({ urls }: FetchRequest): boolean =>
  urls.length > 1 && !sameOrigin((urls.at(-2) as URL).origin, (urls.at(-1) as URL).origin);

/** A redirect led the request back to the origin of its page. */
export const isBackHome = ({ urls, client }: FetchRequest): boolean =>
  urls.length > 1 && (urls.at(-1) as URL).origin === client.origin;

/** The request as it is now needs a preflight, if it is cross-origin. */
export const asksForPreflight = ({ method, headers }: FetchRequest): boolean =>
  !isSafelistedMethod(method) || unsafeRequestHeaderNames(headers).length > 0;

/** A worker from a data: URL, with the origin of its page. */
export const inheriting = (client: Client): Client =>
  client.global === 'worker' && client.url.startsWith('data:')
    ? { ...client, origin: client.topLevelOrigin ?? client.origin }
    : client;

/** What script sets although it is forbidden, back in the list of its headers. `names` are in lower case. */
export const unforbidden =
  (names: ReadonlySet<string>): NonNullable<Quirks['authorHeaders']> =>
  (headers, { headers: given = [] }) => [
    ...headers,
    ...given.filter(([name]) => names.has(byteLowercase(name)) && get(headers, byteLowercase(name)) === null),
  ];

/** What each case shows; cases that show the same stand together, separated by blanks. */
export const alike = (
  list: readonly (readonly [cases: string, checks: Readonly<Record<string, string>>])[],
): Readonly<Record<string, Readonly<Record<string, string>>>> =>
  Object.fromEntries(list.flatMap(([cases, checks]) => cases.split(' ').map(id => [id, checks])));

/** A referrer that goes to another site is cut down to its origin. */
export const originAcrossSites =
  (isSameSite: (client: Client, url: URL) => boolean) =>
  (referrer: string, { client, urls }: FetchRequest): string =>
    referrer !== 'no-referrer' && !isSameSite(client, urls.at(-1) as URL)
      ? `${new URL(referrer).origin}/`
      : referrer;

/** Firefox goes by who asks, whatever the page on top is; an opaque origin has no site but that. */
export const firefoxSameSite = ({ origin, topLevelOrigin = origin }: Client, url: URL): boolean =>
  schemelesslySameSite(origin === 'null' ? topLevelOrigin : origin, url.origin);

/** WebKit goes by the page on top, and takes subdomains of localhost for the site of localhost. */
export const webkitSameSite = ({ origin, topLevelOrigin = origin }: Client, url: URL): boolean =>
  schemelesslySameSite(topLevelOrigin, url.origin) ||
  (url.hostname === 'localhost' && /^https?:\/\/[^/]+\.localhost(?::|$)/.test(topLevelOrigin));

/** WebKitGTK hands on what is no gzip or deflate, but not what is no Brotli. */
export const rawUnlessBrotli = (_: false, codings: string): boolean =>
  !/(?:^|,)\s*br\s*(?:,|$)/i.test(codings);

/** A URL without TLS, as a secure page or something in it asks for it. */
export const isInsecureFrom = ({ origin, topLevelOrigin }: Client, url: URL): boolean =>
  url.protocol === 'http:' && (origin.startsWith('https:') || topLevelOrigin?.startsWith('https:') === true);

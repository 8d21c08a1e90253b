/** Requests that Node sends in a browser's place carry what each browser adds by itself: servers answer by it. */
import { DEFAULT_USER_AGENT } from '../standard/network.ts';
import { fartherSite, isPotentiallyTrustworthy } from '../standard/origin.ts';
import { parseUrl } from '../standard/url.ts';
import { type HeaderLine, headerValue } from '../wire/exchange.ts';

/** Browsers offer the newer codings only where nobody on the way reads along. */
const codingsFor = (trustworthy: boolean): string =>
  trustworthy ? 'gzip, deflate, br, zstd' : 'gzip, deflate';

/** Fetch Metadata of a request that script makes. What has no Origin stands for command lines and other servers. */
function metadataOf(origin: string | null, url: URL): HeaderLine[] {
  if (origin === null || !isPotentiallyTrustworthy(url)) return [];
  return [
    ['Sec-Fetch-Dest', 'empty'],
    ['Sec-Fetch-Mode', 'cors'],
    ['Sec-Fetch-Site', fartherSite('same-origin', origin, url.origin)],
  ];
}

/**
 * What a page of the origin sends by the default policy, strict-origin-when-cross-origin (Referrer Policy, "determine
 * request's referrer"); null for what is no page's origin, and where only the page is potentially trustworthy.
 */
function refererOf(origin: string | null, url: URL): string | null {
  const page = origin === null ? null : parseUrl(origin);
  if (!page || page.origin !== origin || !/^https?:$/.test(page.protocol)) return null;
  return isPotentiallyTrustworthy(page) && !isPotentiallyTrustworthy(url) ? null : `${origin}/`;
}

interface Sent {
  readonly url: string;
  readonly headers: readonly HeaderLine[];
}

/** As asBrowser(), for what a page is to have sent: with its Referer, unless there is one. */
export function asPage<T extends Sent>(request: T): T {
  const url = parseUrl(request.url);
  const { headers } = request;
  const referer = url && refererOf(headerValue(headers, 'origin'), url);
  if (!referer || headerValue(headers, 'referer') !== null) return asBrowser(request);
  return asBrowser({ ...request, headers: [...headers, ['Referer', referer]] });
}

/**
 * The request with the lines that browsers add: some servers turn away what has no User-Agent, and some answers lose a
 * header only where they are compressed. Lines that it has already stay as they are.
 */
export function asBrowser<T extends Sent>(request: T): T {
  const { headers } = request;
  const url = parseUrl(request.url);
  if (!url) return request;
  const lines: HeaderLine[] = [
    ['Accept', '*/*'],
    ['User-Agent', DEFAULT_USER_AGENT],
    ['Accept-Language', 'en-US,en;q=0.9'],
    ['Accept-Encoding', codingsFor(isPotentiallyTrustworthy(url))],
    ...metadataOf(headerValue(headers, 'origin'), url),
  ];
  const added = lines.filter(([name]) => headerValue(headers, name) === null);
  return added.length === 0 ? request : { ...request, headers: [...headers, ...added] };
}

/** Which entries of a recording belong to one request: its preflight, its redirects, what the cache had stored. */

import { corsCheck } from '../standard/cors-check.ts';
import { serializeRequestOrigin } from '../standard/origin.ts';
import { isRedirectStatus } from '../standard/redirect.ts';
import { parseUrl } from '../standard/url.ts';
import { isConditional } from './browser-headers.ts';
import {
  type HarEntry,
  type HarExchange,
  type HarHop,
  type HarRecording,
  headerOfEntry,
  isCrossOrigin,
  isOfScript,
  isPreflight,
  type LeftOut,
  whyNotCors,
} from './har-entry.ts';

/** Browsers record the preflight before or after its request, and each answer of a chain of redirects by itself. */
export function pair(entries: readonly HarEntry[]): HarRecording {
  const pairing = new Pairing(entries);
  const leftOut: LeftOut[] = [];
  const exchanges: HarExchange[] = [];
  for (const entry of entries) {
    if (!isCrossOrigin(entry) || isPreflight(entry) || pairing.isUsed(entry)) continue;
    const why = whyNotCors(entry);
    const exchange = why === null ? pairing.exchangeOf(entry) : why;
    if (typeof exchange === 'string') leftOut.push(exchange);
    else exchanges.push(exchange);
  }
  return { exchanges: [...exchanges, ...pairing.preflightsAlone()], leftOut };
}

const originOf = (entry: HarEntry): string => headerOfEntry(entry, 'origin') as string;

const pathOf = (url: string): string => url.replace(/#.*$/s, '');

class Pairing {
  readonly #entries: readonly HarEntry[];
  readonly #preflights: readonly HarEntry[];
  readonly #used = new Set<HarEntry>();

  constructor(entries: readonly HarEntry[]) {
    this.#entries = entries;
    this.#preflights = entries.filter(entry => isPreflight(entry) && isCrossOrigin(entry));
  }

  /** It belongs to a request that was looked at before. */
  isUsed(entry: HarEntry): boolean {
    return this.#used.has(entry);
  }

  exchangeOf(entry: HarEntry): HarExchange | 'not-modified' {
    const origin = originOf(entry);
    const first = this.#withPreflight(entry, origin);
    const hops = this.#hopsOf(entry, origin);
    if (!isRevalidation(first)) return { origin, ...first, hops };
    const stored = this.#entries
      .slice(0, this.#entries.indexOf(entry))
      .findLast(one => isStored(one) && pathOf(one.request.url) === pathOf(entry.request.url));
    const revalidated = stored ? 'whole' : 'headers of the 304';
    const actual = freshened(entry, stored);
    const isTold = stored !== undefined || hasAllowOrigin(entry);
    return isTold ? { origin, ...first, actual, hops, revalidated } : 'not-modified';
  }

  preflightsAlone(): HarExchange[] {
    return this.#preflights
      .filter(one => !this.#used.has(one))
      .map(preflight => ({ origin: originOf(preflight), preflight, hops: [] }));
  }

  #withPreflight(actual: HarEntry, origin: string): HarHop {
    const preflight = this.#preflightOf(actual.request.url, [actual.request.method], origin);
    return { actual, ...(preflight && { preflight }) };
  }

  #preflightOf(url: string, methods: readonly string[], origin: string): HarEntry | undefined {
    const found = this.#preflights.find(
      one =>
        !this.#used.has(one) &&
        pathOf(one.request.url) === pathOf(url) &&
        methods.includes(headerOfEntry(one, 'access-control-request-method') as string) &&
        originOf(one) === origin,
    );
    if (found) this.#used.add(found);
    return found;
  }

  /** Where the answers lead, if the browser may follow them (HTTP-redirect fetch): to a request with the Origin of a redirect. */
  #hopsOf(first: HarEntry, origin: string): HarHop[] {
    const hops: HarHop[] = [];
    const urls = [new URL(first.request.url)];
    for (let last: HarEntry | undefined = first; last; last = hops.at(-1)?.actual) {
      const location = followed(last, serializeRequestOrigin(origin, urls));
      if (!location) break;
      urls.push(location);
      const sent = serializeRequestOrigin(origin, urls);
      // 307 and 308 keep the method, 303 makes it GET, and 301 and 302 do that to POST.
      const methods = [last.request.method, 'GET'];
      const hop = this.#hopTo(location.href, methods, sent, last);
      if (!hop) break;
      hops.push(hop);
    }
    return hops;
  }

  #hopTo(url: string, methods: readonly string[], origin: string, after: HarEntry): HarHop | null {
    const next = this.#entries
      .slice(this.#entries.indexOf(after) + 1)
      .find(
        one =>
          !this.#used.has(one) &&
          !isPreflight(one) &&
          pathOf(one.request.url) === pathOf(url) &&
          methods.includes(one.request.method) &&
          originOf(one) === origin,
      );
    if (!next) {
      const preflight = this.#preflightOf(url, methods, origin);
      return preflight ? { preflight } : null;
    }
    this.#used.add(next);
    return this.#withPreflight(next, origin);
  }
}

const pairsOf = ({ headers }: HarEntry['response']): [string, string][] =>
  headers.map(({ name, value }) => [name, value]);

const hasAllowOrigin = ({ response }: HarEntry): boolean =>
  response.headers.some(({ name }) => name.toLowerCase() === 'access-control-allow-origin');

/** Where a redirect leads that the page's browser may follow, by the CORS check; null for any other answer. */
function followed({ request, response }: HarEntry, origin: string): URL | null {
  if (!isRedirectStatus(response.status) || !corsCheck(origin, 'omit', pairsOf(response)).ok) return null;
  const given = response.headers.find(({ name }) => name.toLowerCase() === 'location')?.value;
  const location = given ?? response.redirectURL ?? '';
  return location === '' ? null : parseUrl(location, request.url);
}

/**
 * Whether the browser's cache, and not script, made the request conditional: the answer 304 is then for the cache, and
 * script gets what was stored, with the headers of the 304 (HTTP-network-or-cache fetch).
 */
function isRevalidation({ actual, preflight }: HarHop): boolean {
  if (actual?.response.status !== 304) return false;
  return !actual.request.headers.some(({ name }) => isConditional(name) && isOfScript(name, preflight));
}

const isStored = ({ request, response }: HarEntry): boolean =>
  request.method === 'GET' && response.status === 200;

/** RFC 9111, 3.2: the headers of the 304 take the place of those that were stored. */
function freshened(entry: HarEntry, stored: HarEntry | undefined): HarEntry {
  const { headers } = entry.response;
  const newer = new Set(headers.map(({ name }) => name.toLowerCase()));
  const kept = stored?.response.headers.filter(({ name }) => !newer.has(name.toLowerCase())) ?? [];
  return { ...entry, response: { ...entry.response, status: 200, headers: [...headers, ...kept] } };
}

/**
 * An HTTP cache (RFC 9111; Fetch, HTTP-network-or-cache fetch) that keeps and uses whatever it may. What is left to
 * caches beyond that, such as how long a response without a lifetime counts as fresh, it says instead of guessing.
 */
import { byteLowercase } from './bytes.ts';
import { get, type Header, type HeaderList, valuesOf } from './header-list.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import type { ResponseReply } from './types.ts';

interface Stored {
  response: ResponseReply;
  /** Of the request that it answered: for Vary. */
  readonly requestHeaders: HeaderList;
  storedMs: number;
}

/** What a request finds: a response to use at once, or one to validate first. */
export interface Selected {
  readonly response: ResponseReply;
  readonly use: 'at once' | 'validated';
}

/** Why what is stored leaves the answer open. */
export class CacheChoice {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export interface CacheRequest {
  readonly partition: string;
  readonly method: string;
  readonly url: string;
  /** As sent, but for what validates a stored response. */
  readonly headers: HeaderList;
  /** The request's cache mode. */
  readonly mode: string;
  readonly hasBody: boolean;
}

/** RFC 9110, 15.1: a response with one of these may be stored without a word about caching. */
const CACHEABLE = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);
/** Of these, those that caches take to be fresh for as long as they like, not only a part of their age. */
const LASTING = new Set([300, 301, 308, 410]);

/** What a 304 cannot change in a stored response (RFC 9111, 3.2). */
const KEPT = new Set(['content-length', 'content-encoding', 'content-type', 'content-range']);

export class HttpCache {
  /** By key; made when something is to be stored. */
  #stored: Map<string, Stored[]> | undefined;
  #unstored: Set<string> | undefined;
  #unasked?: Set<string>;
  readonly #quirks: Quirks;

  constructor(quirks: Quirks = NO_QUIRKS) {
    this.#quirks = quirks;
  }

  /**
   * The stored response that a request gets; null where there is none. One without a validator cannot be validated:
   * a 304 is the answer to a conditional request (RFC 9111, 4.3).
   */
  select(request: CacheRequest, now: number): Selected | CacheChoice | null {
    const { method, mode, headers } = request;
    if (mode === 'no-store' || mode === 'reload' || !this.#mayBeServed(request)) return null;
    const stored = this.#stored?.get(keyOf(request))?.findLast(one => matches(one, headers));
    if (!stored) return null;
    const { response } = stored;
    const seconds = this.#servesFor(mode, response);
    if (seconds === 0 && !this.#isValidated(response)) return null;
    if (seconds === null) return new CacheChoice('how long a response without a lifetime is fresh');
    const open = whyOpen(request, response);
    if (open !== null) return new CacheChoice(open);
    if (now - stored.storedMs >= seconds * 1000) {
      return method === 'GET' && this.#isValidated(response) ? { response, use: 'validated' } : null;
    }
    if (method === 'HEAD') return new CacheChoice('whether a stored response to GET answers HEAD');
    return { response: this.#served(response), use: 'at once' };
  }

  #served(response: ResponseReply): ResponseReply {
    const { servedHeaders } = this.#quirks;
    return servedHeaders ? { ...response, headers: servedHeaders(response.headers) } : response;
  }

  #mayBeServed(request: CacheRequest): boolean {
    const standard = request.method === 'GET' || request.method === 'HEAD';
    return this.#quirks.servedFromCache ? this.#quirks.servedFromCache(standard, request) : standard;
  }

  /** Seconds for which a response serves requests in a cache mode; null where a cache may choose. */
  #servesFor(mode: string, response: ResponseReply): number | null {
    if (mode === 'force-cache' || mode === 'only-if-cached') return Number.POSITIVE_INFINITY;
    if (mode === 'no-cache' || directives(response.headers).has('no-cache')) return 0;
    const standard = lifetime(response);
    return this.#quirks.freshFor ? this.#quirks.freshFor(standard, response) : standard;
  }

  #isValidated(response: ResponseReply): boolean {
    const standard = validators(response).length > 0;
    return this.#quirks.validates ? this.#quirks.validates(standard, response) : standard;
  }

  #mayBeStored(response: ResponseReply): boolean {
    const standard = mayBeStored(response);
    return this.#quirks.storable ? this.#quirks.storable(standard, response) : standard;
  }

  /** Keeps a response that came from the network, or takes out what it makes invalid. */
  store(request: CacheRequest, response: ResponseReply, now: number): void {
    const { method, mode, headers: requestHeaders } = request;
    if (method !== 'GET') {
      if (this.#stored && this.#invalidates(request, response.status)) {
        this.#stored.delete(keyOf(request));
        this.#unasked?.delete(keyOf(request));
      }
      return;
    }
    if (mode === 'no-store') return;
    const key = keyOf(request);
    if (directives(response.headers).has('no-store')) {
      this.#unstored ??= new Set();
      this.#unstored.add(key);
    }
    this.#stored ??= new Map();
    const before = this.#stored.get(key)?.filter(one => !matches(one, requestHeaders)) ?? [];
    const others = before.length > 0 && this.#quirks.oneVariant ? [] : before;
    const late = this.#followsUnasked(key, mode, response.status);
    const kept = !late && this.#mayBeStored(response) ? [{ response, requestHeaders, storedMs: now }] : [];
    this.#stored.set(key, [...others, ...kept]);
  }

  /** For quirks: whether a 304 that nobody had asked for keeps what comes after it out. */
  #followsUnasked(key: string, mode: string, status: number): boolean {
    if (!this.#quirks.unaskedNotModifiedStays) return false;
    this.#unasked ??= new Set();
    if (mode === 'reload') this.#unasked.delete(key);
    else if (status === 304) this.#unasked.add(key);
    return this.#unasked.has(key);
  }

  /** Whether a response to a GET for this URL has ever said no-store: for quirks only. */
  saidNoStore(request: CacheRequest): boolean {
    return this.#unstored?.has(keyOf(request)) === true;
  }

  #invalidates(request: CacheRequest, status: number): boolean {
    const safe = ['HEAD', 'OPTIONS', 'TRACE'].includes(request.method);
    const standard = !safe && status >= 200 && status <= 399;
    return this.#quirks.invalidates && !safe ? this.#quirks.invalidates(standard, request, status) : standard;
  }

  /** Takes a response out again, if it is stored. */
  forget(partition: string, url: string, response: ResponseReply): void {
    const key = keyOf({ partition, url });
    const left = this.#stored?.get(key)?.filter(one => one.response !== response);
    if (left) this.#stored?.set(key, left);
  }

  /** A 304 validates what was selected: its headers replace those that are stored. */
  freshen(request: CacheRequest, answer: ResponseReply, now: number): ResponseReply {
    const stored = this.#stored?.get(keyOf(request))?.findLast(one => matches(one, request.headers));
    if (!stored) return answer;
    stored.response = updated(stored.response, answer);
    stored.storedMs = now;
    return this.#served(stored.response);
  }
}

/** A stored response with the headers that a 304 brings (RFC 9111, 3.2). */
export function updated(stored: ResponseReply, answer: ResponseReply): ResponseReply {
  const news = answer.headers.filter(([name]) => !KEPT.has(byteLowercase(name)));
  const names = new Set(news.map(([name]) => byteLowercase(name)));
  const old = stored.headers.filter(([name]) => !names.has(byteLowercase(name)));
  return { ...stored, headers: [...old, ...news] };
}

/** The headers that ask for a response only if it is another than the one stored. */
export function validators({ headers }: ResponseReply): Header[] {
  const [tag, date] = [get(headers, 'etag'), get(headers, 'last-modified')];
  return [
    ...(tag === null ? [] : [['If-None-Match', tag] as const]),
    ...(date === null ? [] : [['If-Modified-Since', date] as const]),
  ];
}

const keyOf = ({ partition, url }: Pick<CacheRequest, 'partition' | 'url'>): string => `${partition} ${url}`;

export const listedValues = (headers: HeaderList, name: string): string[] =>
  valuesOf(headers, name)
    .flatMap(value => value.split(','))
    .map(value => value.trim().toLowerCase())
    .filter(value => value !== '');

/** Cache-Control as directives with their values. */
export const directives = (headers: HeaderList): ReadonlyMap<string, string> =>
  new Map(
    listedValues(headers, 'cache-control').map(directive => {
      const [name = '', value = ''] = directive.split('=');
      return [name.trim(), value.trim().replaceAll('"', '')];
    }),
  );

/** RFC 9111, 4.1: the headers that Vary names are the same. */
const matches = ({ response, requestHeaders }: Stored, headers: HeaderList): boolean =>
  listedValues(response.headers, 'vary').every(
    name => name !== '*' && get(requestHeaders, name) === get(headers, name),
  );

/** RFC 9111, 3: what a private cache may store. */
function mayBeStored({ status, headers }: ResponseReply): boolean {
  const control = directives(headers);
  if (control.has('no-store') || status === 304) return false;
  const allowed = ['public', 'private', 'max-age'].some(name => control.has(name));
  return CACHEABLE.has(status) || allowed || get(headers, 'expires') !== null;
}

function whyOpen({ headers }: CacheRequest, { status, bodyEnd, headers: got }: ResponseReply): string | null {
  if (status === 206 || get(headers, 'range') !== null) return 'what a cache makes of ranges';
  if (bodyEnd !== undefined && bodyEnd !== 'complete') return 'what a cache makes of a response that was cut';
  if (get(got, 'age') !== null || get(got, 'date') !== null) return 'the age of a response';
  const asked = directives(headers);
  return asked.size > (asked.get('max-age') === '0' ? 1 : 0) ? "the request's own Cache-Control" : null;
}

/** Seconds for which a response is fresh (RFC 9111, 4.2.1); null where a cache may choose. */
export function lifetime({ status, headers }: ResponseReply): number | null {
  const ages = listedValues(headers, 'cache-control').filter(directive => /^max-age\s*=/.test(directive));
  const [age] = ages;
  if (age !== undefined) {
    const digits = /^max-age="?([0-9]+)"?$/.exec(age)?.[1];
    return digits === undefined || new Set(ages).size > 1 ? null : Number(digits);
  }
  const expires = get(headers, 'expires');
  if (expires !== null) return LONG_PAST.test(expires) || Number.isNaN(Date.parse(expires)) ? 0 : null;
  return LASTING.has(status) || get(headers, 'last-modified') !== null ? null : 0;
}

/** A date of 1970, or the number 0, which is none. */
const LONG_PAST = /^(?:0|.* 1970 .*)$/;

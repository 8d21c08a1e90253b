/**
 * The CORS-preflight cache (Fetch, 4.9). One entry stands for one method or one header name. The clock is the
 * caller's: every `now` is in milliseconds.
 */
import { byteLowercase } from './bytes.ts';
import { NON_WILDCARD_NAMES } from './request-headers.ts';

/** What entries are kept under: network partition key, byte-serialized origin, and URL with its fragment. */
export interface CacheKey {
  readonly partition: string;
  readonly origin: string;
  readonly url: string;
}

/** Default max-age in seconds (Fetch, CORS-preflight fetch). */
export const DEFAULT_MAX_AGE = 5;

interface Entry {
  readonly storedMs: number;
  maxAgeSeconds: number;
  readonly credentials: boolean;
}

interface Entries {
  readonly methods: Map<string, Entry[]>;
  readonly headers: Map<string, Entry[]>;
}

export class PreflightCache {
  readonly #entries = new Map<string, Entries>();
  readonly #capSeconds: number;

  /** @param capSeconds the limit on max-age that a user agent may impose; none by default */
  constructor(capSeconds = Number.POSITIVE_INFINITY) {
    this.#capSeconds = capSeconds;
  }

  /** How many URLs have entries, expired ones included. */
  get size(): number {
    return this.#entries.size;
  }

  /** Fetch, "method cache entry match". `include` is whether the request's credentials mode is include. */
  matchesMethod(key: CacheKey, method: string, include: boolean, now: number): boolean {
    const methods = this.#entries.get(textOf(key))?.methods;
    return methods !== undefined && this.#matching(methods, methodKeys(method), include, now).length > 0;
  }

  /** Fetch, "header-name cache entry match". */
  matchesHeader(key: CacheKey, name: string, include: boolean, now: number): boolean {
    const headers = this.#entries.get(textOf(key))?.headers;
    return headers !== undefined && this.#matching(headers, headerKeys(name), include, now).length > 0;
  }

  /**
   * The last steps of a CORS-preflight fetch: a matching entry takes the new max-age (and keeps the moment it was
   * stored), anything else that was listed becomes a new entry.
   *
   * @param maxAgeSeconds as extracted; the cap is applied here
   */
  store(
    key: CacheKey,
    listed: { readonly methods: readonly string[]; readonly headers: readonly string[] },
    maxAgeSeconds: number,
    include: boolean,
    now: number,
  ): void {
    const text = textOf(key);
    const entries = this.#entries.get(text) ?? { methods: new Map(), headers: new Map() };
    this.#entries.set(text, entries);
    const put = { maxAge: Math.min(maxAgeSeconds, this.#capSeconds), include, now };
    for (const method of listed.methods) {
      this.#put(entries.methods, method, methodKeys, put);
    }
    for (const name of listed.headers) {
      this.#put(entries.headers, byteLowercase(name), headerKeys, put);
    }
  }

  /** Fetch, "clear cache entries". */
  clear(key: CacheKey): boolean {
    return this.#entries.delete(textOf(key));
  }

  #put(
    map: Map<string, Entry[]>,
    name: string,
    keys: (name: string) => readonly string[],
    { maxAge, include, now }: { maxAge: number; include: boolean; now: number },
  ): void {
    const entry = { storedMs: now, maxAgeSeconds: maxAge, credentials: include };
    if (!map.has(name) && !map.has('*')) {
      map.set(name, [entry]);
      return;
    }
    const matching = this.#matching(map, keys(name), include, now);
    for (const match of matching) match.maxAgeSeconds = maxAge;
    if (matching.length > 0) return;
    const alive = (map.get(name) ?? []).filter(entry => isAlive(entry, now));
    map.set(name, [...alive, entry]);
  }

  #matching(map: Map<string, Entry[]>, keys: readonly string[], include: boolean, now: number): Entry[] {
    const found: Entry[] = [];
    for (const key of keys) {
      for (const entry of map.get(key) ?? []) {
        if (isAlive(entry, now) && (entry.credentials || !include)) found.push(entry);
      }
    }
    return found;
  }
}

/** An entry is gone once its max-age has passed since it was stored: with 0, at once. */
function isAlive(entry: Entry, now: number): boolean {
  return now - entry.storedMs < entry.maxAgeSeconds * 1000;
}

/** `*` matches every method. */
function methodKeys(method: string): readonly string[] {
  return [method, '*'];
}

/** `*` matches every header name but Authorization. */
function headerKeys(name: string): readonly string[] {
  const lower = byteLowercase(name);
  return NON_WILDCARD_NAMES.has(lower) ? [lower] : [lower, '*'];
}

function textOf({ partition, origin, url }: CacheKey): string {
  return `${partition} ${origin} ${url}`;
}

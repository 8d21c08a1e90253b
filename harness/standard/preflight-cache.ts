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

/** Never changed, so that all that one answer listed shares one. */
interface Entry {
  readonly storedMs: number;
  readonly maxAgeSeconds: number;
  readonly credentials: boolean;
}

/** Entries by what they stand for: a method, or a header name in lower case. */
type Entries = Map<string, readonly Entry[]>;

/** What one preflight's answer listed. */
interface Listed {
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

interface Answer extends Listed {
  readonly entry: Entry;
}

interface EntriesByKind {
  readonly methods: Entries;
  readonly headers: Entries;
}

/** All entries of one key. Most are never asked for, so answers wait until somebody does. */
class EntryList {
  #waiting: Answer[] = [];
  #settled: EntriesByKind | null = null;

  add(answer: Answer): void {
    this.#waiting.push(answer);
  }

  settled(): EntriesByKind {
    this.#settled ??= { methods: new Map(), headers: new Map() };
    for (const { methods, headers, entry } of this.#waiting) {
      for (const method of methods) put(this.#settled.methods, method, methodKeys(method), entry);
      for (const listed of headers) {
        const name = byteLowercase(listed);
        put(this.#settled.headers, name, headerKeys(name), entry);
      }
    }
    this.#waiting = [];
    return this.#settled;
  }
}

export class PreflightCache {
  readonly #lists = new Map<string, EntryList>();
  readonly #capSeconds: number;

  /** @param capSeconds the limit on max-age that a user agent may impose; none by default */
  constructor(capSeconds = Number.POSITIVE_INFINITY) {
    this.#capSeconds = capSeconds;
  }

  /** How many URLs have entries, expired ones included. */
  get size(): number {
    return this.#lists.size;
  }

  /** Fetch, "method cache entry match". `include` is whether the request's credentials mode is include. */
  matchesMethod(key: CacheKey, method: string, include: boolean, now: number): boolean {
    const list = this.#lists.get(textOf(key));
    return list !== undefined && isServed(list.settled().methods, methodKeys(method), include, now);
  }

  /** Fetch, "header-name cache entry match". */
  matchesHeader(key: CacheKey, name: string, include: boolean, now: number): boolean {
    const list = this.#lists.get(textOf(key));
    return (
      list !== undefined && isServed(list.settled().headers, headerKeys(byteLowercase(name)), include, now)
    );
  }

  /**
   * The last steps of a CORS-preflight fetch: a matching entry takes the new max-age (and keeps the moment it was
   * stored), anything else that was listed becomes a new entry.
   *
   * @param maxAgeSeconds as extracted; the cap is applied here
   */
  store(key: CacheKey, listed: Listed, maxAgeSeconds: number, include: boolean, now: number): void {
    const text = textOf(key);
    let list = this.#lists.get(text);
    if (!list) {
      list = new EntryList();
      this.#lists.set(text, list);
    }
    const maxAge = Math.min(maxAgeSeconds, this.#capSeconds);
    const entry = { storedMs: now, maxAgeSeconds: maxAge, credentials: include };
    list.add({ methods: listed.methods, headers: listed.headers, entry });
  }

  /** Fetch, "clear cache entries". */
  clear(key: CacheKey): boolean {
    return this.#lists.delete(textOf(key));
  }
}

/** @param created the entry that `name` gets where none matches */
function put(entries: Entries, name: string, keys: readonly string[], created: Entry): void {
  const before = entries.get(name) ?? [];
  const { storedMs: now, maxAgeSeconds, credentials: include } = created;
  if (!isServed(entries, keys, include, now)) {
    const alive = before.filter(entry => isAlive(entry, now));
    entries.set(name, [...alive, created]);
    return;
  }
  for (const key of keys) {
    const held = entries.get(key);
    if (!held) continue;
    const renew = (entry: Entry) => (matches(entry, include, now) ? { ...entry, maxAgeSeconds } : entry);
    entries.set(key, held.map(renew));
  }
}

function isServed(entries: Entries, keys: readonly string[], include: boolean, now: number): boolean {
  return keys.some(key => entries.get(key)?.some(entry => matches(entry, include, now)));
}

function matches(entry: Entry, include: boolean, now: number): boolean {
  return isAlive(entry, now) && (entry.credentials || !include);
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
function headerKeys(lower: string): readonly string[] {
  return NON_WILDCARD_NAMES.has(lower) ? [lower] : [lower, '*'];
}

function textOf({ partition, origin, url }: CacheKey): string {
  return `${partition} ${origin} ${url}`;
}

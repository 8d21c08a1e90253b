/**
 * The CORS-preflight cache (Fetch, 4.9). One entry stands for one method or one header name. The clock is the
 * caller's: every `now` is in milliseconds.
 */
import { byteLowercase } from './bytes.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
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

/** Stands for a "*" that is a name like any other. */
const NAMED_STAR = '* as a name';

function withoutStars({ methods, headers }: Listed): Listed {
  const named = (text: string) => (text === '*' ? NAMED_STAR : text);
  return { methods: methods.map(named), headers: headers.map(named) };
}

/** What an answer is stored with. */
interface Storing {
  readonly maxAge: number;
  readonly include: boolean;
  readonly now: number;
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
  #latest: Entry | null = null;
  readonly #starsCover: boolean;

  /** @param starsCover whether what is listed beside "*" needs no entry of its own, as by the Standard */
  constructor(starsCover: boolean) {
    this.#starsCover = starsCover;
  }

  add(answer: Answer): void {
    this.#waiting.push(answer);
    this.#latest = answer.entry;
  }

  /** What stands for the answer that came last, whatever it listed. */
  get latest(): Entry | null {
    return this.#latest;
  }

  settled(): EntriesByKind {
    this.#settled ??= { methods: new Map(), headers: new Map() };
    for (const { methods, headers, entry } of this.#waiting) {
      for (const method of methods)
        put(this.#settled.methods, method, this.#starsCover ? methodKeys(method) : [method], entry);
      for (const listed of headers) {
        const name = byteLowercase(listed);
        put(this.#settled.headers, name, this.#starsCover ? headerKeys(name) : [name], entry);
      }
    }
    this.#waiting = [];
    return this.#settled;
  }
}

export class PreflightCache {
  readonly #lists = new Map<string, EntryList>();
  readonly #capSeconds: number;
  readonly #quirks: Quirks;

  /** @param options the limit on max-age that a user agent may impose, none by default; and an engine's quirks */
  constructor(options: { readonly capSeconds?: number | undefined; readonly quirks?: Quirks } = {}) {
    this.#capSeconds = options.capSeconds ?? Number.POSITIVE_INFINITY;
    this.#quirks = options.quirks ?? NO_QUIRKS;
  }

  /** How many URLs have entries, expired ones included. */
  get size(): number {
    return this.#lists.size;
  }

  /** Fetch, "method cache entry match". `include` is whether the request's credentials mode is include. */
  matchesMethod(key: CacheKey, method: string, include: boolean, now: number): boolean {
    const list = this.#listOf(key, include);
    const keys = this.#starsServe(include) ? methodKeys(method) : [method];
    return list !== undefined && isServed(list.settled().methods, keys, include, now);
  }

  /** Fetch, "header-name cache entry match". */
  matchesHeader(key: CacheKey, name: string, include: boolean, now: number): boolean {
    const list = this.#listOf(key, include);
    const lower = byteLowercase(name);
    const all = this.#quirks.cachedStarCoversAuthorization ? [lower, '*'] : headerKeys(lower);
    const keys = this.#starsServe(include) ? all : [lower];
    return list !== undefined && isServed(list.settled().headers, keys, include, now);
  }

  /** Whether any answer is remembered that has not expired; with a quirk, or that has. */
  holds(key: CacheKey, include: boolean, now: number): boolean {
    const latest = this.#listOf(key, include)?.latest;
    if (latest == null) return false;
    return this.#quirks.anyAnswerServesSafelisted === 'even expired'
      ? matchesCredentials(latest, include)
      : matches(latest, include, now);
  }

  #listOf(key: CacheKey, include: boolean): EntryList | undefined {
    return this.#lists.get(this.#textOf(key, include));
  }

  #textOf({ partition, origin, url }: CacheKey, include: boolean): string {
    const text = `${partition} ${origin} ${url}`;
    return this.#quirks.remembersByCredentials ? `${text} ${include}` : text;
  }

  /**
   * The last steps of a CORS-preflight fetch: a matching entry takes the new max-age (and keeps the moment it was
   * stored), anything else that was listed becomes a new entry.
   *
   * @param when max-age in seconds as extracted (the cap is applied here), the credentials mode, and the time
   */
  store(key: CacheKey, listed: Listed, { maxAge, include, now }: Storing): void {
    if (key.origin === 'null' && this.#quirks.forgetsOpaqueOrigins) return;
    const text = this.#textOf(key, include);
    let list = this.#lists.get(text);
    if (!list) {
      list = new EntryList(this.#starsServe(true));
      this.#lists.set(text, list);
    }
    const maxAgeSeconds = Math.min(maxAge, this.#capSeconds);
    const entry = { storedMs: now, maxAgeSeconds, credentials: include };
    const { methods, headers } = this.#forgetsStars(listed, include) ? withoutStars(listed) : listed;
    list.add({ methods, headers, entry });
  }

  #forgetsStars({ methods, headers }: Listed, include: boolean): boolean {
    if (!methods.includes('*') && !headers.includes('*')) return false;
    const { starsAreNames } = this.#quirks;
    return starsAreNames === 'all' || (starsAreNames === 'from credentialed' && include);
  }

  /** Whether a remembered "*" is a wildcard for a request. */
  #starsServe(include: boolean): boolean {
    return !include || this.#quirks.starsAreNames !== 'for credentialed';
  }

  /** Fetch, "clear cache entries". */
  clear(key: CacheKey): boolean {
    const cleared = [false, true].map(include => this.#lists.delete(this.#textOf(key, include)));
    return cleared.includes(true);
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
  return isAlive(entry, now) && matchesCredentials(entry, include);
}

function matchesCredentials({ credentials }: Entry, include: boolean): boolean {
  return credentials || !include;
}

/** An entry is gone once its max-age has passed since it was stored: with 0, at once. */
function isAlive(entry: Entry, now: number): boolean {
  return now - entry.storedMs < entry.maxAgeSeconds * 1000;
}

/** `*` matches every method. */
function methodKeys(method: string): readonly string[] {
  return method === '*' ? ['*', NAMED_STAR] : [method, '*'];
}

/** `*` matches every header name but Authorization. */
function headerKeys(lower: string): readonly string[] {
  return NON_WILDCARD_NAMES.has(lower) ? [lower] : [lower, '*'];
}

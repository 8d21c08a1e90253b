/**
 * A memory cache in front of everything else, as WebKit has one: for quirks only, since the Standard has none. It keeps
 * a load whole, redirects and all, under the URL that it began with, one for each page on top.
 */
import { byteLowercase } from './bytes.ts';
import { get, type HeaderList } from './header-list.ts';
import { directives, lifetime, listedValues, validators } from './http-cache.ts';
import type { FetchRequest, ResponseReply } from './types.ts';

/** What one request has loaded. */
export interface KeptLoad {
  /** As redirects left it. */
  readonly request: FetchRequest;
  readonly redirects: readonly ResponseReply[];
  readonly response: ResponseReply;
  readonly storedMs: number;
}

export type Use = 'at once' | 'validated' | 'none';

export class MemoryCache {
  readonly #loads = new Map<string, KeptLoad>();
  readonly #askedByShared = new Set<string>();

  find(request: FetchRequest): KeptLoad | undefined {
    return this.#loads.get(keyOf(request));
  }

  /** Notes a request as it begins. @returns whether it is one of a shared worker that has asked for this URL before */
  asksAgain(request: FetchRequest): boolean {
    if (request.client.shared !== true) return false;
    const key = keyOf(request);
    const again = this.#askedByShared.has(key);
    this.#askedByShared.add(key);
    return again;
  }

  forget(request: FetchRequest): void {
    this.#loads.delete(keyOf(request));
  }

  /** Keeps a load that may serve a later request. */
  keep(load: KeptLoad): void {
    if (isKept(load)) this.#loads.set(keyOf(load.request), load);
  }
}

/** What decides on the use of a kept load besides the request. */
export interface UseOptions {
  readonly mode: string;
  readonly now: number;
  /** The request is one of a shared worker that has asked for this URL before: a stale response will do. */
  readonly again: boolean;
}

/** How a kept load serves a request. */
export function useOf(kept: KeptLoad, request: FetchRequest, { mode, now, again }: UseOptions): Use {
  if (mode === 'reload' || mode === 'no-cache' || !isAlike(kept, request)) return 'none';
  if (mode === 'force-cache') return 'at once';
  const age = now - kept.storedMs;
  if (!kept.redirects.every(one => !isChecked(one) && isFresh(one, age))) return 'none';
  const isUsable =
    again || (!directives(kept.response.headers).has('no-cache') && isFresh(kept.response, age));
  if (isUsable) return 'at once';
  return validators(kept.response).length > 0 ? 'validated' : 'none';
}

function keyOf({ urls, client: { origin, topLevelOrigin } }: FetchRequest): string {
  const [first] = urls;
  return `${topLevelOrigin ?? origin} ${first?.origin}${first?.pathname}${first?.search}`;
}

/** Only what may be used again: it lasts, or it can be validated. */
function isKept({ request, redirects, response }: KeptLoad): boolean {
  const { initiator, firstMethod } = request;
  if (initiator !== 'xmlhttprequest' || isSynchronous(request) || firstMethod !== 'GET') return false;
  if ([...redirects, response].some(one => directives(one.headers).has('no-store'))) return false;
  if (response.bodyEnd !== undefined && response.bodyEnd !== 'complete') return false;
  return secondsOf(response) > 0 || validators(response).length > 0;
}

/** Those of a page go around the cache. */
export const isSynchronous = ({ synchronous, client }: FetchRequest): boolean =>
  synchronous === true && client.global !== 'worker';

function isAlike({ request: kept, redirects, response }: KeptLoad, request: FetchRequest): boolean {
  return (
    request.method === 'GET' &&
    kept.mode === request.mode &&
    kept.credentials === request.credentials &&
    originOf(kept) === originOf(request) &&
    (redirects.length === 0 || kept.redirect === request.redirect) &&
    !listedValues(response.headers, 'vary').includes('*') &&
    sameHeaders(kept.firstHeaders, request.headers)
  );
}

/** Opaque origins are alike, but for that of a worker. */
const originOf = ({ client: { origin, global } }: FetchRequest): string =>
  global === 'worker' && origin === 'null' ? 'null of a worker' : origin;

/** Headers that make no difference. */
const IGNORED = new Set(['accept', 'cache-control', 'pragma', 'purpose', 'referer', 'user-agent']);

function sameHeaders(some: HeaderList, others: HeaderList): boolean {
  const names = new Set([...some, ...others].map(([name]) => byteLowercase(name)));
  return [...names].every(name => IGNORED.has(name) || get(some, name) === get(others, name));
}

/** Whether a redirect is to be asked for again each time. */
function isChecked({ headers }: ResponseReply): boolean {
  const control = directives(headers);
  return control.has('no-cache') || control.has('must-revalidate');
}

const isFresh = (response: ResponseReply, ageMs: number): boolean => ageMs < secondsOf(response) * 1000;

/** What HTTP leaves to caches is for long; a date that is none is no date. */
function secondsOf(response: ResponseReply): number {
  const { headers } = response;
  const dated = !directives(headers).has('max-age') && get(headers, 'last-modified') !== null;
  const expires = get(headers, 'expires');
  const noDate = expires === null || !/[a-z]/i.test(expires);
  const seconds = dated && noDate ? null : lifetime(response);
  return seconds ?? Number.POSITIVE_INFINITY;
}

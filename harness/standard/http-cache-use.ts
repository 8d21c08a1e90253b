/** How HTTP-network-or-cache fetch and HTTP fetch use the HTTP cache (Fetch, 4.6 and 4.7). */
import { type Fetching, NotModelled, type UserAgent } from './fetching.ts';
import { CacheChoice, type CacheRequest, type Selected, validators } from './http-cache.ts';
import { siteOf } from './origin.ts';
import { serializeUrl } from './response.ts';
import type { FetchRequest, Header, RequestRole, ResponseReply } from './types.ts';

/** Fetch, "determine the HTTP cache partition", serialized; null for no HTTP cache. */
export function cachePartition({ quirks }: UserAgent, request: FetchRequest): string | null {
  const standard = siteOf(request.client.topLevelOrigin ?? request.client.origin);
  return quirks.cachePartition ? quirks.cachePartition(standard, request) : standard;
}

/** For quirks: takes a refused response out of the HTTP cache, if the request has just left it there. */
export function forgetRefused(fetching: Fetching, request: FetchRequest, response: ResponseReply): void {
  const { agent, answeredByCache } = fetching;
  if (!agent.quirks.forgetsRefused?.(false, response, request)) return;
  const partition = cachePartition(agent, request);
  if (answeredByCache || partition === null) return;
  agent.httpCache.forget(partition, serializeUrl(request.urls.at(-1) as URL), response);
}

/** What the HTTP cache has for a request. */
export function storedFor(fetching: Fetching, caching: CacheRequest): Selected | null {
  const { agent, clock } = fetching;
  const selected = agent.httpCache.select(caching, clock.now());
  if (selected === null || agent.quirks.noHttpCache || goesAround(fetching, caching)) return null;
  if (selected instanceof CacheChoice) throw new NotModelled(selected.reason);
  if (!agent.options.httpCache) {
    throw new NotModelled('the HTTP cache may hold a response for this URL');
  }
  if (selected.use === 'at once') fetching.cached.push(selected.response);
  return selected;
}

/** For quirks: what the HTTP cache has answered already decides whether it is read for the next URL. */
function goesAround({ agent: { quirks, httpCache }, cached }: Fetching, caching: CacheRequest): boolean {
  const reads = quirks.readsAfterCached;
  return reads !== undefined && cached.some(one => !reads(true, one, httpCache.saidNoStore(caching)));
}

/** The headers by which a request validates what is held for it. */
export function conditions(
  { validating }: Fetching,
  role: RequestRole,
  stored: Selected | null,
): readonly Header[] {
  const held = (role === 'actual' ? validating : undefined) ?? stored;
  return held ? validators(held.response) : [];
}

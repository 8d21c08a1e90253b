/**
 * The HTTP cache is not modelled. This keeps track of the responses that one may hold, so that the model says so
 * instead of guessing (RFC 9111; Fetch, HTTP-network-or-cache fetch).
 */
import { get } from './header-list.ts';
import { serializeUrl } from './response.ts';
import type { ResponseReply } from './types.ts';

type HttpCache = Map<string, 'stored' | 'reusable'>;

/** Whether a stored response could answer, or change, a request of this method and cache mode. */
export function mayBeAnsweredFromCache(cache: HttpCache, method: string, url: URL, mode: string): boolean {
  if (cache.size === 0 || method !== 'GET' || mode === 'no-store' || mode === 'reload') return false;
  const held = cache.get(serializeUrl(url));
  return held === 'reusable' || (held === 'stored' && (mode === 'force-cache' || mode === 'only-if-cached'));
}

/** Notes what a response leaves in a cache, or takes out of it. */
export function rememberInCache(cache: HttpCache, method: string, url: URL, response: ResponseReply): void {
  if (method !== 'GET') {
    const safe = method === 'HEAD' || method === 'OPTIONS';
    if (!safe && response.status >= 200 && response.status <= 399) cache.delete(serializeUrl(url));
    return;
  }
  const control = get(response.headers, 'cache-control')?.toLowerCase() ?? '';
  if (control.includes('no-store')) return;
  const reusable =
    /max-age="?[1-9]/.test(control) ||
    ['expires', 'etag', 'last-modified'].some(name => get(response.headers, name) !== null);
  cache.set(serializeUrl(url), reusable ? 'reusable' : 'stored');
}

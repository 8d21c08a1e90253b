/**
 * A small cookie jar (RFC 6265bis): enough to tell which requests carry which cookies. It knows hosts, paths,
 * Secure, SameSite, Max-Age and Expires; no public suffix list, no limits, no prefixes.
 */
import { isCrossSiteTainted, sameSite } from './origin.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import type { FetchRequest } from './types.ts';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly sameSite: 'strict' | 'lax' | 'none' | 'unset';
  readonly expiresMs: number;
}

/**
 * Whether SameSite=Lax and Strict cookies stay away from a subresource request: its target is of another site than
 * the page, a frame above is, or a redirect went through another site.
 */
export function isCrossSiteRequest({ client, origin, urls }: FetchRequest): boolean {
  const target = (urls[urls.length - 1] as URL).origin;
  return (
    !sameSite(client.origin, target) ||
    !sameSite(client.topLevelOrigin ?? client.origin, target) ||
    isCrossSiteTainted(origin, urls)
  );
}

export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();
  readonly #quirks: Quirks;

  constructor(quirks: Quirks = NO_QUIRKS) {
    this.#quirks = quirks;
  }

  /** RFC 6265bis leaves it to the user agent which protocols are secure. */
  #isSecure(url: URL): boolean {
    const standard = url.protocol === 'https:';
    return this.#quirks.secureForCookies ? this.#quirks.secureForCookies(standard, url) : standard;
  }

  /** RFC 6265bis: a cookie without SameSite is treated as one with SameSite=Lax. */
  #goesCrossSite({ sameSite }: Cookie): boolean {
    return sameSite === 'none' || (sameSite === 'unset' && this.#quirks.noDefaultSameSite === true);
  }

  /** The value of the Cookie header, or null for none. `now` is in milliseconds. */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the steps of RFC 6265bis for storing a cookie, in their order
  header(url: URL, crossSite: boolean, now: number): string | null {
    const pairs: string[] = [];
    for (const cookie of this.#cookies.values()) {
      if (cookie.expiresMs <= now) continue;
      if (cookie.hostOnly ? cookie.host !== url.hostname : !domainMatches(url.hostname, cookie.host))
        continue;
      if (!pathMatches(url.pathname, cookie.path)) continue;
      if (cookie.secure && !this.#isSecure(url)) continue;
      if (crossSite && !this.#goesCrossSite(cookie)) continue;
      pairs.push(cookie.name === '' ? cookie.value : `${cookie.name}=${cookie.value}`);
    }
    return pairs.length === 0 ? null : pairs.join('; ');
  }

  /** Stores one Set-Cookie value, unless the rules refuse it. */
  store(setCookie: string, url: URL, crossSite: boolean, now: number): void {
    const cookie = parse(setCookie, url, now);
    if (!cookie) return;
    if (cookie.secure && !this.#isSecure(url)) return;
    if (cookie.sameSite === 'none' && !cookie.secure && !this.#quirks.insecureSameSiteNone) return;
    if (crossSite && !this.#goesCrossSite(cookie)) return;
    const key = `${cookie.name};${cookie.host};${cookie.path}`;
    const before = this.#cookies.get(key);
    const moves = before && before.value !== cookie.value && this.#quirks.changedCookiesComeLast;
    if (cookie.expiresMs <= now || moves) this.#cookies.delete(key);
    if (cookie.expiresMs > now) this.#cookies.set(key, cookie);
  }
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the steps of RFC 6265bis for parsing Set-Cookie, in their order
function parse(text: string, url: URL, now: number): Cookie | null {
  const [pair, ...attributes] = text.split(';');
  const [name, value] = split(pair as string);
  if (name === '' && value === '') return null;
  let host = url.hostname;
  let hostOnly = true;
  let path = defaultPath(url.pathname);
  let secure = false;
  let site: Cookie['sameSite'] = 'unset';
  let maxAge: number | null = null;
  let expires = Number.POSITIVE_INFINITY;
  for (const attribute of attributes) {
    const [key, raw] = attribute.includes('=') ? split(attribute) : [attribute.trim(), ''];
    switch (key.toLowerCase()) {
      case 'domain': {
        const domain = raw.replace(/^\./, '').toLowerCase();
        if (domain === '') break;
        if (!domainMatches(url.hostname, domain)) return null;
        host = domain;
        hostOnly = false;
        break;
      }
      case 'path':
        path = raw.startsWith('/') ? raw : path;
        break;
      case 'secure':
        secure = true;
        break;
      case 'samesite':
        site = sameSiteOf(raw.toLowerCase());
        break;
      case 'max-age':
        if (/^-?[0-9]+$/.test(raw)) maxAge = Number(raw);
        break;
      case 'expires':
        if (!Number.isNaN(Date.parse(raw))) expires = Date.parse(raw);
        break;
    }
  }
  const expiresMs = maxAge === null ? expires : now + maxAge * 1000;
  return { name, value, host, hostOnly, path, secure, sameSite: site, expiresMs };
}

function sameSiteOf(value: string): Cookie['sameSite'] {
  return value === 'strict' || value === 'none' ? value : 'lax';
}

/** A cookie without "=" has a value and no name. */
function split(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals < 0 ? ['', text.trim()] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}

function defaultPath(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

function domainMatches(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function pathMatches(path: string, cookiePath: string): boolean {
  return (
    path === cookiePath ||
    (path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/'))
  );
}

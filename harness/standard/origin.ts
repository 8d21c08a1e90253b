/** Origins, sites and trustworthiness, by their serialization: `https://a.example`, or `null` for an opaque one. */
import type { FetchRequest, Site } from './types.ts';

/** HTML, "same origin": an opaque origin, written null, is the same as no other. */
export function sameOrigin(a: string, b: string): boolean {
  return a === b && a !== 'null';
}

/** Fetch Metadata, Sec-Fetch-Site: that of a chain of URLs, `site`, once it goes on to another origin. */
export function fartherSite(site: Site, page: string, target: string): Site {
  if (site === 'cross-site' || sameOrigin(page, target)) return site;
  return sameSite(page, target) ? 'same-site' : 'cross-site';
}

const IPV4 = /^[0-9]+(?:\.[0-9]+){3}$/;

/**
 * HTML, "same site". Without a public suffix list, the last two labels of a host count as its registrable domain
 * (and `localhost` as a public suffix): right for everything that one registrant runs under one ordinary domain.
 */
export function sameSite(a: string, b: string): boolean {
  return a === b ? a !== 'null' : schemelesslySameSite(a, b) && schemeOf(a) === schemeOf(b);
}

/** HTML, "schemelessly same site". */
export function schemelesslySameSite(a: string, b: string): boolean {
  return a !== 'null' && b !== 'null' && registrableDomain(a) === registrableDomain(b);
}

/** HTML, "obtain a site", serialized; null for an opaque origin. */
export function siteOf(origin: string): string {
  return origin === 'null' ? origin : `${schemeOf(origin)}//${registrableDomain(origin)}`;
}

function schemeOf(origin: string): string {
  return origin.slice(0, origin.indexOf('//'));
}

/** Of a serialized tuple origin: scheme, "://", host, and ":" with a port where it is not the default one. */
function registrableDomain(origin: string): string {
  const start = origin.indexOf('//') + 2;
  const bracket = origin.indexOf(']', start);
  if (bracket > 0) return origin.slice(start, bracket + 1);
  const colon = origin.indexOf(':', start);
  const end = colon < 0 ? origin.length : colon;
  if (isDigit(origin.charCodeAt(end - 1)) && IPV4.test(origin.slice(start, end))) {
    return origin.slice(start, end);
  }
  let dots = 0;
  let from = end;
  while (from > start && (origin[from - 1] !== '.' || ++dots < 2)) from--;
  return origin.slice(from, end);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Secure Contexts, "Is origin potentially trustworthy?", for the origin of a URL. */
export function isPotentiallyTrustworthy(url: URL): boolean {
  if (url.protocol === 'https:' || url.protocol === 'wss:' || url.protocol === 'data:') return true;
  const host = url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname;
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(?:\.[0-9]+){3}$/.test(host)
  );
}

/**
 * Fetch, "redirect-taint": whether a redirect left an origin that was neither the page's nor the redirect's target.
 * Same-site and cross-site taint serialize the same way, so one answer does for both.
 */
export function isRedirectTainted(origin: string, urls: readonly URL[]): boolean {
  for (let hop = 1; hop < urls.length; hop++) {
    const from = (urls[hop - 1] as URL).origin;
    if (!sameOrigin((urls[hop] as URL).origin, from) && !sameOrigin(origin, from)) return true;
  }
  return false;
}

/** Fetch, "redirect-taint" is cross-site: SameSite cookies then stay away. */
export function isCrossSiteTainted(origin: string, urls: readonly URL[]): boolean {
  for (let hop = 1; hop < urls.length; hop++) {
    const from = (urls[hop - 1] as URL).origin;
    if (!sameSite((urls[hop] as URL).origin, from) && !sameSite(origin, from)) return true;
  }
  return false;
}

/** Fetch, "byte-serializing a request origin": null once a redirect has tainted it. */
export function serializeRequestOrigin(origin: string, urls: readonly URL[]): string {
  return urls.length > 1 && isRedirectTainted(origin, urls) ? 'null' : origin;
}

/** Fetch, "append a request Origin header": the value to send, or null for none. */
export function originHeader(request: FetchRequest): string | null {
  const serialized = serializeRequestOrigin(request.origin, request.urls);
  if (request.tainting === 'cors') return serialized;
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  return request.mode !== 'cors' && policyHidesOrigin(request) ? 'null' : serialized;
}

function policyHidesOrigin({ referrerPolicy, origin, urls }: FetchRequest): boolean {
  const current = urls[urls.length - 1] as URL;
  switch (referrerPolicy) {
    case 'no-referrer':
      return true;
    case 'no-referrer-when-downgrade':
    case 'strict-origin':
    case 'strict-origin-when-cross-origin':
      return origin.startsWith('https:') && current.protocol !== 'https:';
    case 'same-origin':
      return !sameOrigin(origin, current.origin);
    default:
      return false;
  }
}

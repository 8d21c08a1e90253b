/** Origins, sites and trustworthiness, by their serialization: `https://a.example`, or `null` for an opaque one. */
import { getDomain } from 'tldts';
import type { FetchRequest, FetchSite } from './types.ts';

/** HTML, "same origin": an opaque origin, written null, is the same as no other. */
export function sameOrigin(a: string, b: string): boolean {
  return a === b && a !== 'null';
}

/** Fetch Metadata, Sec-Fetch-Site: that of a chain of URLs, `site`, once it goes on to another origin. */
export function fartherSite(site: FetchSite, page: string, target: string): FetchSite {
  if (site === 'cross-site' || sameOrigin(page, target)) return site;
  return sameSite(page, target) ? 'same-site' : 'cross-site';
}

/** HTML, "same site", by the public suffix list, with the suffixes of hosting providers such as github.io. */
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

/** Registrable domains by origin: looking one up costs much more than all else here. */
const known = new Map<string, string>();
const KNOWN_LIMIT = 1000;

/** The host's registrable domain; the host itself if it is an IP address or a public suffix. */
function registrableDomain(origin: string): string {
  const before = known.get(origin);
  if (before !== undefined) return before;
  const host = hostOf(origin);
  const domain = getDomain(host, { allowPrivateDomains: true, extractHostname: false }) ?? host;
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(origin, domain);
  return domain;
}

/** Of a serialized tuple origin: scheme, "://", host, and ":" with a port where it is not the default one. */
function hostOf(origin: string): string {
  const host = origin.slice(origin.indexOf('//') + 2);
  const end = host.indexOf(':', host.indexOf(']') + 1);
  return end < 0 ? host : host.slice(0, end);
}

/**
 * Whether it is the origin of an extension's or an app's page, such as app://obsidian.md: scheme, "://" and a host.
 * Browsers serialize it so; URL parsers know no origin of such a scheme.
 */
export function isAppOrigin(text: string): boolean {
  return /^(?!(?:https?|wss?|ftp|file):)[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d+)?$/.test(text);
}

/** Whether a host, as a URL parser writes it and without a dot at its end, is this machine. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '[::1]' ||
  /^127(?:\.[0-9]+){3}$/.test(host);

/**
 * Local Network Access, "IP address space": whether a host is this machine or in a private network, as far as its name
 * tells.
 */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '').toLowerCase();
  if (isLoopbackHost(host) || host.endsWith('.local')) return true;
  if (/^\[(?:f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/.test(host)) return true;
  return /^(?:10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d+)+$/.test(host);
}

/** Secure Contexts, "Is origin potentially trustworthy?", for the origin of a URL. */
export function isPotentiallyTrustworthy(url: URL): boolean {
  if (url.protocol === 'https:' || url.protocol === 'wss:' || url.protocol === 'data:') return true;
  return isLoopbackHost(url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname);
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
export function originHeaderValue(request: FetchRequest): string | null {
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

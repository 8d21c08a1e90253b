/** Credentials (Fetch, 3.3.5 and HTTP-network-or-cache fetch): when cookies and authentication entries go along. */
import { isCrossSiteRequest } from './cookies.ts';
import type { Fetching, UserAgent } from './fetching.ts';
import { contains, type Header, valuesOf } from './header-list.ts';
import { includesCredentials } from './redirect.ts';
import type { FetchRequest, ResponseReply } from './types.ts';

/** HTTP-network-or-cache fetch, includeCredentials. A preflight never includes credentials. */
export function includesCredentialsOf({ credentials, tainting }: FetchRequest): boolean {
  return credentials === 'include' || (credentials === 'same-origin' && tainting === 'basic');
}

/** The user name and password of a URL as a Basic Authorization value (RFC 7617). */
export function basicAuthorization(url: URL): string {
  return `Basic ${btoa(`${percentDecode(url.username)}:${percentDecode(url.password)}`)}`;
}

/** Percent-decodes into isomorphic text; a lone "%" stays. */
function percentDecode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Where a request goes, and whether the server has asked for its user name and password. */
interface Sending {
  readonly url: URL;
  readonly retry: { readonly authentication: boolean };
}

/** HTTP-network-or-cache fetch, where credentials are included: Cookie and Authorization. */
export function appendCredentials(
  { agent, clock }: Fetching,
  headers: Header[],
  request: FetchRequest,
  { url, retry }: Sending,
): void {
  const crossSite = isCrossSite(agent, request);
  const jar = cookiesAllowed(agent, crossSite) ? agent.cookiesFor(request) : null;
  const cookies = jar?.header(url, crossSite, clock.now()) ?? null;
  if (cookies !== null) headers.push(['Cookie', cookies]);
  if (contains(request.headers, 'authorization')) return;
  const authorization = authorizationOf(agent, request, url, retry);
  if (authorization !== null) headers.push(['Authorization', authorization]);
}

/** The authentication entry, or the URL's own user name and password once the server has asked. */
function authorizationOf(
  agent: UserAgent,
  request: FetchRequest,
  url: URL,
  retry: Sending['retry'],
): string | null {
  const ownCredentials = request.useUrlCredentials && includesCredentials(url);
  if (ownCredentials) return retry.authentication ? basicAuthorization(url) : null;
  return agent.authorizationFor(url.origin);
}

/** HTTP-network fetch: keeps the cookies that a response sets. */
export function storeCookies(
  { agent, clock }: Fetching,
  request: FetchRequest,
  url: URL,
  response: ResponseReply,
): void {
  const sending = isCrossSite(agent, request);
  const { crossSiteForSetting } = agent.quirks;
  const crossSite = crossSiteForSetting ? crossSiteForSetting(sending, request) : sending;
  const jar = cookiesAllowed(agent, crossSite) ? agent.cookiesFor(request) : null;
  if (!jar || agent.quirks.keepsCookies?.(request) === false) return;
  for (const value of valuesOf(response.headers, 'set-cookie')) {
    jar.store(value, url, crossSite, clock.now());
  }
}

function isCrossSite({ quirks }: UserAgent, request: FetchRequest): boolean {
  const standard = isCrossSiteRequest(request);
  return quirks.crossSiteForCookies ? quirks.crossSiteForCookies(standard, request) : standard;
}

function cookiesAllowed({ options }: UserAgent, crossSite: boolean): boolean {
  return !crossSite || options.thirdPartyCookies !== false;
}

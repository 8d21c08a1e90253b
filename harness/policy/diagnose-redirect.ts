/** What is wrong with where a redirect leads. */
import { isPotentiallyTrustworthy } from '../standard/origin.ts';
import { isRedirectStatus } from '../standard/redirect.ts';
import { isUrl } from '../standard/url.ts';
import { type Exchange, headerValue } from '../wire/exchange.ts';
import type { ReasonOf } from './diagnose.ts';

/** Fetch follows 20 redirects. */
const MAX_REDIRECTS = 20;

type NotFollowed = Pick<ReasonOf<'redirect-target'>, 'how' | 'trouble' | 'elsewhere'>;

/** Why browsers do not follow the redirect that these exchanges end with. */
export function whyNotFollowed(exchanges: readonly Exchange[], location: string): NotFollowed {
  const last = exchanges.at(-1) as Exchange;
  const hops = exchanges.filter(one => isRedirectStatus(one.response?.status ?? 0)).length;
  if (hops > MAX_REDIRECTS)
    return { trouble: 'endless', how: `it does not end: browsers follow ${MAX_REDIRECTS} redirects` };
  if (location === '') return { trouble: 'nowhere', how: 'the answer has no Location' };
  const { url } = last.request;
  if (!isUrl(location, url)) return { trouble: 'nowhere', how: 'the Location is not a URL' };
  const target = new URL(location, url);
  if (!/^https?:$/.test(target.protocol))
    return { trouble: 'scheme', how: `browsers do not follow a redirect to ${target.protocol}` };
  // Loopback is no mixed content; but a server that names its own host so took an https request for an http one.
  const insecure = !isPotentiallyTrustworthy(target) || target.hostname === new URL(url).hostname;
  if (target.protocol === 'http:' && url.startsWith('https:') && insecure)
    return { trouble: 'insecure', how: 'it leads from https to http, which browsers block as mixed content' };
  if (target.username || target.password)
    return { trouble: 'user', how: 'a redirect to a URL with a user name fails in CORS mode' };
  if (target.origin !== new URL(url).origin)
    return {
      trouble: 'other',
      how: `it leads to ${target.origin}, which is not part of the run`,
      elsewhere: target.origin,
    };
  return { trouble: 'other', how: 'browsers do not follow it' };
}

/**
 * Why an answer is refused that a redirect to another origin led to: a page asks for it with Origin: null (HTTP-redirect
 * fetch taints the origin of the request), whatever its own.
 * @param before the exchanges that came before it
 * @param origin the page's
 * @returns null if it was asked for from the page's own origin
 */
export function ledElsewhere(
  before: readonly Exchange[],
  { request }: Exchange,
  origin: string,
): ReasonOf<'redirect-target'> | null {
  const redirect = before.findLast(
    ({ role, response }) => role === 'actual' && isRedirectStatus(response?.status ?? 0),
  );
  if (!redirect || origin === 'null' || headerValue(request.headers, 'origin') !== 'null') return null;
  return {
    id: 'redirect-target',
    at: 'response',
    location: headerValue(redirect.response?.headers ?? [], 'location') ?? '',
    how: `pages then ask ${new URL(request.url).origin} with Origin: null, which it does not allow`,
    trouble: 'origin',
  };
}

/** Referrer Policy, "determine request's referrer" and "set request's referrer policy on redirect". */
import { byteLowercase } from './bytes.ts';
import { getDecodeAndSplit, type HeaderList, valuesOf } from './header-list.ts';
import { isPotentiallyTrustworthy, sameOrigin } from './origin.ts';
import type { FetchRequest } from './types.ts';

export const DEFAULT_REFERRER_POLICY = 'strict-origin-when-cross-origin';

const POLICIES: ReadonlySet<string> = new Set([
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  DEFAULT_REFERRER_POLICY,
  'unsafe-url',
]);

/** Whether Web IDL takes `policy` for a ReferrerPolicy; the empty string is one too. */
export function isReferrerPolicy(policy: string): boolean {
  return policy === '' || POLICIES.has(policy);
}

/** A referrer URL of more bytes than this is cut down to its origin. */
const LONGEST = 4096;

/** The URL to send as Referer, or no-referrer. */
export function determineReferrer(request: FetchRequest): string {
  const { client } = request;
  if (request.referrer === 'no-referrer') return 'no-referrer';
  if (request.referrer === 'client' && client.global !== 'worker' && client.origin === 'null') {
    return 'no-referrer';
  }
  const source = request.referrer === 'client' ? client.url : request.referrer;
  if (!URL.canParse(source)) return 'no-referrer';
  const url = new URL(source);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'no-referrer';
  url.username = '';
  url.password = '';
  url.hash = '';
  const originOnly = `${url.origin}/`;
  const full = url.href.length > LONGEST ? originOnly : url.href;
  return applyPolicy(request, url, full, originOnly);
}

function applyPolicy(request: FetchRequest, referrer: URL, full: string, originOnly: string): string {
  const current = request.urls[request.urls.length - 1] as URL;
  const downgrade = isPotentiallyTrustworthy(referrer) && !isPotentiallyTrustworthy(current);
  const same = sameOrigin(referrer.origin, current.origin);
  switch (request.referrerPolicy) {
    case 'no-referrer':
      return 'no-referrer';
    case 'origin':
      return originOnly;
    case 'unsafe-url':
      return full;
    case 'strict-origin':
      return downgrade ? 'no-referrer' : originOnly;
    case 'same-origin':
      return same ? full : 'no-referrer';
    case 'origin-when-cross-origin':
      return same ? full : originOnly;
    case 'no-referrer-when-downgrade':
      return downgrade ? 'no-referrer' : full;
    default:
      if (same) return full;
      return downgrade ? 'no-referrer' : originOnly;
  }
}

/** The policy that a redirect's Referrer-Policy sets: its last known token, or null for none. */
export function redirectReferrerPolicy(headers: HeaderList): string | null {
  let policy: string | null = null;
  for (const value of valuesOf(headers, 'referrer-policy')) {
    for (const token of getDecodeAndSplit(value)) {
      if (POLICIES.has(byteLowercase(token))) policy = byteLowercase(token);
    }
  }
  return policy;
}

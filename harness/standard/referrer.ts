/** Referrer Policy, "determine request's referrer" and "set request's referrer policy on redirect". */

import { byteLowercase } from './bytes.ts';
import { getDecodeAndSplit, type HeaderList, valuesOf } from './header-list.ts';
import { isPotentiallyTrustworthy, sameOrigin } from './origin.ts';
import { remembered } from './remember.ts';
import type { Client, FetchRequest } from './types.ts';
import { parseUrl } from './url.ts';

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

/** A referrer source, stripped (Referrer Policy, "strip url for use as a referrer"). */
interface Stripped {
  readonly full: string;
  readonly originOnly: string;
  readonly origin: string;
  readonly trustworthy: boolean;
}

/** A client makes many requests, and its URL stays the same. */
const strippedUrlOf = remembered(({ url }: Client) => strip(url));

/** The URL to send as Referer, or no-referrer. */
export function determineReferrer(request: FetchRequest): string {
  if (request.referrer === 'no-referrer') return 'no-referrer';
  const source = request.referrer === 'client' ? stripClient(request.client) : strip(request.referrer);
  return source ? applyPolicy(request, source) : 'no-referrer';
}

function stripClient(client: Client): Stripped | null {
  if (client.global !== 'worker' && client.origin === 'null') return null;
  return strippedUrlOf(client);
}

function strip(source: string): Stripped | null {
  const url = parseUrl(source);
  if (!url) return null;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  url.username = '';
  url.password = '';
  url.hash = '';
  const { href, origin } = url;
  const originOnly = `${origin}/`;
  return {
    full: href.length > LONGEST ? originOnly : href,
    originOnly,
    origin,
    trustworthy: isPotentiallyTrustworthy(url),
  };
}

function applyPolicy(request: FetchRequest, { full, originOnly, origin, trustworthy }: Stripped): string {
  const current = request.urls[request.urls.length - 1] as URL;
  const downgrade = trustworthy && !isPotentiallyTrustworthy(current);
  const same = sameOrigin(origin, current.origin);
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

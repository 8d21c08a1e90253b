/** The near misses of Access-Control-Allow-Origin: values that look right and are not. */

import { trimTabOrSpace } from './bytes.ts';
import { isUrl } from './url.ts';

/** A redirect that made the origin null, by the origins that it led from and to. */
export interface Taint {
  readonly from: string;
  readonly to: string;
}

interface NearMiss {
  /** A sentence. */
  readonly what: string;
  /** What to add to the advice to send the origin, without a full stop; may be empty. */
  readonly once: string;
  /** It is well written, and names somebody else. */
  readonly isOther: boolean;
}

/**
 * @param value the combined value, never absent and never `*` with credentials
 * @param origin what the request's Origin header said
 * @param taint the redirect that made it null, if one did
 */
export function explainAllowOrigin(value: string, origin: string, taint?: Taint): NearMiss {
  if (value.includes(',')) {
    const twice = new Set(value.split(',').map(trimTabOrSpace)).size === 1;
    return {
      what: `The 'Access-Control-Allow-Origin' header contains multiple values '${value}', but only one is allowed.`,
      once: twice
        ? ' once; two layers, such as a proxy and the application, both add it now'
        : ': choose the one origin that the request came from, and add "Vary: Origin"',
      isOther: false,
    };
  }
  const why = taint
    ? `the redirect from ${taint.from} to ${taint.to} made the origin null`
    : whyDifferent(value, origin);
  return {
    what: `The 'Access-Control-Allow-Origin' header has a value '${value}' that is not equal to the supplied origin '${origin}': ${why}.`,
    once: '',
    isOther: why === OTHER,
  };
}

/** How Access-Control-Allow-Origin differs from an origin that it is not equal to, as a clause. */
export function whyDifferent(value: string, origin: string): string {
  return WHY.find(([, matches]) => matches(value, origin))?.[0] ?? whichPart(value, origin);
}

const WHY: readonly (readonly [why: string, matches: (value: string, origin: string) => boolean])[] = [
  ['it is empty', value => value === ''],
  [
    'a host is sent in its ASCII (punycode) form',
    (value, origin) => /[^\0-\x7f]/.test(value) && isSame(value, origin),
  ],
  ['no comma or semicolon stands after an origin', value => /[^,;][,;]$/.test(value)],
  ['it has whitespace or control characters in it that HTTP does not strip', value => ODD_BYTE.test(value)],
  ['null stands for opaque origins only', value => value.toLowerCase() === 'null'],
  ["only a bare '*' is a wildcard, a pattern is not", value => value.includes('*')],
  ['an origin has no trailing slash', (value, origin) => value === `${origin}/`],
  ['it is in quotes', value => /^["']/.test(value)],
  ['an origin has no path', (value, origin) => value.startsWith(`${origin}/`)],
  [
    'an origin has no query or fragment',
    (value, origin) => /^[?#]/.test(value.slice(origin.length)) && value.startsWith(origin),
  ],
  ['an origin has no user name or password', value => /^[^:]+:\/\/[^/?#]*@/.test(value)],
  [
    'it is compared case-sensitively',
    (value, origin) => value.toLowerCase() === origin.toLowerCase() && value !== origin,
  ],
  ['an origin begins with its scheme and "://"', value => !value.includes('://')],
];

/** A character that no serialized origin has: HTTP strips only spaces and tabs, and only around the value. */
const ODD_BYTE = /[^\x21-\x7e]/;

const isSame = (value: string, origin: string): boolean =>
  isUrl(value) && isUrl(origin) && new URL(value).host === new URL(origin).host;

const OTHER = 'it is another origin';

function whichPart(value: string, origin: string): string {
  if (!isUrl(value) || !isUrl(origin)) return 'it is not a serialized origin';
  const given = new URL(value);
  const wanted = new URL(origin);
  if (given.origin === wanted.origin)
    return 'it is the same origin, written another way (such as with its default port)';
  if (given.protocol !== wanted.protocol && given.host === wanted.host) return 'the scheme differs';
  if (given.protocol === wanted.protocol && given.hostname === wanted.hostname) return 'the port differs';
  return OTHER;
}

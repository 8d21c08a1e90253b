/** The near misses of Access-Control-Allow-Origin: values that look right and are not. */

export interface NearMiss {
  /** A sentence. */
  readonly what: string;
  /** A sentence without its full stop. */
  readonly fix: string;
}

/**
 * @param value the combined value, never absent and never `*` with credentials
 * @param origin what the request's Origin header said
 * @param page the origin of the page, which differs from it after a tainting redirect
 */
export function explainAllowOrigin(value: string, origin: string, page: string): NearMiss {
  const send = `Send exactly "Access-Control-Allow-Origin: ${origin}"`;
  if (value.includes(',')) {
    const twice = new Set(value.split(',').map(part => part.trim())).size === 1;
    return {
      what: `The 'Access-Control-Allow-Origin' header contains multiple values '${value}', but only one is allowed.`,
      fix: twice
        ? `${send} once; two layers, such as a proxy and the application, both add it now`
        : `${send}: choose the one origin that the request came from, and add "Vary: Origin"`,
    };
  }
  const differs = `The 'Access-Control-Allow-Origin' header has a value '${value}' that is not equal to the supplied origin '${origin}'`;
  if (origin === 'null' && page !== 'null') {
    return {
      what: `${differs}: a redirect between two other origins made the origin null.`,
      fix: 'Redirect from the page\'s own origin only, or answer with "Access-Control-Allow-Origin: *" and without credentials',
    };
  }
  return { what: `${differs}: ${whyDifferent(value, origin)}.`, fix: send };
}

function whyDifferent(value: string, origin: string): string {
  if (value === '') return 'it is empty';
  if (value.toLowerCase() === 'null') return 'null stands for opaque origins only';
  if (value.includes('*')) return "only a bare '*' is a wildcard, a pattern is not";
  if (value === `${origin}/`) return 'an origin has no trailing slash';
  if (/^["']/.test(value)) return 'it stands in quotes';
  if (value.startsWith(`${origin}/`)) return 'an origin has no path';
  if (value.toLowerCase() === origin.toLowerCase()) return 'it is compared case-sensitively';
  if (value.trim() !== value) return 'it has whitespace around it that HTTP does not strip';
  if (!value.includes('://')) return 'an origin begins with its scheme and "://"';
  return whichPart(value, origin);
}

function whichPart(value: string, origin: string): string {
  if (!URL.canParse(value) || !URL.canParse(origin)) return 'it is not a serialized origin';
  const given = new URL(value);
  const wanted = new URL(origin);
  if (given.origin === wanted.origin)
    return 'it is the same origin, written another way (such as with its default port)';
  if (given.protocol !== wanted.protocol && given.host === wanted.host) return 'the scheme differs';
  if (given.protocol === wanted.protocol && given.hostname === wanted.hostname) return 'the port differs';
  return 'it is another origin';
}

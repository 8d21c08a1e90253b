/** Which response headers script may see (Fetch, "CORS-exposed header-name list" and its safelist). */
import { byteLowercase, NameSet } from './bytes.ts';
import { extractTokens, FAILURE, type Header, type HeaderList } from './header-list.ts';

/** Fetch, "CORS-safelisted response-header name": what script sees of every response. In lower case. */
export const SAFELISTED_RESPONSE_HEADERS: readonly string[] = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
];

const SAFELISTED = new NameSet(SAFELISTED_RESPONSE_HEADERS);
const FORBIDDEN = new NameSet(['set-cookie', 'set-cookie2']);

/** Fetch, "forbidden response-header name": no script ever sees it. */
export function isForbiddenResponseHeader(name: string): boolean {
  return FORBIDDEN.has(name);
}

/** How Access-Control-Expose-Headers was understood. */
export interface Exposed {
  /** Every name, because `*` was listed and credentials are not included. */
  readonly all: boolean;
  /** In lower case. */
  readonly names: ReadonlySet<string>;
  /** absent; list; wildcard; literal: `*` was listed but stands for itself; invalid: the whole list counts for nothing. */
  readonly kind: 'absent' | 'list' | 'wildcard' | 'literal' | 'invalid';
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Main fetch's step on Access-Control-Expose-Headers. Its text stores the list even when extraction fails; a failed
 * list has no items, so it exposes nothing.
 *
 * @param credentials the request's credentials mode
 */
export function exposedNames(headers: HeaderList, credentials: string): Exposed {
  const listed = extractTokens(headers, 'access-control-expose-headers');
  if (listed === null) return { all: false, names: NONE, kind: 'absent' };
  if (listed === FAILURE) return { all: false, names: NONE, kind: 'invalid' };
  const star = listed.includes('*');
  if (star && credentials !== 'include') return { all: true, names: NONE, kind: 'wildcard' };
  return { all: false, names: new Set(listed.map(byteLowercase)), kind: star ? 'literal' : 'list' };
}

/** Fetch, "CORS filtered response": its header list. */
export function corsFiltered(headers: HeaderList, exposed: Exposed): Header[] {
  return headers.filter(([name]) => {
    if (SAFELISTED.has(name)) return true;
    const listed = exposed.all || (exposed.names.size > 0 && exposed.names.has(byteLowercase(name)));
    return listed && !isForbiddenResponseHeader(name);
  });
}

/** Fetch, "basic filtered response": its header list. */
export function basicFiltered(headers: HeaderList): Header[] {
  return headers.filter(([name]) => !isForbiddenResponseHeader(name));
}

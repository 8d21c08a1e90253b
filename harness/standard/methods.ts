/** Methods (Fetch, 2.2.1). Method names are case-sensitive; six of them are normalized. */
import { isToken } from './bytes.ts';

const SAFELISTED = new Set(['GET', 'HEAD', 'POST']);
const FORBIDDEN = new Set(['CONNECT', 'TRACE', 'TRACK']);
const NORMALIZED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/** Fetch, "method": a byte sequence that matches the token production. */
export function isMethod(text: string): boolean {
  return isToken(text);
}

/** Fetch, "CORS-safelisted method": GET, HEAD or POST, as written. */
export function isSafelistedMethod(method: string): boolean {
  return SAFELISTED.has(method);
}

/** Fetch, "forbidden method": CONNECT, TRACE or TRACK in any case. */
export function isForbiddenMethod(method: string): boolean {
  return method.length < 8 && FORBIDDEN.has(method.toUpperCase());
}

/** Fetch, "normalize" a method: upper-cases the six common ones and leaves every other as it is (patch stays patch). */
export function normalizeMethod(method: string): string {
  if (method.length > 7) return method;
  const upper = method.toUpperCase();
  return NORMALIZED.has(upper) ? upper : method;
}

/** Items of CORS lists that change nothing: nobody looks for them there. */
import { isForbiddenResponseHeader, SAFELISTED_RESPONSE_HEADERS } from '../standard/expose.ts';
import { isForbiddenMethod, isSafelistedMethod } from '../standard/methods.ts';
import { isForbiddenRequestHeader } from '../standard/request-headers.ts';
import type { ListDifference } from './transitions.ts';

interface IdleItems {
  /** True for an item that nobody looks for in the list. */
  readonly test: (item: string) => boolean;
  /** Why, after the items. */
  readonly why: string;
}

const IDLE: Readonly<Partial<Record<string, IdleItems>>> = {
  'access-control-allow-methods': {
    test: method => isSafelistedMethod(method) || isForbiddenMethod(method),
    why: 'which need no permission, or which script cannot use',
  },
  'access-control-allow-headers': {
    test: name => isForbiddenRequestHeader(name, ''),
    why: 'which script cannot set',
  },
  'access-control-expose-headers': {
    test: name => SAFELISTED_RESPONSE_HEADERS.includes(name) || isForbiddenResponseHeader(name),
    why: 'which script always or never sees',
  },
};

/**
 * @param list a header, and its normalised values
 * @returns why what came and went of it changes nothing; null if any of it does
 */
export function idleMeaning(
  list: { readonly name: string; readonly before: string | null; readonly after: string | null },
  { come, gone }: ListDifference,
): string | null {
  const idle = IDLE[list.name];
  const items = [...come, ...gone];
  if (!idle || items.length === 0 || !items.every(idle.test)) return null;
  // By the Standard's "CORS-preflight fetch", an absent list stands for any method, in one case.
  if (list.name === 'access-control-allow-methods' && (list.before === null || list.after === null))
    return null;
  return `The lists differ in ${items.join(', ')} only, ${idle.why}.`;
}

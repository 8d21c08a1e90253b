/** What an expectation leaves unsaid. Every request is accounted for, said or not. */
import type { Expectation } from './schema.ts';

type Sent = 'sent' | 'not sent';

/**
 * Whether a preflight and an actual request are expected where no wire list says so: a request stopped at the
 * preflight has one and no actual request; an error has neither; anything else is a request without a preflight.
 */
export function expectedRoles(expect: Expectation): { readonly preflight: Sent; readonly actual: Sent } {
  const atPreflight = expect.blockedAt === 'preflight';
  return {
    preflight: expect.preflight ?? (atPreflight ? 'sent' : 'not sent'),
    actual: expect.actual ?? (atPreflight || expect.outcome === 'error' ? 'not sent' : 'sent'),
  };
}

/** How many requests are expected to reach the servers; the least, where any may. */
export function expectedRequests(expect: Expectation): number {
  if (expect.wire) return expect.wire.length;
  if (expect.anyRequests) return [expect.preflight, expect.actual].filter(sent => sent === 'sent').length;
  return Object.values(expectedRoles(expect)).filter(sent => sent === 'sent').length;
}

/** What it is that a server refuses in a preflight. */
import { headerValue } from '../wire/exchange.ts';
import type { Trial } from './trial.ts';

/** What a preflight that was refused differs in from those that passed, or what its answer says. */
export type Refused = 'origin' | 'bare' | 'headers' | 'method' | null;

/** Statuses that say something else than that the origin is refused: a login, a path, a method. */
const OTHER_REFUSALS: readonly number[] = [401, 404, 405, 407];

/** What answers preflights refuses this one, in its own words, and does not name the origin: Starlette does it by 400. */
function refusesOrigin({ reason, last }: Trial): boolean {
  const { headers = [], status = 0 } = last?.response ?? {};
  return (
    reason?.id === 'status' &&
    status >= 400 &&
    status < 500 &&
    !OTHER_REFUSALS.includes(status) &&
    headerValue(headers, 'access-control-allow-origin') === null &&
    ['access-control-allow-methods', 'access-control-allow-headers'].some(
      name => headerValue(headers, name) !== null,
    )
  );
}

/**
 * A refused preflight among others that passed: they differ in the origin, the method or the headers asked for. Where
 * none passed, the answer itself may tell that it is the origin.
 */
export function refusedIn(trial: Trial, passed: readonly Trial[]): Refused {
  const { about } = trial;
  if (passed.length === 0) return refusesOrigin(trial) ? 'origin' : null;
  const sameMethod = passed.filter(one => one.about.method === about.method);
  const asked = about.headers.join();
  if (sameMethod.some(one => one.about.headers.join() === asked && one.about.origin !== about.origin))
    return 'origin';
  const sameOrigin = sameMethod.filter(one => one.about.origin === about.origin);
  if (asked === '' && sameOrigin.length > 0) return 'bare';
  return sameMethod.length > 0 ? 'headers' : 'method';
}

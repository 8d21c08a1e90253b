import { wordList } from '../../case/words.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { FailedRequest } from '../evidence.ts';
import { type Claim, failureCheck } from './failure-check.ts';
import { namedLines } from './origin-line.ts';

/** A preflight refused with a status: for other origins it passes, or OPTIONS without an Origin does. */
function refusedOrigin({ reason, refused, context }: FailedRequest): boolean {
  if (reason?.id !== 'status' || reason.status >= 500) return false;
  return refused === 'origin' || (refused === null && reason.status === 403 && !context.refusesOptions);
}

const missingOnPreflight = ({ refused, context }: FailedRequest): boolean =>
  refused === 'origin' || (refused === null && !context.answersAllow);

function missingOnAnswer({ reason, trial, context }: FailedRequest): boolean {
  const { about } = trial;
  if (reason?.id !== 'origin-missing' || about.ask === 'errors') return false;
  // An error without CORS headers is an error first; unless the same request is served without an Origin.
  if (reason.status >= 400) return !context.answersAllow && context.servedPlain(about.method);
  return !(context.preflightPassed(about.origin) && !context.answersAllow);
}

/** The methods that this origin may use, if the one that it may not use is another. */
function othersAllowed({ reason, trial, context }: FailedRequest): string {
  const { origin, method } = trial.about;
  const methods = reason?.at === 'response' ? context.allowedMethodsFor(origin) : [];
  return methods.includes(method) ? '' : wordList(methods);
}

/** Its preflights pass, and without an Origin it is served: what answers the request refuses it, not the list of origins. */
const isRefusedByAnother = ({ reason, trial, context }: FailedRequest): boolean =>
  reason?.id === 'origin-missing' &&
  reason.at === 'response' &&
  reason.status >= 400 &&
  context.preflightPassed(trial.about.origin);

/** No preflight passes from it, and without an Origin it is served: what compares origins answers with an error. */
const isRefusedWithError = ({ reason, trial, context }: FailedRequest): boolean =>
  reason?.id === 'origin-missing' &&
  reason.at === 'response' &&
  reason.status >= 400 &&
  context.servedPlain(trial.about.method);

const REFUSED_BY_ANOTHER: Claim = {
  how: 'something behind the CORS headers refuses the request',
  why: 'Preflights allow the origin: another layer refuses the request, by its Origin or its Sec-Fetch-Site',
  fixes: 'reach',
  send: values =>
    `Let what refuses the request, such as a protection against request forgery, accept declared origins, and send ${namedLines(values)} with the answer.`,
};

function whyMissing(failure: FailedRequest): Claim {
  const { path, method } = failure.trial.about;
  const others = othersAllowed(failure);
  if (!others && isRefusedByAnother(failure)) return REFUSED_BY_ANOTHER;
  if (!others && isRefusedWithError(failure))
    return { why: 'A request without an Origin is served: what compares origins here refuses this one' };
  if (failure.context.silent)
    return {
      why: 'No answer here allows any origin: nothing sets these headers on this path',
      send: values =>
        `Let what sets CORS headers run for ${path}, too: to a declared Origin send ${namedLines(values)}, to any other neither. Send "Vary: Origin" in any case.`,
    };
  return others
    ? {
        why: `Answers to ${others} here allow it: what sets these headers leaves ${method} out`,
        fixes: 'errors',
        send: values =>
          `Let what sets CORS headers for ${others} set them for ${method}, too: ${namedLines(values)}. Look for a route, or a method's own handler, that answers before it.`,
      }
    : {};
}

/** Caches keep answers to these alone. */
const CACHED = ['GET', 'HEAD'];

/** An answer that was made for somebody else. */
function whyOther(failure: FailedRequest): Claim {
  const others = othersAllowed(failure);
  const { method } = failure.trial.about;
  if (!others) return {};
  return CACHED.includes(method)
    ? {
        why: `Answers to ${others} here allow it: look for a cache in front that gives all origins the same answer`,
        fixes: 'cache',
      }
    : {
        why: `Answers to ${others} here allow it: ${method} has another answer for all origins`,
        send: values =>
          `Let what sets CORS headers for ${others} set them for ${method}, too: ${namedLines(values)}.`,
      };
}

export default failureCheck({
  id: 'origin-not-allowed',
  must: 'Every declared origin is allowed',
  text: 'A declared origin is not allowed.',
  spec: CHECK_LINKS.check,
  fixes: 'origins',
  because: 'their origin is not allowed',
  explains: { here: ['vary-missing', 'resource-fails'], everywhere: ['error-without-cors'] },
  claims: failure => {
    const { reason } = failure;
    if (reason?.id === 'origin-other')
      return {
        detail: `The answer${reason.at === 'preflight' ? ' to the preflight' : ''} names ${reason.value} instead.`,
        ...whyOther(failure),
      };
    if (reason?.id === 'status')
      return refusedOrigin(failure) ? { detail: `The preflight is answered with ${reason.status}.` } : null;
    if (reason?.id !== 'origin-missing') return null;
    if (!(reason.at === 'preflight' ? missingOnPreflight(failure) : missingOnAnswer(failure))) return null;
    return whyMissing(failure);
  },
});

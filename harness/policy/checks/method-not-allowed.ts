import { isSafelistedMethod } from '../../standard/methods.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { ReasonOf } from '../diagnose.ts';
import { fixInBytes } from '../findings/remedies.ts';
import type { PolicyValues } from '../policy-values.ts';
import { type Claim, failureCheck } from './failure-check.ts';

function claimOf({ wildcard, listed }: ReasonOf<'method'>, method: string): Claim {
  if (wildcard)
    return {
      why: '"*" does not count for a request with credentials',
      detail: 'Access-Control-Allow-Methods is "*", and the request has credentials.',
    };
  if (listed === null) return { detail: 'Access-Control-Allow-Methods is missing.' };
  const spelt = listed.split(/[\s,]+/).find(one => one.toUpperCase() === method);
  return {
    detail: `Allowed are ${listed}.`,
    ...(spelt !== undefined && { why: `Method names are case-sensitive: ${spelt} is not ${method}` }),
  };
}

export default failureCheck({
  id: 'method-not-allowed',
  must: 'Every declared method is allowed',
  text: 'A declared method is not allowed by the preflight. Method names are case-sensitive, and "*" does not count for a request with credentials.',
  spec: CHECK_LINKS.preflight,
  fixes: 'methods',
  because: 'the preflight does not allow the method',
  needsPreflight: true,
  explains: { here: ['method-undeclared'] },
  relevant: {
    in: ({ about }) => !isSafelistedMethod(about.method),
    else: 'the policy declares no method that needs permission',
  },
  claims: ({ reason, refused, trial }) => {
    const { method } = trial.about;
    if (reason?.id === 'method') return claimOf(reason, method);
    if (refused !== 'method') return null;
    const send = (values: PolicyValues) =>
      `Answer the preflight for ${method} as those for other methods: with an ok status and CORS headers. ${fixInBytes({ fixes: 'methods' }, values)}`;
    if (reason?.id === 'status' && reason.status < 500)
      return {
        send,
        detail: `The preflight for ${method} is answered with ${reason.status}; for other methods it passes.`,
      };
    return reason?.id === 'origin-missing'
      ? {
          send,
          detail: `The preflight for ${method} is answered without CORS headers; for other methods it passes.`,
        }
      : null;
  },
});

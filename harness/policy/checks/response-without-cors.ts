import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';
import { namedOrigin } from './origin-line.ts';

export default failureCheck({
  id: 'response-without-cors',
  must: 'The answer to a request carries CORS headers, not only that to its preflight',
  text: 'The preflight allows the request, but the answer to it carries no Access-Control-Allow-Origin.',
  spec: CHECK_LINKS.check,
  fixes: 'errors',
  send: values =>
    `Send ${namedOrigin(values)} with the answer to the request, too, not with that to the preflight alone: let the CORS layer run before the routes, or let what answers preflights in front of them set it on every answer.`,
  because: 'only the preflight is answered with CORS headers',
  explains: { everywhere: ['error-without-cors'] },
  claims: ({ reason, trial, context }) => {
    if (reason?.id !== 'origin-missing' || reason.at !== 'response' || reason.status >= 400) return null;
    return context.preflightPassed(trial.about.origin) && !context.answersAllow ? {} : null;
  },
});

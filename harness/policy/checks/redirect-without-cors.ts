import { CHECK_LINKS } from '../attempts.ts';
import { hasRedirect } from '../trial.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'redirect-without-cors',
  must: 'A redirect carries CORS headers',
  text: 'The request is redirected, and the redirect carries no CORS headers.',
  spec: CHECK_LINKS.redirect,
  fixes: 'redirect',
  because: 'they are redirected without CORS headers',
  explains: { here: ['resource-fails'] },
  relevant: { in: hasRedirect, else: 'no request was redirected' },
  claims: ({ reason }) =>
    reason?.id === 'redirect' && reason.at === 'response'
      ? { detail: `It points to ${reason.location || '(no Location)'}.` }
      : null,
});

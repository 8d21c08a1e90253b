import { CHECK_LINKS } from '../attempts.ts';
import { hasRedirect } from '../trial.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'redirect-fails',
  must: 'A redirect leads to an answer',
  text: 'The request is redirected to where browsers do not follow.',
  spec: CHECK_LINKS.redirect,
  fixes: 'redirect',
  because: 'the redirect leads nowhere',
  explains: { here: ['resource-fails'] },
  relevant: { in: hasRedirect, else: 'no request was redirected' },
  claims: ({ reason }) =>
    reason?.id === 'redirect-target' && reason.elsewhere === undefined
      ? { detail: `It points to ${reason.location || '(no Location)'}: ${reason.how}.` }
      : null,
});

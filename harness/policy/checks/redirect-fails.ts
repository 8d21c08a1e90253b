import { CHECK_LINKS } from '../attempts.ts';
import type { RedirectTrouble } from '../diagnose.ts';
import { hasRedirect } from '../trial.ts';
import { failureCheck } from './failure-check.ts';

/** What to change about the redirect itself, by what is wrong with it. */
const MENDS: Readonly<Partial<Record<RedirectTrouble, string>>> = {
  endless:
    'Let the redirects end: look for two rules that lead to each other, such as with and without a slash.',
  nowhere: 'Send a Location that is a URL, or a status that is not a redirect.',
  scheme: 'Redirect to https, or answer with a status that is not a redirect.',
  insecure:
    'Let the server name https in Location: behind a proxy it has to trust X-Forwarded-Proto, or send a Location without scheme and host.',
  user: 'Leave the user name and password out of Location.',
};

const sends = (mend: string | undefined) => (mend === undefined ? {} : { send: () => mend });

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
      ? {
          why: `The redirect is not followed: ${reason.how}`,
          detail: `It points to ${reason.location || '(no Location)'}: ${reason.how}.`,
          ...sends(MENDS[reason.trouble]),
        }
      : null,
});

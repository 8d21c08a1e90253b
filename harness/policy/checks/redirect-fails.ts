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
  origin:
    'Let the redirect stay on the scheme, host and port that were asked: send a Location without them (behind a proxy the server has to trust X-Forwarded-Proto to name https). Else give clients the final URL: they then ask with their own origin.',
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
          ...(reason.trouble === 'origin'
            ? {
                how: 'the redirect leads to another origin, which does not allow Origin: null',
                why: `It leads to another origin: ${reason.how}`,
              }
            : { why: `The redirect is not followed: ${reason.how}` }),
          detail: `It points to ${reason.location || '(no Location)'}: ${reason.how}.`,
          ...sends(MENDS[reason.trouble]),
        }
      : null,
});

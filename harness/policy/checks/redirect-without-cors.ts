import { isRedirectStatus } from '../../standard/redirect.ts';
import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { hasRedirect, type Symptom } from '../trial.ts';
import { failureCheck } from './failure-check.ts';

/** Where the answer that is shown leads; undefined if it is no redirect. */
const leadsTo = ({ exchange }: Symptom): string | undefined =>
  exchange?.response && isRedirectStatus(exchange.response.status)
    ? (headerValue(exchange.response.headers, 'location') ?? '')
    : undefined;

export default failureCheck({
  id: 'redirect-without-cors',
  must: 'A redirect carries CORS headers',
  text: 'The request is redirected, and the redirect carries no CORS headers.',
  spec: CHECK_LINKS.redirect,
  fixes: 'redirect',
  because: 'they are redirected without CORS headers',
  explains: {
    here: ['resource-fails'],
    // What redirects requests redirects their preflights, too: that is told once.
    when: (other, own) =>
      other.exchange?.role === 'preflight' && leadsTo(other) !== undefined && leadsTo(other) === leadsTo(own),
  },
  relevant: { in: hasRedirect, else: 'no request was redirected' },
  claims: ({ reason, context }) =>
    reason?.id === 'redirect' && (reason.at === 'response' || context.redirects.has(reason.location))
      ? {
          detail: `${reason.at === 'preflight' ? 'Preflights are redirected, too, to' : 'It points to'} ${reason.location || '(no Location)'}.`,
        }
      : null,
});

import { CHECK_LINKS } from '../attempts.ts';
import { hasRedirect } from '../trial.ts';
import { failureCheck } from './failure-check.ts';

/** An error, as nothing says that what is declared works: whether it does is up to a server that nobody asked. */
export default failureCheck({
  id: 'redirect-elsewhere',
  must: 'A redirect leads to a server of this run',
  text: 'The request is redirected to a server that this run does not ask, so that nothing is known of its end.',
  spec: CHECK_LINKS.redirect,
  fixes: 'other-server',
  because: 'not asked',
  explains: { here: ['resource-fails'] },
  relevant: { in: hasRedirect, else: 'no request was redirected' },
  headline: ({ where, plural }) =>
    plural
      ? `Where ${where} lead was not tried: they redirect to another server`
      : `Where ${where} leads was not tried: it redirects to another server`,
  claims: ({ reason }) =>
    reason?.id === 'redirect-target' && reason.elsewhere !== undefined
      ? {
          exactly: `to ${reason.elsewhere}`,
          detail: `It points to ${reason.location}: ${reason.how}.`,
          why: `The run does not ask ${reason.elsewhere}. Pages ask it with Origin: null, and read its answer if it allows everybody (Access-Control-Allow-Origin: *)`,
        }
      : null,
});

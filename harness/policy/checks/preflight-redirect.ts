import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck, guardWhy } from './failure-check.ts';

const NOT_A_REDIRECT =
  'Answer the preflight with 204: a status such as 302 counts as a redirect, although it has no Location.';

export default failureCheck({
  id: 'preflight-redirect',
  must: 'A preflight is not redirected',
  text: 'The preflight is redirected. Browsers do not follow a redirect there: the request never happens.',
  spec: CHECK_LINKS.preflight,
  fixes: 'redirect',
  because: 'the preflight is redirected',
  needsPreflight: true,
  claims: ({ reason, context }) =>
    reason?.id === 'redirect' && reason.at === 'preflight'
      ? {
          detail: `It points to ${reason.location || '(no Location)'}.`,
          ...guardWhy(context),
          // To a login, as it carries none.
          ...(context.guard && { fixes: 'preflight' as const }),
          ...(reason.location === '' && { send: () => NOT_A_REDIRECT }),
        }
      : null,
});

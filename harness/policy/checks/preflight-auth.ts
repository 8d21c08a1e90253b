import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck, guardWhy } from './failure-check.ts';

export default failureCheck({
  id: 'preflight-auth',
  must: 'A preflight is answered without authentication',
  text: 'The preflight is refused as unauthorized. A preflight never carries cookies or an Authorization header, so it must be answered before authentication.',
  spec: CHECK_LINKS.preflight,
  fixes: 'preflight',
  because: 'the preflight is refused as unauthorized',
  needsPreflight: true,
  claims: ({ reason, refused, context }) => {
    if (reason?.id !== 'status' || refused !== null) return null;
    const unauthorized =
      reason.status === 401 || reason.status === 407 || (reason.status === 403 && context.refusesOptions);
    return unauthorized
      ? { detail: `The preflight is answered with ${reason.status}.`, ...guardWhy(context) }
      : null;
  },
});

import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck, guardWhy } from './failure-check.ts';

export default failureCheck({
  id: 'preflight-status',
  must: 'A preflight is answered with a status from 200 to 299',
  text: 'The preflight is answered with a status that is not ok (200 to 299): the request never happens.',
  spec: CHECK_LINKS.preflight,
  fixes: 'preflight',
  because: 'the preflight is answered with a status that is not ok',
  needsPreflight: true,
  claims: ({ reason, refused, context }) => {
    if (reason?.id !== 'status') return null;
    const told = [401, 403, 404, 405, 407, 501].includes(reason.status);
    const own = reason.status >= 500 ? reason.status !== 501 || refused !== null : refused === null && !told;
    return own
      ? {
          detail: `The preflight is answered with ${reason.status}.`,
          exactly: `status ${reason.status}`,
          ...guardWhy(context),
        }
      : null;
  },
});

import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck, guardWhy } from './failure-check.ts';

export default failureCheck({
  id: 'preflight-not-routed',
  must: 'OPTIONS is answered with an ok status',
  text: 'The preflight is not routed: OPTIONS must be answered with an ok status on this path.',
  spec: CHECK_LINKS.preflight,
  fixes: 'preflight',
  because: 'OPTIONS is not answered with an ok status',
  needsPreflight: true,
  claims: ({ reason, refused, context }) =>
    reason?.id === 'status' && refused === null && [404, 405, 501].includes(reason.status)
      ? { detail: `The preflight is answered with ${reason.status}.`, ...guardWhy(context) }
      : null,
});

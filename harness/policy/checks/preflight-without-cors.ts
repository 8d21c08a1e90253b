import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'preflight-without-cors',
  must: 'The answer to a preflight carries CORS headers',
  text: 'The preflight is answered without Access-Control-Allow-Origin, though the request itself would be.',
  spec: CHECK_LINKS.preflight,
  fixes: 'preflight',
  because: 'the answer to the preflight carries no CORS headers',
  needsPreflight: true,
  claims: ({ reason, refused, context }) =>
    reason?.id === 'origin-missing' && reason.at === 'preflight' && refused === null && context.answersAllow
      ? {}
      : null,
});

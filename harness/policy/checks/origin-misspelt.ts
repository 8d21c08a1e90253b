import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';
import { namedOrigin } from './origin-line.ts';

export default failureCheck({
  id: 'origin-misspelt',
  must: 'Access-Control-Allow-Origin is spelt as browsers spell origins',
  text: 'Access-Control-Allow-Origin is not spelt as browsers spell the origin, and they compare it byte by byte.',
  spec: CHECK_LINKS.check,
  fixes: 'origins',
  send: values =>
    `Send ${namedOrigin(values)}, as the request spells its Origin: lower case, no path, no slash at the end. Keep "Vary: Origin".`,
  because: 'Access-Control-Allow-Origin is not spelt as browsers spell origins',
  claims: ({ reason }) =>
    reason?.id === 'origin-misspelt'
      ? { detail: `"${reason.value}"${reason.at === 'preflight' ? ' on the preflight' : ''}: ${reason.how}.` }
      : null,
});

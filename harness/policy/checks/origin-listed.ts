import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';
import { namedOrigin } from './origin-line.ts';

export default failureCheck({
  id: 'origin-listed',
  must: 'Access-Control-Allow-Origin holds one origin, not a list',
  text: 'Access-Control-Allow-Origin holds a list of origins: browsers take one origin only, and no list matches it.',
  spec: CHECK_LINKS.check,
  fixes: 'origins',
  send: values =>
    `Send one origin only: choose the one that the request named in Origin, such as ${namedOrigin(values)}, if the policy declares it. Send "Vary: Origin" in any case.`,
  because: 'Access-Control-Allow-Origin holds a list of origins',
  claims: ({ reason }) =>
    reason?.id === 'origin-listed'
      ? {
          detail: `Seen${reason.at === 'preflight' ? ' on the preflight' : ''}: ${reason.values.join(', ')}.`,
        }
      : null,
});

import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'origin-repeated',
  must: 'Access-Control-Allow-Origin is sent once',
  text: 'Access-Control-Allow-Origin is sent more than once: no browser accepts that. Two layers each add it.',
  spec: CHECK_LINKS.check,
  fixes: 'once',
  because: 'Access-Control-Allow-Origin is sent more than once',
  claims: ({ reason }) =>
    reason?.id === 'origin-repeated'
      ? {
          detail: `Seen${reason.at === 'preflight' ? ' on the preflight' : ''}: ${reason.values.join(', ')}.`,
        }
      : null,
});

import { CHECK_LINKS } from '../attempts.ts';
import { allowOriginValues } from '../diagnose.ts';
import type { Symptom } from '../trial.ts';
import { type Claim, failureCheck } from './failure-check.ts';

const allowed = ({ exchange }: Symptom): string[] => allowOriginValues(exchange?.response?.headers ?? []);

const WILDCARD_BESIDE: Claim = {
  send: () =>
    'Take "*" out of the layer that adds it, such as a proxy: the one that names the origin must be the only one that sets CORS headers, on the preflight and on the answer.',
};

export default failureCheck({
  id: 'origin-repeated',
  must: 'Access-Control-Allow-Origin is sent once',
  text: 'Access-Control-Allow-Origin is sent more than once: no browser accepts that. Two layers each add it.',
  spec: CHECK_LINKS.check,
  fixes: 'once',
  explains: {
    // A layer that sends the wildcard with everything sends it beside the origin that another one names.
    when: (other, own) => allowed(other).join() === '*' && allowed(own).includes('*'),
  },
  because: 'Access-Control-Allow-Origin is sent more than once',
  claims: ({ reason }) =>
    reason?.id === 'origin-repeated'
      ? {
          ...(reason.values.includes('*') && WILDCARD_BESIDE),
          detail: `Seen${reason.at === 'preflight' ? ' on the preflight' : ''}: ${reason.values.join(', ')}.`,
        }
      : null,
});

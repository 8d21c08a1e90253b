import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { Symptom } from '../trial.ts';
import { type Claim, failureCheck } from './failure-check.ts';
import { namedOrigin } from './origin-line.ts';

/** A preflight that is answered with the wildcard. */
const isOpenPreflight = ({ exchange }: Symptom): boolean =>
  exchange?.role === 'preflight' &&
  headerValue(exchange.response?.headers ?? [], 'access-control-allow-origin') === '*';

/** Two layers know CORS: only one of them answers preflights, by rules of its own. */
const ANOTHER_LAYER: Claim = {
  why: 'Answers to requests name the origin: another layer, with other settings, answers the preflight',
  fixes: 'once',
  send: values =>
    `Let the layer that sets CORS headers on answers answer preflights, too, with ${namedOrigin(values)}, and take the other layer out.`,
};

export default failureCheck({
  id: 'wildcard-with-credentials',
  must: 'With credentials the origin is answered by name',
  text: 'Access-Control-Allow-Origin is "*", which is not a wildcard if credentials are included. Answer the declared origins by name; answering every origin by name would not be a remedy.',
  spec: CHECK_LINKS.credentials,
  fixes: 'origins',
  fixesToo: 'credentials',
  send: values =>
    `Send ${namedOrigin(values)} instead of "*", if the request comes from there; to an undeclared Origin send none. Send "Vary: Origin" in any case.`,
  because: '"*" does not count for requests with credentials',
  explains: {
    everywhere: ['origin-wildcard'],
    // What else is wrong with preflights that another layer answers goes with that layer.
    when: (other, own) => own.fixes === 'once' && isOpenPreflight(other),
  },
  relevant: { in: ({ about }) => about.credentials, else: 'the policy declares no credentials' },
  claims: ({ reason, context }) => {
    if (reason?.id !== 'origin-wildcard') return null;
    return reason.at === 'preflight' && context.namesOrigins ? ANOTHER_LAYER : {};
  },
});

/** The question for access from public sites to a private network, asked once for both checks. */
import { isSafelistedMethod } from '../../standard/methods.ts';
import { headerValue } from '../../wire/exchange.ts';
import { type Ask, infoOf, preflightLines } from '../attempts.ts';
import { slug } from '../config/read.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { unsafeHeaderNames } from '../names.ts';
import { originsOf, urlFor } from '../plan.ts';
import { type Symptom, symptomOf } from '../trial.ts';

export const privateNetworkAsk: Ask = {
  id: 'private-network',
  what: 'access from public sites to a private network',
  attempts: plan => ({
    probes: plan.resources.flatMap(resource => {
      const [origin] = originsOf(resource);
      if (origin === undefined) return [];
      const { credentials, methods, name, path } = resource;
      const method = methods.find(one => !isSafelistedMethod(one)) ?? (methods[0] as string);
      const sent = unsafeHeaderNames(resource.headers);
      const headers = sent.length > 0 ? sent : resource.requestHeaders.filter(one => one !== '*').slice(0, 1);
      const more = [['Access-Control-Request-Private-Network', 'true']] as const;
      return [
        {
          id: `private-network/${slug(`${name} preflight`)}`,
          about: infoOf(resource, { ask: 'private-network', origin, method, credentials }),
          must: 'Access from public sites to a private network must be answered as declared',
          request: {
            method: 'OPTIONS',
            url: urlFor(plan, path),
            headers: preflightLines({ origin, method, headers, more }),
          },
        },
      ];
    }),
  }),
};

/** Resources whose answer to the question is not the declared one. @param granted what is looked for */
export const answersWith = (evidence: PolicyEvidence, granted: boolean): Symptom[] =>
  evidence.of(privateNetworkAsk.id).flatMap(trial => {
    const response = trial.last?.response;
    const declared = evidence.resource(trial.about.resource)?.privateNetwork ?? false;
    if (!response || declared === granted) return [];
    const answer = headerValue(response.headers, 'access-control-allow-private-network') === 'true';
    if (answer !== granted || (!granted && response.status >= 300)) return [];
    return [{ ...symptomOf(trial), place: trial.about.path, credentials: false }];
  });

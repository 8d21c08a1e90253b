/** What the passing preflights of a resource say of Access-Control-Max-Age. */
import { extractDeltaSeconds, FAILURE } from '../../standard/header-list.ts';
import { type Exchange, headerValue } from '../../wire/exchange.ts';
import { diagnosePreflight } from '../diagnose.ts';
import type { PolicyEvidence } from '../evidence.ts';
import type { PolicyPlan } from '../plan.ts';
import { askedBy, type Symptom, symptomOf, type Trial } from '../trial.ts';

export interface SeenMaxAge {
  readonly trial: Trial;
  readonly exchange: Exchange;
  /** As it is sent; null if it is missing. */
  readonly text: string | null;
  /** Seconds; null if it is missing or not a number of seconds. */
  readonly seconds: number | null;
  readonly declared: number;
}

/** Every passing preflight for something that is declared, with what it says. */
export function maxAgesOf(evidence: PolicyEvidence): SeenMaxAge[] {
  return evidence.declared.flatMap(trial => {
    const declared = evidence.resource(trial.about.resource)?.maxAge;
    const { preflight } = trial;
    if (declared === undefined || !preflight?.response) return [];
    if (diagnosePreflight(preflight, askedBy(trial.about)) !== null) return [];
    const { headers } = preflight.response;
    const seconds = extractDeltaSeconds(headers, 'access-control-max-age');
    return [
      {
        trial,
        exchange: preflight,
        text: headerValue(headers, 'access-control-max-age'),
        seconds: seconds === FAILURE ? null : seconds,
        declared,
      },
    ];
  });
}

export const maxAgeSymptom = ({ trial, exchange, text }: SeenMaxAge, detail: string): Symptom => ({
  ...symptomOf(trial, exchange),
  place: trial.about.path,
  ...(text !== null && { exactly: `Access-Control-Max-Age: ${text}` }),
  detail,
});

export const undeclaredMaxAge = ({ resources }: PolicyPlan): string | undefined =>
  resources.every(({ maxAge }) => maxAge === undefined) ? 'the policy declares no maxAge' : undefined;

export const MAX_AGE_ASKS = ['preflights', 'header', 'allowed', 'max-age'] as const;

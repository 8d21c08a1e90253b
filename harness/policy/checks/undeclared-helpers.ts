/** What the checks of undeclared methods and headers share: whether a preflight let them pass. */
import type { Exchange } from '../../wire/exchange.ts';
import { diagnosePreflight, type WireReason } from '../diagnose.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { askedBy, type Symptom, symptomOf, type Trial } from '../trial.ts';

/** Why a preflight does not let a request be made: with the credentials that the policy declares, and without any. */
export function reasonsFor({ about }: Trial, preflight: Exchange): (WireReason | null)[] {
  const asked = askedBy(about);
  return [asked, { ...asked, credentials: false }].map(one => diagnosePreflight(preflight, one));
}

/** Whether the request would be made in either way. */
const passes = (trial: Trial): boolean =>
  trial.preflight ? reasonsFor(trial, trial.preflight).includes(null) : trial.readable;

/** Every attempt of a question that a preflight let pass. */
export const passedIn = (evidence: PolicyEvidence, ask: string): { trial: Trial; symptom: Symptom }[] =>
  evidence
    .of(ask)
    .filter(passes)
    .map(trial => ({
      trial,
      symptom: { ...symptomOf(trial, trial.preflight ?? trial.last), credentials: false },
    }));

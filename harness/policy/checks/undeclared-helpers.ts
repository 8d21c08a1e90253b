/** What the checks of undeclared methods and headers share: whether a preflight let them pass. */
import { diagnosePreflight } from '../diagnose.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { askedBy, type Symptom, symptomOf, type Trial } from '../trial.ts';

/** Whether the request would be made: with the credentials that the policy declares, or without any. */
function passes(trial: Trial): boolean {
  const { preflight, about } = trial;
  if (!preflight) return trial.readable;
  const asked = askedBy(about);
  return [asked, { ...asked, credentials: false }].some(one => diagnosePreflight(preflight, one) === null);
}

/** Every attempt of a question that a preflight let pass. */
export const passedIn = (evidence: PolicyEvidence, ask: string): { trial: Trial; symptom: Symptom }[] =>
  evidence
    .of(ask)
    .filter(passes)
    .map(trial => ({
      trial,
      symptom: { ...symptomOf(trial, trial.preflight ?? trial.last), credentials: false },
    }));

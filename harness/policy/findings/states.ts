/** What became of every check: kept, broken, or not tried with the reason. Nothing that was not tried is kept. */
import { type CheckState, type Finding, inEngineOrder } from '../../verdict/finding.ts';
import type { PolicyCheck } from '../checks/check.ts';
import { MOVED } from '../checks/resource-fails.ts';
import type { PolicyEvidence } from '../evidence.ts';
import type { PolicyPlan } from '../plan.ts';
import type { Trial } from '../trial.ts';
import type { Sorted } from './causes.ts';
import { neverServed } from './told.ts';

interface Judged {
  readonly evidence: PolicyEvidence;
  readonly sorted: Sorted;
  readonly findings: readonly Finding[];
}

const placeOf = ({ about }: Trial): string => `${about.method} ${about.path}`;

/** Methods of resources of which nothing but errors was seen: what was tried on them says little. */
const unservedIn = ({ causes }: Sorted): ReadonlySet<string> =>
  new Set(
    causes
      .filter(({ check, symptom }) => check.id === 'resource-fails' && symptom.how !== MOVED)
      .map(({ symptom }) => `${symptom.resource} ${symptom.place}`),
  );

const isUnserved = (trial: Trial, unserved: ReadonlySet<string>): boolean =>
  unserved.has(`${trial.about.resource} ${placeOf(trial)}`);

/** Whether it could say anything about a check. */
const speaks = (trial: Trial, check: PolicyCheck, { evidence }: Judged): boolean =>
  trial.isAnswered &&
  (!check.needsPreflight || trial.preflight !== undefined) &&
  (check.relevant?.in(trial, evidence.plan) ?? true);

function conclusive(check: PolicyCheck, judged: Judged): Trial[] {
  const unserved = unservedIn(judged.sorted);
  return check.asks
    .flatMap(ask => judged.evidence.of(ask))
    .filter(trial => !isUnserved(trial, unserved) && speaks(trial, check, judged));
}

function countByEngine(trials: readonly Trial[]): CheckState['tried'] {
  const attempts = new Map<string, Set<string>>();
  for (const { engine = 'wire', id } of trials) {
    const ids = attempts.get(engine) ?? new Set();
    attempts.set(engine, ids.add(id));
  }
  return inEngineOrder([...attempts].map(([engine, ids]) => ({ engine, attempts: ids.size })));
}

function whyUntried(check: PolicyCheck, judged: Judged): string {
  const { evidence, sorted } = judged;
  const asked = check.asks.flatMap(ask => evidence.of(ask));
  const limited = evidence.limited.filter(({ about }) => check.asks.includes(about.ask));
  if (asked.length === 0 && limited.length > 0) return 'every answer was 429 or 503';
  if (asked.length === 0 && evidence.loggedOut.some(({ about }) => check.asks.includes(about.ask)))
    return 'the login had ended';
  const speaking = asked.filter(trial => speaks(trial, check, judged));
  const decisive = speaking.length > 0 ? speaking : asked;
  const unserved = unservedIn(sorted);
  if (decisive.length > 0 && decisive.every(trial => isUnserved(trial, unserved)))
    return neverServed([...new Set(decisive.map(placeOf))]);
  if (asked.length > 0 && !asked.some(trial => trial.isAnswered)) return 'the server did not answer';
  if (asked.length === 0) return 'the policy gives nothing to ask for it';
  if (check.relevant) return check.relevant.else;
  return 'no request of the policy needs a preflight';
}

function stateOf(check: PolicyCheck, judged: Judged, plan: PolicyPlan): CheckState {
  const { id, must, severity } = check;
  const common = { id, title: must, severity };
  const trials = conclusive(check, judged);
  const tried = countByEngine(trials);
  if (judged.findings.some(finding => finding.id === id)) return { ...common, state: 'broken', tried };
  const explained = judged.sorted.explained.find(one => one.check.id === id);
  if (explained) return { ...common, state: 'broken', reason: `explained by ${explained.by}`, tried };
  const untried = check.untried?.(plan);
  if (untried !== undefined) return { ...common, state: 'not-tried', reason: untried, tried: [] };
  if (trials.length === 0)
    return { ...common, state: 'not-tried', reason: whyUntried(check, judged), tried: [] };
  return { ...common, state: 'kept', tried };
}

export const checkStates = (checks: readonly PolicyCheck[], judged: Judged): CheckState[] =>
  checks.map(check => stateOf(check, judged, judged.evidence.plan));

/** What the rules are told and what they say before causes are sorted out: runs in, symptoms out. */
import type { StepObservation } from '../case/observation.ts';
import type { Outcome } from '../case/schema.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { DerivedCase, DerivedSeverity, WireProbe } from './derived.ts';
import type { PolicyResource } from './read.ts';
import type { RuleId } from './rule-texts.ts';

/** A derived case as one engine ran it. Only runs that came to an end belong here. */
export interface CaseRun {
  readonly derived: DerivedCase;
  readonly engine: string;
  /** For each step that makes a request, in order. */
  readonly steps: readonly { readonly outcome: Outcome; readonly observation: StepObservation }[];
}

export interface ProbeRun {
  readonly probe: WireProbe;
  readonly exchange: Exchange;
}

export interface Evidenced {
  readonly resources: readonly PolicyResource[];
  readonly runs: readonly CaseRun[];
  readonly probes: readonly ProbeRun[];
}

/** One thing seen in one place by one engine. */
export interface Symptom {
  readonly rule: RuleId;
  /** The resource's name in the policy. */
  readonly resource: string;
  /** Method and path, or what else tells places apart. */
  readonly place: string;
  readonly saw: string;
  readonly origin?: string;
  /** Absent for a plain request. */
  readonly engine?: string;
  readonly case?: string;
  /** Instead of the rule's own. */
  readonly severity?: DerivedSeverity;
  /** Joins the rule's text: what exactly. */
  readonly detail?: string;
  readonly fault?: 'server' | 'engine';
}

/** The part of a symptom that a run gives. */
export function seenIn(
  run: CaseRun,
): Pick<Symptom, 'resource' | 'place' | 'engine' | 'case'> & { origin?: string } {
  const { about } = run.derived;
  return {
    resource: about.resource,
    place: `${about.method} ${about.path}`,
    ...(about.origin !== null && { origin: about.origin }),
    engine: run.engine,
    case: run.derived.case.id,
  };
}

/** All exchanges of a run, in order. */
export const exchangesOf = (run: CaseRun): Exchange[] =>
  run.steps.flatMap(one => [...one.observation.exchanges]);

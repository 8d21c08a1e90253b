/**
 * What a check is. Each has a file of its own here, named as its findings are: what it asks, how a fault shows, how
 * bad it is, in which words, where the Standard decides, what kind of change fixes it, and what else it explains.
 */
import type { Severity } from '../../verdict/finding.ts';
import type { Ask } from '../attempts.ts';
import type { PolicyEvidence } from '../evidence.ts';
import type { PolicyPlan } from '../plan.ts';
import type { PolicyValues } from '../policy-values.ts';
import type { Symptom, Trial } from '../trial.ts';

/** What has to be changed, whatever the stack. */
export type Concept =
  | 'origins'
  | 'credentials'
  | 'methods'
  | 'headers'
  | 'expose'
  | 'max-age'
  | 'vary'
  | 'cache'
  | 'preflight'
  | 'errors'
  | 'once'
  | 'every-time'
  | 'redirect'
  | 'other-server'
  | 'no-origin'
  | 'private-network'
  | 'conditional'
  | 'complete'
  | 'limit'
  | 'reach'
  | 'cookies'
  | 'none';

/** What a headline can say. */
export interface Told {
  /** The places, short: "GET and PUT /items", or "/items and 2 more"; empty if all of them are only carried out. */
  readonly where: string;
  /** Whether that is more than one place. */
  readonly plural: boolean;
  /** The places whose requests are carried out, as far as is known without their answers being readable; empty if none. */
  readonly carriedOut: string;
  /** What exactly it is about there: header names, in words. */
  readonly names: string;
  /** Whether that is more than one. */
  readonly several: boolean;
  /** What the symptoms themselves call it; empty if they differ. */
  readonly how: string;
  /** One of the origins concerned. */
  readonly origin: string;
  /** The user's credentials are included. */
  readonly credentials: boolean;
}

/** Which other findings are not told, because this one is their cause. */
export interface Explains {
  /** Ids of checks, as far as the same resource is concerned. */
  readonly here?: readonly string[];
  /** Ids of checks, for every resource. */
  readonly everywhere?: readonly string[];
  /** Single symptoms of the same resource: whether one of this check's own explains it. */
  readonly when?: (other: Symptom, own: Symptom, all: readonly Symptom[]) => boolean;
  /** The same, whatever their resources. */
  readonly anywhere?: (other: Symptom, own: Symptom) => boolean;
}

export interface PolicyCheck {
  /** Lower-case words joined by hyphens: the name of the file, and the id of its findings. */
  readonly id: string;
  /** What must hold, one sentence without a full stop. */
  readonly must: string;
  readonly severity: Severity;
  /** One of RANKS: how a fault harms the owner of the server. */
  readonly rank: number;
  /** What is wrong and why it matters. */
  readonly text: string;
  readonly spec: string;
  readonly fixes: Concept;
  /** What has to be set together with it. */
  readonly fixesToo?: Concept;
  /** The one thing that is missing, in whole sentences, where that says more than the kind of change does. */
  readonly send?: (values: PolicyValues) => string;
  /** The questions whose answers show it, by id. */
  readonly asks: readonly string[];
  /** A question that only this check asks. */
  readonly ask?: Ask;
  /** It shows on preflights only: an attempt without one says nothing about it. */
  readonly needsPreflight?: boolean;
  /** Which answers say anything about it, and what to say if there was none; every answer by default. */
  readonly relevant?: { readonly in: (trial: Trial, plan: PolicyPlan) => boolean; readonly else: string };
  readonly explains?: Explains;
  /** Why the policy gives it nothing to ask; undefined if it does. */
  readonly untried?: (plan: PolicyPlan) => string | undefined;
  /** What a fault means for the owner, one sentence without a full stop. */
  headline(told: Told): string;
  /** How a fault shows. */
  symptoms(evidence: PolicyEvidence): readonly Symptom[];
}

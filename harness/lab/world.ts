/** The servers that a lab's pages come from and that its requests go to. */
import type { PageOptions } from '../../fixtures/origins/site.ts';
import type { Ports } from '../case/places.ts';
import type { BoundCase } from '../case/script.ts';
import type { Exchange, RequestRole } from '../wire/exchange.ts';
import type { Agent } from './agent.ts';

/** The servers' side of one run of a case. */
export interface CaseLog {
  readonly scene: BoundCase;
  /** A step begins: its script is in force, its log is empty. */
  begin(stepIndex: number): void;
  /** The case sends nothing until its next step: what comes meanwhile is another's. */
  rest?(): void;
  /** Calls back when a request has been received. Forgotten at the next step. */
  onRequest(listener: (role: RequestRole, resource: string) => void): void;
  /** How many requests the step has received so far. */
  readonly count: number;
  /** The step's exchanges in the order of their requests; those under way count as unanswered. */
  exchanges(): Exchange[];
  /** Resolves when every exchange of the step is finished, or after the given time. */
  finished(withinMs: number): Promise<void>;
}

export interface ReservedPage {
  /** To be opened on any origin of the world. */
  readonly path: string;
  /** True once the engine has asked for it. */
  readonly requested: boolean;
  readonly agent: Agent;
  release(): void;
}

export interface World {
  readonly ports: Ports;
  /** True if pages may be on any origin, not only on named places. */
  readonly anyOrigin: boolean;
  start(scene: BoundCase): CaseLog;
  stop(log: CaseLog): void;
  reservePage(options?: PageOptions): ReservedPage;
  close(): Promise<void>;
}

/** The record of a verification: what it concluded, or that it was cut short. */
import { relative } from 'node:path';
import process from 'node:process';
import type { Shard } from '../case/select.ts';
import { CHECKS } from '../policy/checks/index.ts';
import type { ParsedConfig } from '../policy/config/schema.ts';
import type { Concluded } from '../verdict/accept-findings.ts';
import type { Stale } from '../verdict/baseline.ts';
import type { CheckState, Finding } from '../verdict/finding.ts';
import type { RunRecord } from '../verdict/record.ts';
import { commandOf, type Io } from './io.ts';
import { makeRecord } from './make-record.ts';
import type { RunStart } from './run-start.ts';
import type { Verified } from './verify-run.ts';

/** What a verification is of. */
export interface VerifiedTarget {
  readonly config: ParsedConfig;
  /** The configuration's file. */
  readonly file: string;
  readonly started: RunStart;
  /** Where the target answers. */
  readonly url: string;
  readonly io: Io;
  /** The part of a run that it is. */
  readonly shard?: Shard | undefined;
}

export interface VerifyConclusion extends VerifiedTarget {
  readonly done: Verified;
  /** The findings as the baseline has them. */
  readonly known: { readonly findings: readonly Finding[]; readonly stale: readonly Stale[] };
  /** Warnings fail the run too. */
  readonly strict: boolean;
}

const targetOf = ({ config, file, url }: VerifiedTarget): RunRecord['target'] => ({
  name: config.name ?? url,
  url,
  policy: config.policy,
  config: relative(process.cwd(), file).replaceAll('\\', '/'),
});

const optionsOf = ({ io, shard }: VerifiedTarget) => ({ command: commandOf(io), ...(shard && { shard }) });

/** What is known to be gone if it was not found: a check that was not tried, or that another finding explains, says nothing. */
export function concludedBy({ partial, checks, findings, engines }: Verified): Concluded {
  const told = new Set(
    checks
      .filter(
        ({ id, state }) =>
          state === 'kept' || (state === 'broken' && findings.some(finding => finding.id === id)),
      )
      .map(({ id }) => id),
  );
  return {
    partial,
    untold: new Set(CHECKS.map(({ id }) => id).filter(id => !told.has(id))),
    engines: engines.filter(({ notRun }) => notRun === undefined).map(({ name }) => name),
  };
}

/** A run that was cut short has concluded nothing; its reports say so, instead of those of the run before. */
export function interruptedRecord(
  of: VerifiedTarget,
  interrupted: { readonly done: number; readonly of: number },
): RunRecord {
  const made = makeRecord({
    started: of.started,
    results: [],
    engines: [],
    order: () => 0,
    options: optionsOf(of),
    target: targetOf(of),
  });
  return { ...made, run: { ...made.run, interrupted }, findings: [], checks: [] };
}

export function recordOf(of: VerifyConclusion): RunRecord {
  const { done, known, strict } = of;
  const { requests, preflights, pages, results } = done;
  const made = makeRecord({
    started: of.started,
    results,
    engines: done.engines,
    order: result => done.order.get(`${result.case.suite} ${result.case.id}`) ?? 0,
    options: optionsOf(of),
    target: targetOf(of),
  });
  // What a part did not see, another one may.
  const { shards } = made.run;
  const unseen = shards && known.stale.length > 0 && { shards: { ...shards, unseen: [...known.stale] } };
  return {
    ...made,
    run: { ...made.run, requests, preflights, pages, ...(strict && { strict }), ...unseen },
    findings: [...known.findings],
    checks: done.checks.map(check => accepted(check, known.findings)),
    ...(!shards && known.stale.length > 0 && { stale: [...known.stale] }),
  };
}

/** A broken check is accepted if all of its findings are. */
function accepted(check: CheckState, findings: readonly Finding[]): CheckState {
  const own = findings.filter(({ id }) => id === check.id);
  return own.length > 0 && own.every(finding => finding.accepted) ? { ...check, accepted: true } : check;
}

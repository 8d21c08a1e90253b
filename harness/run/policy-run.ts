/** Runs what a policy calls for in a browser, and makes results of what the browser or the model showed. */
import { modelOptions } from '../lab/model.ts';
import type { PageAttempt } from '../policy/attempts.ts';
import { checksOf } from '../policy/derive.ts';
import type { PolicyCaseRun } from '../policy/trial.ts';
import { outcomeOf } from '../verdict/judge.ts';
import type { EngineRecord, Result, RunEngineName } from '../verdict/record.ts';
import { replay } from '../verdict/replay.ts';
import { withoutVerdict } from '../verdict/result.ts';
import type { GatewayAddress, Upstream } from '../wire/gateway.ts';
import { conclude } from './conclude.ts';
import type { OpenBrowsers } from './open-browsers.ts';
import { type PageCase, type PageOutcome, runPages } from './page-run.ts';

export interface BrowserTarget {
  /** Known once the wire has been asked; the browser starts meanwhile. */
  readonly attempts: Promise<readonly PageAttempt[]>;
  readonly pageOrigins: ReadonlySet<string>;
  /** By the serialized origins under which pages know the target. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Where browsers of other machines reach this one. */
  readonly at?: GatewayAddress | undefined;
  /** Browsers that are shared with other targets, and stay open. */
  readonly browsers?: OpenBrowsers | undefined;
  /** Takes over the end of a browser that has nothing left to do. */
  readonly onClosing?: ((closing: Promise<void>) => void) | undefined;
  /** Set-Cookie lines that a login gave. */
  readonly setCookie?: readonly string[];
  /** Throws when the target has gone: the run then ends. Before a case it also waits for the case's turn. */
  readonly checkAlive: (next: Pick<PageCase, 'case'>, outcome?: unknown) => Promise<undefined>;
  readonly onResult: (engine: string, result: Result) => void;
}

export interface EngineRun {
  readonly engine: EngineRecord;
  readonly runs: readonly PolicyCaseRun[];
  readonly results: readonly Result[];
}

interface PolicyPage extends PageCase {
  readonly attempt: PageAttempt;
}

/** Pages of different origins run side by side: browsers wait more than they compute. */
export const AT_ONCE = 4;

const pageOf = (attempt: PageAttempt): PolicyPage => {
  const { origin, cookie, ask, attacker } = attempt.about;
  return {
    attempt,
    case: attempt.case,
    origin,
    mayLackPage: attacker !== undefined,
    needsHttpCache: ask === 'cache',
    ...(cookie !== undefined && { cookie }),
  };
};

/** Runs and judges attempts in one browser. @throws what `checkAlive` throws */
export async function verifyInEngine(name: RunEngineName, target: BrowserTarget): Promise<EngineRun> {
  const { attempts, onResult, ...rest } = target;
  const told: Result[] = [];
  const { engine, outcomes } = await runPages(name, {
    ...rest,
    cases: attempts.then(all => all.map(pageOf)),
    atOnce: AT_ONCE,
    onOutcome: (running, outcome) => {
      const result = resultOf(running, outcome.of.attempt, outcome);
      told.push(result);
      onResult(running.name, result);
    },
  });
  const runs = outcomes.flatMap(outcome => runOf(engine, outcome));
  // An engine that did not run told of nothing.
  const results = told.length > 0 ? told : outcomes.map(one => resultOf(engine, one.of.attempt, one));
  return { engine, runs, results };
}

function runOf(engine: EngineRecord, outcome: PageOutcome<PolicyPage>): PolicyCaseRun[] {
  if ('without' in outcome) return [];
  const { steps } = outcome.observation;
  const predicted = new Map(
    replay(outcome.scene, steps, modelOptions).steps.map(({ step, prediction }) => [
      step,
      prediction.script.outcome,
    ]),
  );
  return [
    {
      derived: outcome.of.attempt,
      engine: engine.name,
      steps: steps.map(observation => {
        const replayed = predicted.get(observation.step);
        return { outcome: outcomeOf(observation).outcome, observation, ...(replayed && { replayed }) };
      }),
    },
  ];
}

type Seen =
  | Parameters<typeof conclude>[1]
  | { readonly without: 'not-applicable' | 'harness-error' | 'not-run'; readonly reason: string };

/**
 * The result of an attempt. What the server does otherwise than its policy says is told by findings: such a result is
 * not unexpected by itself.
 */
export function resultOf(engine: EngineRecord, attempt: PageAttempt, seen: Seen): Result {
  /** Cases are filed under the policy's resource that they are about. */
  const about = { case: attempt.case, suite: { id: attempt.about.resource } };
  const result =
    'without' in seen
      ? withoutVerdict({ ...about, engine: engine.name }, seen.without, seen.reason)
      : conclude({ ...about, engine }, seen);
  return {
    ...result,
    case: { ...result.case, checks: checksOf(attempt.about.ask) },
    outcome: result.verdict === 'harness-error' ? result.outcome : 'expected',
  };
}

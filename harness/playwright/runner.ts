/** One worker's engine: it answers every case with a result, whatever happens. */
import type { Case, Suite } from '../case/schema.ts';
import { findEngines } from '../engine/find.ts';
import type { EngineName, FoundEngine } from '../engine/types.ts';
import { modelOptions } from '../lab/model.ts';
import { startServers } from '../lab/servers.ts';
import { Session } from '../lab/session.ts';
import type { World } from '../lab/world.ts';
import type { Deviation } from '../verdict/deviations.ts';
import { explainObserved } from '../verdict/explained.ts';
import { judge } from '../verdict/judge.ts';
import type { EngineRecord, Result } from '../verdict/record.ts';
import { makeResult, withoutVerdict } from '../verdict/result.ts';

export interface CaseRunner {
  readonly engine: EngineRecord;
  /** Starts cases ahead of time. */
  prefetch(cases: readonly Case[]): void;
  result(suite: Suite, theCase: Case): Promise<Result>;
  close(): Promise<void>;
}

export interface RunnerOptions {
  readonly deviations: readonly Deviation[];
  readonly stepMs?: number;
}

/** Starts an engine with its lab. An engine that cannot be started gives a runner whose results are all `not-run`. */
export async function startRunner(name: EngineName, options: RunnerOptions): Promise<CaseRunner> {
  const [found] = findEngines({ names: [name] });
  if (!found?.found)
    return absentRunner(name, found ? `${found.reason}; to get it: ${found.fix}` : 'unknown engine');
  const servers = await startServers();
  try {
    const session = await Session.start(
      found,
      servers,
      options.stepMs === undefined ? {} : { stepMs: options.stepMs },
    );
    return engineRunner(session, servers, options);
  } catch (error) {
    await servers.close();
    return absentRunner(name, `${found.label} could not be started: ${firstLine(error)}`);
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

function engineRunner(session: Session, servers: World, options: RunnerOptions): CaseRunner {
  const engine: EngineRecord = { ...session.info };
  return {
    engine,
    prefetch: cases => session.prefetch(cases.filter(one => applies(one, engine.name))),
    async result(suite, one) {
      const about = { case: one, suite, engine: engine.name };
      if (!applies(one, engine.name)) return notApplicable(about);
      const ran = await session.run(one);
      if ('trouble' in ran) return withoutVerdict(about, 'harness-error', ran.trouble);
      const { scene, observation } = ran.observed;
      const { steps, durationMs } = observation;
      const checks = judge(scene, steps);
      const explained = explainObserved(scene, steps, checks, modelOptions);
      return makeResult(
        { case: one, suite, engine, steps, checks, durationMs, ...explained },
        options.deviations,
      );
    },
    async close() {
      await session.close();
      await servers.close();
    },
  };
}

const applies = (one: Case, engine: EngineRecord['name']): boolean =>
  !one.engines || one.engines.includes(engine);

const notApplicable = (about: Parameters<typeof withoutVerdict>[0]): Result =>
  withoutVerdict(about, 'not-applicable', `this case is for ${about.case.engines?.join(', ')} only`);

function absentRunner(name: FoundEngine['name'], reason: string): CaseRunner {
  return {
    engine: { name, version: '', build: '', channel: '', os: '', driver: '', notRun: reason },
    prefetch: () => undefined,
    result: async (suite, one) => withoutVerdict({ case: one, suite, engine: name }, 'not-run', reason),
    close: async () => undefined,
  };
}

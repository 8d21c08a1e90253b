/** One worker's engine: it answers every case with a result, whatever happens. */
import type { Ports } from '../case/places.ts';
import type { Case, Suite } from '../case/schema.ts';
import { findEngines } from '../engine/find.ts';
import type { EngineName, FoundEngine } from '../engine/types.ts';
import { modelOptions } from '../lab/model.ts';
import { startServers } from '../lab/servers.ts';
import { Session } from '../lab/session.ts';
import type { Deviation } from '../verdict/deviations.ts';
import { explainObserved } from '../verdict/explained.ts';
import { judge } from '../verdict/judge.ts';
import type { EngineRecord, Result } from '../verdict/record.ts';
import { absentEngine, makeResult, withoutVerdict } from '../verdict/result.ts';
import { type Route, startGateway, type WireOrigin } from '../wire/gateway.ts';

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
  /** All of the browser's traffic goes through the recording gateway, as under `verify`. */
  readonly throughGateway?: boolean;
  /** Rows that cannot show through a proxy, with the reason. */
  readonly notThroughGateway?: Readonly<Record<string, string>>;
}

/**
 * Requests under way at a time. Each is told from the others by its URL; several cost less than one after the other,
 * because browser and servers then have more than one thing to do each time they wake up.
 */
const AT_ONCE = 3;

/** Starts an engine with its lab. An engine that cannot be started gives a runner whose results are all `not-run`. */
export async function startRunner(name: EngineName, options: RunnerOptions): Promise<CaseRunner> {
  const [found] = findEngines({ names: [name] });
  if (!found?.found) return absentRunner(name, found?.reason ?? 'unknown engine', found?.fix);
  const servers = await startServers();
  const gateway = options.throughGateway ? await startGateway({ route: toLoopback(servers.ports) }) : null;
  const close = async () => {
    await gateway?.close();
    await servers.close();
  };
  try {
    const session = await Session.start(found, servers, {
      atOnce: AT_ONCE,
      ...(options.stepMs !== undefined && { stepMs: options.stepMs }),
      ...(gateway && { launch: { proxy: gateway } }),
    });
    return engineRunner(session, close, options);
  } catch (error) {
    await close();
    return absentRunner(name, `${found.label} could not be started: ${firstLine(error)}`);
  }
}

/** Relays to the lab's own ports under every name they are asked for, and to nothing else. */
function toLoopback(ports: Ports): (origin: WireOrigin) => Route | null {
  const ours = new Set(Object.values(ports).flatMap(({ http, https }) => [http, https]));
  return ({ scheme, host, port }) => {
    if (!ours.has(port)) return null;
    const address = host === '[::1]' ? '::1' : '127.0.0.1';
    return { upstream: { host: address, port, tls: scheme === 'https' }, record: false };
  };
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

function engineRunner(
  session: Session,
  closeServers: () => Promise<void>,
  options: RunnerOptions,
): CaseRunner {
  const engine: EngineRecord = { ...session.info };
  const hidden = (one: Case): string | undefined =>
    options.throughGateway ? options.notThroughGateway?.[one.id.split('/')[0] as string] : undefined;
  return {
    engine,
    prefetch: cases => session.prefetch(cases.filter(one => applies(one, engine.name) && !hidden(one))),
    async result(suite, one) {
      const about = { case: one, suite, engine: engine.name };
      if (!applies(one, engine.name)) return notApplicable(about);
      const why = hidden(one);
      if (why !== undefined) return withoutVerdict(about, 'not-applicable', why);
      try {
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
      } catch (error) {
        // Whatever goes wrong with a case costs that case only: the others of its suite still have their results.
        return withoutVerdict(about, 'harness-error', firstLine(error));
      }
    },
    async close() {
      await session.close();
      await closeServers();
    },
  };
}

const applies = (one: Case, engine: EngineRecord['name']): boolean =>
  !one.engines || one.engines.includes(engine);

const notApplicable = (about: Parameters<typeof withoutVerdict>[0]): Result =>
  withoutVerdict(about, 'not-applicable', `this case is for ${about.case.engines?.join(', ')} only`);

function absentRunner(name: FoundEngine['name'], reason: string, fix?: string): CaseRunner {
  return {
    engine: absentEngine(name, reason, fix),
    prefetch: () => undefined,
    result: async (suite, one) => withoutVerdict({ case: one, suite, engine: name }, 'not-run', reason),
    close: async () => undefined,
  };
}

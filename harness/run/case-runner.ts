/** One worker's engine: it answers every case with a result, whatever happens but its own end. */
import { abilitiesOf } from '../case/abilities.ts';
import { engineTitle } from '../case/engine-name.ts';
import type { Ports } from '../case/places.ts';
import type { Case, Suite } from '../case/schema.ts';
import { startServers } from '../lab/servers.ts';
import { LabSession, type SessionResult } from '../lab/session.ts';
import type { Deviation } from '../verdict/deviations.ts';
import type { EngineRecord, Result } from '../verdict/record.ts';
import { withoutVerdict } from '../verdict/result.ts';
import { type GatewayAddress, type Route, startGateway, type WireOrigin } from '../wire/gateway.ts';
import { appliesTo, conclude, failedByDelay, notForEngine } from './conclude.ts';
import { RunEnded } from './run-ended.ts';
import { type AbsentEngine, firstLine, startEngine } from './start-engine.ts';

export interface CaseRunner {
  readonly engine: EngineRecord;
  /** Starts cases ahead of time. */
  prefetch(cases: readonly Case[]): void;
  /** @throws RunEnded if the runner is closed before the case has come to an end */
  result(suite: Suite, theCase: Case): Promise<Result>;
  close(): Promise<void>;
}

export interface RunnerOptions {
  readonly deviations: readonly Deviation[];
  readonly stepMs?: number;
  /** All of the browser's traffic goes through the recording gateway, as under `verify`. */
  readonly throughGateway?: boolean;
  /** Where browsers of other machines reach the gateway. */
  readonly at?: GatewayAddress | undefined;
  /** Rows that cannot show through a proxy, with the reason. */
  readonly notThroughGateway?: Readonly<Record<string, string>>;
}

/**
 * Requests under way at a time. Each is told from the others by its URL; several cost less than one after the other,
 * because browser and servers then have more than one thing to do each time they wake up.
 */
const AT_ONCE = 3;

/** How often a case is tried whose steps come too late on a busy machine: a remembered preflight lives for seconds. */
const MAX_TRIES = 3;

/** Starts an engine with its lab. An engine that cannot be started gives a runner whose results are all `not-run`. */
export async function startRunner(name: string, options: RunnerOptions): Promise<CaseRunner> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const one of opened.reverse()) await one.close();
  };
  const session = await startEngine(name, async found => {
    const servers = await startServers();
    opened.push(servers);
    const gateway = options.throughGateway
      ? await startGateway({ route: toLoopback(servers.ports), at: options.at })
      : null;
    if (gateway) opened.push(gateway);
    return LabSession.start(found, servers, {
      atOnce: AT_ONCE,
      ...(options.stepMs !== undefined && { stepMs: options.stepMs }),
      ...(gateway && { launch: { proxy: gateway } }),
    });
  });
  if (session instanceof LabSession) return engineRunner(name, session, close, options);
  await close();
  return absentRunner(session);
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

function engineRunner(
  name: string,
  session: LabSession,
  closeServers: () => Promise<void>,
  options: RunnerOptions,
): CaseRunner {
  const engine: EngineRecord = { ...session.info, name };
  const lacking = (one: Case): string | undefined => {
    const missing = abilitiesOf(one).filter(ability => session.lacks?.has(ability));
    return missing.length > 0 ? `${engineTitle(name)} has no ${missing.join(' and no ')}` : undefined;
  };
  const hidden = (one: Case): string | undefined =>
    (options.throughGateway ? options.notThroughGateway?.[one.id.split('/')[0] as string] : undefined) ??
    lacking(one);
  return {
    engine,
    prefetch: cases => session.prefetch(cases.filter(one => appliesTo(one, engine.name) && !hidden(one))),
    async result(suite, one) {
      const about = { case: one, suite, engine };
      const without = (verdict: 'not-applicable' | 'harness-error', reason: string) =>
        withoutVerdict({ ...about, engine: engine.name }, verdict, reason);
      const elsewhere = notForEngine(about);
      if (elsewhere) return elsewhere;
      const why = hidden(one);
      if (why !== undefined) return without('not-applicable', why);
      const failed = (reason: string): Result => {
        if (session.closed) throw new RunEnded(`the run ended before the case did: ${reason}`);
        return without('harness-error', reason);
      };
      let ran: SessionResult;
      try {
        for (let triesLeft = MAX_TRIES - 1; ; triesLeft--) {
          ran = await session.run(one);
          if (!('observed' in ran)) break;
          const result = conclude(about, ran.observed, options.deviations);
          if (triesLeft === 0 || !failedByDelay(ran.observed, result)) return result;
          session.forget(one);
        }
      } catch (error) {
        // Whatever goes wrong with a case costs that case only: the others of its suite still have their results.
        return failed(firstLine(error));
      }
      return failed(ran.failure);
    },
    async close() {
      await session.close();
      await closeServers();
    },
  };
}

function absentRunner({ engine, reason }: AbsentEngine): CaseRunner {
  return {
    engine,
    prefetch: () => undefined,
    result: async (suite, one) =>
      withoutVerdict({ case: one, suite, engine: engine.name }, 'not-run', reason),
    close: async () => undefined,
  };
}

/** Sends the probes of a comparison to two servers: from pages of real engines, on the model, and plain. */
import { compareEngines } from '../case/engine-name.ts';
import { asBrowser } from '../lab/as-browser.ts';
import { compareServers, type ServerComparison } from '../regress/changes.ts';
import { type Gap, gapsOf } from '../regress/exercised.ts';
import {
  type BySide,
  type PageProbe,
  type PlainProbe,
  type Probe,
  type ProbePlan,
  SIDES,
  type Side,
} from '../regress/plan.ts';
import { probesFor } from '../regress/probes.ts';
import {
  alternatingSides,
  engineOf,
  isDoubtful,
  isPage,
  keyOf,
  type PageRunPair,
  type PlainRun,
  type Run,
  type ServerEnd,
  unstableRuns,
} from '../regress/runs.ts';
import type { EngineRecord, RunEngineName } from '../verdict/record.ts';
import { ask } from '../wire/ask.ts';
import type { Exchange } from '../wire/exchange.ts';
import { upstreamOf } from '../wire/server-link.ts';
import type { ComparedServers } from './compared-servers.ts';
import { allEnded, type PageCase, runPages } from './page-run.ts';

export interface ComparisonHooks {
  /** @param isRepeat what differs is asked again */
  readonly begin?: (totals: Readonly<Record<string, number>>, isRepeat: boolean) => void;
  readonly step?: (engine: string) => void;
}

/** A probe that did not finish. */
export interface Unfinished {
  readonly title: string;
  readonly engine: string;
  readonly reason: string;
}

export interface ComparisonOutcome extends ServerComparison {
  readonly engines: readonly EngineRecord[];
  /** How many requests each server was sent, not counting preflights. */
  readonly requests: number;
  readonly unfinished: readonly Unfinished[];
  readonly gaps: readonly Gap[];
}

export interface ComparisonOptions {
  readonly plan: ProbePlan;
  /** The model sees what no page can be, so it should be among them. */
  readonly engines: readonly RunEngineName[];
  readonly servers: ComparedServers;
  /** Which probes; all if omitted. */
  readonly wanted?: (probe: Probe) => boolean;
  readonly hooks?: ComparisonHooks;
}

/** How pages know the servers: https pages may ask nothing else, and the gateway ends the TLS. */
export const basesOf = (urls: BySide<string>): BySide<string> => ({
  before: urls.before.replace(/^http:/, 'https:'),
  after: urls.after.replace(/^http:/, 'https:'),
});

/** Pages of a browser that run at a time: a probe that waits need not hold up the others. */
const AT_ONCE = 3;

const isPageProbe = (probe: Probe): probe is PageProbe => probe.kind === 'page';

interface ProbeCase extends PageCase {
  readonly probe: PageProbe;
}

const caseOf = (probe: PageProbe): ProbeCase => ({
  probe,
  case: probe.case,
  origin: probe.origin,
  needsHttpCache: probe.interpretation === 'second',
});

type Ends = Partial<Record<Side, ServerEnd>>;

interface PageRuns {
  readonly engine: EngineRecord;
  readonly runs: readonly PageRunPair[];
  readonly unfinished: readonly Unfinished[];
}

async function askPages(
  name: RunEngineName,
  probes: readonly PageProbe[],
  {
    servers,
    hooks,
    atOnce,
  }: { readonly servers: ComparedServers; readonly hooks: ComparisonHooks; readonly atOnce: number },
): Promise<PageRuns> {
  const bases = basesOf(servers.urls);
  const ended = new Map<string, Ends>();
  const { engine, outcomes } = await runPages<ProbeCase>(name, {
    cases: probes.map(caseOf),
    upstreams: new Map(SIDES.map(side => [bases[side], upstreamOf(servers.urls[side])])),
    ...(name !== 'model' && { atOnce }),
    signal: servers.signal,
    get timeoutMs() {
      return servers.timeoutMs;
    },
    checkAlive: async ({ probe }, outcome) => {
      servers.signal.throwIfAborted();
      if (!outcome) return servers.refusal();
      if ('observation' in outcome)
        for (const { exchanges } of outcome.observation.steps) servers.note(exchanges);
      const ends = await servers.settle();
      if (ends) ended.set(probe.id, ends);
      return undefined;
    },
    onOutcome: ({ name: running }) => hooks.step?.(running),
  });
  const runs: PageRunPair[] = [];
  const unfinished: Unfinished[] = [];
  for (const outcome of outcomes) {
    const { probe } = outcome.of;
    const ends = ended.get(probe.id);
    if ('observation' in outcome) {
      const { scene, observation } = outcome;
      runs.push({ probe, engine: name, scene, steps: observation.steps, ...(ends && { ended: ends }) });
    } else if (outcome.without === 'harness-error' || (outcome.without === 'not-run' && !engine.notRun))
      unfinished.push({ title: probe.title, engine: name, reason: outcome.reason });
  }
  return { engine, runs, unfinished };
}

async function askPlain(probe: PlainProbe, servers: ComparedServers): Promise<PlainRun> {
  const bases = basesOf(servers.urls);
  const exchange = (side: Side): Promise<Exchange> => {
    const { method, headers } = probe;
    const own = new URL(servers.urls[side]).origin;
    return ask(
      asBrowser({
        method,
        url: `${bases[side]}${probe.path}`,
        headers: headers.map(([name, value]) => [name, value === '{server}' ? own : value]),
      }),
      { upstream: upstreamOf(servers.urls[side]), timeoutMs: servers.timeoutMs, signal: servers.signal },
    );
  };
  const exchanges = { before: await exchange('before'), after: await exchange('after') };
  servers.signal.throwIfAborted();
  servers.note([exchanges.before, exchanges.after]);
  const ended = await servers.settle();
  return { probe, exchanges, ...(ended && { ended }) };
}

/** Whether a probe is to be sent in an engine, or, for null, as a plain request. */
type Wanted = (probe: Probe, engine: RunEngineName | null) => boolean;

interface Asked {
  readonly pages: readonly PageRuns[];
  readonly plain: readonly PlainRun[];
  readonly unfinished: readonly Unfinished[];
}

const runsOf = ({ pages, plain }: Asked): Run[] => [...pages.flatMap(({ runs }) => runs), ...plain];

interface Round {
  readonly probes: readonly Probe[];
  readonly engines: readonly RunEngineName[];
  readonly servers: ComparedServers;
  readonly wanted: Wanted;
  readonly hooks: ComparisonHooks;
  readonly isRepeat?: boolean;
}

const totalsWith = (inEngines: Readonly<Record<string, number>>, wire: number) =>
  wire > 0 ? { ...inEngines, wire } : inEngines;

async function askAll({ probes, engines, servers, wanted, hooks, isRepeat = false }: Round): Promise<Asked> {
  const inPages = (name: RunEngineName) => probes.filter(isPageProbe).filter(probe => wanted(probe, name));
  const onWire = probes.filter(probe => !isPageProbe(probe) && wanted(probe, null));
  const totals = Object.fromEntries(engines.map(name => [name, inPages(name).length]));
  hooks.begin?.(totalsWith(totals, onWire.length), isRepeat);
  const plain: PlainRun[] = [];
  const unfinished: Unfinished[] = [];
  for (const probe of probes) {
    if (isPageProbe(probe) || !wanted(probe, null)) continue;
    const reason = servers.refusal();
    if (reason === undefined) plain.push(await askPlain(probe, servers));
    else unfinished.push({ title: probe.title, engine: 'wire', reason });
    hooks.step?.('wire');
  }
  const fatal = new Set<string>();
  const askIn = async (name: RunEngineName, atOnce = 1): Promise<PageRuns> =>
    askPages(
      name,
      inPages(name).filter(({ id }) => !fatal.has(id)),
      { servers, hooks, atOnce },
    );
  const pages: PageRuns[] = [];
  if (engines.includes('model')) pages.push(await askIn('model'));
  const modelRuns = pages.flatMap(({ runs }) => runs);
  // What ends a server does so for every engine: each would only cost another start.
  for (const { probe, ended } of modelRuns) if (ended) fatal.add(probe.id);
  const browsers = engines.filter(name => name !== 'model');
  if (modelRuns.some(run => alternatingSides(run).length > 0)) {
    // A server with a state answers differently when others ask in between.
    for (const name of browsers) pages.push(await askIn(name));
  } else pages.push(...(await allEnded(browsers.map(name => askIn(name, AT_ONCE)))));
  return { pages, plain, unfinished: [...unfinished, ...pages.flatMap(page => page.unfinished)] };
}

/**
 * Compares two servers. What differs is sent a second time before it is believed.
 * @throws what the servers throw if one of them cannot be started again; the signal's reason
 */
export async function compareOnServers(options: ComparisonOptions): Promise<ComparisonOutcome> {
  const { plan, engines, servers, wanted = () => true, hooks = {} } = options;
  const asked = await askAll({
    probes: probesFor(plan).filter(wanted),
    engines,
    servers,
    wanted: (probe, engine) => engine === 'model' || !isPageProbe(probe) || !probe.modelOnly,
    hooks,
  });
  const runs = runsOf(asked);
  const doubtful = runs.filter(isDoubtful);
  const again = { plan, servers, hooks };
  const second = await repeat(again, doubtful, 2);
  const third = await repeat(again, unstableRuns(doubtful, second), 3);
  return {
    ...compareServers(runs, [...second, ...third]),
    engines: asked.pages.map(({ engine }) => engine),
    requests: runs.reduce((sum, run) => sum + (isPage(run) ? run.steps.length / SIDES.length : 1), 0),
    unfinished: asked.unfinished,
    gaps: gapsOf(runs),
  };
}

/** The same probes in the same engines once more, by URLs that no cache knows. */
async function repeat(
  { plan, servers, hooks }: Required<Pick<ComparisonOptions, 'plan' | 'servers' | 'hooks'>>,
  before: readonly Run[],
  round: number,
): Promise<readonly Run[]> {
  if (before.length === 0) return [];
  const keys = new Set(before.map(run => keyOf(run.probe, engineOf(run))));
  const engines = [...new Set(before.flatMap(run => engineOf(run) ?? []))].sort(compareEngines);
  const wanted: Wanted = (probe, engine) => keys.has(keyOf(probe, engine));
  return runsOf(
    await askAll({ probes: probesFor(plan, round), engines, servers, wanted, hooks, isRepeat: true }),
  );
}

/** Sends the probes of a comparison to two servers: from pages of real engines, on the model, and plain. */
import { NO_PORTS } from '../case/places.ts';
import type { Derived, DerivedCase } from '../policy/derived.ts';
import { type Comparison, compareServers } from '../regress/changes.ts';
import { type PageProbe, type Plan, type Probe, type Question, SIDES, type Side } from '../regress/plan.ts';
import { probesFor } from '../regress/probes.ts';
import { answersByTurns, engineOf, isDoubtful, keyOf, type Run, restlessOf } from '../regress/runs.ts';
import { ENGINE_NAMES, type EngineRecord, type RunEngineName } from '../verdict/record.ts';
import { ask } from '../wire/ask.ts';
import { upstreamOf } from '../wire/server-link.ts';
import {
  allEnded,
  type EngineRun,
  type VerifyTarget,
  verifyInEngine,
  verifyWithModel,
} from './verify-run.ts';

/** Two servers that run. */
export interface Servers {
  /** Where they answer: http, a host and a port. */
  readonly urls: Readonly<Record<Side, string>>;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  /** Throws when one of them has gone, or the user has. */
  readonly checkAlive: () => void;
}

export interface Hooks {
  readonly begin?: (totals: Readonly<Record<string, number>>) => void;
  readonly step?: (engine: string) => void;
}

/** A probe that came to no end in an engine. */
export interface Trouble {
  readonly words: string;
  readonly engine: string;
  readonly reason: string;
}

export interface Compared extends Comparison {
  readonly engines: readonly EngineRecord[];
  /** How many requests each server was sent, not counting preflights. */
  readonly asked: number;
  readonly trouble: readonly Trouble[];
}

/** How pages know the servers: https pages may ask nothing else, and the gateway ends the TLS. */
export const basesOf = (urls: Readonly<Record<Side, string>>): Plan['bases'] => ({
  before: urls.before.replace(/^http:/, 'https:'),
  after: urls.after.replace(/^http:/, 'https:'),
});

const isPageProbe = (probe: Probe): probe is PageProbe => probe.kind === 'page';

function derivedOf(probe: PageProbe): DerivedCase {
  return {
    case: probe.case,
    about: {
      check: 'allowed',
      resource: 'regress',
      path: probe.path,
      origin: probe.origin,
      method: '',
      credentials: false,
      headers: [],
      severity: 'note',
      checks: probe.words,
    },
  };
}

interface PageRuns {
  readonly engine: EngineRecord;
  readonly runs: readonly Run[];
  readonly trouble: readonly Trouble[];
}

async function askPages(
  name: RunEngineName,
  probes: readonly PageProbe[],
  servers: Servers,
  hooks: Hooks,
): Promise<PageRuns> {
  const derived: Derived = { cases: probes.map(derivedOf), probes: [], left: [] };
  const bases = basesOf(servers.urls);
  const target: VerifyTarget = {
    derived,
    upstreams: new Map(SIDES.map(side => [bases[side], upstreamOf(servers.urls[side])])),
    timeoutMs: servers.timeoutMs,
    checkAlive: servers.checkAlive,
    onResult: engine => hooks.step?.(engine),
  };
  const ran: EngineRun = await (name === 'model' ? verifyWithModel(target) : verifyInEngine(name, target));
  const probeOf = new Map(probes.map(probe => [probe.case.id, probe]));
  return {
    engine: ran.engine,
    runs: ran.runs.map(({ derived: { case: theCase }, engine, steps }) => ({
      probe: probeOf.get(theCase.id) as PageProbe,
      engine,
      scene: { case: theCase, nonce: 'regress000000000', ports: NO_PORTS, anyOrigin: true },
      steps: steps.map(({ observation }) => observation),
    })),
    trouble: ran.results
      .filter(({ verdict }) => verdict === 'harness-error')
      .map(({ case: { title }, engine, reason = 'unknown' }) => ({ words: title, engine, reason })),
  };
}

async function askPlain(probe: Question, servers: Servers): Promise<Run> {
  const bases = basesOf(servers.urls);
  const exchange = (side: Side) => {
    const url = `${bases[side]}${probe.path}`;
    const { method, headers } = probe;
    return ask(
      { method, url, headers },
      { upstream: upstreamOf(servers.urls[side]), timeoutMs: servers.timeoutMs },
    );
  };
  return { probe, exchanges: { before: await exchange('before'), after: await exchange('after') } };
}

/** Whether a probe is to be sent in an engine, or, for null, as a plain question. */
type Wanted = (probe: Probe, engine: RunEngineName | null) => boolean;

interface Asked {
  readonly pages: readonly PageRuns[];
  readonly runs: readonly Run[];
}

async function askAll(
  probes: readonly Probe[],
  engines: readonly RunEngineName[],
  servers: Servers,
  wanted: Wanted,
  hooks: Hooks = {},
): Promise<Asked> {
  const inPages = (name: RunEngineName) => probes.filter(isPageProbe).filter(probe => wanted(probe, name));
  hooks.begin?.(Object.fromEntries(engines.map(name => [name, inPages(name).length])));
  const plain: Run[] = [];
  for (const probe of probes) {
    servers.checkAlive();
    if (!isPageProbe(probe) && wanted(probe, null)) plain.push(await askPlain(probe, servers));
  }
  const askIn = (name: RunEngineName) => askPages(name, inPages(name), servers, hooks);
  const pages: PageRuns[] = [];
  if (engines.includes('model')) pages.push(await askIn('model'));
  const browsers = engines.filter(name => name !== 'model');
  if (pages.some(({ runs }) => runs.some(run => answersByTurns(run).length > 0))) {
    // A server with a state answers differently when others ask in between.
    for (const name of browsers) pages.push(await askIn(name));
  } else pages.push(...(await allEnded(browsers.map(askIn))));
  return { pages, runs: [...pages.flatMap(({ runs }) => runs), ...plain] };
}

/**
 * Compares two servers. What differs is sent a second time before it is believed.
 * @param engines the model sees what no page can be, so it should be among them
 * @param wanted which probes; all where omitted
 */
export async function compareOnServers(
  plan: Plan,
  engines: readonly RunEngineName[],
  servers: Servers,
  wanted: (probe: Probe) => boolean = () => true,
  hooks: Hooks = {},
): Promise<Compared> {
  const probes = probesFor(plan).filter(wanted);
  const { pages, runs } = await askAll(
    probes,
    engines,
    servers,
    (probe, engine) => engine === 'model' || !isPageProbe(probe) || !probe.modelOnly,
    hooks,
  );
  const doubtful = runs.filter(isDoubtful);
  const second = await repeat(plan, doubtful, servers, 2);
  const third = await repeat(plan, restlessOf(doubtful, second), servers, 3);
  return {
    ...compareServers(runs, [...second, ...third]),
    engines: pages.map(({ engine }) => engine),
    asked: runs.reduce((sum, run) => sum + ('steps' in run ? run.steps.length / SIDES.length : 1), 0),
    trouble: pages.flatMap(page => page.trouble),
  };
}

/** The same probes in the same engines once more, by URLs that no cache knows. */
async function repeat(
  plan: Plan,
  before: readonly Run[],
  servers: Servers,
  round: number,
): Promise<readonly Run[]> {
  if (before.length === 0) return [];
  const keys = new Set(before.map(run => keyOf(run.probe, engineOf(run))));
  const engines = ENGINE_NAMES.filter(name => before.some(run => engineOf(run) === name));
  const { runs } = await askAll(probesFor(plan, round), engines, servers, (probe, engine) =>
    keys.has(keyOf(probe, engine)),
  );
  return runs;
}

/** Sends the probes of a comparison to two servers: from pages of real engines, on the model, and plain. */
import type { Ports } from '../case/places.ts';
import type { Derived, DerivedCase } from '../policy/derived.ts';
import { type Comparison, compareServers } from '../regress/changes.ts';
import { type PageProbe, type Plan, type Probe, type Question, SIDES, type Side } from '../regress/plan.ts';
import { probesFor } from '../regress/probes.ts';
import { isDoubtful, type Run, restlessOf, runKey } from '../regress/runs.ts';
import type { EngineRecord, RunEngineName } from '../verdict/record.ts';
import { ask } from '../wire/ask.ts';
import type { Upstream } from '../wire/server-link.ts';
import { type EngineRun, type VerifyTarget, verifyInEngine, verifyWithModel } from './verify-run.ts';

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

/** No probe names a place, so no port is ever asked for. */
const NO_PORTS = Object.freeze({}) as Ports;

function upstreamOf(url: string): Upstream {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port), tls: false };
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

const alternatesIn = (runs: readonly Run[]): boolean =>
  runs.some(
    run =>
      'steps' in run &&
      run.probe.reading === 'repeat' &&
      new Set(run.steps.map((step, i) => `${run.probe.sides[i]} ${step.script.settled}`)).size > SIDES.length,
  );

async function askAll(
  probes: readonly Probe[],
  engines: readonly RunEngineName[],
  servers: Servers,
  hooks: Hooks,
): Promise<{ readonly pages: readonly PageRuns[]; readonly plain: readonly Run[] }> {
  const pageProbes = probes.filter(isPageProbe);
  const inPages = (name: RunEngineName) => pageProbes.filter(probe => name === 'model' || !probe.modelOnly);
  hooks.begin?.(Object.fromEntries(engines.map(name => [name, inPages(name).length])));
  const plain: Run[] = [];
  for (const probe of probes) {
    servers.checkAlive();
    if (!isPageProbe(probe)) plain.push(await askPlain(probe, servers));
  }
  const pages: PageRuns[] = [];
  const browsers = engines.filter(name => name !== 'model');
  if (engines.includes('model')) pages.push(await askPages('model', inPages('model'), servers, hooks));
  if (alternatesIn(pages.flatMap(({ runs }) => runs))) {
    // A server with a state answers differently when others ask in between.
    for (const name of browsers) pages.push(await askPages(name, inPages(name), servers, hooks));
    return { pages, plain };
  }
  // Settled, not raced: whatever fails, every engine has been closed before the servers are stopped.
  const ended = await Promise.allSettled(browsers.map(name => askPages(name, inPages(name), servers, hooks)));
  for (const one of ended) {
    if (one.status === 'rejected') throw one.reason;
    pages.push(one.value);
  }
  return { pages, plain };
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
  const { pages, plain } = await askAll(probes, engines, servers, hooks);
  const runs = [...pages.flatMap(page => page.runs), ...plain];
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
async function repeat(plan: Plan, runs: readonly Run[], servers: Servers, round: number): Promise<Run[]> {
  const keys = new Set(runs.map(runKey));
  const engines = [...new Set(runs.flatMap(run => ('steps' in run ? [run.engine as RunEngineName] : [])))];
  const ids = new Set(runs.map(({ probe }) => probe.id));
  const probes = probesFor(plan, round).filter(({ id }) => ids.has(id));
  if (probes.length === 0) return [];
  const again: Run[] = [];
  for (const probe of probes) {
    servers.checkAlive();
    if (!isPageProbe(probe) && keys.has(JSON.stringify([probe.id, null])))
      again.push(await askPlain(probe, servers));
  }
  const inEngine = (name: RunEngineName) =>
    probes.filter(isPageProbe).filter(({ id }) => keys.has(JSON.stringify([id, name])));
  const ended = await Promise.allSettled(engines.map(name => askPages(name, inEngine(name), servers, {})));
  for (const one of ended) {
    if (one.status === 'rejected') throw one.reason;
    again.push(...one.value.runs);
  }
  return again;
}

/** One engine that runs single requests, from pages of any origin against any server, one after the other. */

import type { Observation, ScriptReport } from '../case/observation.ts';
import type { Case, CaseRequest } from '../case/schema.ts';
import type { BoundCase } from '../case/script.ts';
import { type GatewayWorld, startGatewayWorld } from '../lab/gateway-world.ts';
import { observeLive } from '../lab/live-model.ts';
import { modelOptions } from '../lab/model.ts';
import { LabSession } from '../lab/session.ts';
import type { Explanation } from '../standard/explain.ts';
import { explainObserved } from '../verdict/explain-result.ts';
import { outcomeOf } from '../verdict/judge.ts';
import type { EngineRecord, RunEngineName } from '../verdict/record.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { Upstream } from '../wire/gateway.ts';
import { upstreamOf } from '../wire/server-link.ts';
import { MODEL } from './model-runner.ts';
import { startEngine } from './start-engine.ts';

/** What script on a page asks for. */
export interface PageRequest {
  /** The absolute URL of the server. */
  readonly url: string;
  /** The origin of the page that asks, such as `https://app.example.com`; `null` for a sandboxed frame. */
  readonly from: string;
  /** Default: GET. */
  readonly method?: string;
  /** Headers that script sets. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default: same-origin, as for fetch(). */
  readonly credentials?: 'omit' | 'same-origin' | 'include';
  /** Default: cors. */
  readonly mode?: 'cors' | 'no-cors' | 'same-origin';
  readonly redirect?: 'follow' | 'error' | 'manual';
  /** Default: fetch. */
  readonly api?: 'fetch' | 'xhr';
  /** Milliseconds after which the request is given up. Default: 10,000. */
  readonly timeoutMs?: number;
}

/** What became of a request: what script saw, and what stood on the wire. */
export interface CorsObservation {
  readonly request: PageRequest;
  readonly engine: EngineRecord;
  /** readable, blocked, opaque, error (a failure that is not CORS) or timeout. */
  readonly outcome: 'readable' | 'blocked' | 'opaque' | 'error' | 'timeout';
  /** Only of what was blocked: which of the two messages did not allow it. */
  readonly blockedAt?: 'preflight' | 'response';
  /** What script saw: status, type, headers, body or the error. */
  readonly script: ScriptReport;
  /** Every request and its response, as the server got and gave them. */
  readonly exchanges: readonly Exchange[];
  /** Why it ended so, by the Standard. */
  readonly explanation: readonly Explanation[];
}

/** The engine cannot be started, or could not run the request. */
export class PageLabError extends Error {
  override readonly name = 'PageLabError';
}

const TIMEOUT_MS = 10_000;

/** The page that holds the sandboxed frame. */
const SANDBOX_HOST = 'https://sandbox.example';

/** Runs requests in one engine, one after the other. */
export interface PageLab {
  readonly engine: EngineRecord;
  /** @throws PageLabError if the engine could not run it; TypeError for a URL or an origin that is none */
  request(request: PageRequest): Promise<CorsObservation>;
  close(): Promise<void>;
}

interface Observed {
  readonly scene: BoundCase;
  readonly observation: Observation;
}

/**
 * Starts an engine. All of its traffic goes through a gateway, which records it and serves the pages; so a page may
 * have any origin, and a server need not know of it.
 * @throws PageLabError with the reason and what to do
 */
export async function startPageLab(name: RunEngineName): Promise<PageLab> {
  const upstreams = new Map<string, Upstream>();
  const pageOrigins = new Set<string>();
  const allow = (request: PageRequest, asked: string) => {
    upstreams.set(new URL(asked).origin, upstreamOf(request.url));
    pageOrigins.add(request.from === 'null' ? SANDBOX_HOST : new URL(request.from).origin);
  };
  const running = name === 'model' ? onModel(upstreams) : await inEngine(name, { upstreams, pageOrigins });
  return {
    engine: running.engine,
    close: running.close,
    async request(request) {
      const asked = name === 'model' ? request.url : urlFor(request);
      allow(request, asked);
      const timeoutMs = request.timeoutMs ?? TIMEOUT_MS;
      const observed = await running.observe(caseOf({ ...request, url: asked }), timeoutMs);
      return observationOf(request, running.engine, observed);
    },
  };
}

/**
 * The URL by which a page asks. A plain http server on this machine is shown to https pages as https: the gateway ends
 * the TLS. WebKit would stop the request as mixed content, which Chromium and Firefox do not do for this machine.
 */
function urlFor({ url, from }: PageRequest): string {
  const parsed = new URL(url);
  const local = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(parsed.hostname);
  if (parsed.protocol !== 'http:' || !local || !(from === 'null' || from.startsWith('https:'))) return url;
  return `https://${parsed.hostname}:${parsed.port || '80'}${parsed.pathname}${parsed.search}`;
}

interface Running {
  readonly engine: EngineRecord;
  observe(theCase: Case, timeoutMs: number): Promise<Observed>;
  close(): Promise<void>;
}

function onModel(upstreams: ReadonlyMap<string, Upstream>): Running {
  return {
    engine: MODEL,
    async observe(theCase, timeoutMs) {
      const live = await observeLive(theCase, { upstreams, timeoutMs });
      if (live.notModelled !== undefined) throw new PageLabError(`not modelled: ${live.notModelled}`);
      return live;
    },
    close: async () => undefined,
  };
}

async function inEngine(
  name: string,
  origins: Pick<Parameters<typeof startGatewayWorld>[0], 'upstreams' | 'pageOrigins'>,
): Promise<Running> {
  const world: GatewayWorld = await startGatewayWorld(origins);
  const session = await startEngine(name, found =>
    LabSession.start(found, world, {
      launch: { proxy: world.proxy, cancelChallenges: true },
      exclusive: true,
      atOnce: 1,
      stepMs: TIMEOUT_MS,
    }),
  );
  if (!(session instanceof LabSession)) {
    await world.close();
    const { fix } = session.engine;
    throw new PageLabError(`${name}: ${session.reason}${fix ? `; to get it, run: ${fix}` : ''}`);
  }
  return {
    engine: { ...session.info },
    async observe(theCase) {
      const ran = await session.run(theCase);
      if ('observed' in ran) return ran.observed;
      throw new PageLabError(`${name}: ${ran.failure}`);
    },
    async close() {
      await session.close();
      await world.close();
    },
  };
}

function caseOf(request: PageRequest): Case {
  const { url, from, method, headers, body, credentials, mode, redirect, api, timeoutMs } = request;
  const asked: CaseRequest = {
    url: new URL(url).href,
    ...(api && { api }),
    ...(method !== undefined && { method }),
    ...(headers && { headers: Object.entries(headers) }),
    ...(body !== undefined && { body }),
    ...(api === 'xhr' ? { withCredentials: credentials === 'include' } : credentials && { credentials }),
    ...(mode && { mode }),
    ...(redirect && { redirect }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  return {
    id: 'request',
    title: `A ${method ?? 'GET'} from a page on ${from}`,
    spec: [],
    ...(from === 'null' ? { page: SANDBOX_HOST, realm: 'sandboxed-frame' } : { page: new URL(from).origin }),
    steps: [{ request: asked, expect: { outcome: 'readable', anyRequests: true } }],
  } as Case;
}

function observationOf(
  request: PageRequest,
  engine: EngineRecord,
  { scene, observation }: Observed,
): CorsObservation {
  const [step] = observation.steps;
  if (!step) throw new PageLabError('the request was not run');
  const { explanation } = explainObserved(scene, observation.steps, [], modelOptions);
  return { request, engine, ...outcomeOf(step), script: step.script, exchanges: step.exchanges, explanation };
}

/**
 * The world in which somebody's own server is verified: pages on any origin, the target behind the recording
 * gateway. Of cases that are under way together, an exchange belongs to the one whose page and URL it fits.
 */

import { NO_PORTS } from '../case/places.ts';
import type { BoundCase } from '../case/script.ts';
import type { EngineProxy } from '../engine/types.ts';
import { isUrl } from '../standard/url.ts';
import { type Exchange, headerValue, type RequestRole } from '../wire/exchange.ts';
import {
  type GatewayAddress,
  type LiveExchange,
  type Route,
  startGateway,
  type Upstream,
  type WireOrigin,
} from '../wire/gateway.ts';
import { listenOnLoopback } from '../wire/listen.ts';
import { makePages } from './pages.ts';
import type { CaseLog, World } from './world.ts';

export interface GatewayWorldOptions {
  /** The origins that pages may be opened on. */
  readonly pageOrigins: ReadonlySet<string>;
  /** Where requests to these origins go: the target and its policy's other hosts, by serialized origin. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** Where browsers of other machines reach the gateway. */
  readonly at?: GatewayAddress | undefined;
  /** Called with every origin that was refused, for messages. */
  readonly onRefused?: (what: string, reason: string) => void;
}

export interface GatewayWorld extends World {
  /** What the engine is launched with. */
  readonly proxy: EngineProxy;
  /** While the work lasts, pages can be opened on these origins of a target too: that is how cookies get there. */
  withPagesOnTarget<T>(origins: readonly string[], work: () => Promise<T>): Promise<T>;
}

class GatewayLog implements CaseLog {
  readonly scene: BoundCase;
  /** The gateway's clock when the case began, in milliseconds. */
  readonly #beganMs: number;
  readonly #urls: readonly string[];
  readonly #origins: ReadonlySet<string>;
  #live: LiveExchange[] = [];
  #rests = false;
  #listeners = new Set<(role: RequestRole, resource: string) => void>();
  #connections = new Map<number, number>();

  constructor(scene: BoundCase, beganMs: number) {
    this.scene = scene;
    this.#beganMs = beganMs;
    const { steps, page, realm } = scene.case;
    const requests = steps.flatMap(step => ('request' in step ? [step] : []));
    this.#urls = requests.flatMap(({ request }) =>
      request.url === undefined ? [] : [new URL(request.url).href],
    );
    this.#origins = new Set(
      requests.map(step => (realm === 'sandboxed-frame' ? 'null' : (step.page ?? page ?? ''))),
    );
  }

  /** How well a request fits this case: the URL that it asks for, or was redirected to, and the page's origin. */
  fits({ url, headers }: Exchange['request']): number {
    const origin = headerValue(headers, 'origin');
    const referer = headerValue(headers, 'referer');
    const from = origin ?? (referer !== null && isUrl(referer) ? new URL(referer).origin : null);
    const urls = [...this.#urls, ...this.#live.flatMap(live => locationOf(live.snapshot()))];
    return (urls.includes(url) ? 2 : 0) + (from !== null && this.#origins.has(from) ? 1 : 0);
  }

  begin(): void {
    this.#rests = false;
    this.#live = [];
    this.#listeners.clear();
  }

  rest(): void {
    this.#rests = true;
  }

  get resting(): boolean {
    return this.#rests;
  }

  onRequest(listener: (role: RequestRole, resource: string) => void): void {
    this.#listeners.add(listener);
  }

  add(live: LiveExchange): void {
    this.#live.push(live);
    const { role } = live.snapshot();
    for (const listener of this.#listeners) listener(role, 'main');
  }

  get count(): number {
    return this.#live.length;
  }

  exchanges(): Exchange[] {
    return this.#live.map(live => {
      const exchange = live.snapshot();
      // Small numbers that start at 1 in every case read better than the gateway's running count.
      const connection = this.#connections.get(exchange.connection) ?? this.#connections.size + 1;
      this.#connections.set(exchange.connection, connection);
      return {
        ...exchange,
        connection,
        startedMs: this.#since(exchange.startedMs),
        endedMs: this.#since(exchange.endedMs),
      };
    });
  }

  #since(ms: number): number {
    return Math.round((ms - this.#beganMs) * 10) / 10;
  }

  async finished(withinMs: number): Promise<void> {
    const until = performance.now() + withinMs;
    while (this.#live.some(live => live.inFlight) && performance.now() < until)
      await new Promise(r => setTimeout(r, 2));
  }
}

/** Where a redirect leads. */
function locationOf({ request, response }: Exchange): string[] {
  const location = response && headerValue(response.headers, 'location');
  return location && isUrl(location, request.url) ? [new URL(location, request.url).href] : [];
}

/** The log that a request belongs to. Of one case alone, everything does. */
function ownerOf(logs: ReadonlySet<GatewayLog>, request: Exchange['request']): GatewayLog | undefined {
  const all = [...logs].filter(log => !log.resting);
  if (all.length <= 1) return all[0];
  const best = all.map(log => ({ log, fit: log.fits(request) })).sort((a, b) => b.fit - a.fit)[0];
  return best && best.fit > 0 ? best.log : undefined;
}

/** Starts the pages and the gateway. The target itself is started, and stopped, by whoever calls. */
export async function startGatewayWorld(options: GatewayWorldOptions): Promise<GatewayWorld> {
  const pages = await makePages();
  const site = await listenOnLoopback({ onConnection: socket => pages.site.handle(socket) });
  const toSite: Route = { upstream: { host: '127.0.0.1', port: site.port, tls: false }, record: false };
  const logs = new Set<GatewayLog>();
  const settingUp = new Set<string>();
  const route = (origin: WireOrigin): Route | null => {
    const upstream = options.upstreams.get(origin.origin);
    if (upstream) return settingUp.has(origin.origin) ? toSite : { upstream, record: true };
    return options.pageOrigins.has(origin.origin) ? toSite : null;
  };
  const gateway = await startGateway({
    route,
    at: options.at,
    onRequest: live => ownerOf(logs, live.snapshot().request)?.add(live),
    ...(options.onRefused && { onRefused: options.onRefused }),
  });
  return {
    ports: NO_PORTS,
    anyOrigin: true,
    proxy: { host: gateway.host, port: gateway.port, keyHash: gateway.authority.keyHash },
    start(scene) {
      const log = new GatewayLog(scene, gateway.now());
      logs.add(log);
      return log;
    },
    stop(log) {
      logs.delete(log as GatewayLog);
    },
    async withPagesOnTarget(origins, work) {
      for (const origin of origins) settingUp.add(origin);
      try {
        return await work();
      } finally {
        for (const origin of origins) settingUp.delete(origin);
      }
    },
    reservePage: pages.reserve,
    async close() {
      await gateway.close();
      await pages.close();
      await site.close();
    },
  };
}

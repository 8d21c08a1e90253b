/**
 * The world in which somebody's own server is verified: pages on any origin, the target behind the recording
 * gateway. Cases take turns, so that every exchange belongs to the step that is under way.
 */
import { NO_PORTS } from '../case/places.ts';
import type { Scene } from '../case/script.ts';
import type { EngineProxy } from '../engine/types.ts';
import type { Exchange, Role } from '../wire/exchange.ts';
import {
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
  /** Called with every origin that was refused, for messages. */
  readonly onRefused?: (what: string, reason: string) => void;
}

export interface GatewayWorld extends World {
  /** What the engine is launched with. */
  readonly proxy: EngineProxy;
  /** While the work lasts, pages can be opened on the target's own origins too: that is how cookies get there. */
  withPagesOnTarget<T>(work: () => Promise<T>): Promise<T>;
}

class GatewayLog implements CaseLog {
  readonly scene: Scene;
  /** The gateway's clock when the case began, in milliseconds. */
  readonly #beganMs: number;
  #live: LiveExchange[] = [];
  #listeners = new Set<(role: Role, resource: string) => void>();
  #connections = new Map<number, number>();

  constructor(scene: Scene, beganMs: number) {
    this.scene = scene;
    this.#beganMs = beganMs;
  }

  begin(): void {
    this.#live = [];
    this.#listeners.clear();
  }

  onRequest(listener: (role: Role, resource: string) => void): void {
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

/** Starts the pages and the gateway. The target itself is started, and stopped, by whoever calls. */
export async function startGatewayWorld(options: GatewayWorldOptions): Promise<GatewayWorld> {
  const pages = await makePages();
  const site = await listenOnLoopback({ onConnection: socket => pages.site.handle(socket) });
  const toSite: Route = { upstream: { host: '127.0.0.1', port: site.port, tls: false }, record: false };
  let current: GatewayLog | null = null;
  let settingUp = false;
  const route = (origin: WireOrigin): Route | null => {
    const upstream = options.upstreams.get(origin.origin);
    if (upstream) return settingUp ? toSite : { upstream, record: true };
    return options.pageOrigins.has(origin.origin) ? toSite : null;
  };
  const gateway = await startGateway({
    route,
    onRequest: live => current?.add(live),
    ...(options.onRefused && { onRefused: options.onRefused }),
  });
  return {
    ports: NO_PORTS,
    anyOrigin: true,
    proxy: { host: gateway.host, port: gateway.port, keyHash: gateway.authority.keyHash },
    start(scene) {
      current = new GatewayLog(scene, gateway.now());
      return current;
    },
    stop(log) {
      if (current === log) current = null;
    },
    async withPagesOnTarget(work) {
      settingUp = true;
      try {
        return await work();
      } finally {
        settingUp = false;
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

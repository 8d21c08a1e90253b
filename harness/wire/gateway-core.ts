/** What a gateway and its connections share. */
import type { WireOrigin } from './authority.ts';
import type { Recorder } from './recorder.ts';
import type { Upstream } from './server-link.ts';

/** Where an origin's requests go, and whether they are the run's evidence. */
export interface Route {
  readonly upstream: Upstream;
  readonly record: boolean;
}

/** What connections share with their gateway. */
export interface GatewayCore {
  route(origin: WireOrigin): Route | null;
  readonly recorder: Recorder;
  readonly maxHeadBytes: number;
  refused(what: string, reason: string): void;
}

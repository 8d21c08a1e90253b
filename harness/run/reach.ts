/** Whether a browser that another program starts opens a page of this one. */
import type { FoundEngine } from '../engine/types.ts';
import { startGatewayWorld } from '../lab/gateway-world.ts';
import { messageOf } from '../lab/lab-error.ts';
import { startServers } from '../lab/servers.ts';
import { LabSession } from '../lab/session.ts';
import type { GatewayAddress } from '../wire/gateway.ts';
import { firstLine } from './start-engine.ts';

export type RemoteEngine = Extract<FoundEngine, { found: true }> & { readonly remote: string };

/** How pages come to a browser. */
export interface Reach {
  /** All traffic goes through the gateway, as under `verify`. */
  readonly throughGateway: boolean;
  readonly at?: GatewayAddress | undefined;
}

/** An engine that cannot be used, in the form in which a missing one is told. */
export interface Unreachable {
  readonly name: string;
  readonly reason: string;
  readonly fix: string;
}

const PAGE_MS = 10_000;
const CONTROL_PAGE = 'http://reachable.example';

/** @returns why it cannot, and what to do; null if it can */
export async function tryToReach(found: RemoteEngine, reach: Reach): Promise<Unreachable | null> {
  const { name, remote } = found;
  const world = reach.throughGateway ? await gatewayWorld(reach) : await labWorld();
  try {
    const session = await LabSession.start(found, world.world, {
      ...(world.proxy && { launch: { proxy: world.proxy } }),
      pageMs: PAGE_MS,
    });
    try {
      await session.visit(world.origin, []);
      return null;
    } catch (error) {
      const where = `it runs on ${remote} and does not reach this machine at ${world.address}`;
      const reason = `${where} (${messageOf(error)}): ${world.advice}`;
      return { name, reason, fix: 'correct --host and --ports' };
    } finally {
      await session.close();
    }
  } catch (error) {
    const why = firstLine(error);
    const place = remote.split(' ').at(-1) as string;
    const reason = why.includes(place) ? why : `${remote}: ${why}`;
    return { name, reason, fix: 'have that server start it' };
  } finally {
    await world.close();
  }
}

async function gatewayWorld({ at }: Reach) {
  const world = await startGatewayWorld({ pageOrigins: new Set([CONTROL_PAGE]), upstreams: new Map(), at });
  const { proxy, close } = world;
  const address = `${proxy.host}:${proxy.port}`;
  const advice =
    at === undefined
      ? 'say with --host how that machine reaches this one, such as --host 192.0.2.7'
      : 'correct --host, and open the ports that --ports names for that machine';
  return { world, proxy, close, origin: CONTROL_PAGE, address, advice };
}

async function labWorld() {
  const world = await startServers();
  const origin = `http://localhost:${world.ports.site.http}`;
  const advice =
    'say with --host how that machine reaches this one, such as --host 192.0.2.7; all traffic then goes through one port';
  return { world, proxy: undefined, close: world.close, origin, address: origin, advice };
}

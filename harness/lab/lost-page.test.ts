import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Case } from '../case/schema.ts';
import type { Engine } from '../engine/types.ts';
import { Agent } from './agent.ts';
import { LabSession } from './session.ts';
import type { CaseLog, ReservedPage, World } from './world.ts';

/** Script is told the end before the request has gone out, as by sendBeacon(). */
const early: Case = {
  id: 'early',
  title: 'A request that outlives what script is told of it',
  spec: ['https://fetch.spec.whatwg.org/#concept-main-fetch'],
  steps: [{ request: {}, server: { actual: {} }, expect: { outcome: 'readable' } }],
};

/** A world whose pages report at once; each of the first `lost` goes away with what it had still to send. */
function worldOf(lost: number) {
  const pages: Agent[] = [];
  let sent = 0;
  const connect = (agent: Agent): void => {
    const handlers: Record<string, (data?: string) => void> = {};
    const goes = pages.length <= lost;
    const socket = {
      on: (name: string, handler: (data?: string) => void) => {
        handlers[name] = handler;
      },
      send: (text: string) => {
        const { type, id } = JSON.parse(text);
        if (type !== 'run') return;
        const report = { settled: 'resolved', durationMs: 0 };
        handlers.message?.(JSON.stringify({ type: 'report', id, report }));
        setImmediate(() => (goes ? handlers.close?.() : sent++));
      },
      terminate: () => undefined,
    };
    agent.connect(socket as never);
    handlers.message?.('{"type":"ready"}');
  };
  const log = (scene: CaseLog['scene']): CaseLog => ({
    scene,
    begin: () => {
      sent = 0;
    },
    onRequest: () => undefined,
    get count() {
      return sent;
    },
    exchanges: () => [],
    finished: async () => undefined,
  });
  const world = {
    ports: new Proxy({}, { get: () => ({ http: 80, https: 443 }) }),
    anyOrigin: false,
    start: log,
    stop: () => undefined,
    reservePage: (): ReservedPage => {
      const agent = new Agent();
      pages.push(agent);
      return { path: '/', requested: true, agent, release: () => undefined };
    },
  } as unknown as World;
  const engine = {
    alive: true,
    onGone: () => undefined,
    open: async () => {
      connect(pages.at(-1) as Agent);
      return { close: async () => undefined };
    },
    close: async () => undefined,
  } as unknown as Engine;
  return { world, found: { found: true, launch: async () => engine } as never, pages };
}

describe('a page that goes away', { concurrency: true }, () => {
  test('should run a case again whose page goes away before all of it was sent', async () => {
    const { world, found, pages } = worldOf(1);
    const session = await LabSession.start(found, world);
    const ran = await session.run(early);
    assert.ok('observed' in ran, JSON.stringify(ran));
    assert.equal(pages.length, 2);
    await session.close();
  });

  test('should give no observation of a case whose page goes away each time', async () => {
    const { world, found } = worldOf(9);
    const session = await LabSession.start(found, world);
    assert.deepEqual(await session.run(early), { failure: 'the page went away', noPage: null });
    await session.close();
  });
});

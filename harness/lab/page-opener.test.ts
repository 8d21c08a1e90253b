import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../engine/types.ts';
import { Agent } from './agent.ts';
import { LabError } from './lab-error.ts';
import { PageOpener } from './page-opener.ts';
import type { ReservedPage, World } from './world.ts';

/** What an engine does with a page on an origin: connects, after a while; asks for it and no more; nothing; refuses. */
type Behaviour = number | 'only asks' | 'nothing' | 'throws';

class TestPage implements ReservedPage {
  readonly path = '/agent/page';
  readonly agent = new Agent();
  requested = false;
  release(): void {}
}

/** An opener for an engine that behaves as told, by origin. */
function opener(behaviours: Record<string, Behaviour>, pageMs = 300) {
  const pages: TestPage[] = [];
  const world = {
    reservePage() {
      const page = new TestPage();
      pages.push(page);
      return page;
    },
  } as unknown as World;
  const engine = {
    alive: true,
    async open(url: string) {
      const page = pages.find(one => !taken.has(one)) as TestPage;
      taken.add(page);
      const behaviour = behaviours[new URL(url).origin];
      if (behaviour === 'throws') throw new Error('no such host');
      if (behaviour === 'only asks') page.requested = true;
      if (typeof behaviour === 'number') setTimeout(() => connect(page), behaviour).unref();
      return { close: async () => undefined };
    },
  } as unknown as Engine;
  const taken = new Set<TestPage>();
  const made = new PageOpener(engine, world, pageMs, 100);
  return (origin: string) => made.open(engine, origin, {});
}

/** As the site does when the page's WebSocket arrives. */
function connect(page: TestPage): void {
  page.requested = true;
  const handlers: Record<string, (data: string) => void> = {};
  const socket = {
    on: (name: string, handler: (data: string) => void) => {
      handlers[name] = handler;
    },
    terminate: () => undefined,
  };
  page.agent.connect(socket as never);
  handlers.message?.('{"type":"ready"}');
}

const failure = (kind: string, message: RegExp) => (error: unknown) =>
  error instanceof LabError && error.noPage === kind && message.test(error.message);

const OK = 'https://ok.example';
const ODD = 'https://odd.example';

test('should say that an engine refuses a page if it opens another one meanwhile', async () => {
  const open = opener({ [OK]: 0, [ODD]: 'nothing' });
  await open(OK);
  await assert.rejects(open(ODD), failure('refused', /does not ask for the page on https:\/\/odd\.example/));
});

test('should say that an engine refuses a page if its own error says so', async () => {
  const open = opener({ [OK]: 0, [ODD]: 'throws' });
  await open(OK);
  await assert.rejects(open(ODD), failure('refused', /no such host/));
});

test('should call a page late, not refused, if the engine opens nothing at the time', async () => {
  const behaviours: Record<string, Behaviour> = { [OK]: 0, [ODD]: 'nothing' };
  const open = opener(behaviours);
  await open(OK);
  behaviours[OK] = 'nothing';
  await assert.rejects(open(ODD), failure('late', /did not connect within 0.3 s/));
});

test('should call a page late, not refused, if the engine has asked for it', async () => {
  const open = opener({ [OK]: 0, [ODD]: 'only asks' });
  await open(OK);
  await assert.rejects(open(ODD), failure('late', /did not connect/));
});

test('should call the first page late: no other shows what the engine can do', async () => {
  await assert.rejects(opener({ [ODD]: 'nothing' })(ODD), failure('late', /did not connect/));
  await assert.rejects(opener({ [ODD]: 'throws' })(ODD), failure('late', /no such host/));
});

test('should take a slow page that comes while another one is tried', async () => {
  const open = opener({ [OK]: 0, [ODD]: 150 });
  await open(OK);
  assert.ok((await open(ODD)).page);
});

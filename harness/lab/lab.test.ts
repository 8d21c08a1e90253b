/** The lab with real engines: it passes what is right, fails what is wrong, and survives what dies. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { chromium } from '@playwright/test';
import type { Case } from '../case/schema.ts';
import { findEngines } from '../engine/find.ts';
import type { Engine, FoundEngine } from '../engine/types.ts';
import { judge } from '../verdict/judge.ts';
import { startServers } from './servers.ts';
import { Session } from './session.ts';
import type { World } from './world.ts';

type Found = Extract<FoundEngine, { found: true }>;
type Line = [string, string];

const acao: Line = ['Access-Control-Allow-Origin', '{origin}'];
const base = { spec: ['https://fetch.spec.whatwg.org/#cors-check'] };

const readable: Case = {
  ...base,
  id: 'readable',
  title: 'A GET with an allowed origin is readable',
  steps: [
    { request: {}, server: { actual: { headers: [acao] } }, expect: { outcome: 'readable', body: 'ok' } },
  ],
};
const blockedAtResponse: Case = {
  ...base,
  id: 'blocked-response',
  title: 'A GET without Access-Control-Allow-Origin is blocked',
  steps: [
    {
      request: { api: 'xhr' },
      server: { actual: {} },
      expect: { outcome: 'blocked', blockedAt: 'response' },
    },
  ],
};
const blockedAtPreflight: Case = {
  ...base,
  id: 'blocked-preflight',
  title: 'A PUT that the preflight does not allow is blocked',
  steps: [
    {
      request: { method: 'PUT' },
      server: { preflight: { headers: [acao] }, actual: { headers: [acao] } },
      expect: { outcome: 'blocked', blockedAt: 'preflight' },
    },
  ],
};
const hidden: Case = {
  ...base,
  id: 'hidden-header',
  title: 'A header that is not exposed is hidden',
  steps: [
    {
      request: {},
      server: { actual: { headers: [acao, ['ETag', '"1"']] } },
      expect: { outcome: 'readable', hidden: ['etag'] },
    },
  ],
};
const waiting: Case = {
  ...base,
  id: 'waiting',
  title: 'A case that waits',
  steps: [{ wait: 2500 }, ...readable.steps],
};
const hanging: Case = {
  ...base,
  id: 'hanging',
  title: 'A target that never answers',
  steps: [{ request: {}, server: { actual: { fault: 'hang' } }, expect: { outcome: 'timeout' } }],
};
const all = [readable, blockedAtResponse, blockedAtPreflight, hidden];

async function verdict(session: Session, theCase: Case): Promise<string> {
  const ran = await session.run(theCase);
  if ('trouble' in ran) return `trouble: ${ran.trouble}`;
  const failed = judge(ran.observed.scene, ran.observed.observation.steps).filter(check => !check.ok);
  return failed.length === 0 ? 'pass' : `fail: ${failed.map(check => check.id).join(' ')}`;
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function eventually(holds: () => boolean, what: string): Promise<void> {
  const until = Date.now() + 10_000;
  while (!holds()) {
    assert.ok(Date.now() < until, what);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

const engines = findEngines();

test('should find at least one engine to test with', () => {
  assert.ok(
    engines.some(engine => engine.found),
    'set up an engine: npx cors-conformance engines install',
  );
});

for (const found of engines) {
  describe(found.name, { skip: found.found ? false : `not run: ${found.reason}` }, () => {
    let world: World;
    let session: Session;
    before(async () => {
      world = await startServers();
      session = await Session.start(found as Found, world, { stepMs: 3000 });
    });
    after(async () => {
      await session?.close();
      await world?.close();
    });

    test('should give every case the verdict it deserves', async () => {
      for (const theCase of all) assert.equal(await verdict(session, theCase), 'pass', theCase.id);
    });

    test('should fail a case whose expectation is wrong', async () => {
      const wrong: Case = {
        ...readable,
        steps: [
          {
            ...(readable.steps[0] as object),
            expect: { outcome: 'blocked', blockedAt: 'response' },
          } as Case['steps'][0],
        ],
      };
      assert.equal(await verdict(session, wrong), 'fail: outcome blocked-at');
    });

    test('should give up a request that is never answered, at the cost of its own case only', async () => {
      const results = await Promise.all([verdict(session, hanging), verdict(session, { ...readable })]);
      assert.deepEqual(results, ['pass', 'pass']);
    });

    test('should start an engine again once, and lose only the case in its hands', async () => {
      const hung: Case = { ...hanging };
      const waits: Case = { ...waiting };
      const results = Promise.all([verdict(session, hung), verdict(session, waits)]);
      await new Promise(resolve => setTimeout(resolve, 1000));
      for (const pid of session.pids) if (alive(pid)) process.kill(pid, 'SIGKILL');
      const [lost, kept] = await results;
      assert.match(lost, /^trouble: /);
      assert.equal(kept, 'pass');
      assert.equal(await verdict(session, { ...readable }), 'pass');
    });

    test('should leave no process and no port behind', async () => {
      const { pids } = session;
      const { http } = world.ports.target;
      assert.ok(pids.length > 0);
      await session.close();
      await world.close();
      await eventually(() => !pids.some(alive), 'the processes end');
      await assert.rejects(
        new Promise((resolve, reject) =>
          net.connect(http, '127.0.0.1').once('connect', resolve).once('error', reject),
        ),
      );
    });
  });
}

describe('negative controls', {
  skip: engines.some(e => e.found && e.name === 'chromium') ? false : 'not run: no Chromium',
}, () => {
  test('should fail the right cases in a Chromium without web security', async () => {
    const found = engines.find(engine => engine.name === 'chromium') as Found;
    const executable = /^(\/\S+)/.exec(found.label)?.[1];
    const world = await startServers();
    const browser = await chromium.launch({
      ...(executable !== undefined && { executablePath: executable }),
      args: ['--no-sandbox', '--disable-web-security'],
    });
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const open = async (url: string) => {
      const page = await context.newPage();
      await page.goto(url, { waitUntil: 'commit' });
      return { close: () => page.close() };
    };
    const unsafe: Engine = {
      info: {
        name: 'chromium',
        version: browser.version(),
        build: 'without web security',
        channel: '',
        os: '',
        driver: '',
      },
      open,
      isolated: async () => ({ open, close: async () => undefined }),
      alive: true,
      onGone: () => undefined,
      close: () => browser.close(),
      pids: [],
    };
    const session = await Session.start({ ...found, launch: async () => unsafe }, world);
    try {
      assert.equal(await verdict(session, readable), 'pass');
      for (const theCase of [blockedAtResponse, blockedAtPreflight, hidden]) {
        assert.match(await verdict(session, theCase), /^fail: /, theCase.id);
      }
    } finally {
      await session.close();
      await world.close();
    }
  });

  test('should fail the right cases when the target answers other than its script', async () => {
    const world = await startServers();
    const lying: World = {
      ...world,
      start: scene => {
        const script = scene.case.id === 'readable' ? blockedAtResponse.steps : readable.steps;
        return world.start({ ...scene, case: { ...scene.case, steps: script } });
      },
    };
    const session = await Session.start(engines.find(engine => engine.name === 'chromium') as Found, lying);
    try {
      assert.match(await verdict(session, readable), /^fail: outcome/);
      assert.match(await verdict(session, blockedAtResponse), /^fail: outcome/);
    } finally {
      await session.close();
      await world.close();
    }
  });
});

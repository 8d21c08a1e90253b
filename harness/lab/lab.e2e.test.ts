/** The lab with real engines: it passes what is right, fails what is wrong, and goes on when something dies. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { chromium } from '@playwright/test';
import type { Case } from '../case/schema.ts';
import { findEngines } from '../engine/find.ts';
import type { Engine, FoundEngine } from '../engine/types.ts';
import { haveEnded, isRunning } from '../process/ended.test-support.ts';
import { judge } from '../verdict/judge.ts';
import { startServers } from './servers.ts';
import { LabSession } from './session.ts';
import type { CaseLog, World } from './world.ts';

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

async function verdict(session: LabSession, theCase: Case): Promise<string> {
  const ran = await session.run(theCase);
  if ('failure' in ran) return `failure: ${ran.failure}`;
  const failed = judge(ran.observed.scene, ran.observed.observation.steps).filter(check => !check.ok);
  return failed.length === 0 ? 'pass' : `fail: ${failed.map(check => check.id).join(' ')}`;
}

/** Its name and command line, as far as the kernel knows them. */
function programOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
}

async function eventually(holds: () => boolean, what: string): Promise<void> {
  const until = Date.now() + 60_000;
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
    let session: LabSession;
    const hung: CaseLog[] = [];
    before(async () => {
      const servers = await startServers();
      world = {
        ...servers,
        start: scene => {
          const log = servers.start(scene);
          if (scene.case.id === hanging.id) hung.push(log);
          return log;
        },
      };
      session = await LabSession.start(found as Found, world, { stepMs: 3000 });
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

    /** Kills processes of the engine once its page has sent the request of a case that hangs. */
    const killUnderWay = async (names: RegExp = /./) => {
      await eventually(() => hung.some(log => log.count > 0), 'the request is under way');
      hung.length = 0;
      const victims = session.pids.filter(pid => isRunning(pid) && names.test(programOf(pid)));
      assert.ok(victims.length > 0);
      for (const pid of victims) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch (error) {
          // One of them went down with another.
          if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
        }
      }
    };

    test('should start an engine that dies again, and run the case that was under way once more', async () => {
      const results = Promise.all([verdict(session, { ...hanging }), verdict(session, { ...waiting })]);
      await killUnderWay();
      assert.deepEqual(await results, ['pass', 'pass']);
      assert.equal(await verdict(session, { ...readable }), 'pass');
    });

    test('should give up a case under which the engine dies twice, and go on', async () => {
      hung.length = 0;
      const result = verdict(session, { ...hanging });
      await killUnderWay();
      await killUnderWay();
      assert.match(await result, /^failure: /);
      assert.equal(await verdict(session, { ...readable }), 'pass');
    });

    test('should go on when the process of the pages dies', {
      skip: process.platform !== 'linux',
    }, async () => {
      hung.length = 0;
      const result = verdict(session, { ...hanging });
      await killUnderWay(/WebKitWebProcess|--type=renderer|contentproc.*tab/);
      assert.equal(await result, 'pass');
      assert.equal(await verdict(session, { ...readable }), 'pass');
    });

    test('should leave no process and no port behind', async () => {
      const { pids } = session;
      const { http } = world.ports.target;
      assert.ok(pids.length > 0);
      await session.close();
      await world.close();
      assert.ok(await haveEnded(pids, 10_000), 'the processes end');
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
    const session = await LabSession.start({ ...found, launch: async () => unsafe }, world);
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
    const session = await LabSession.start(
      engines.find(engine => engine.name === 'chromium') as Found,
      lying,
    );
    try {
      assert.match(await verdict(session, readable), /^fail: outcome/);
      assert.match(await verdict(session, blockedAtResponse), /^fail: outcome/);
    } finally {
      await session.close();
      await world.close();
    }
  });
});

/** Two small servers side by side: what is told apart, and what is not. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import { isChanged } from '../regress/changes.ts';
import type { Probe } from '../regress/plan.ts';
import type { Change } from '../regress/settle.ts';
import type { RunEngineName } from '../verdict/record.ts';
import { basesOf, type Compared, compareOnServers } from './regress-run.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const APP = 'https://app.example';

interface Policy {
  readonly origin?: (origin: string) => string | null;
  readonly methods?: string;
  readonly headers?: string;
  readonly maxAge?: number;
  readonly credentials?: boolean;
  readonly vary?: string | null;
  readonly expose?: string;
  readonly preflightStatus?: number;
  readonly cache?: string;
  /** Header names as they stand on the wire. */
  readonly spell?: (name: string) => string;
}

const only = (origin: string) => (asked: string) => (asked === origin ? origin : null);

/** A middleware in a few lines. */
function middleware(policy: Policy): Handler {
  const { origin = only(APP), spell = name => name } = policy;
  return (request, response) => {
    const set = (name: string, value: string | null | undefined) => {
      if (value !== null && value !== undefined) response.setHeader(spell(name), value);
    };
    set('Access-Control-Allow-Origin', origin(request.headers.origin ?? ''));
    set('Vary', policy.vary === undefined ? 'Origin' : policy.vary);
    if (policy.credentials) set('Access-Control-Allow-Credentials', 'true');
    if (request.method === 'OPTIONS') {
      set('Access-Control-Allow-Methods', policy.methods ?? 'GET, PUT, PATCH, DELETE');
      set('Access-Control-Allow-Headers', policy.headers ?? 'x-a, authorization, content-type');
      if (policy.maxAge !== undefined) set('Access-Control-Max-Age', String(policy.maxAge));
      response.writeHead(policy.preflightStatus ?? 204).end();
      return;
    }
    set('Access-Control-Expose-Headers', policy.expose);
    set('Cache-Control', policy.cache);
    response.setHeader('X-E', '1');
    response.end('{}');
  };
}

interface Options {
  readonly engines?: readonly RunEngineName[];
  readonly only?: RegExp;
}

async function compare(before: Handler, after: Handler, options: Options = {}): Promise<Compared> {
  const servers = [before, after].map(handler => createServer(handler).listen(0, '127.0.0.1'));
  try {
    await Promise.all(servers.map(server => once(server, 'listening')));
    const [a, b] = servers.map(server => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const urls = { before: a as string, after: b as string };
    const plan = { bases: basesOf(urls), origins: [APP], paths: ['/x'], headers: ['x-a'] };
    const { engines = ['model'], only: ids = /./ } = options;
    const wanted = (probe: Probe) => ids.test(probe.id);
    return await compareOnServers(
      plan,
      engines,
      { urls, timeoutMs: 1_000, checkAlive: () => undefined },
      wanted,
    );
  } finally {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

const ofPolicies = (before: Policy, after: Policy, options?: Options) =>
  compare(middleware(before), middleware(after), options);

const short = ({ level, direction, standing }: Change) => `${level} ${direction} ${standing}`;

const idsOf = (changes: readonly Change[]) => changes.flatMap(({ requests }) => requests.map(({ id }) => id));

describe('two servers compared', () => {
  test('should find nothing between servers that are the same', async () => {
    const compared = await ofPolicies({}, {});
    assert.deepEqual(compared.changes, []);
    assert.deepEqual(compared.unsteady, []);
    assert.ok(compared.asked > 50);
    assert.equal(isChanged(compared), false);
  });

  test('should take spelling, order and the splitting of lists for nothing', async () => {
    const { changes } = await ofPolicies(
      { methods: 'GET, PUT,PATCH', headers: 'X-A, Authorization, content-type', vary: 'Origin, Accept' },
      {
        methods: 'PATCH,GET , PUT, GET',
        headers: 'content-type,authorization,x-a',
        vary: 'accept,origin,Origin',
        spell: name => name.toLowerCase(),
      },
    );
    assert.deepEqual(changes, []);
  });

  test('should name the requests that stop at a shorter list of methods, and say why', async () => {
    const { changes } = await ofPolicies({}, { methods: 'GET, PATCH' });
    const [change] = changes;
    assert.ok(change);
    assert.equal(short(change), 'page closed listed');
    assert.deepEqual(change.seen, { before: 'readable', after: 'blocked at the preflight' });
    const ids = idsOf([change]);
    assert.ok(ids.includes('put') && ids.includes('delete') && !ids.includes('patch'), ids.join());
    assert.deepEqual(change.headers, [
      {
        on: 'preflight',
        name: 'access-control-allow-methods',
        before: 'DELETE, GET, PATCH, PUT',
        after: 'GET, PATCH',
      },
    ]);
    assert.match(change.why?.text ?? '', /Method PUT is not allowed by Access-Control-Allow-Methods/);
    assert.match(change.why?.spec ?? '', /^https:\/\/fetch\.spec\.whatwg\.org\/#/);
  });

  test('should put first what lets unlisted origins read', async () => {
    const { changes } = await ofPolicies(
      { credentials: true },
      { credentials: true, origin: origin => origin, methods: 'GET' },
    );
    assert.equal(short(changes[0] as Change), 'page opened unlisted');
    const ids = idsOf([changes[0] as Change]);
    assert.ok(ids.includes('get-credentials-from-https-evil-example'), ids.join());
    assert.ok(ids.some(id => id.includes('from-null')));
    assert.ok(changes.some(change => short(change) === 'page closed listed'));
  });

  test('should see a looser match of origins that no list names', async () => {
    const { changes } = await ofPolicies({}, { origin: origin => (origin.startsWith(APP) ? origin : null) });
    assert.deepEqual([...new Set(changes.map(short))][0], 'page opened unlisted');
    assert.ok(changes[0]?.requests.every(({ words }) => words.includes(APP)));
  });

  test('should tell on the wire what no page notices', async () => {
    const any = { vary: null };
    const { changes } = await ofPolicies(
      { ...any, origin: origin => origin || null },
      { ...any, origin: () => '*' },
    );
    assert.ok(changes.some(({ level, headers }) => level === 'wire' && headers[0]?.after === '*'));
    assert.ok(changes.every(({ level }) => level !== 'page'));
  });

  test('should call it form where Vary goes and nothing depends on Origin', async () => {
    const constant = { origin: () => APP };
    const compared = await ofPolicies(constant, { ...constant, vary: null });
    assert.ok(compared.changes.length > 0);
    assert.deepEqual([...new Set(compared.changes.map(({ level }) => level))], ['form']);
    assert.equal(isChanged(compared), false);
    const needed = await ofPolicies({}, { vary: null });
    assert.equal(needed.changes[0]?.level, 'wire');
  });

  test('should call another passing status of the preflight form, and a failing one not', async () => {
    const form = await ofPolicies({}, { preflightStatus: 200 });
    assert.deepEqual([...new Set(form.changes.map(({ level }) => level))], ['form']);
    const closed = await ofPolicies({}, { preflightStatus: 403 });
    assert.equal(short(closed.changes[0] as Change), 'page closed listed');
  });

  test('should count preflights', async () => {
    const { changes } = await ofPolicies({}, { maxAge: 0 });
    assert.deepEqual(changes.find(({ level }) => level === 'page')?.seen, {
      before: 'readable (200); preflights seen: 1, 1, 2',
      after: 'readable (200); preflights seen: 1, 2, 3',
    });
  });

  test('should see headers that script can read no more', async () => {
    const { changes } = await ofPolicies({ expose: 'X-E' }, {});
    assert.deepEqual(changes[0]?.seen, { before: 'readable (200), with x-e', after: 'readable (200)' });
  });

  test('should tell a matcher that answers by turns from one that does not', async () => {
    const byTurns = () => {
      const matcher = /app\.example$/g;
      return middleware({ origin: origin => (matcher.test(origin) ? origin : null) });
    };
    const mended = await compare(byTurns(), middleware({}));
    const page = mended.changes.filter(({ level }) => level === 'page');
    assert.deepEqual(idsOf(page), ['repeat']);
    assert.match(page[0]?.note ?? '', /by turns/);
    const same = await compare(byTurns(), byTurns());
    assert.deepEqual(same.changes, []);
    assert.equal(isChanged(same), false);
  });

  test('should not believe what differs only once', async () => {
    let count = 0;
    const moody: Handler = (request, response) =>
      middleware(count++ === 3 ? { origin: () => null } : {})(request, response);
    const compared = await compare(middleware({}), moody, { only: /^get|^put/ });
    assert.deepEqual(compared.changes, []);
    assert.equal(compared.unsteady.length, 1);
    assert.deepEqual(compared.unsteady[0]?.sides, ['after']);
    assert.equal(isChanged(compared), false);
  });

  test('should believe what comes and goes in one of the two', async () => {
    let count = 0;
    const moody: Handler = (request, response) =>
      middleware(count++ % 2 === 0 ? { origin: () => null } : {})(request, response);
    const compared = await compare(middleware({}), moody, { only: /^(get|head|plain)$/ });
    assert.ok(compared.unsteady.some(({ counts }) => counts));
    assert.equal(isChanged(compared), true);
  });

  test('should survive servers that hang, reset, or answer with no HTTP', async () => {
    const hostile: Record<string, Handler> = {
      hangs: () => undefined,
      resets: request => request.socket.resetAndDestroy(),
      garbage: request => request.socket.end('\0\x01 no HTTP\r\n\r\n'),
    };
    for (const [what, handler] of Object.entries(hostile)) {
      const compared = await compare(middleware({}), handler, { only: /^get$|^plain$/ });
      assert.equal(short(compared.changes[0] as Change), 'page closed listed', what);
      assert.equal(isChanged(compared), true);
    }
  });

  for (const name of ['chromium', 'firefox', 'webkit'] as const) {
    const [found] = findEngines({ names: [name] });
    const skip = found?.found ? false : `${found?.reason}; to get it: ${found?.fix}`;
    test(`should see the same from pages of ${name}`, { skip, timeout: 120_000 }, async () => {
      const compared = await ofPolicies(
        { credentials: true, cache: 'max-age=600', vary: null },
        { credentials: true, cache: 'max-age=600', methods: 'GET' },
        { engines: [name], only: /^(get|put|get-credentials-from-.*|cache-ladder)$/ },
      );
      assert.deepEqual(compared.trouble, []);
      const seen = compared.changes.filter(({ level }) => level === 'page');
      assert.ok(seen.every(({ engines }) => engines.length === 1 && engines[0] === name));
      const ids = idsOf(seen);
      assert.ok(ids.includes('put'));
      // Under automation WebKitGTK has no HTTP cache.
      assert.equal(ids.includes('cache-ladder'), name !== 'webkit');
      assert.ok(!ids.includes('get') && !ids.some(id => id.includes('evil')));
    });
  }
});

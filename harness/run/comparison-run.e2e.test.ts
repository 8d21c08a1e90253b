/**
 * Two small servers side by side: what is told apart, and what is not.
 * Longer than other files: each difference brings two servers.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import type { Change } from '../regress/change.ts';
import { isChanged } from '../regress/changes.ts';
import type { Probe } from '../regress/plan.ts';
import type { RunEngineName } from '../verdict/record.ts';
import type { ComparedServers } from './compared-servers.ts';
import { basesOf, type ComparisonOutcome, compareOnServers } from './comparison-run.ts';

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
  readonly timeoutMs?: number;
  readonly engines?: readonly RunEngineName[];
  readonly only?: RegExp;
  readonly signal?: AbortSignal;
}

async function compare(before: Handler, after: Handler, options: Options = {}): Promise<ComparisonOutcome> {
  const servers = [before, after].map(handler => createServer(handler).listen(0, '127.0.0.1'));
  try {
    await Promise.all(servers.map(server => once(server, 'listening')));
    const [a, b] = servers.map(server => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const urls = { before: a as string, after: b as string };
    const plan = { bases: basesOf(urls), origins: [APP], paths: ['/x'], headers: ['x-a'] };
    const { engines = ['model'], only: ids = /./ } = options;
    const compared: ComparedServers = {
      urls,
      signal: options.signal ?? new AbortController().signal,
      timeoutMs: options.timeoutMs ?? 1_000,
      note: () => undefined,
      settle: async () => null,
      refusal: () => undefined,
    };
    return await compareOnServers({
      plan,
      engines,
      servers: compared,
      wanted: (probe: Probe) => ids.test(probe.id),
    });
  } finally {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

const ofPolicies = (before: Policy, after: Policy, options?: Options) =>
  compare(middleware(before), middleware(after), options);

const short = ({ severity, effect, who }: Change) => `${severity} ${effect} ${who}`;

const idsOf = (changes: readonly Change[]) => changes.flatMap(({ requests }) => requests.map(({ id }) => id));

describe('two servers compared', () => {
  test('should find nothing between servers that are the same', async () => {
    const compared = await ofPolicies({}, {});
    assert.deepEqual(compared.changes, []);
    assert.deepEqual(compared.unstable, []);
    assert.ok(compared.requests > 50);
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
    assert.equal(short(change), 'closed no-longer-reads listed');
    assert.deepEqual(change.seen, { before: 'readable', after: 'blocked at the preflight' });
    const ids = idsOf([change]);
    assert.ok(ids.includes('put') && ids.includes('delete') && !ids.includes('patch'), ids.join());
    assert.deepEqual(change.cause, {
      on: 'preflight',
      name: 'access-control-allow-methods',
      before: 'DELETE, GET, PATCH, PUT',
      after: 'GET, PATCH',
    });
    assert.equal(changes.length, 1, 'one cause, one change');
    assert.match(change.why?.text ?? '', /Method PUT is not allowed by Access-Control-Allow-Methods/);
    assert.match(change.why?.spec ?? '', /^https:\/\/fetch\.spec\.whatwg\.org\/#/);
  });

  test('should put first what lets unlisted origins read', async () => {
    const { changes } = await ofPolicies(
      { credentials: true },
      { credentials: true, origin: origin => origin, methods: 'GET' },
    );
    assert.equal(short(changes[0] as Change), 'unlisted reads unlisted');
    const ids = idsOf([changes[0] as Change]);
    assert.ok(ids.includes('get-credentials-from-https-evil-example'), ids.join());
    assert.ok(ids.some(id => id.includes('from-null')));
    assert.ok(changes.some(change => short(change) === 'closed no-longer-reads listed'));
  });

  test('should raise no alarm for everyone if everyone is the policy', async () => {
    const everyone = { origin: () => '*' };
    const joined = await ofPolicies({ origin: () => '*, *' }, everyone);
    assert.deepEqual(joined.changes.map(short), ['page reads everyone']);
    const wider = await ofPolicies({ ...everyone, methods: 'GET' }, everyone);
    assert.deepEqual(wider.changes.map(short), ['page reads everyone']);
    const narrower = await ofPolicies(everyone, { ...everyone, methods: 'GET' });
    assert.deepEqual(narrower.changes.map(short), ['closed no-longer-reads everyone']);
    // The list is lost: that is no policy of everyone.
    const lost = await ofPolicies({}, everyone);
    assert.equal(short(lost.changes[0] as Change), 'unlisted reads unlisted');
    // Everyone could read, but not with the credentials of a user.
    const reflected = await ofPolicies(everyone, { origin: origin => origin || null, credentials: true });
    assert.equal(short(reflected.changes[0] as Change), 'unlisted reads unlisted');
    assert.match(reflected.changes[0]?.meaning ?? '', /with the credentials of its user/);
  });

  test('should say that a request is carried out which no page can read', async () => {
    const half: Handler = (request, response) => {
      const preflight = request.method === 'OPTIONS';
      middleware({ credentials: true, origin: preflight ? origin => origin : () => '*' })(request, response);
    };
    const { changes } = await compare(middleware({ origin: () => '*', credentials: true }), half);
    const [first] = changes;
    assert.equal(first && short(first), 'unlisted carried-out unlisted');
    assert.match(
      first?.meaning ?? '',
      /^The PUT of a page of an origin that is not listed is now carried out/,
    );
    assert.ok(idsOf([first as Change]).includes('put-credentials-from-https-evil-example'));
  });

  test('should take a preflight that fails with a status as a change on the wire', async () => {
    const strict: Handler = (request, response) => {
      if (request.headers['access-control-request-private-network'] && request.headers.origin === APP)
        return middleware({ preflightStatus: 400 })(request, response);
      middleware({})(request, response);
    };
    const { changes } = await compare(middleware({}), strict);
    assert.deepEqual(changes.map(short), ['wire header listed']);
    assert.deepEqual(idsOf(changes), ['private-network']);
  });

  test('should see an OPTIONS request without Origin that is answered otherwise', async () => {
    const passes: Handler = (request, response) =>
      request.method === 'OPTIONS' && request.headers.origin === undefined
        ? response.writeHead(405).end()
        : middleware({})(request, response);
    const { changes } = await compare(middleware({}), passes);
    assert.deepEqual(idsOf(changes.filter(({ level }) => level === 'wire')), [
      'plain-options',
      'preflight-without-origin',
    ]);
  });

  test('should take a server that needs seconds for a long list as a change', async () => {
    const slow: Handler = (request, response) => {
      const names = String(request.headers['access-control-request-headers'] ?? '');
      const ms = names.length > 5_000 ? 2_300 : 0;
      setTimeout(() => middleware({})(request, response), ms);
    };
    const { changes } = await compare(middleware({}), slow, {
      only: /^(get|long-commas)$/,
      timeoutMs: 4_000,
    });
    assert.deepEqual(
      changes.map(({ cause }) => cause?.name),
      ['time'],
    );
  });

  test('should say what was not exercised', async () => {
    const gaps = async (handler: Handler) => (await compare(handler, handler)).gaps.map(({ id }) => id);
    assert.deepEqual(await gaps(middleware({})), []);
    assert.deepEqual(await gaps(middleware({ origin: only('https://other.example') })), [
      'no-origin-allowed',
    ]);
    // A preflight that lists no PUT is an answer about PUT: the origin is one that the server knows.
    const getOnly: Policy = { methods: 'GET' };
    assert.deepEqual((await ofPolicies(getOnly, getOnly, { only: /^put/ })).gaps, []);
    assert.deepEqual(await gaps((_, response) => void response.end('{}')), ['no-cors-header']);
    assert.deepEqual(await gaps((_, response) => void response.writeHead(429).end()), [
      'no-cors-header',
      'no-success',
    ]);
  });

  test('should see a looser match of origins that no list names', async () => {
    const { changes } = await ofPolicies({}, { origin: origin => (origin.startsWith(APP) ? origin : null) });
    assert.deepEqual([...new Set(changes.map(short))][0], 'unlisted reads unlisted');
    assert.ok(changes[0]?.requests.every(({ title }) => title.includes(APP)));
  });

  test('should tell on the wire what no page notices', async () => {
    const any = { vary: null };
    const { changes } = await ofPolicies(
      { ...any, origin: origin => origin || null },
      { ...any, origin: () => '*' },
    );
    assert.ok(changes.some(({ level, cause }) => level === 'wire' && cause?.after === '*'));
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
    assert.equal(short(closed.changes[0] as Change), 'closed no-longer-reads listed');
  });

  test('should count preflights', async () => {
    const { changes } = await ofPolicies({}, { maxAge: 0 });
    assert.deepEqual(changes.find(({ level }) => level === 'page')?.seen, {
      before: '1, 1, 2',
      after: '1, 2, 3',
    });
  });

  test('should see headers that script can read no more', async () => {
    const { changes } = await ofPolicies({ expose: 'X-E' }, {});
    assert.equal(changes[0]?.effect, 'exposed');
    assert.deepEqual(changes[0]?.seen, { before: 'x-e', after: '' });
    assert.match(changes[0]?.meaning ?? '', /can no longer read x-e/);
  });

  test('should tell a matcher that alternates from one that does not', async () => {
    const alternating = () => {
      const matcher = /app\.example$/g;
      return middleware({ origin: origin => (matcher.test(origin) ? origin : null) });
    };
    const mended = await compare(alternating(), middleware({}));
    const page = mended.changes.filter(({ level }) => level === 'page');
    assert.deepEqual(idsOf(page), ['repeat']);
    assert.equal(page[0]?.effect, 'no-longer-alternates');
    const same = await compare(alternating(), alternating());
    assert.deepEqual(same.changes, []);
    assert.equal(isChanged(same), false);
  });

  test('should not believe what differs only once', async () => {
    let count = 0;
    const moody: Handler = (request, response) =>
      middleware(count++ === 3 ? { origin: () => null } : {})(request, response);
    const compared = await compare(middleware({}), moody, { only: /^get|^put/ });
    assert.deepEqual(compared.changes, []);
    assert.equal(compared.unstable.length, 1);
    assert.deepEqual(compared.unstable[0]?.sides, ['after']);
    assert.equal(isChanged(compared), false);
  });

  test('should believe what comes and goes in one of the two', async () => {
    let count = 0;
    const moody: Handler = (request, response) =>
      middleware(count++ % 2 === 0 ? { origin: () => null } : {})(request, response);
    const compared = await compare(middleware({}), moody, { only: /^(get|head|plain)$/ });
    assert.ok(compared.unstable.some(({ counts }) => counts));
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
      assert.equal(short(compared.changes[0] as Change), 'closed no-longer-reads listed', what);
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
        { engines: [name], only: /^(get|put|get-credentials-from-.*|cache-ladder)$/, timeoutMs: 10_000 },
      );
      assert.deepEqual(compared.unfinished, []);
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

test('should end at once when it is interrupted while a server keeps silent', {
  timeout: 20_000,
}, async () => {
  for (const only of [/^two-names$/, /^get/]) {
    const interrupt = new AbortController();
    const silent: Handler = () => interrupt.abort(new Error('interrupted'));
    await assert.rejects(
      compare(silent, silent, { timeoutMs: 60_000, only, signal: interrupt.signal }),
      /^Error: interrupted$/,
    );
  }
});

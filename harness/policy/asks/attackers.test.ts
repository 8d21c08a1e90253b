import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeaderLine } from '../../wire/exchange.ts';
import { readConfig } from '../config/read.ts';
import type { VerifyConfig } from '../config/schema.ts';
import { derive, followUps } from '../derive.ts';
import { PolicyEvidence } from '../evidence.ts';
import { planFor } from '../plan.ts';
import type { ProbeRun } from '../trial.ts';

const SERVER = 'https://api.example.com';
const EVIL = 'https://evil.example';

const planOf = (policy: Partial<VerifyConfig['policy']>) =>
  planFor(
    readConfig({
      target: { url: SERVER },
      policy: {
        origins: 'https://app.example.com',
        credentials: true,
        methods: ['GET', 'PUT', 'POST'],
        requestHeaders: ['X-Key', 'Accept-Language', 'Content-Type'],
        resources: [{ path: '/items', headers: { 'X-Key': 'k', 'Accept-Language': 'de' } }],
        ...policy,
      },
    }).config,
    SERVER,
  );

describe('undeclared origins', () => {
  const keyed = planOf({
    methods: ['GET', 'PUT'],
    errors: [
      { path: '/teapot', status: 418 },
      { path: '/items', method: 'POST', status: 422, body: '{}' },
    ],
  });
  const { cases, probes } = derive(keyed);
  const asked = cases.filter(({ about }) => about.ask === 'attackers');

  test('should ask without the headers that need permission, too', () => {
    const idsOf = (plain: boolean) =>
      asked
        .filter(({ about }) => about.method === 'GET' && (about.without !== undefined) === plain)
        .map(({ about }) => `${about.path} ${about.attacker?.id}`);
    assert.deepEqual(idsOf(true), idsOf(false));
    const [one] = asked.filter(({ about }) => about.without !== undefined);
    const [step] = one?.case.steps ?? [];
    assert.deepEqual(step && 'request' in step && step.request.headers, [['Accept-Language', 'de']]);
    assert.deepEqual([one?.about.headers, one?.about.without], [[], ['X-Key']]);
    assert.match(one?.case.title ?? '', /^GET \/items without X-Key is not readable by /);
    const open = derive(planOf({ resources: [{ path: '/items' }] })).cases;
    assert.ok(open.every(({ about }) => about.without === undefined));
  });

  test('should ask for methods that change data by preflights with these headers and without', () => {
    const own = probes.filter(
      ({ about }) => about.ask === 'attacker-preflights' && !about.unasked && about.origin === 'null',
    );
    assert.deepEqual(
      own.map(({ about }) => about.headers),
      [['x-key'], []],
    );
  });

  test('should ask by HEAD, too, from any site and null, where the policy declares it', () => {
    const headsOf = (methods: string[]) =>
      derive(planOf({ methods, resources: [{ path: '/items' }] }))
        .cases.filter(({ about }) => about.ask === 'attackers' && about.method === 'HEAD')
        .map(({ about }) => about.origin);
    assert.deepEqual(headsOf(['GET', 'HEAD']), [EVIL, 'null']);
    assert.deepEqual(headsOf(['GET', 'PUT']), []);
    assert.ok(headsOf(['HEAD']).length > 10);
  });

  test('should ask for each declared change from strangers, and for one from look-alikes', () => {
    const { probes: all } = derive(
      planOf({ methods: ['GET', 'PUT', 'DELETE'], resources: [{ path: '/items' }] }),
    );
    const methodsOf = (id: string) =>
      all
        .filter(
          ({ about }) => about.ask === 'attacker-preflights' && about.attacker?.id === id && !about.unasked,
        )
        .map(({ about }) => about.method);
    assert.deepEqual(methodsOf('unrelated-1'), ['PUT', 'DELETE']);
    assert.deepEqual(methodsOf('suffix-1'), ['PUT']);
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  });

  test('should get the declared errors of a POST as a form of any site', () => {
    assert.deepEqual(
      asked
        .filter(({ about }) => about.method === 'POST')
        .map(({ about }) => [about.origin, about.path, about.expects, about.headers, about.without]),
      [[EVIL, '/items', 422, [], ['X-Key', 'Content-Type: application/json']]],
    );
  });

  test('should send few forms, but one of each kind where nothing but a POST shows an answer', () => {
    const kindsOf = (resources: VerifyConfig['policy']['resources'], path: string) =>
      derive(planOf({ resources }))
        .cases.filter(
          ({ about }) => about.ask === 'attackers' && about.method === 'POST' && about.path === path,
        )
        .map(({ about }) => about.attacker?.kind);
    const rpc = { methods: ['POST'], body: '{}' };
    const all = kindsOf([{ path: '/rpc', ...rpc }], '/rpc');
    assert.deepEqual([new Set(all).size, all.length], [11, 11]);
    const more = [
      { path: '/rpc', ...rpc },
      { path: '/more', ...rpc },
    ];
    assert.deepEqual(kindsOf(more, '/more'), ['unrelated', 'null']);
    assert.deepEqual(kindsOf([{ path: '/both' }], '/both'), ['unrelated']);
  });

  test('should carry a cookie or a Referer beside such a header only where a preflight let it pass', () => {
    const special = ['attacker-cookies', 'attacker-referer'];
    const first = probes.filter(({ about }) => special.includes(about.ask));
    assert.ok(first.every(({ about }) => about.headers.length === 0));
    const preflight = (allowed: readonly HeaderLine[]): ProbeRun => {
      const about = asked.find(one => one.about.origin === EVIL && one.about.headers.length > 0)?.about;
      assert.ok(about);
      const request = { method: 'OPTIONS', url: `${SERVER}/items`, headers: [['Origin', EVIL] as const] };
      return {
        probe: { id: 'one', about, must: '', request },
        exchange: {
          role: 'preflight',
          resource: 'main',
          request: { ...request, bodyBytes: 0 },
          response: { status: 204, headers: [...allowed], bodyBytes: 0 },
          end: 'complete',
          connection: 1,
          startedMs: 0,
          endedMs: 1,
        },
      };
    };
    const asksAfter = (...allowed: readonly HeaderLine[]) =>
      followUps(keyed, new PolicyEvidence(keyed, { runs: [], probes: [preflight(allowed)] }))
        .filter(({ about }) => special.includes(about.ask))
        .map(({ about }) => `${about.ask} ${about.origin} ${about.headers}`);
    assert.deepEqual(asksAfter(), []);
    assert.deepEqual(
      asksAfter(
        ['Access-Control-Allow-Origin', EVIL],
        ['Access-Control-Allow-Credentials', 'true'],
        ['Access-Control-Allow-Headers', 'X-Key'],
      ),
      [`attacker-cookies ${EVIL} x-key`, `attacker-referer ${EVIL} x-key`],
    );
  });

  test('should carry a login by HTTP, which browsers add by themselves, but no token', () => {
    const authorizations = (value: string) =>
      derive(
        planOf({
          requestHeaders: ['Authorization'],
          resources: [{ path: '/', headers: { Authorization: value } }],
        }),
      )
        .probes.filter(({ about }) => about.ask === 'attacker-cookies')
        .map(({ about, request }) => [
          request.headers.find(([name]) => name === 'Authorization')?.[1],
          about.without,
        ]);
    assert.deepEqual(authorizations('Basic dTpw'), [
      ['Basic dTpw', undefined],
      ['Basic dTpw', undefined],
    ]);
    assert.deepEqual(authorizations('Bearer t'), [
      [undefined, ['Authorization']],
      [undefined, ['Authorization']],
    ]);
  });

  test('should ask for a part only of what accepts ranges', () => {
    const partsAfter = (lines: readonly HeaderLine[]) => {
      const seen = Object.assign(new PolicyEvidence(keyed, { runs: [], probes: [] }), {
        header: (_: string, __: string, name: string) =>
          lines.find(([own]) => own.toLowerCase() === name)?.[1] ?? null,
      });
      return followUps(keyed, seen)
        .filter(({ about }) => about.ask === 'attacker-range')
        .map(({ about }) => about.origin);
    };
    assert.deepEqual(partsAfter([]), []);
    assert.deepEqual(partsAfter([['Accept-Ranges', 'bytes']]), [EVIL, 'null']);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { caseSchema } from '../case/schema.ts';
import { CHECKS } from './checks/index.ts';
import { readConfig } from './config/read.ts';
import type { VerifyConfig } from './config/schema.ts';
import { derive } from './derive.ts';
import { SAFE_METHODS } from './names.ts';
import { planFor } from './plan.ts';

const planOf = (policy: VerifyConfig['policy'], url = 'https://api.example.com') =>
  planFor(readConfig({ target: { url }, policy }).config, url);
const plan = (policy: VerifyConfig['policy'], url?: string) => derive(planOf(policy, url));

const policy: VerifyConfig['policy'] = {
  origins: ['https://app.example.com', 'https://admin.example.com'],
  credentials: true,
  methods: ['GET', 'PUT'],
  requestHeaders: ['X-A', 'Content-Type'],
  exposedHeaders: ['X-E'],
  maxAge: 600,
  resources: [
    { path: '/items', body: '{"a":"{nonce}"}' },
    { path: '/orders', methods: ['POST'] },
  ],
  errors: [{ path: '/teapot', status: 418 }],
};
const full = plan(policy);
const of = (check: string) => full.cases.filter(one => one.about.ask === check);
const requests = full.cases.flatMap(one =>
  one.case.steps.flatMap(step => ('request' in step ? [{ about: one.about, request: step.request }] : [])),
);

describe('derive', () => {
  test('should make cases that the case schema takes, with ids of their own', () => {
    for (const one of full.cases) assert.equal(caseSchema.safeParse(one.case).success, true, one.case.id);
    const ids = [...full.cases.map(one => one.case.id), ...full.probes.map(one => one.id)];
    assert.equal(new Set(ids).size, ids.length);
  });

  test('should try every declared origin, method and credentials mode', () => {
    const items = of('allowed').filter(one => one.about.resource === 'items');
    assert.equal(items.length, 2 * 2 * 2 + 1, 'and once without the body');
    assert.equal(of('allowed').filter(one => one.about.resource === 'orders').length, 2 * 1 * 2);
    assert.deepEqual(
      of('header').map(one => `${one.about.method} ${one.about.headers.join()}`),
      [
        'GET x-a',
        'GET content-type',
        'GET content-type,x-a',
        'POST x-a',
        'POST content-type',
        'POST content-type,x-a',
      ],
    );
  });

  test('should send requests that may change data only where and as the policy declares them', () => {
    for (const { about, request } of requests) {
      const method = request.method ?? 'GET';
      if (SAFE_METHODS.includes(method)) continue;
      if (about.ask === 'attackers') {
        // What a form can send, with the declared body or none.
        assert.equal(`${method} ${about.path}`, 'POST /orders');
        assert.deepEqual([about.headers, request.headers], [[], undefined]);
        continue;
      }
      assert.ok(['allowed', 'header', 'repeat', 'max-age'].includes(about.ask), about.ask);
      assert.equal(method, about.resource === 'items' ? 'PUT' : 'POST');
      assert.match(about.origin ?? '', /^https:\/\/(?:app|admin)\.example\.com$/);
    }
    for (const { request } of full.probes) assert.ok(SAFE_METHODS.includes(request.method), request.method);
  });

  test('should ask for undeclared methods that change data by a preflight alone', () => {
    const asked = full.probes.filter(one => one.about.ask === 'undeclared-method');
    assert.deepEqual(
      asked.map(one => `${one.request.method} ${one.about.method} ${one.about.path}`),
      ['OPTIONS PATCH /items', 'OPTIONS DELETE /items', 'OPTIONS PATCH /orders', 'OPTIONS DELETE /orders'],
    );
  });

  test('should let any site and null ask for methods that are not declared, by preflights with credentials', () => {
    const asked = full.probes.filter(
      one => one.about.ask === 'attacker-preflights' && one.about.unasked && one.about.resource === 'items',
    );
    assert.deepEqual(
      asked.map(one => `${one.request.method} ${one.about.method} ${one.about.origin}`),
      ['https://evil.example', 'null'].flatMap(origin => [
        `OPTIONS PATCH ${origin}`,
        `OPTIONS DELETE ${origin}`,
      ]),
    );
    assert.ok(asked.every(one => one.about.credentials));
  });

  test('should let any site and null ask for the declared errors, and only for those', () => {
    const asked = of('attackers').filter(one => one.about.resource === 'errors');
    assert.deepEqual(
      asked.map(one => `${one.about.method} ${one.about.path} ${one.about.origin}`),
      ['GET /teapot https://evil.example', 'GET /teapot null'],
    );
  });

  test('should write a declared origin into the Referer of any site once for each resource', () => {
    const [one, ...more] = full.probes.filter(two => two.about.ask === 'attacker-referer');
    assert.deepEqual(one?.request.headers, [
      ['Origin', 'https://evil.example'],
      ['Referer', 'https://evil.example/?https://app.example.com/'],
    ]);
    assert.equal(more.length, 0, 'orders has no safe method');
  });

  test('should let attackers ask a resource without a safe method by preflights only', () => {
    const safe = of('attackers').filter(one => one.about.method !== 'POST');
    assert.ok(safe.every(one => one.about.resource !== 'orders'));
    const orders = full.probes.filter(
      one => one.about.ask === 'attacker-preflights' && one.about.resource === 'orders',
    );
    assert.ok(orders.length > 2);
    assert.ok(orders.every(one => one.request.method === 'OPTIONS'));
  });

  test('should open a sandboxed frame for null and a page of its own for any other attacker', () => {
    const items = of('attackers').filter(one => one.about.resource === 'items');
    const byOrigin = new Map(items.map(one => [one.about.origin, one.case]));
    assert.equal(byOrigin.get('null')?.realm, 'sandboxed-frame');
    assert.equal(byOrigin.get('https://evil.example')?.page, 'https://evil.example');
    assert.equal(byOrigin.get('https://evil.example')?.steps.length, 2);
  });

  test('should count preflights across the default max-age', () => {
    const [one] = of('max-age');
    assert.equal(one?.case.fresh, true);
    const [first, wait, second] = one?.case.steps ?? [];
    assert.ok(first && 'request' in first && first.expect.preflight === 'sent');
    assert.ok(wait && 'wait' in wait && wait.wait > 5_000);
    assert.ok(second && 'request' in second && second.expect.preflight === 'not sent');
  });

  test('should count preflights in a page, not in a sandboxed frame, whose preflights Chromium forgets', () => {
    const { cases } = plan({
      origins: '*',
      maxAge: 600,
      requestHeaders: ['X-A'],
      resources: [{ path: '/' }],
    });
    const one = cases.find(({ about }) => about.ask === 'max-age');
    assert.match(one?.about.origin ?? '', /^https:/);
    assert.equal(one?.case.realm, undefined);
  });

  test('should expect a max-age of 0 to be asked every time, without waiting', () => {
    const { cases } = plan({
      origins: 'https://a.example',
      maxAge: 0,
      requestHeaders: ['X-A'],
      resources: [{ path: '/' }],
    });
    const steps = cases.find(one => one.about.ask === 'max-age')?.case.steps ?? [];
    assert.deepEqual(
      steps.map(step => ('request' in step ? step.expect.preflight : 'wait')),
      ['sent', 'sent'],
    );
  });

  test('should ask for a max-age of 0 by a method that no HTTP cache answers, where there is one', () => {
    const { cases } = plan({
      origins: 'https://a.example',
      maxAge: 0,
      methods: ['GET', 'PUT'],
      requestHeaders: ['X-A'],
      resources: [{ path: '/' }],
    });
    const steps = cases.find(one => one.about.ask === 'max-age')?.case.steps ?? [];
    assert.deepEqual(
      steps.map(step => 'request' in step && [step.request.method, step.request.cache]),
      [
        ['PUT', 'default'],
        ['PUT', 'default'],
      ],
    );
  });

  test('should climb the cache ladder, and again from a sibling origin', () => {
    assert.deepEqual(
      of('cache').map(one => one.case.steps.map(step => ('request' in step ? step.expect.outcome : ''))),
      [
        ['opaque', 'readable'],
        ['readable', 'readable'],
      ],
    );
  });

  test('should read the error answers of declared paths and of one that no route serves', () => {
    assert.deepEqual(
      of('errors').map(one => one.about.path),
      ['/teapot', '/cors-conformance-no-such-path'],
    );
    const none = plan({ origins: 'https://a.example', unrouted: false, resources: [{ path: '/' }] });
    assert.ok(!none.cases.some(one => one.about.ask === 'errors'));
  });

  test('should expect credentials that the policy does not declare to be of no use', () => {
    const open = plan({ origins: '*', resources: [{ path: '/' }] });
    const one = open.cases.find(two => two.about.ask === 'undeclared-credentials');
    assert.equal(one?.about.credentials, true);
    assert.ok(!open.cases.some(two => two.about.ask === 'attackers'));
    assert.equal(of('undeclared-credentials').length, 0);
  });

  test('should ask for every declared method by preflights with no header, each header and all of them', () => {
    const asked = full.probes
      .filter(({ about }) => about.ask === 'preflights' && about.origin === 'https://app.example.com')
      .map(({ about }) => `${about.resource} ${about.method} ${about.headers.join(' ')}`.trim());
    for (const one of [
      'items PUT',
      'items PUT x-a',
      'items PUT content-type x-a',
      'items GET content-type',
      'orders POST x-a',
    ])
      assert.ok(asked.includes(one), one);
    assert.ok(!asked.includes('items GET'), 'it needs no preflight');
  });

  test('should ask a resource without a safe method for undeclared headers by a preflight', () => {
    const asked = full.probes.find(
      ({ about }) => about.ask === 'undeclared-header' && about.resource === 'orders',
    );
    assert.equal(asked?.request.method, 'OPTIONS');
    assert.ok(asked?.about.headers.includes('x-cors-conformance-undeclared'));
  });

  test('should ask origins that no page can have here, on the wire', () => {
    const app = plan({ origins: ['app://obsidian.md'], resources: [{ path: '/' }] });
    const allowed = app.cases.filter(({ about }) => about.ask === 'allowed');
    assert.deepEqual(
      allowed.map(one => one.case.page),
      ['app://obsidian.md'],
    );
    assert.ok(full.cases.some(({ about }) => about.origin?.startsWith('chrome-extension://')));
  });

  test('should try an unrouted path in the folder of the first resource, for information', () => {
    const api = plan({ origins: 'https://a.example', resources: [{ path: '/api/v1/items?x=1' }] });
    const one = api.cases.find(({ about }) => about.ask === 'errors');
    assert.deepEqual([one?.about.path, one?.about.unasked], ['/api/v1/cors-conformance-no-such-path', true]);
  });

  test('should put the path of the URL before every path of the policy', () => {
    const { cases } = plan(
      { origins: 'https://a.example', resources: [{ path: '/x' }] },
      'https://h.example/v2/',
    );
    const [first] = cases[0]?.case.steps ?? [];
    assert.equal(first && 'request' in first && first.request.url, 'https://h.example/v2/x');
  });

  test('should derive only what the selected checks need', () => {
    const checks = CHECKS.filter(({ id }) => id === 'vary-injected');
    const { cases, probes } = derive(planOf(policy), checks);
    assert.deepEqual(
      [cases.length, new Set(probes.map(({ about }) => about.ask))],
      [0, new Set(['vary-injected'])],
    );
  });

  test('should send the sample body byte for byte, braces and all', () => {
    const put = requests.find(one => one.request.method === 'PUT');
    assert.deepEqual(put?.request.body, { buffer: '{"a":"{nonce}"}' });
    assert.deepEqual(put?.request.headers, [['Content-Type', 'application/json']]);
  });

  test('should be the same every time', () => {
    const again = plan({ origins: 'https://a.example', resources: [{ path: '/' }] });
    assert.deepEqual(again, plan({ origins: 'https://a.example', resources: [{ path: '/' }] }));
  });
});

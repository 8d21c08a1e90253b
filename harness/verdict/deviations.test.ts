import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviations } from '../../suites/deviations.ts';
import { isAsSeen, isCovered, isOf, nearestListed } from './deviations.ts';
import type { EngineRecord } from './record.ts';

const system = { os: 'Debian GNU/Linux 12 (bookworm), x64', driver: 'a driver' };
const build = (name: string, version: string, build: string, channel = 'system'): EngineRecord => ({
  name,
  version,
  build,
  channel,
  ...system,
});

test('should cover the builds that the list was held against', () => {
  for (const engine of [
    build('chromium', '156.0.8078.108', 'Debian chromium 156.0.8078.108-1~deb12u1', 'chromium'),
    build('chromium@123', '123.0.6312.0', '/cache/chromium', 'release'),
    build('firefox', '153.7.0', 'Debian firefox-esr 153.7.0esr-1~deb12u1', 'esr'),
    build('webkit', '2.50.6', 'Debian libwebkit2gtk-4.1-0 2.50.6-1~deb12u2', 'webkitgtk'),
    build('jsdom', '29.1.1', 'jsdom 29.1.1 from npm, Node 20.20.2', 'npm'),
  ])
    assert.ok(isCovered(engine, deviations), `${engine.name} ${engine.version}`);
});

test('should cover no other build, though the same entries are of it by its version', () => {
  const others = [
    build('chromium', '156.0.8078.7', 'Playwright build 1234', 'playwright'),
    build('chromium', '156.0.8078.108', '/Applications/Google Chrome.app', 'chrome'),
    build('firefox', '153.0', 'Playwright build 1522', 'playwright'),
  ];
  for (const engine of others) {
    assert.ok(!isCovered(engine, deviations), engine.build);
    assert.ok(deviations.some(one => isOf(one, engine)));
    assert.equal(nearestListed(engine, deviations), undefined, 'its own entries are the nearest');
  }
});

test('should find the nearest version that the list speaks of', () => {
  const nearest = (name: string, version: string) =>
    nearestListed(build(name, version, 'Playwright build 1'), deviations)?.version;
  assert.equal(nearest('firefox', '160.0'), '153');
  assert.equal(nearest('webkit', '26.4'), '2');
  assert.equal(nearest('chromium', '200.0'), '156');
  assert.equal(nearestListed(build('firefox', '160.0', ''), []), undefined);
});

test('should take a recorded case for known only if exactly what was recorded fails', () => {
  const { seen } = { seen: { 'a/case': { wire: 'OPTIONS', url: '{url}', error: '(absent)' } } };
  const fill = (text: string) => text.replace('{url}', 'http://localhost:9001/');
  const failing = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([id, observed]) => ({
      id,
      expected: 'as it should be',
      observed,
      ok: false,
    }));
  const recorded = { id: 'x', engine: 'jsdom', cases: ['a/case'], seen, what: '', link: '' } as const;
  const check = (values: Readonly<Record<string, string>>, caseId = 'a/case') =>
    isAsSeen(recorded, caseId, failing(values), fill);
  const exact = { wire: 'OPTIONS', url: 'http://localhost:9001/', error: '(absent)' };
  assert.equal(check(exact), true);
  assert.equal(check({ ...exact, status: '500' }), false, 'one more');
  assert.equal(check({ wire: 'OPTIONS', url: exact.url }), false, 'one less');
  assert.equal(check({ ...exact, wire: 'OPTIONS, PUT' }), false, 'another value');
  assert.equal(check({ ...exact, url: 'http://localhost:9002/' }), false, 'another address');
  assert.equal(check(exact, 'another/case'), undefined);
});

test('should list no entry that accepts whatever fails', () => {
  for (const { id, checks = {}, seen = {} } of deviations) {
    assert.ok(!Object.keys(checks).includes('*'), id);
    for (const recorded of Object.values(seen)) assert.ok(Object.keys(recorded).length > 0, id);
  }
});

/** Ways in which servers match origins wrongly, on one resource and on three: what is said of each. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attackersAsk } from '../asks/attackers.ts';
import { readConfig } from '../config/read.ts';
import { PolicyEvidence } from '../evidence.ts';
import { planFor } from '../plan.ts';
import { judgePolicy } from './find.ts';
import { askOf, ORIGIN, originLines } from './ran.test-support.ts';

type Matcher = (origin: string) => boolean;

const hostnameOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).hostname : '');

/** What a server of so many resources, all with the same matcher, is told: the check of each finding, and its places. */
function toldOf(
  allows: Matcher,
  resources: number,
  origins: readonly string[] = [ORIGIN],
): Record<string, readonly string[]> {
  const paths = ['/a', '/b', '/c'].slice(0, resources);
  const { config } = readConfig({
    target: { url: 'https://api.example.com' },
    policy: { origins: [...origins], credentials: true, resources: paths.map(path => ({ path })) },
  });
  const plan = planFor(config, 'https://api.example.com');
  const probes = (attackersAsk.attempts(plan).cases ?? []).map(({ about }) =>
    askOf(about, 200, [
      ['Vary', 'Origin'],
      ...(allows(about.origin ?? '') ? originLines(about.origin ?? '') : []),
    ]),
  );
  const { findings } = judgePolicy(new PolicyEvidence(plan, { runs: [], probes }));
  return Object.fromEntries(
    findings.filter(({ id }) => id.startsWith('origin-')).map(({ id, places }) => [id, places ?? []]),
  );
}

const MATCHERS: Readonly<Record<string, readonly [allows: Matcher, ...checks: string[]]>> = {
  'any origin': [() => true, 'origin-reflected'],
  'the name anywhere': [origin => origin.includes('app.example.com'), 'origin-contains'],
  'the name anywhere in the host': [
    origin => hostnameOf(origin).includes('app.example.com'),
    'origin-contains',
  ],
  'the beginning': [origin => origin.startsWith(ORIGIN), 'origin-prefix'],
  'the end of the domain': [origin => origin.endsWith('example.com'), 'origin-suffix'],
  'any name under the domain': [
    origin => /^https:\/\/([a-z0-9-]+\.)*example\.com$/.test(origin),
    'origin-sibling',
  ],
  'any name under the domain, by http too': [
    origin => /^https?:\/\/([a-z0-9-]+\.)*example\.com$/.test(origin),
    'origin-sibling',
    'origin-scheme',
  ],
  'what contains a part of the name': [origin => origin.includes('app.exam'), 'origin-contains'],
  'what begins with a part of the name': [origin => origin.startsWith('https://app.exam'), 'origin-prefix'],
  'what ends with a part of the domain': [origin => origin.endsWith('ample.com'), 'origin-suffix'],
  'any port': [origin => /^https:\/\/app\.example\.com(:\d+)?$/.test(origin), 'origin-port'],
  'the host alone': [origin => hostnameOf(origin) === 'app.example.com', 'origin-scheme', 'origin-port'],
  'a pattern whose dots are not escaped': [
    origin => /^https:\/\/app.example.com$/.test(origin),
    'origin-dot',
  ],
  null: [origin => origin === 'null', 'origin-null'],
};

describe('a server that allows', () => {
  for (const [what, [allows, ...checks]] of Object.entries(MATCHERS))
    test(`${what} should be told the same of one resource and of three`, () => {
      assert.deepEqual(Object.keys(toldOf(allows, 1)), checks);
      const ofThree = toldOf(allows, 3);
      assert.deepEqual(Object.keys(ofThree), checks);
      for (const places of Object.values(ofThree)) assert.deepEqual(places, ['GET /a', 'GET /b', 'GET /c']);
    });

  test('the name of the second origin anywhere should be told the same where only attackers of the first are asked', () => {
    const origins = ['http://localhost:3000', 'https://app.example.com:8443'];
    const told = toldOf(origin => origin.includes('app.example.com'), 3, origins);
    assert.deepEqual(told, { 'origin-contains': ['GET /a', 'GET /b', 'GET /c'] });
  });

  const SINGLE: Readonly<Record<string, readonly [allows: Matcher, check: string]>> = {
    'names of a host for everybody': [
      origin => /^https:\/\/[a-z]+\.vercel\.app$/.test(origin),
      'origin-hosting',
    ],
    'the domain above the declared name': [origin => origin === 'https://example.com', 'origin-apex'],
    'the www of the domain of the declared name': [
      origin => origin === 'https://www.example.com',
      'origin-apex',
    ],
    'this machine by its address': [origin => origin.startsWith('http://[::1]:'), 'origin-localhost'],
  };
  for (const [what, [allows, check]] of Object.entries(SINGLE))
    test(`${what} should be told so`, () => {
      assert.deepEqual(Object.keys(toldOf(allows, 1)), [check]);
    });

  test('a page of the development server on its last route alone should be told so', () => {
    const { config } = readConfig({
      target: { url: 'https://api.example.com' },
      policy: { origins: [ORIGIN], resources: ['/a', '/b'].map(path => ({ path })) },
    });
    const asked = attackersAsk.attempts(planFor(config, 'https://api.example.com')).cases ?? [];
    const ofLast = asked.filter(({ about }) => about.path === '/b').map(({ about }) => about.origin);
    assert.ok(ofLast.includes('http://localhost:3000'));
  });

  test("any page of the visitor's machine should be told so, not of the ports alone", () => {
    const told = toldOf(origin => /^http:\/\/localhost(:\d+)?$/.test(origin), 3, ['http://localhost:3000']);
    assert.deepEqual(told, { 'origin-localhost': ['GET /a', 'GET /b', 'GET /c'] });
  });
});

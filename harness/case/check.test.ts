import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaseError, caseFileSchema, checkSuite } from './check.ts';

const good = () => ({
  id: 'mine',
  title: 'Mine',
  cases: [
    {
      id: 'first',
      title: 'A GET is readable',
      spec: ['https://fetch.spec.whatwg.org/#cors-check'],
      steps: [
        {
          request: { method: 'GET' },
          server: { actual: { headers: [['Access-Control-Allow-Origin', '{origin}']] } },
          expect: { outcome: 'readable' },
        },
      ],
    },
  ],
});

/** The suite with one value replaced. */
function broken(path: string, value: unknown): unknown {
  const suite = good() as Record<string, unknown>;
  const keys = path.split('.');
  let at = suite as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1) as string] = value;
  return suite;
}

test('should accept a well-formed case file', () => {
  assert.equal(checkSuite(good(), 'mine.json').cases.length, 1);
});

const complaints: readonly [path: string, value: unknown, message: RegExp][] = [
  [
    'cases.0.steps.0.request.credentials',
    'always',
    /^mine\.json: case "first", steps\[0\]\.request\.credentials: /,
  ],
  ['cases.0.steps.0.expect.outcome', 'fine', /case "first", steps\[0\]\.expect\.outcome: /],
  ['cases.0.steps.0.server.actual.headers', [['x']], /case "first", steps\[0\]\.server\.actual/],
  ['cases.0.steps.0.request.metod', 'GET', /case "first", steps\[0\]\.request: .*metod/],
  ['cases.0.steps.0.request.to', 'hop2', /steps\[0\]\.request\.to: no resource is called "hop2"/],
  ['cases.0.steps.0.server.actual.body', '{urll}', /\{urll\} is not a placeholder/],
  ['cases.0.steps.0.server.actual.body', '{url:hop3}', /\{url:hop3\} names no resource/],
  ['cases.0.steps.0.expect.blockedAt', 'response', /expect\.blockedAt: only a blocked outcome/],
  [
    'cases.0.steps.0',
    { request: { api: 'image' }, expect: { outcome: 'opaque' } },
    /steps\[0\]\.expect\.outcome: api "image" shows no response, .*"load, canvas tainted"; without mode "no-cors" it has the attribute crossorigin/,
  ],
  [
    'cases.0.steps.0',
    { request: { api: 'eventsource' }, expect: { outcome: 'blocked', blockedAt: 'response' } },
    /outcome: api "eventsource" shows no response, only a result: expect "readable"/,
  ],
  ['cases.0.steps.0.expect', { outcome: 'blocked', wire: [] }, /expect\.wire: .* expect the outcome "error"/],
  [
    'cases.0.steps.0.expect',
    { outcome: 'blocked', actual: 'not sent' },
    /expect\.actual: .* the outcome "error"/,
  ],
  [
    'cases.0.steps.0.expect',
    { outcome: 'blocked', blockedAt: 'preflight', wire: ['OPTIONS', 'GET'] },
    /expect\.blockedAt: the last request that is expected is no preflight/,
  ],
  [
    'cases.0.steps.0.expect',
    { outcome: 'blocked', blockedAt: 'preflight', preflight: 'not sent', actual: 'sent' },
    /expect\.blockedAt: the last request that is expected is no preflight/,
  ],
  [
    'cases.0.steps.0.expect',
    { outcome: 'blocked', blockedAt: 'response', wire: ['OPTIONS'] },
    /expect\.blockedAt: the last request that is expected is a preflight/,
  ],
  ['cases.0.steps.0.expect.wire', ['GET', 'GET hop2'], /expect\.wire\[1\]: no resource is called "hop2"/],
  ['cases.0.steps.0.expect.requestHeaders', { origin: { matches: '(' } }, /not a regular expression/],
  ['cases.0.class', 'may', /case "first", because: a case of class may says why/],
  ['cases.0.id', 'First Case', /case "First Case", id: /],
  ['cases.0.spec', [], /case "first", spec: /],
  ['cases', [], /^mine\.json: cases: /],
  ['title', undefined, /^mine\.json: title: /],
];

for (const [path, value, message] of complaints) {
  test(`should name file, case and path when ${path} is ${JSON.stringify(value)}`, () => {
    assert.throws(
      () => checkSuite(broken(path, value), 'mine.json'),
      error => {
        assert.ok(error instanceof CaseError);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}

test('should refuse an id that is used twice', () => {
  const suite = good();
  suite.cases.push(suite.cases[0] as (typeof suite.cases)[0]);
  assert.throws(() => checkSuite(suite, 'mine.json'), /case "first": the id is used twice/);
});

test('should publish a JSON Schema that describes every field of a step', () => {
  const text = JSON.stringify(caseFileSchema());
  for (const field of [
    'preflight',
    'actual',
    'credentials',
    'blockedAt',
    'accessControlRequestHeaders',
    'fault',
  ]) {
    assert.ok(text.includes(`"${field}"`), field);
  }
});

test('should take a block after any of the requests that may come last', () => {
  const expects: object[] = [
    { outcome: 'blocked', blockedAt: 'response', wire: ['GET', 'OPTIONS'], anyOrder: true },
    { outcome: 'blocked', blockedAt: 'preflight', preflight: 'sent', actual: 'sent' },
    { outcome: 'blocked', blockedAt: 'preflight', anyRequests: true, preflight: 'not sent' },
    { outcome: 'error', wire: [] },
    { outcome: 'readable', wire: [] },
  ];
  for (const expect of expects) checkSuite(broken('cases.0.steps.0.expect', expect), 'mine.json');
});

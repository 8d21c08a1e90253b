import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PolicyError, readConfig, resolveResources } from './read.ts';
import { configJsonSchema, defineConfig, type VerifyConfig } from './schema.ts';

type Policy = VerifyConfig['policy'];

const config = (
  policy: Partial<Policy>,
  target: VerifyConfig['target'] = { url: 'http://localhost:3000' },
) => ({
  target,
  policy: { origins: 'https://app.example.com', resources: [{ path: '/' }], ...policy },
});

function errorsOf(value: unknown): string[] {
  try {
    readConfig(value);
  } catch (error) {
    assert.ok(error instanceof PolicyError);
    return error.issues.map(issue => `${issue.path}: ${issue.message}`);
  }
  return [];
}

const warningsOf = (value: unknown) =>
  readConfig(value).warnings.map(issue => `${issue.path}: ${issue.message}`);

describe('readConfig', () => {
  test('should take a plain policy and fill in what it leaves out', () => {
    const { config: read, warnings } = readConfig(config({}));
    assert.deepEqual(warnings, []);
    assert.equal(read.policy.credentials, false);
    assert.deepEqual(read.policy.methods, ['GET']);
    assert.deepEqual(read.target.ready, { tcp: true });
  });

  test('should name the place of an unknown key and of a wrong type', () => {
    assert.deepEqual(errorsOf({ ...config({}), polcy: 1 }), [
      ': "polcy" is not known here. Did you mean policy?',
    ]);
    assert.equal(
      errorsOf({ ...config({}), policy: { origin: 'https://app.example', resources: [{ path: '/' }] } })[0],
      'policy: "origin" is not known here. Did you mean origins?',
      'before what is missing for that reason',
    );
    assert.equal(
      errorsOf({ ...config({}), origins: ['https://app.example'] })[0],
      ': "origins" is not known here; it belongs in policy.',
    );
    const [wrong] = errorsOf(config({ resources: [{ path: 'items' }] }));
    assert.match(wrong ?? '', /^policy\.resources\[0\]\.path: /);
    const [fragment, unrouted, error] = errorsOf(
      config({ resources: [{ path: '/a?b#c' }], unrouted: '/#', errors: ['/e#f'] }),
    );
    assert.match(fragment ?? '', /^policy\.resources\[0\]\.path: Leave out what begins with #/);
    assert.match(
      error ?? unrouted ?? '',
      /^policy\.(?:errors\[0\]|unrouted): .*Leave out what begins with #/,
    );
    const [deep] = errorsOf(config({ origins: [{ regex: 'x', examples: [] }] }));
    assert.match(deep ?? '', /^policy\.origins\[0\]\.examples: /);
  });

  test('should hold what goes with every request against what each resource allows', () => {
    const login = { path: '/login', body: '{}', token: 'access_token' };
    assert.deepEqual(errorsOf(config({ login })), [
      'policy.login.token: The token is sent as Authorization, which the policy does not allow: add it to requestHeaders.',
    ]);
    assert.deepEqual(errorsOf(config({ login: { ...login, header: 'X-Token' }, requestHeaders: ['*'] })), []);
    const resources = [{ path: '/', requestHeaders: ['X-A'] }, { path: '/b' }];
    assert.deepEqual(errorsOf(config({ login, requestHeaders: ['authorization'], resources })), [
      'policy.resources[0].requestHeaders: Authorization goes with every request, and this list does not allow it: add it here.',
    ]);
    assert.deepEqual(errorsOf(config({ headers: { 'X-Key': 'k' }, requestHeaders: ['X-Key'], resources })), [
      'policy.resources[0].requestHeaders: X-Key goes with every request, and this list does not allow it: add it here.',
    ]);
  });

  test('should tell faults of shape and of sense together', () => {
    const errors = errorsOf({
      nmae: 'x',
      target: { url: 'http://localhost:1/?x', port: 'a' },
      policy: {
        origins: ['https://app.example.com/', 5],
        methods: ['patch', 7],
        maxAge: -1,
        resources: [{ path: '/a' }, { path: 'items' }, { path: '/a' }],
      },
    });
    assert.deepEqual(
      errors.map(error => error.replace(/^(.*?): .*/s, '$1')),
      [
        ...['', 'target.port', 'policy.origins[1]', 'policy.methods[1]', 'policy.resources[1].path'],
        ...['target.url', 'policy.origins[0]', 'policy.methods[0]', 'policy.maxAge'],
      ],
    );
  });

  test('should not tell what only follows from a fault of shape', () => {
    const one = (policy: object, target?: object) =>
      errorsOf(config(policy as Partial<Policy>, target as VerifyConfig['target'])).map(text =>
        text.replace(/^(.*?): .*/s, '$1'),
      );
    assert.deepEqual(one({ credentails: true, cookies: { a: '1' } }), ['policy']);
    assert.deepEqual(one({ credentials: 'yes', cookies: { a: '1' } }), ['policy.credentials']);
    assert.deepEqual(one({ headers: { Authorization: 'x' }, requestHeaders: [5] }), [
      'policy.requestHeaders[0]',
    ]);
    assert.deepEqual(one({}, { comand: 'node server.js' }), ['target']);
    assert.deepEqual(one({ origins: [{ regex: 'x' }], maxAge: -1 }), [
      'policy.origins[0].examples',
      'policy.maxAge',
    ]);
    assert.deepEqual(errorsOf(5).length, 1);
    assert.deepEqual(errorsOf({ ...config({}), name: () => 'x' }).length, 1);
  });

  const origins: [string, RegExp][] = [
    [
      'https://app.example.com/',
      /Write "https:\/\/app\.example\.com", as browsers send it: .*trailing slash/,
    ],
    ['https://app.example.com/x', /no path/],
    ['https://app.example.com:443', /default port/],
    ['http://app.example.com:80', /default port/],
    ['https://App.example.com', /case-sensitively/],
    ['https://bücher.example', /punycode/],
    ['https://user@app.example.com', /no user name/],
    ['app.example.com', /not an origin/],
    ['https://[0:0:0:0:0:0:0:1]:8080', /"https:\/\/\[::1\]:8080".*written another way/],
    ['https://*', /not a pattern/],
  ];
  for (const [origin, message] of origins)
    test(`should refuse the origin ${origin}`, () => {
      const [error] = errorsOf(config({ origins: [origin] }));
      assert.match(error ?? '', /^policy\.origins\[0\]: /);
      assert.match(error ?? '', message);
    });

  const contradictions: [string, Partial<Policy>, RegExp][] = [
    ['* with credentials', { origins: '*', credentials: true }, /policy\.origins: "\*" and credentials/],
    ['* beside others', { origins: ['*', 'https://a.example'] }, /allows every origin already/],
    ['a public suffix with credentials', { origins: 'https://*.github.io', credentials: true }, /Anybody/],
    ['TRACE', { methods: ['TRACE'] }, /policy\.methods\[0\]: Script can never send TRACE/],
    ['patch in lower case', { methods: ['patch'] }, /Write "PATCH"/],
    [
      'Cookie as a request header',
      { requestHeaders: ['Cookie'] },
      /requestHeaders\[0\]: Script can never set Cookie\. .* declare what it holds as cookies/,
    ],
    [
      'a response header among request headers',
      { requestHeaders: ['Access-Control-Allow-Origin'] },
      /response header/,
    ],
    ['* exposed with credentials', { exposedHeaders: ['*'], credentials: true }, /exposedHeaders\[0\]: "\*"/],
    ['Set-Cookie exposed', { exposedHeaders: ['Set-Cookie'] }, /never read/],
    ['a request header exposed', { exposedHeaders: ['Origin'] }, /is a request header/],
    ['a negative max-age', { maxAge: -1 }, /policy\.maxAge: /],
    ['an undeclared sample header', { headers: { Authorization: 'x' } }, /add it to requestHeaders/],
    [
      'Authorization under *',
      { headers: { Authorization: 'x' }, requestHeaders: ['*'] },
      /add it to requestHeaders/,
    ],
    ['cookies without credentials', { cookies: { a: '1' } }, /set credentials to true/],
    [
      'a JSON body without Content-Type',
      { resources: [{ path: '/', methods: ['PUT'], body: '{}' }] },
      /add it to requestHeaders/,
    ],
    [
      'the same resource twice',
      { resources: [{ path: '/a' }, { path: '/a' }] },
      /resources\[1\]: .*resources\[0\]/,
    ],
    ['a status for another method', { resources: [{ path: '/', status: { PUT: 200 } }] }, /status\.PUT/],
    [
      'an example that does not match',
      { origins: { regex: 'https://a\\.example', examples: ['https://b.example'] } },
      /does not match/,
    ],
    [
      '* with credentials in a resource',
      { origins: '*', resources: [{ path: '/', credentials: true }] },
      /resources\[0\]\.origins: "\*"/,
    ],
  ];
  for (const [what, policy, message] of contradictions)
    test(`should refuse ${what}`, () => assert.match(errorsOf(config(policy)).join('\n'), message));

  const warnings: [string, Partial<Policy>, RegExp][] = [
    ['http with credentials', { origins: 'http://app.example.com', credentials: true }, /not encrypted/],
    ['null', { origins: 'null' }, /sandboxed frame/],
    ['a long max-age', { maxAge: 90_000 }, /86400/],
    ['a safelisted header exposed', { exposedHeaders: ['Content-Type'] }, /always readable/],
    [
      'an unescaped dot',
      { origins: { regex: 'https://a.example', examples: ['https://a.example'] } },
      /Write|write/,
    ],
    ['a public suffix', { origins: 'https://*.com' }, /Anybody/],
  ];
  for (const [what, policy, message] of warnings)
    test(`should warn of ${what}`, () => assert.match(warningsOf(config(policy)).join('\n'), message));

  test('should let http on this machine pass without a warning', () => {
    assert.deepEqual(warningsOf(config({ origins: 'http://localhost:5173', credentials: true })), []);
  });

  const targets: [string, VerifyConfig['target'], RegExp][] = [
    ['neither command, module nor url', {}, /Say how to reach/],
    ['command and module', { command: 'x', module: 'y' }, /exclude each other/],
    ['a url with a query', { url: 'http://localhost:1/api?x=1' }, /query or fragment does not belong/],
    ['a line to wait for that is no pattern', { command: 'x', ready: { log: '(' } }, /ready\.log: .*Write a/],
    ['a {port} that nobody fills in', { url: 'http://localhost:{port}' }, /filled in/],
  ];
  for (const [what, target, message] of targets)
    test(`should refuse a target with ${what}`, () =>
      assert.match(errorsOf(config({}, target)).join('\n'), message));
});

describe('resolveResources', () => {
  test('should let a resource say for itself what the policy says for all', () => {
    const { config: read } = readConfig(
      config({
        methods: ['GET', 'PUT'],
        maxAge: 600,
        resources: [{ path: '/a' }, { path: '/b?x=1', methods: ['POST'], maxAge: 0, status: { POST: 201 } }],
      }),
    );
    const [a, b] = resolveResources(read);
    assert.deepEqual(
      [a?.name, a?.methods, a?.maxAge, a?.status('GET', true)],
      ['a', ['GET', 'PUT'], 600, undefined],
    );
    assert.deepEqual([b?.name, b?.methods, b?.maxAge, b?.status('POST', false)], ['b-x-1', ['POST'], 0, 201]);
  });
});

describe('the schema', () => {
  test('should be published as JSON Schema', () => {
    const schema = configJsonSchema();
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
    assert.deepEqual(schema.required, ['target', 'policy']);
  });

  test('should give a configuration its type and return it unchanged', () => {
    const value = config({});
    assert.equal(defineConfig(value), value);
  });
});

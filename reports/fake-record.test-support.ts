/**
 * Made-up run records for the tests of the renderers: every status, every optional field, any size.
 * Longer than other files: most of it is data.
 */
import { type EngineFamily, familyOf } from '../harness/case/engine-name.ts';
import type { CheckState, Finding } from '../harness/verdict/finding.ts';
import {
  type EngineRecord,
  type Result,
  type RunEngineName,
  type RunRecord,
  SCHEMA,
} from '../harness/verdict/record.ts';

const AGENTS: Record<EngineFamily, string> = {
  chromium:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
  webkit:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  jsdom: 'Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/29.1.1',
  'happy-dom': 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) HappyDOM/21.0.4',
  model: '',
};

const ENGINES: Record<EngineFamily, EngineRecord> = {
  chromium: {
    name: 'chromium',
    version: '156.0.8078.79',
    build: 'Debian chromium 156.0.8078.79',
    channel: 'system',
    os: 'Debian GNU/Linux 13',
    driver: 'playwright 1.65.1 cdp',
  },
  firefox: {
    name: 'firefox',
    version: '153.7.0',
    build: 'Debian firefox-esr 153.7.0',
    channel: 'moz-firefox',
    os: 'Debian GNU/Linux 13',
    driver: 'webdriver bidi',
  },
  webkit: {
    name: 'webkit',
    version: '2.50.4',
    build: 'WebKitGTK 2.50.4 MiniBrowser',
    channel: 'system',
    os: 'Debian GNU/Linux 13',
    driver: 'selenium-webdriver 4.38.0',
  },
  jsdom: domLibrary('jsdom', '29.1.1'),
  'happy-dom': domLibrary('happy-dom', '21.0.4'),
  model: {
    name: 'model',
    version: '0.1.0',
    build: 'the Fetch Standard as a model',
    channel: 'built in',
    os: 'any',
    driver: 'none',
  },
};

function domLibrary(name: string, version: string): EngineRecord {
  return {
    name,
    version,
    build: `${name} ${version} from npm, Node 20.20.2`,
    channel: 'npm',
    os: 'Debian GNU/Linux 13',
    driver: 'its own windows, in a process of Node',
  };
}

const SPEC = 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0';
type Exchange = Result['exchanges'][number];

function exchange(
  engine: RunEngineName,
  role: Exchange['role'],
  method: string,
  path: string,
  at: number,
): Exchange {
  const preflight = role === 'preflight';
  const own: [string, string][] =
    engine === 'model'
      ? []
      : [
          ['Host', 'localhost:40211'],
          ['Connection', 'keep-alive'],
          ['User-Agent', AGENTS[familyOf(engine)]],
          ['Accept', '*/*'],
          ['Accept-Encoding', 'gzip, deflate, br'],
          ['Accept-Language', 'en-US,en;q=0.9'],
          ['Referer', 'http://localhost:40111/'],
          ['Sec-Fetch-Mode', 'cors'],
        ];
  return {
    step: 0,
    role,
    resource: 'main',
    request: {
      method: preflight ? 'OPTIONS' : method,
      url: `http://localhost:40211/r/${path}/main`,
      headers: preflight
        ? [
            ...own,
            ['Origin', 'http://localhost:40111'],
            ['Access-Control-Request-Method', method],
            ['Access-Control-Request-Headers', 'x-a'],
          ]
        : [...own, ['Origin', 'http://localhost:40111'], ['X-A', '1']],
      bodyBytes: 0,
    },
    response: {
      status: preflight ? 204 : 200,
      reason: preflight ? 'No Content' : 'OK',
      headers: preflight
        ? [
            ['Access-Control-Allow-Origin', '*'],
            ['Access-Control-Allow-Methods', method],
            ['Access-Control-Allow-Headers', 'x-a'],
            ['Access-Control-Max-Age', '0'],
          ]
        : [
            ['Access-Control-Allow-Origin', '*'],
            ['Content-Type', 'text/plain'],
            ['Content-Length', '2'],
          ],
      bodyBytes: preflight ? 0 : 2,
      ...(preflight ? {} : { body: 'ok' }),
    },
    end: 'complete',
    connection: 1,
    startedMs: at,
    endedMs: at + 1.3,
  };
}

/** A plain pass; `change` overrides what a test is about. */
export function fakeResult(id: string, engine: RunEngineName, change: Partial<Result> = {}): Result {
  const suite = change.case?.suite ?? 'preflight';
  const path = `${id}-${engine}`;
  return {
    case: {
      id,
      suite,
      title: 'a PUT with an author header is preflighted and then sent',
      class: 'must',
      spec: [SPEC],
      text: [
        'A page on the origin site calls fetch() with PUT and the header x-a.',
        'The target allows any origin, PUT and x-a, for 0 seconds.',
        'The response is readable, after one preflight and one actual request.',
      ],
    },
    engine,
    expected: { outcome: 'readable' },
    observed: {
      outcome: 'readable',
      script: [
        {
          settled: 'resolved',
          type: 'cors',
          status: 200,
          headers: [['content-type', 'text/plain']],
          body: 'ok',
          durationMs: 4.2,
        },
      ],
    },
    exchanges: [
      exchange(engine, 'preflight', 'PUT', path, 0.4),
      exchange(engine, 'actual', 'PUT', path, 2.1),
    ],
    checks: [
      { id: 'outcome', expected: 'readable', observed: 'readable', ok: true },
      { id: 'wire', expected: 'OPTIONS, PUT', observed: 'OPTIONS, PUT', ok: true },
      { id: 'access-control-request-headers', expected: 'x-a', observed: 'x-a', ok: true },
    ],
    verdict: 'pass',
    outcome: 'expected',
    explanation: [{ text: 'PUT is not a CORS-safelisted method, so a preflight goes first.', spec: SPEC }],
    durationMs: 12.5,
    ...change,
  };
}

/** What a result looks like in each status. */
export const FAKES = {
  pass: {},
  fail: {
    verdict: 'fail',
    outcome: 'regression',
    observed: {
      outcome: 'blocked',
      blockedAt: 'preflight',
      script: [
        { settled: 'rejected', error: { name: 'TypeError', message: 'Failed to fetch' }, durationMs: 3 },
      ],
    },
    checks: [
      { id: 'outcome', expected: 'readable', observed: 'blocked at preflight', ok: false },
      { id: 'wire', expected: 'OPTIONS, PUT', observed: 'OPTIONS', ok: false },
    ],
    fault: 'server',
    explanation: [
      {
        text: 'The preflight response does not allow the method PUT.',
        spec: SPEC,
        fix: 'Add PUT to Access-Control-Allow-Methods.',
      },
    ],
  },
  known: {
    verdict: 'fail',
    outcome: 'expected',
    checks: [
      { id: 'outcome', expected: 'readable', observed: 'readable', ok: true },
      { id: 'wire', expected: 'OPTIONS, PUT', observed: 'PUT', ok: false },
    ],
    fault: 'engine',
    deviation: {
      id: 'zero-is-cached',
      what: 'keeps a preflight of 0 seconds',
      link: 'https://example.org/bugs/1',
    },
  },
  unlisted: {
    verdict: 'fail',
    outcome: 'unlisted',
    checks: [
      { id: 'outcome', expected: 'readable', observed: 'readable', ok: true },
      { id: 'wire', expected: 'OPTIONS, PUT', observed: 'PUT', ok: false },
    ],
    fault: 'engine',
  },
  stale: {
    outcome: 'stale',
    deviation: { id: 'once-wrong', what: 'skipped the preflight', link: 'https://example.org/bugs/2' },
  },
  info: { verdict: 'info', case: undefined },
  'harness-error': {
    verdict: 'harness-error',
    outcome: 'regression',
    observed: null,
    exchanges: [],
    checks: [],
    reason: 'the browser went away in the middle of the case and was started again',
  },
  'not-applicable': {
    verdict: 'not-applicable',
    observed: null,
    exchanges: [],
    checks: [],
    reason: 'no workers over https here',
  },
  'not-run': {
    verdict: 'not-run',
    observed: null,
    exchanges: [],
    checks: [],
    reason: 'WebKitWebDriver was not found',
  },
} as const;

export function fake(
  id: string,
  engine: RunEngineName,
  status: keyof typeof FAKES,
  suite = 'preflight',
  title?: string,
): Result {
  const plain = fakeResult(id, engine);
  const change = FAKES[status] as Partial<Result>;
  const info =
    status === 'info' ? ({ class: 'may', because: 'A cache may drop an entry at any time.' } as const) : {};
  return { ...plain, ...change, case: { ...plain.case, suite, ...info, ...(title ? { title } : {}) } };
}

export function fakeRecord(results: Result[], change: Partial<RunRecord> = {}): RunRecord {
  const names = [...new Set(results.map(result => result.engine))];
  return {
    schema: SCHEMA,
    tool: { version: '0.1.0', commit: 'c3c13a5' },
    run: {
      started: '2026-11-21T01:00:00.000Z',
      durationMs: 8412,
      command: 'cors-conformance run',
      host: 'ci-4',
    },
    target: { name: 'embedded', url: 'http://localhost:40211' },
    engines: names.map(name => ({ ...structuredClone(ENGINES[familyOf(name)]), name })),
    results,
    ...change,
  };
}

const SUITES = [
  'simple-requests',
  'preflight',
  'credentials',
  'max-age',
  'expose-headers',
  'redirects',
  'opaque-origins',
];

/** Which result the case number `n` of a fake run has in an engine. */
function fakeStatus(n: number, engine: RunEngineName): keyof typeof FAKES {
  const rules: readonly (readonly [boolean, keyof typeof FAKES])[] = [
    [n % 23 === 5 && engine === 'webkit', 'known'],
    [n % 31 === 7 && engine !== 'model', 'info'],
    [n % 41 === 9 && (engine === 'firefox' || engine === 'webkit'), 'fail'],
    [n % 61 === 13 && engine === 'webkit', 'harness-error'],
    [n % 37 === 11 && engine === 'model', 'not-applicable'],
    [n === 17 && engine === 'firefox', 'stale'],
  ];
  return rules.find(([applies]) => applies)?.[1] ?? 'pass';
}

/** A run of `cases` cases in every engine, with a few results of every status among them; always the same. */
export function fakeRun(
  cases = 70,
  engines: RunEngineName[] = ['chromium', 'firefox', 'webkit', 'model'],
): RunRecord {
  const perSuite = Math.ceil(cases / SUITES.length);
  const results = Array.from({ length: cases }, (_, n) => {
    const suite = SUITES[Math.floor(n / perSuite)] ?? 'more';
    return engines.map(engine => fake(`${suite}-case-${n}`, engine, fakeStatus(n, engine), suite));
  });
  return fakeRecord(results.flat());
}

const ORIGIN = 'https://app.example.com';

/** Three faults of a server, as `verify` tells them. */
export const FINDINGS: readonly Finding[] = [
  {
    id: 'max-age-missing',
    rule: 'max-age-missing',
    severity: 'warning',
    rank: 4,
    headline: 'Browsers ask again before every PUT to /api/items',
    resource: 'PUT /api/items',
    places: ['PUT /api/items'],
    engines: [],
    explanation:
      'The policy declares that a preflight may be remembered for 600 seconds. The response does not say so.',
    answer: { status: 204, reason: 'No Content', lines: [['Access-Control-Allow-Methods', 'GET, PUT']] },
    curl: `curl -i -X OPTIONS -H 'Origin: ${ORIGIN}' http://localhost:3000/api/items`,
    fix: 'cors({ maxAge: 600 })',
    fixFor: 'Express',
    fixGuessed: true,
    helpUri: 'docs/findings/max-age-missing.md',
    spec: SPEC,
    fault: 'server',
    evidence: [],
  },
  {
    id: 'origin-reflected',
    rule: 'origin-reflected',
    severity: 'error',
    rank: 1,
    headline: "Any website can read /api/items with your users' cookies",
    resource: 'GET /api/items, PUT /api/items',
    places: ['GET /api/items', 'PUT /api/items'],
    letIn: ['any https site', 'null', `6 look-alikes of ${ORIGIN}`],
    origins: ['https://evil.example', 'null'],
    engines: ['model', 'chromium', 'firefox'],
    explanation: 'The response allows whatever origin asks. A page on any site reads what the user may read.',
    request: {
      method: 'GET',
      url: 'http://localhost:3000/api/items',
      headers: [
        ['Origin', 'https://evil.example'],
        ['Cookie', 'session=abc'],
      ],
    },
    answer: {
      status: 200,
      reason: 'OK',
      lines: [
        ['Access-Control-Allow-Origin', 'https://evil.example'],
        ['Access-Control-Allow-Credentials', 'true'],
      ],
    },
    curl: "curl -i -H 'Origin: https://evil.example' http://localhost:3000/api/items",
    fix: `cors({\n  origin: ['${ORIGIN}'],\n  credentials: true,\n})`,
    fixFor: 'Express',
    helpUri: 'docs/findings/origin-reflected.md',
    spec: SPEC,
    fault: 'server',
    evidence: [
      { engine: 'chromium', case: 'attacker/api-items', saw: 'A page on https://evil.example read it.' },
    ],
  },
  {
    id: 'preflight-auth',
    rule: 'preflight-auth',
    severity: 'error',
    rank: 3,
    headline: `Pages on ${ORIGIN} cannot send PUT to /api/items`,
    resource: 'PUT /api/items',
    places: ['PUT /api/items'],
    origin: ORIGIN,
    engines: ['model'],
    explanation: 'The preflight is answered with 401, and a browser never sends credentials with it.',
    noAnswer: 'the connection was closed',
    evidence: [],
  },
];

const check = (id: string, state: CheckState['state'], more: Partial<CheckState> = {}): CheckState => ({
  id,
  title: `The rule ${id} holds`,
  state,
  severity: 'error',
  tried: state === 'not-tried' ? [] : [{ engine: 'model', attempts: 4 }],
  ...more,
});

/** A record of `verify`: three findings, some checks, attempts in two engines. */
export function fakeVerify(
  findings: readonly Finding[] = FINDINGS,
  change: Partial<RunRecord> = {},
): RunRecord {
  const results = [
    fake('attacker/api-items', 'chromium', 'pass', 'api-items'),
    fake('attacker/api-items', 'model', 'pass', 'api-items'),
  ];
  const broken = new Map(findings.map(({ rule, accepted, severity }) => [rule, { accepted, severity }]));
  const checks = ['origin-reflected', 'preflight-auth', 'max-age-missing', 'origin-null', 'vary-missing'].map(
    id => {
      const about = broken.get(id);
      return check(id, about ? 'broken' : 'kept', {
        ...(about && { severity: about.severity }),
        ...(about?.accepted && { accepted: true }),
      });
    },
  );
  return {
    ...fakeRecord(results, {
      target: {
        name: 'shop',
        url: 'http://localhost:3000',
        config: 'api/cors.config.json',
        policy: {
          origins: [ORIGIN],
          credentials: true,
          methods: ['GET', 'PUT'],
          resources: [{ path: '/api/items' }],
        },
      },
    }),
    findings: [...findings],
    checks: [
      ...checks,
      check('exposed-header', 'not-tried', { reason: 'the policy exposes no header' }),
      check('method-undeclared', 'broken', { reason: 'explained by origin-reflected' }),
    ],
    ...change,
  };
}

/** Texts that try to leave the place they are shown in, and what must never stand in any output as it is. */
export const HOSTILE = [
  '</script><script>globalThis.pwned=1</script>',
  '<img src=x onerror="globalThis.pwned=1">',
  '"><svg onload=globalThis.pwned=1>',
  "' onmouseover='globalThis.pwned=1",
  ']]> & &amp; <!-- --> <![CDATA[',
  '\u001b[31mred\u001b]0;title\u0007\u009b2J',
  'a\u0000b\u0008c\u000bd\u000ce\u007f',
  '\u202egnp.exe\u2066 \u200b\ufeff\u2028\u2029',
  'lone \ud800 and \udfff, not characters \ufffe\uffff',
  'line one\nline two\r\n::error::injected\n%0A::warning::injected',
  '| a | table | `` ` `` *b* [x](javascript:alert(1)) @octocat #1 https://evil.example',
  'javascript:alert(1)',
  '__proto__',
  "$(touch /tmp/pwned) `id` '; rm -rf / #",
].join(' ');

/** `value` with every string that is free text replaced by a hostile one; ids, enums and dates stay valid. */
export function poison(record: RunRecord): RunRecord {
  const fixed = new Set([
    'schema',
    'name',
    'engine',
    'verdict',
    'outcome',
    'class',
    'role',
    'end',
    'blockedAt',
    'fault',
    'severity',
    'state',
    'settled',
  ]);
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return fixed.has(key) ? value : `${HOSTILE} ${value}`;
    if (Array.isArray(value)) return value.map(item => walk(item, key === 'engines' ? 'engine' : ''));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name)]));
  };
  const poisoned = walk(record, '') as RunRecord;
  return { ...poisoned, target: { ...poisoned.target, name: HOSTILE } };
}

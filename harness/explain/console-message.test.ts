import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ConsoleMessage, readConsole } from './console-message.ts';
import type { ReasonId } from './reasons.ts';

interface Collected {
  readonly scenarios: readonly {
    readonly name: string;
    readonly reason: ReasonId;
    readonly lines: Readonly<Record<string, readonly string[]>>;
  }[];
}

const collected = JSON.parse(
  readFileSync(new URL('./console-lines.json', import.meta.url), 'utf8'),
) as Collected;

/** What an engine says less precisely than the scenario is: it has one wording for several reasons. */
const VAGUE: Readonly<Record<string, Readonly<Partial<Record<ReasonId, readonly ReasonId[]>>>>> = {
  chromium: { 'redirect-scheme': ['scheme-not-supported'] },
  firefox: {
    'allow-origin-invalid': ['allow-origin-differs'],
    'allow-origin-multiple': ['allow-origin-differs'],
    'redirect-with-userinfo': ['no-answer'],
    'redirect-scheme': ['no-answer', 'scheme-not-supported'],
  },
  webkit: {
    'allow-origin-missing': ['allow-origin-missing-or-differs'],
    'allow-origin-differs': ['allow-origin-missing-or-differs'],
    'allow-origin-invalid': ['allow-origin-missing-or-differs'],
    'preflight-redirect': ['preflight-status'],
    'mode-same-origin': ['unknown'],
  },
};

for (const engine of ['chromium', 'firefox', 'webkit']) {
  test(`should recognise every line that ${engine} writes, with its reason`, () => {
    let recognised = 0;
    for (const { name, reason, lines } of collected.scenarios) {
      const block = (lines[engine] ?? []).join('\n');
      if (block === '') continue;
      const [message] = readConsole(block);
      const right = [reason, ...(VAGUE[engine]?.[reason] ?? [])];
      assert.ok(message, `${name}: ${block}`);
      assert.ok(right.includes(message.reason), `${name}: ${message.reason} for ${block}`);
      assert.equal(readConsole(block).length, 1, `${name} is one request: ${block}`);
      recognised++;
    }
    assert.ok(recognised >= 30, String(recognised));
  });

  test(`should find the URL in what ${engine} writes`, () => {
    for (const { name, lines } of collected.scenarios) {
      const [message] = readConsole((lines[engine] ?? []).join('\n'));
      // Chromium and WebKit name no URL for a connection that was closed, nor Chromium for a resource policy.
      if (!message || ['connection-closed', 'resource-policy', 'ftp-url', 'app-url', 'csp'].includes(name))
        continue;
      assert.match(message.url ?? '', new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${name}$`), message.line);
    }
  });
}

const OLD: readonly [line: string, expected: Partial<Record<keyof ConsoleMessage, unknown>>][] = [
  [
    "XMLHttpRequest cannot load http://api.example/x. No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'http://app.example' is therefore not allowed access.",
    { reason: 'allow-origin-missing', url: 'http://api.example/x', initiator: 'XMLHttpRequest' },
  ],
  [
    "Failed to load http://api.example/x: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'http://app.example' is therefore not allowed access. The response had HTTP status code 405.",
    {
      reason: 'allow-origin-missing',
      url: 'http://api.example/x',
      origin: 'http://app.example',
      at: 'preflight',
      status: 405,
    },
  ],
  [
    'Failed to load https://api.example/x: Response for preflight has invalid HTTP status code 405',
    { reason: 'preflight-status', at: 'preflight', status: 405, url: 'https://api.example/x' },
  ],
  [
    'XMLHttpRequest cannot load http://api.example/x. Response for preflight is invalid (redirect)',
    { reason: 'preflight-redirect', at: 'preflight' },
  ],
  [
    "Fetch API cannot load https://api.example/x. The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'. Origin 'http://localhost:3000' is therefore not allowed access.",
    { reason: 'wildcard-with-credentials', initiator: 'fetch' },
  ],
  [
    "XMLHttpRequest cannot load http://api.example/x. A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true. Origin 'http://app.example' is therefore not allowed access.",
    { reason: 'wildcard-with-credentials' },
  ],
  [
    'XMLHttpRequest cannot load http://api.example/x. Origin http://app.example is not allowed by Access-Control-Allow-Origin.',
    { reason: 'allow-origin-differs', origin: 'http://app.example' },
  ],
  [
    "Access to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.",
    { reason: 'allow-origin-missing', at: 'response', origin: 'https://app.example' },
  ],
  [
    "Access to fetch at 'https://b.example/y' (redirected from 'https://a.example/x') from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    { reason: 'allow-origin-missing', url: 'https://a.example/x', redirectedTo: 'https://b.example/y' },
  ],
  [
    "Access to font at 'https://cdn.example/f.woff2' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    { reason: 'allow-origin-missing', initiator: 'font' },
  ],
  [
    "Access to XMLHttpRequest at 'file:///C:/x.json' from origin 'null' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: http, data, isolated-app, chrome-extension, chrome, https, chrome-untrusted.",
    { reason: 'scheme-not-supported', origin: 'null', url: 'file:///C:/x.json', at: undefined },
  ],
  [
    "Access to fetch at 'http://192.168.1.1/x' from origin 'http://app.example' has been blocked by CORS policy: The request client is not a secure context and the resource is in more-private address space `private`.",
    { reason: 'local-network-access', url: 'http://192.168.1.1/x', at: undefined },
  ],
  [
    "Access to fetch at 'http://localhost:8080/x' from origin 'https://app.example' has been blocked by CORS policy: Permission was denied for this request to access the `loopback` address space.",
    { reason: 'local-network-access' },
  ],
  [
    "Mixed Content: The page at 'https://app.example/' was loaded over HTTPS, but requested an insecure resource 'http://api.example/x'. This request has been blocked; the content must be served over HTTPS.",
    { reason: 'mixed-content', url: 'http://api.example/x' },
  ],
  [
    'GET https://api.example/x net::ERR_CERT_AUTHORITY_INVALID',
    { reason: 'certificate', url: 'https://api.example/x', method: 'GET' },
  ],
  [
    "Refused to connect to 'https://api.example/x' because it violates the following Content Security Policy directive: \"connect-src 'self'\".",
    { reason: 'content-security-policy', url: 'https://api.example/x' },
  ],
  [
    'https://api.example/x:1 Failed to load resource: net::ERR_FAILED',
    { reason: 'unknown', url: 'https://api.example/x' },
  ],
  ['GET https://api.example/ads.js net::ERR_BLOCKED_BY_CLIENT', { reason: 'blocked-by-client' }],
  ['Uncaught (in promise) TypeError: Failed to fetch', { reason: 'unknown', engine: 'chromium' }],
  [
    '[Error] Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200',
    { reason: 'allow-origin-missing-or-differs', origin: 'https://app.example', status: 200 },
  ],
  ['TypeError: NetworkError when attempting to fetch resource.', { reason: 'unknown', engine: 'firefox' }],
  [
    'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/x. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing).',
    { reason: 'allow-origin-missing', url: 'https://api.example/x', engine: 'firefox' },
  ],
];

test('should recognise older wordings and lines with the decoration of a console', () => {
  for (const [line, expected] of OLD) {
    const [message] = readConsole(line);
    assert.ok(message, line);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(message[name as keyof ConsoleMessage], value, `${name} of ${line}`);
    }
  }
});

test('should read a pasted block as one message for each request', () => {
  const block = `(index):12 ${OLD[7]?.[0]}
GET https://api.example/x net::ERR_FAILED 200 (OK)
main.js:40:12 Uncaught (in promise) TypeError: Failed to fetch
${OLD[9]?.[0]}`;
  assert.deepEqual(
    readConsole(block).map(({ url }) => url),
    ['https://api.example/x', 'https://cdn.example/f.woff2'],
  );
});

test('should not take other lines for messages about CORS', () => {
  for (const line of [
    '',
    'Hello',
    'Uncaught ReferenceError: x is not defined',
    'GET https://a.example/ 404 (Not Found)',
  ])
    assert.deepEqual(readConsole(line), [], line);
});

test('should stay fast on hostile text', () => {
  const text = `Access to ${"a at '".repeat(20_000)}`;
  assert.deepEqual(readConsole(text), []);
});

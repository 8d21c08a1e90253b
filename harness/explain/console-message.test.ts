/** Longer than other files: lines as browsers write them, and as people paste them. */
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
    'port-blocked': ['unknown'],
    'canvas-tainted': ['storage-refused'],
  },
  webkit: {
    'allow-origin-missing': ['allow-origin-missing-or-differs'],
    'allow-origin-differs': ['allow-origin-missing-or-differs'],
    'allow-origin-invalid': ['allow-origin-missing-or-differs'],
    'preflight-redirect': ['preflight-status'],
    'mode-same-origin': ['unknown'],
    'canvas-tainted': ['storage-refused'],
    'file-url': ['scheme-not-supported'],
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
    let found = 0;
    for (const { name, lines } of collected.scenarios) {
      const block = (lines[engine] ?? []).join('\n');
      // Not every line names one, and some name no more than the origin.
      if (!new RegExp(`/${name}\\b`).test(block)) continue;
      const [message] = readConsole(block);
      assert.match(
        message?.url ?? '',
        new RegExp(`^(?:http://127\\.0\\.0\\.1:\\d+|file://)/${name}\\b`),
        block,
      );
      found++;
    }
    assert.ok(found >= 30, String(found));
  });
}

const BESIDE: readonly [line: string, reason: ReasonId, url?: string][] = [
  ['GET https://api.example/x 404 (Not Found)', 'error-status', 'https://api.example/x'],
  [
    'XHRGET https://api.example/x [HTTP/1.1 500 Internal Server Error 12ms]',
    'error-status',
    'https://api.example/x',
  ],
  ['api.example/x:1 Failed to load resource: the server responded with a status of 401 ()', 'error-status'],
  ['GET https://api.example/x net::ERR_ABORTED 200 (OK)', 'request-aborted', 'https://api.example/x'],
  ['GET http://api.example:6000/x net::ERR_UNSAFE_PORT', 'port-blocked', 'http://api.example:6000/x'],
  ['GET file:///C:/main.js net::ERR_FILE_NOT_FOUND', 'file-url', 'file:///C:/main.js'],
  ['Uncaught (in promise) SyntaxError: Unexpected token < in JSON at position 0', 'not-json'],
  [
    'Refused to execute inline script because it violates the following Content Security Policy directive: "script-src \'self\'".',
    'content-security-policy',
  ],
  [
    "Refused to execute script from 'https://x.example/a.js' because its MIME type ('text/html') is not executable, and strict MIME type checking is enabled.",
    'script-type',
    'https://x.example/a.js',
  ],
  [
    'Load denied by X-Frame-Options: https://x.example/ does not permit framing.',
    'framing-refused',
    'https://x.example/',
  ],
  ['This Set-Cookie was blocked because it had the "SameSite=Lax" attribute', 'cookie-refused'],
  [
    "Failed to read the 'localStorage' property from 'Window': Access is denied for this document.",
    'storage-refused',
  ],
];

test('should know what is taken for CORS, and is something else', () => {
  for (const [line, reason, url] of BESIDE) {
    const messages = readConsole(line);
    assert.deepEqual(
      messages.map(one => [one.reason, one.url]),
      [[reason, url]],
      line,
    );
  }
  // Beside a message about CORS, the status of the answer is no second one.
  const both = readConsole(
    "Access to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\nGET https://api.example/x net::ERR_FAILED 500 (Internal Server Error)\nGET https://api.example/x 500 (Internal Server Error)",
  );
  assert.deepEqual(
    both.map(({ reason }) => reason),
    ['allow-origin-missing'],
  );
});

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
    { reason: 'allow-origin-missing-or-differs', origin: 'http://app.example', engine: undefined },
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
  [
    'Request header field Authorization is not allowed by Access-Control-Allow-Headers in preflight response.',
    { reason: 'header-not-allowed', header: 'Authorization', engine: 'chromium' },
  ],
  [
    'Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.',
    { reason: 'method-not-allowed', method: 'PUT', engine: 'chromium' },
  ],
  [
    'Request header field X-A is not allowed by Access-Control-Allow-Headers.',
    { reason: 'header-not-allowed', header: 'X-A', engine: 'webkit' },
  ],
];

test('should recognise what fetch wrappers and other versions write', () => {
  for (const [line, reason, url] of [
    ['Uncaught (in promise) AxiosError: Network Error', 'unknown'],
    ['Error: Network Error', 'unknown'],
    ["AxiosError {message: 'Network Error', name: 'AxiosError', code: 'ERR_NETWORK'}", 'unknown'],
    ['Http failure response for https://api.example/x: 0 Unknown Error', 'unknown', 'https://api.example/x'],
    ['TypeError: Failed to fetch (api.example)', 'unknown'],
    ['TypeError: Load failed (api.example)', 'unknown'],
    [
      'XMLHttpRequest cannot load http://api.example/x. Invalid HTTP status code 403',
      'preflight-status',
      'http://api.example/x',
    ],
    [
      "Access to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: Request had a target IP address space of `private` yet the resource is in address space `public`.",
      'local-network-access',
      'https://api.example/x',
    ],
    [
      '[blocked] The page at https://app.example/ requested insecure content from http://api.example/x. This content was blocked and must be served over HTTPS.',
      'mixed-content',
      'http://api.example/x',
    ],
  ] as const) {
    const [message] = readConsole(line);
    assert.deepEqual([message?.reason, message?.url], [reason, url], line);
  }
});

test('should recognise older wordings and lines with the decoration of a console', () => {
  for (const [line, expected] of OLD) {
    const [message] = readConsole(line);
    assert.ok(message, line);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(message[name as keyof ConsoleMessage], value, `${name} of ${line}`);
    }
  }
});

const PASTED: typeof OLD = [
  [
    "Mixed Content: The page at 'https://app.example/x?y#z' was loaded over HTTPS, but requested an insecure XMLHttpRequest endpoint 'http://api.example/no'. This request has been blocked; the content must be served over HTTPS.",
    { reason: 'mixed-content', origin: 'https://app.example', url: 'http://api.example/no' },
  ],
  [
    '[blocked] The page at https://app.example:8443/x was not allowed to run insecure content from http://api.example/no.',
    { reason: 'mixed-content', origin: 'https://app.example:8443', url: 'http://api.example/no' },
  ],
  [
    "Access to fetch at 'https://api.example/x' from origin 'app://obsidian.md' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    { origin: 'app://obsidian.md' },
  ],
  [
    'Access to fetch at ‘https://api.example/x’ from origin ‘https://app.example’ has been blocked by CORS policy: No ‘Access-Control-Allow-Origin’ header is present on the requested resource.',
    { reason: 'allow-origin-missing', url: 'https://api.example/x', origin: 'https://app.example' },
  ],
  [
    'Access to fetch at &#39;https://api.example/x?a=1&amp;b=2&#x27; from origin &apos;https://app.example&#39; has been blocked by CORS policy: No &#39;Access-Control-Allow-Origin&#39; header is present on the requested resource.',
    { reason: 'allow-origin-missing', url: 'https://api.example/x?a=1&b=2', origin: 'https://app.example' },
  ],
  [
    "XMLHttpRequest cannot load http://api.example/x.\nNo 'Access-Control-Allow-\nOrigin' header is present on the requested resource.",
    { reason: 'allow-origin-missing', url: 'http://api.example/x' },
  ],
  [
    'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote\nresource at https://api.example/x. (Reason: CORS header\n‘Access-Control-Allow-Origin’ missing). Status code: 200.',
    { reason: 'allow-origin-missing', url: 'https://api.example/x', engine: 'firefox', status: 200 },
  ],
  ['GET https://api.example/i.png net::ERR_BLOCKED_BY_ORB', { reason: 'opaque-response-blocking' }],
  [
    'Cross-Origin Read Blocking (CORB) blocked cross-origin response https://api.example/x with MIME type application/json. See https://www.chromestatus.com/feature/5629709824032768 for more details.',
    { reason: 'opaque-response-blocking', url: 'https://api.example/x' },
  ],
  [
    "SEC7120: [CORS] The origin 'http://app.example' did not find 'http://app.example' in the Access-Control-Allow-Origin response header for cross-origin  resource at 'http://api.example/x'.",
    {
      reason: 'allow-origin-missing-or-differs',
      origin: 'http://app.example',
      url: 'http://api.example/x',
      engine: 'edgehtml',
    },
  ],
  [
    'SEC7118: XMLHttpRequest for http://api.example/x required Cross Origin Resource Sharing (CORS).\nSEC7123: Request header content-type was not present in the Access-Control-Allow-Headers list.',
    { reason: 'header-not-allowed', header: 'content-type', url: 'http://api.example/x', at: 'preflight' },
  ],
  [
    'SEC7121: Platzhalter in Access-Control-Allow-Origin nicht zulässig',
    { reason: 'wildcard-with-credentials' },
  ],
];

const BLOCKED_DE =
  'Quellübergreifende (Cross-Origin) Anfrage blockiert: Die Gleiche-Quelle-Regel verbietet das Lesen der externen Ressource auf https://api.example/x. (Grund: ';

/** In the languages of the user: what is quoted, and some words for "missing". */
const FOREIGN: typeof OLD = [
  [
    `${BLOCKED_DE}CORS-Kopfzeile 'Access-Control-Allow-Origin' fehlt). Statuscode: 200.`,
    { reason: 'allow-origin-missing', status: 200 },
  ],
  [
    'Blocage d’une requête multiorigines (Cross-Origin Request) : la politique « Same Origin » ne permet pas de consulter la ressource distante située sur https://api.example/x. Raison : l’en-tête CORS « Access-Control-Allow-Origin » est manquant. Code d’état : 200.',
    { reason: 'allow-origin-missing', status: 200 },
  ],
  [
    "Solicitud desde otro origen bloqueada: la política de mismo origen impide leer el recurso remoto en https://api.example/x (razón: falta la cabecera CORS 'Access-Control-Allow-Origin'). Código de estado: 200.",
    { reason: 'allow-origin-missing' },
  ],
  [
    'Запрос из постороннего источника заблокирован: Политика одного источника запрещает чтение удаленного ресурса на https://api.example/x. (Причина: отсутствует заголовок CORS «Access-Control-Allow-Origin»). Код состояния: 200.',
    { reason: 'allow-origin-missing' },
  ],
  [
    'クロスオリジン要求をブロックしました: 同一生成元ポリシーにより、https://api.example/x にあるリモートリソースの読み込みは拒否されます (理由: CORS ヘッダー ‘Access-Control-Allow-Origin’ が足りない)。',
    { reason: 'allow-origin-missing' },
  ],
  [
    "已拦截跨源请求：同源策略禁止读取位于 https://api.example/x 的远程资源。（原因：CORS 头缺少 'Access-Control-Allow-Origin'）。状态码：200。",
    { reason: 'allow-origin-missing', status: 200 },
  ],
  [
    `${BLOCKED_DE}CORS-Kopfzeile 'Access-Control-Allow-Origin' entspricht nicht 'https://b.example').`,
    { reason: 'allow-origin-differs', value: 'https://b.example' },
  ],
  [
    `${BLOCKED_DE}Berechtigung wird nicht unterstützt, wenn die CORS-Kopfzeile 'Access-Control-Allow-Origin' '*' ist).`,
    { reason: 'wildcard-with-credentials' },
  ],
  [
    `${BLOCKED_DE}'true' für CORS-Kopfzeile 'Access-Control-Allow-Credentials' erwartet).`,
    { reason: 'allow-credentials-missing' },
  ],
  [
    `${BLOCKED_DE}Methode in CORS-Kopfzeile 'Access-Control-Allow-Methods' nicht gefunden).`,
    { reason: 'method-not-allowed', at: 'preflight' },
  ],
  [
    `${BLOCKED_DE}Kopfzeile 'x-a' ist nicht erlaubt laut CORS-Kopfzeile 'Access-Control-Allow-Headers').`,
    { reason: 'header-not-allowed', header: 'x-a', at: 'preflight' },
  ],
  [`${BLOCKED_DE}CORS-Anfrage schlug fehl). Statuscode: (null).`, { reason: 'no-answer' }],
];

test('should recognise lines that were wrapped, escaped or typeset, and other browsers', () => {
  for (const [line, expected] of PASTED) {
    const [message, ...others] = readConsole(line);
    assert.ok(message, line);
    assert.deepEqual(others, [], line);
    for (const [name, value] of Object.entries(expected))
      assert.equal(message[name as keyof ConsoleMessage], value, `${name} of ${line}`);
  }
});

test("should recognise Firefox's messages in other languages by what is not translated", () => {
  for (const [line, expected] of FOREIGN) {
    const [message] = readConsole(line);
    assert.equal(message?.url, 'https://api.example/x', line);
    for (const [name, value] of Object.entries({ engine: 'firefox', ...expected }))
      assert.equal(message?.[name as keyof ConsoleMessage], value, `${name} of ${line}`);
  }
});

const BLOCKED = (reason: string) =>
  `Access to fetch at 'https://api.example/x' from origin 'https://app.example' has been blocked by CORS policy: ${reason}`;
const AT = { url: 'https://api.example/x', origin: 'https://app.example' };

test('should keep what a message says whose reason is not known', () => {
  const [message] = readConsole(BLOCKED('The stars are not right.'));
  assert.deepEqual(
    { ...message, line: undefined },
    {
      ...AT,
      line: undefined,
      engine: 'chromium',
      reason: 'unfamiliar',
      initiator: 'fetch',
      words: 'The stars are not right.',
    },
  );
  const [wrapped] = readConsole(BLOCKED('The stars\nare not right.'));
  assert.deepEqual([wrapped?.reason, wrapped?.words], ['unfamiliar', 'The stars are not right.']);
  const [cut] = readConsole(BLOCKED(''));
  assert.deepEqual([cut?.reason, cut?.url, cut?.origin], ['unknown', AT.url, AT.origin]);
  const [firefox] = readConsole(
    'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/x. (Reason: stars).',
  );
  assert.deepEqual([firefox?.reason, firefox?.url, firefox?.words], ['unfamiliar', AT.url, 'stars']);
});

/** As the engines' sources, or people's questions, have them. */
const RARE: typeof OLD = [
  [
    BLOCKED("Redirect location 'foo://bar' has a disallowed scheme for cross-origin requests."),
    { ...AT, reason: 'redirect-scheme', redirectedTo: 'foo://bar' },
  ],
  [
    "XMLHttpRequest cannot load http://api.example/x. The request was redirected to a URL ('foo://bar') which has a disallowed scheme for cross-origin requests.",
    { reason: 'redirect-scheme', redirectedTo: 'foo://bar', url: 'http://api.example/x' },
  ],
  [
    '[Deprecation] Authorization will not be covered by the wildcard symbol (*) in CORS `Access-Control-Allow-Headers` handling.',
    { reason: 'authorization-not-covered', at: 'preflight' },
  ],
  [
    BLOCKED(
      'Request header field authorization is not covered by the wildcard symbol (*) in Access-Control-Allow-Headers.',
    ),
    { ...AT, reason: 'authorization-not-covered', at: 'preflight' },
  ],
  [
    "XMLHttpRequest cannot load http://api.example/x. The request was redirected to 'https://b.example/y', which is disallowed for cross-origin requests that require preflight.",
    {
      reason: 'redirect-after-preflight',
      redirectedTo: 'https://b.example/y',
      url: 'http://api.example/x',
    },
  ],
  [
    'Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/x. (Reason: CORS header ‘Origin’ cannot be added).',
    { reason: 'origin-not-added', url: 'https://api.example/x' },
  ],
  [
    '[Error] Not allowed to request resource\n[Error] Fetch API cannot load http://api.example/x due to access control checks.',
    { reason: 'request-refused', url: 'http://api.example/x' },
  ],
  [
    '[blocked] The page at https://app.example/ requested insecure content from http://api.example/x. This content was blocked and must be served over HTTPS.\n[Error] Not allowed to request resource\n[Error] Fetch API cannot load http://api.example/x due to access control checks.',
    { reason: 'mixed-content', url: 'http://api.example/x' },
  ],
  [
    "Refused to load the script 'https://cdn.example/x.js' because it violates the following Content Security Policy directive: \"script-src 'self'\".",
    { reason: 'content-security-policy', url: 'https://cdn.example/x.js' },
  ],
  [
    "Loading the script 'https://cdn.example/x.js' violates the following Content Security Policy directive: \"script-src 'self'\". The action has been blocked.",
    { reason: 'content-security-policy', url: 'https://cdn.example/x.js' },
  ],
  ['[TypeError: Network request failed]', { reason: 'no-browser', engine: undefined }],
  ['TypeError: fetch failed', { reason: 'no-browser', engine: undefined }],
  [`TypeError: Network request failed\n${BLOCKED('CORS disabled.')}`, { ...AT, reason: 'unfamiliar' }],
  [
    'POST https://api.example/x net::ERR_HTTP2_PROTOCOL_ERROR 200 (OK)',
    { reason: 'answer-broken', method: 'POST', url: 'https://api.example/x', status: 200 },
  ],
  ['Failed to load resource: net::ERR_QUIC_PROTOCOL_ERROR', { reason: 'answer-broken' }],
  ['GET https://api.example/x net::ERR_CONTENT_DECODING_FAILED', { reason: 'answer-broken' }],
  ['GET https://api.example/x net::ERR_TOO_MANY_REDIRECTS', { reason: 'too-many-redirects' }],
  ['GET http://api.example/x net::ERR_CLEARTEXT_NOT_PERMITTED', { reason: 'cleartext-forbidden' }],
  [
    'GET http://localhost:3001/x net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS',
    { reason: 'local-network-access', url: 'http://localhost:3001/x' },
  ],
  [
    "Uncaught DOMException: Failed to execute 'getImageData' on 'CanvasRenderingContext2D': The canvas has been tainted by cross-origin data.",
    { reason: 'canvas-tainted' },
  ],
  [
    'XMLHttpRequest cannot load file:///C:/x.json. Cross origin requests are only supported for protocol schemes: http, data, chrome, chrome-extension, https.',
    { reason: 'scheme-not-supported', url: 'file:///C:/x.json' },
  ],
  [
    'POST https://api.example/x net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin 200',
    { reason: 'resource-policy', method: 'POST', url: 'https://api.example/x', status: 200 },
  ],
];

test('should recognise rare wordings, and failures that are not about CORS', () => {
  for (const [line, expected] of RARE) {
    const [message, ...others] = readConsole(line);
    assert.ok(message, line);
    assert.deepEqual(others, [], line);
    for (const [name, value] of Object.entries(expected))
      assert.equal(message[name as keyof ConsoleMessage], value, `${name} of ${line}`);
  }
});

test('should find the reason in a wrapped message among lines that tell none', () => {
  const block = `12:31:04.553 app.js:42 Access to fetch at 'https://api.example/x'
from origin 'https://app.example' has been blocked by CORS policy:
Response to preflight request doesn't pass access control check: No
'Access-Control-Allow-Origin' header is present on the requested resource.
GET https://api.example/x net::ERR_FAILED
Uncaught (in promise) TypeError: Failed to fetch
    at getItems (app.js:42:5)`;
  const [message, ...others] = readConsole(block);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [message?.reason, message?.at, message?.origin],
    ['allow-origin-missing', 'preflight', 'https://app.example'],
  );
  const untold = readConsole('GET https://api.example/x net::ERR_FAILED\nTypeError: Failed to fetch');
  assert.deepEqual(
    untold.map(({ url }) => url),
    ['https://api.example/x'],
  );
  assert.equal(readConsole('TypeError: Failed to fetch\nTypeError: Load failed').length, 1);
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
    'GET https://a.example/ 200 (OK)',
  ])
    assert.deepEqual(readConsole(line), [], line);
});

test('should stay fast on hostile text', () => {
  const text = `Access to ${"a at '".repeat(20_000)}`;
  assert.deepEqual(readConsole(text), []);
});

/** Requests that fail in every way that browsers have words for, and the reason that explains each. */
import type { ReasonId } from '../harness/explain/reasons.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;
/** ORIGIN and PORT in values are replaced by the page's origin and the target's port. */
export type ScenarioAnswer = readonly [status: number, headers: Headers];

export interface Scenario {
  readonly name: string;
  readonly reason: ReasonId;
  /** Options of fetch(); `xhr` asks by XMLHttpRequest, `url` elsewhere. */
  readonly request?: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly credentials?: 'include';
    readonly mode?: 'same-origin' | 'no-cors';
    readonly xhr?: true;
    readonly url?: string;
  };
  /** What the page does instead of a request; URL stands for the URL of the scenario, `done` ends it. */
  readonly script?: string;
  /** Null closes the connection without an answer. */
  readonly answer: ScenarioAnswer | null;
  readonly preflight?: ScenarioAnswer;
  readonly body?: string;
}

const ACAO = 'Access-Control-Allow-Origin';
const ACAM = 'Access-Control-Allow-Methods';
const ACAH = 'Access-Control-Allow-Headers';
const anyone: ScenarioAnswer = [200, { [ACAO]: '*' }];
const put = { method: 'PUT' };
const custom = { headers: { 'X-Custom': '1' } };
const include = { credentials: 'include' } as const;
const authorization = { headers: { Authorization: 'Bearer x' } };

const atResponse = (
  name: string,
  reason: ReasonId,
  headers: Headers,
  more: Partial<Scenario> = {},
): Scenario => ({
  name,
  reason,
  answer: [200, headers],
  ...more,
});

const atPreflight = (
  name: string,
  reason: ReasonId,
  request: NonNullable<Scenario['request']>,
  preflight: ScenarioAnswer,
): Scenario => ({ name, reason, request, answer: anyone, preflight });

/** What people take for CORS, and is something else. */
const beside = (
  name: string,
  reason: ReasonId,
  script: string,
  headers: Headers = {},
  status = 200,
): Scenario => ({ name, reason, script, answer: [status, headers] });

const frame = (more = '') =>
  `const frame = document.createElement('iframe'); ${more} frame.onload = () => setTimeout(done, 50);`;
const inFrame = (html: string) =>
  `${frame()} frame.srcdoc = ${JSON.stringify(html)}; document.body.append(frame);`;
const html = { 'Content-Type': 'text/html' };

const BESIDE: readonly Scenario[] = [
  beside('error-status', 'error-status', 'fetch(URL).then(done)', { [ACAO]: '*' }, 500),
  {
    ...beside('not-json', 'not-json', 'fetch(URL).then(r => { setTimeout(done, 50); return r.json(); })', {
      [ACAO]: '*',
      ...html,
    }),
    body: '<!doctype html><title>Sign in</title>',
  },
  beside('unsafe-port', 'port-blocked', "fetch('http://127.0.0.1:6000/unsafe-port').then(done, done)"),
  beside('frame-denied', 'framing-refused', `${frame()} frame.src = URL; document.body.append(frame);`, {
    ...html,
    'X-Frame-Options': 'DENY',
  }),
  beside('frame-ancestors', 'framing-refused', `${frame()} frame.src = URL; document.body.append(frame);`, {
    ...html,
    'Content-Security-Policy': "frame-ancestors 'none'",
  }),
  beside(
    'other-window',
    'other-window',
    `${frame()} frame.src = URL; frame.onload = () => { setTimeout(done, 50); frame.contentWindow.document; }; document.body.append(frame);`,
    html,
  ),
  beside(
    'message-elsewhere',
    'other-window',
    `${frame()} frame.src = URL; frame.onload = () => { setTimeout(done, 200); frame.contentWindow.postMessage('x', 'https://else.example'); }; document.body.append(frame);`,
    html,
  ),
  beside('module-type', 'script-type', 'import(URL).then(done, done)', { [ACAO]: '*', ...html }),
  beside('module-without-header', 'allow-origin-missing', 'import(URL).then(done, done)', {
    'Content-Type': 'text/javascript',
  }),
  ...(['no-cors', 'cors'] as const).map(mode => ({
    ...beside(
      `integrity-${mode}`,
      'integrity-failed',
      `const script = document.createElement('script'); script.integrity = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; ${mode === 'cors' ? "script.crossOrigin = 'anonymous';" : ''} script.onerror = script.onload = done; script.src = URL; document.head.append(script);`,
      { 'Content-Type': 'text/javascript', ...(mode === 'cors' && { [ACAO]: '*' }) },
    ),
    body: 'let other',
  })),
  beside(
    'inline-script',
    'content-security-policy',
    inFrame(
      '<meta http-equiv="Content-Security-Policy" content="script-src https:"><script>let inline_script</script>',
    ),
  ),
  beside(
    'storage-in-sandbox',
    'storage-refused',
    `${frame("frame.sandbox = 'allow-scripts';")} frame.srcdoc = '<script>localStorage.x = 1</' + 'script>'; document.body.append(frame);`,
  ),
  {
    ...beside(
      'canvas',
      'canvas-tainted',
      `const image = new Image(); image.onload = () => { setTimeout(done, 50); const canvas = document.createElement('canvas'); canvas.getContext('2d').drawImage(image, 0, 0); canvas.toDataURL(); }; image.onerror = done; image.src = URL;`,
      { 'Content-Type': 'image/svg+xml' },
    ),
    body: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
  },
  beside('same-site-cookie', 'cookie-refused', "fetch(URL, { credentials: 'include' }).then(done, done)", {
    [ACAO]: 'ORIGIN',
    'Access-Control-Allow-Credentials': 'true',
    'Set-Cookie': 'same-site-cookie=1; SameSite=Lax',
  }),
  beside('insecure-cookie', 'cookie-refused', "fetch(URL, { credentials: 'include' }).then(done, done)", {
    [ACAO]: 'ORIGIN',
    'Access-Control-Allow-Credentials': 'true',
    'Set-Cookie': 'insecure-cookie=1; SameSite=None',
  }),
  beside('local-file', 'file-url', "fetch('file:///local-file.json').then(done, done)"),
  beside(
    'picture-of-a-file',
    'file-url',
    "const image = new Image(); image.onerror = done; image.src = 'file:///picture-of-a-file.png';",
  ),
  beside(
    'aborted',
    'request-aborted',
    'const abort = new AbortController(); fetch(URL, { signal: abort.signal }); abort.abort(); setTimeout(done, 50);',
  ),
];

export const SCENARIOS: readonly Scenario[] = [
  atResponse('no-header', 'allow-origin-missing', {}),
  ...[401, 404, 500].map(
    (status): Scenario => ({
      name: `no-header-${status}`,
      reason: 'allow-origin-missing',
      answer: [status, {}],
    }),
  ),
  atResponse('no-header-by-xhr', 'allow-origin-missing', {}, { request: { xhr: true } }),
  atResponse('other-origin', 'allow-origin-differs', { [ACAO]: 'https://other.example' }),
  atResponse('origin-with-slash', 'allow-origin-differs', { [ACAO]: 'ORIGIN/' }),
  atResponse('null-origin', 'allow-origin-differs', { [ACAO]: 'null' }),
  atResponse('bare-host', 'allow-origin-invalid', { [ACAO]: 'localhost' }),
  atResponse('empty-value', 'allow-origin-invalid', { [ACAO]: '' }),
  atResponse('list-of-origins', 'allow-origin-multiple', { [ACAO]: 'https://a.example, https://b.example' }),
  atResponse('two-lines', 'allow-origin-multiple', { [ACAO]: ['*', 'ORIGIN'] }),
  atResponse('wildcard', 'wildcard-with-credentials', { [ACAO]: '*' }, { request: include }),
  atResponse(
    'wildcard-by-xhr',
    'wildcard-with-credentials',
    { [ACAO]: '*' },
    { request: { ...include, xhr: true } },
  ),
  atResponse('no-allow-credentials', 'allow-credentials-missing', { [ACAO]: 'ORIGIN' }, { request: include }),
  atResponse(
    'allow-credentials-in-capitals',
    'allow-credentials-missing',
    { [ACAO]: 'ORIGIN', 'Access-Control-Allow-Credentials': 'TRUE' },
    { request: include },
  ),
  atPreflight('options-no-header', 'allow-origin-missing', put, [204, {}]),
  atPreflight('options-other-origin', 'allow-origin-differs', put, [
    204,
    { [ACAO]: 'https://other.example' },
  ]),
  atPreflight('options-two-lines', 'allow-origin-multiple', put, [204, { [ACAO]: ['*', '*'] }]),
  atPreflight('options-404', 'preflight-status', put, [404, { [ACAO]: '*', [ACAM]: 'PUT' }]),
  atPreflight('options-redirect', 'preflight-redirect', put, [301, { [ACAO]: '*', Location: '/elsewhere' }]),
  atPreflight('options-wildcard', 'wildcard-with-credentials', { ...put, ...include }, [
    204,
    { [ACAO]: '*' },
  ]),
  atPreflight('options-no-allow-credentials', 'allow-credentials-missing', { ...put, ...include }, [
    204,
    { [ACAO]: 'ORIGIN', [ACAM]: 'PUT' },
  ]),
  atPreflight('other-methods', 'method-not-allowed', put, [204, { [ACAO]: '*', [ACAM]: 'GET, POST' }]),
  atPreflight('lower-case-patch', 'method-not-allowed', { method: 'patch' }, [
    204,
    { [ACAO]: '*', [ACAM]: 'PATCH' },
  ]),
  atPreflight('no-methods', 'method-not-allowed', { method: 'DELETE' }, [204, { [ACAO]: '*' }]),
  atPreflight('other-headers', 'header-not-allowed', custom, [204, { [ACAO]: '*', [ACAH]: 'x-other' }]),
  atPreflight('no-headers', 'header-not-allowed', authorization, [204, { [ACAO]: '*' }]),
  atPreflight('methods-with-semicolon', 'list-invalid', put, [204, { [ACAO]: '*', [ACAM]: 'PUT; POST' }]),
  atPreflight('headers-with-space', 'list-invalid', custom, [204, { [ACAO]: '*', [ACAH]: 'x custom' }]),
  atPreflight('star-and-authorization', 'authorization-not-covered', authorization, [
    204,
    { [ACAO]: '*', [ACAH]: '*' },
  ]),
  { name: 'redirect-no-header', reason: 'allow-origin-missing', answer: [302, { Location: '/no-header' }] },
  {
    name: 'redirect-userinfo',
    reason: 'redirect-with-userinfo',
    answer: [302, { [ACAO]: '*', Location: 'http://u:p@127.0.0.1:PORT/x' }],
  },
  {
    name: 'redirect-to-mailto',
    reason: 'redirect-scheme',
    answer: [302, { [ACAO]: '*', Location: 'mailto:a@example.com' }],
  },
  { name: 'connection-closed', reason: 'no-answer', answer: null },
  atResponse('only-same-origin', 'mode-same-origin', {}, { request: { mode: 'same-origin' } }),
  atResponse('ftp-url', 'scheme-not-supported', {}, { request: { url: 'ftp://x.example/a' } }),
  atResponse('app-url', 'scheme-not-supported', {}, { request: { url: 'app://x/a' } }),
  atResponse(
    'resource-policy',
    'resource-policy',
    { 'Cross-Origin-Resource-Policy': 'same-origin' },
    { request: { mode: 'no-cors' } },
  ),
  atResponse(
    'csp',
    'content-security-policy',
    {},
    { request: { url: 'https://not-in-connect-src.example/x' } },
  ),
  ...BESIDE,
];

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
  /** Null closes the connection without an answer. */
  readonly answer: ScenarioAnswer | null;
  readonly preflight?: ScenarioAnswer;
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
];

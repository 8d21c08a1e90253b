/** Small words that suites are written in. */
import type {
  Answer,
  Case,
  CaseRequest,
  Expectation,
  RequestStep,
  Resource,
} from '../harness/case/schema.ts';

type Line = [name: string, value: string];

const FETCH = 'https://fetch.spec.whatwg.org/#';

/** Links to sections of the Fetch Standard, by the names people use. */
export const spec = {
  mainFetch: `${FETCH}main-fetch`,
  httpFetch: `${FETCH}http-fetch`,
  redirectFetch: `${FETCH}http-redirect-fetch`,
  networkOrCache: `${FETCH}http-network-or-cache-fetch`,
  networkFetch: `${FETCH}http-network-fetch`,
  corsCheck: `${FETCH}cors-check`,
  preflightFetch: `${FETCH}cors-preflight-fetch`,
  preflightCache: `${FETCH}cors-preflight-cache`,
  safelistedRequestHeader: `${FETCH}cors-safelisted-request-header`,
  unsafeNames: `${FETCH}cors-unsafe-request-header-names`,
  safelistedMethod: `${FETCH}cors-safelisted-method`,
  normalizeMethod: `${FETCH}concept-method-normalize`,
  forbiddenMethod: `${FETCH}forbidden-method`,
  forbiddenRequestHeader: `${FETCH}forbidden-request-header`,
  forbiddenResponseHeader: `${FETCH}forbidden-response-header-name`,
  safelistedResponseHeader: `${FETCH}cors-safelisted-response-header-name`,
  filteredResponse: `${FETCH}concept-filtered-response-cors`,
  opaqueFilteredResponse: `${FETCH}concept-filtered-response-opaque`,
  newHeaderSyntax: `${FETCH}http-new-header-syntax`,
  extractHeaderListValues: `${FETCH}extract-header-list-values`,
  getHeader: `${FETCH}concept-header-list-get`,
  originHeader: `${FETCH}origin-header`,
  credentials: `${FETCH}cors-protocol-and-credentials`,
  corsProtocol: `${FETCH}http-cors-protocol`,
  corsAndCaches: `${FETCH}cors-protocol-and-http-caches`,
  headersClass: `${FETCH}headers-class`,
  requestClass: `${FETCH}request-class`,
  fetchMethod: `${FETCH}fetch-method`,
  schemeFetch: `${FETCH}scheme-fetch`,
  serializedOrigin: `${FETCH}byte-serializing-a-request-origin`,
  locationUrl: `${FETCH}concept-response-location-url`,
  xhrSend: 'https://xhr.spec.whatwg.org/#the-send()-method',
  xhrOpen: 'https://xhr.spec.whatwg.org/#the-open()-method',
  xhrSetRequestHeader: 'https://xhr.spec.whatwg.org/#the-setrequestheader()-method',
} as const;

export const acao = (value = '{origin}'): Line => ['Access-Control-Allow-Origin', value];
export const acam = (value: string): Line => ['Access-Control-Allow-Methods', value];
export const acah = (value: string): Line => ['Access-Control-Allow-Headers', value];
export const acac = (value = 'true'): Line => ['Access-Control-Allow-Credentials', value];
export const aceh = (value: string): Line => ['Access-Control-Expose-Headers', value];
export const maxAge = (value: string | number): Line => ['Access-Control-Max-Age', String(value)];

/** An answer with these header lines. */
export const answer = (...headers: Line[]): Answer => ({ headers });

/** The usual permissive answers: this origin only. */
export const allowed: Answer = answer(acao());

export const PUT: CaseRequest = { method: 'PUT' };
export const INCLUDE: CaseRequest = { credentials: 'include' };
export const noCors = (request: CaseRequest = {}): CaseRequest => ({ mode: 'no-cors', ...request });

/** A rule that only the server sees. */
export const WIRE = { class: 'wire' } as const satisfies Partial<Case>;

/** One case with one step. */
export function one(
  id: string,
  title: string,
  link: string | string[],
  request: CaseRequest,
  server: RequestStep['server'] | Answer,
  expect: Expectation,
  more: Partial<Case> = {},
): Case {
  const script = isServer(server) ? server : { actual: server as Answer };
  return { id, title, spec: [link].flat(), ...more, steps: [{ request, server: script, expect }] };
}

const isServer = (value: object | undefined): value is NonNullable<RequestStep['server']> =>
  value !== undefined && ('actual' in value || 'preflight' in value || 'resources' in value);

/** A resource elsewhere, for redirects. */
export const at = (place: NonNullable<Resource['at']>, script: Omit<Resource, 'at'>): Resource => ({
  at: place,
  ...script,
});

/** Expectations that come up all the time. */
export const readable = (more: Partial<Expectation> = {}): Expectation => ({ outcome: 'readable', ...more });
export const blocked = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'blocked',
  blockedAt: 'response',
  ...more,
});
export const refused = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'blocked',
  blockedAt: 'preflight',
  ...more,
});
/** A request that script hears of only as a TypeError, with these requests on the wire. */
export const failed = (wire: string[] = []): Expectation => ({ outcome: 'error', error: 'TypeError', wire });
/** Readable after a preflight. */
export const preflighted = (more: Partial<Expectation> = {}): Expectation =>
  readable({ preflight: 'sent', actual: 'sent', ...more });

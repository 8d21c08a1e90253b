/** Small words that suites are written in. */
import type {
  Answer,
  Case,
  CaseRequest,
  Expectation,
  RequestStep,
  Resource,
} from '../harness/case/schema.ts';

/** One line of a response's head. */
export type HeaderLine = [name: string, value: string];

export const acao = (value = '{origin}'): HeaderLine => ['Access-Control-Allow-Origin', value];
export const acam = (value: string): HeaderLine => ['Access-Control-Allow-Methods', value];
export const acah = (value: string): HeaderLine => ['Access-Control-Allow-Headers', value];
export const acac = (value = 'true'): HeaderLine => ['Access-Control-Allow-Credentials', value];
export const aceh = (value: string): HeaderLine => ['Access-Control-Expose-Headers', value];
export const maxAge = (value: string | number): HeaderLine => ['Access-Control-Max-Age', String(value)];

/** An answer with these header lines. */
export const answer = (...headers: HeaderLine[]): Answer => ({ headers });

/** The usual permissive answers: this origin only. */
export const allowed: Answer = answer(acao());

export const PUT: CaseRequest = { method: 'PUT' };
export const INCLUDE: CaseRequest = { credentials: 'include' };
export const noCors = (request: CaseRequest = {}): CaseRequest => ({ mode: 'no-cors', ...request });

/** A rule that only the server sees. */
export const WIRE = { class: 'wire' } as const satisfies Partial<Case>;

/** A rule of another standard than Fetch and XMLHttpRequest: an engine that differs is reported, and does not fail. */
export const ruledBy = (standard: string) =>
  ({ class: 'outside', because: `${standard} rules on this, not Fetch.` }) as const satisfies Partial<Case>;

/** What a case says besides its id, its title and its steps. */
export type CaseDetails = Omit<Partial<Case>, 'id' | 'title' | 'spec' | 'steps'> & {
  readonly spec?: string | string[];
};

/** What every case says first. */
export type Titled = Pick<Case, 'id' | 'title'>;

export type Server = NonNullable<RequestStep['server']>;

/** A case of one step. */
export interface OneStep extends Titled, CaseDetails {
  readonly spec: string | string[];
  /** Default: a GET by fetch(). */
  readonly request?: CaseRequest;
  /** A bare answer is that to the actual request. Default: every request is answered 200. */
  readonly server?: Server | Answer;
  readonly expect: Expectation;
}

/** One request, what is answered, and what must happen. */
export function one({ id, title, spec, request = {}, server = {}, expect, ...details }: OneStep): Case {
  const script = isServer(server) ? server : { actual: server };
  return { id, title, spec: links(spec), ...details, steps: [{ request, server: script, expect }] };
}

const isServer = (value: Server | Answer): value is Server =>
  Object.keys(value).every(key => ['preflight', 'actual', 'resources'].includes(key));

/** The links of a case, each once. */
export const links = (spec: string | string[]): string[] => [...new Set([spec].flat())];

/** A resource elsewhere, for redirects. */
export const resourceAt = (place: NonNullable<Resource['at']>, script: Omit<Resource, 'at'>): Resource => ({
  at: place,
  ...script,
});

/** Expectations that come up all the time. */
export const readable = (more: Partial<Expectation> = {}): Expectation => ({ outcome: 'readable', ...more });
export const blockedAtResponse = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'blocked',
  blockedAt: 'response',
  ...more,
});
export const blockedAtPreflight = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'blocked',
  blockedAt: 'preflight',
  ...more,
});
/** A request that script hears of only as a TypeError, with these requests on the wire. */
export const networkError = (wire: string[] = []): Expectation => ({
  outcome: 'error',
  error: 'TypeError',
  wire,
});
/** Readable after a preflight. */
export const preflighted = (more: Partial<Expectation> = {}): Expectation =>
  readable({ preflight: 'sent', actual: 'sent', ...more });

/** "compressed", as gzip writes it. */
export const GZIP =
  '\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xce\xcf\x2d\x28\x4a\x2d\x2e\x4e\x4d\x01\x00\x1e\x4b\x56\x97\x0a\x00\x00\x00';

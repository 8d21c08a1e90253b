/** What one run of the fetch algorithm carries along, and the ways in which it ends early. */
import { hasForbiddenValueByte, trimTabOrSpace } from './bytes.ts';
import { CookieJar } from './cookies.ts';
import { get, type Header } from './header-list.ts';
import { HttpCache } from './http-cache.ts';
import { type KeptLoad, MemoryCache } from './memory-cache.ts';
import { PreflightCache } from './preflight-cache.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import { keptIn } from './remember.ts';
import type { Trace } from './trace.ts';
import type {
  Clock,
  FetchRequest,
  RequestRole,
  ResponseReply,
  ScriptRequest,
  WireReply,
  WireSend,
} from './types.ts';

export interface UserAgentOptions {
  /** The limit on Access-Control-Max-Age that the user agent imposes, in seconds. Default none. */
  readonly maxAgeCap?: number;
  /** What its connections speak. Default 1.1. */
  readonly http?: '1.1' | '2';
  /** The default User-Agent value. */
  readonly userAgent?: string;
  /** Whether cross-site requests carry cookies at all. Default true. */
  readonly thirdPartyCookies?: boolean;
  /** Whether it has an HTTP cache. Default: what one could answer is not modelled, since a user agent need not have one. */
  readonly httpCache?: boolean;
  /** How the engine that is modelled leaves the Standard. Default not at all. */
  readonly quirks?: Quirks;
  /** Base64 digest of isomorphic bytes, for Subresource Integrity; without it, integrity is not modelled. */
  readonly digest?: (algorithm: 'sha256' | 'sha384' | 'sha512', bytes: string) => string;
}

/** What a user agent remembers from one request to the next. Most of it is made when something is to be remembered. */
export class UserAgent {
  readonly preflightCache: PreflightCache;
  /** Cookie jars by their partition; '' is that of first parties. */
  #jars: Map<string, CookieJar> | undefined;
  /** Authentication entries: Authorization values by origin, as if a whole origin were one protection space. */
  #authentication: Map<string, string> | undefined;
  readonly httpCache: HttpCache;
  /** For quirks only: the Standard has none. */
  readonly memoryCache: MemoryCache | undefined;
  readonly options: UserAgentOptions;
  readonly quirks: Quirks;

  constructor(options: UserAgentOptions = {}) {
    this.options = options;
    this.quirks = options.quirks ?? NO_QUIRKS;
    this.httpCache = new HttpCache(this.quirks);
    this.memoryCache = this.quirks.memoryCache && new MemoryCache();
    this.preflightCache = new PreflightCache({ capSeconds: options.maxAgeCap, quirks: this.quirks });
  }

  /** The cookies of a request; null where it has none. */
  cookiesFor(request: FetchRequest): CookieJar | null {
    const partition = this.quirks.cookiePartition?.(request) ?? (this.quirks.cookiePartition ? null : '');
    if (partition === null) return null;
    this.#jars ??= new Map();
    return keptIn(this.#jars, partition, () => new CookieJar(this.quirks));
  }

  /** Keeps an Authorization value that an origin has been sent. */
  authenticate(origin: string, authorization: string): void {
    this.#authentication ??= new Map();
    this.#authentication.set(origin, authorization);
  }

  /** The Authorization value that is kept for an origin; null for none. */
  authorizationFor(origin: string): string | null {
    return this.#authentication?.get(origin) ?? null;
  }
}

/** A request that goes out and the reply that comes in: the algorithms are generators over these. */
export type Steps<T> = Generator<WireSend, T, WireReply>;

/** The connection ended before there was an answer, or there was one that is no response. */
export type Unanswered = 'ended' | 'refused';

export interface Fetching {
  readonly agent: UserAgent;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly wire: WireSend[];
  /** On the clock, in milliseconds; infinite where nothing sets a limit. */
  readonly deadlineMs: number;
  readonly abort: ScriptRequest['abort'];
  /** The call of the API: told when the request has been sent. */
  readonly call: { sent(): void };
  /** The answers to the request itself, redirects first. */
  readonly answers: ResponseReply[];
  /** What kept the request itself from an answer, as redirects have left it: for quirks only. */
  unanswered?: Unanswered | null;
  /** What the memory cache holds, if the request asks whether it is still valid: for quirks only. */
  validating?: KeptLoad;
  /** The HTTP cache had the last answer. */
  answeredByCache?: boolean;
  /** What the HTTP cache had for the request so far: for quirks only. */
  readonly cached: ResponseReply[];
}

/** A network error: script learns nothing but that it failed. */
export interface NetworkError {
  readonly kind: 'network-error';
  /** Where the CORS protocol stopped it; absent for every other failure. */
  readonly blockedAt?: 'preflight' | 'response';
  /** The request's redirect mode is error, and a redirect came. */
  readonly byRedirectMode?: true;
}

export const NETWORK_ERROR: NetworkError = Object.freeze({ kind: 'network-error' });
export const REDIRECT_ERROR: NetworkError = Object.freeze({ kind: 'network-error', byRedirectMode: true });
export const BLOCKED_AT_PREFLIGHT: NetworkError = Object.freeze({
  kind: 'network-error',
  blockedAt: 'preflight',
});
export const BLOCKED_AT_RESPONSE: NetworkError = Object.freeze({
  kind: 'network-error',
  blockedAt: 'response',
});

/** Thrown through the algorithms when the fetch is terminated or aborted from outside. */
export class Terminated {
  readonly reason: 'aborted' | 'timed-out' | 'unsettled';

  constructor(reason: Terminated['reason']) {
    this.reason = reason;
  }
}

/** Thrown where the Standard, or this model, leaves the answer open. */
export class NotModelled {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Takes in what came of a request: the response, or null for none. */
export function received(fetching: Fetching, send: WireSend, reply: WireReply): ResponseReply | null {
  const { abort, trace } = fetching;
  if (send.role === 'actual') fetching.call.sent();
  if (abort && abort !== 'before' && abort.when === send.role && (abort.url ?? send.url) === send.url) {
    trace.stop('aborted', send.role);
    throw new Terminated('aborted');
  }
  if (reply.kind === 'hang' || waitsInVain(fetching, send, reply))
    return pass(fetching, Number.POSITIVE_INFINITY);
  pass(fetching, reply.delayMs ?? 0);
  if (reply.kind === 'failure') return null;
  const { quirks } = fetching.agent;
  const whole = reply.byReset && quirks.cutIsWhole?.(false, new URL(send.url), reply);
  const response = parsed(decoded(whole ? asWhole(reply) : reply, fetching));
  if (response === null || isNone(quirks, response, send.role)) return null;
  return quirks.received ? { ...response, headers: quirks.received(response.headers, send.role) } : response;
}

/** Whether a response is as good as none, which it is by no standard. */
function isNone(quirks: Quirks, { bodyEnd, status, headers }: ResponseReply, role: RequestRole): boolean {
  const broken = role === 'preflight' && bodyEnd === 'cut' && status !== 204;
  if (broken && quirks.brokenPreflightBodyFails) return true;
  return quirks.refusesHeaders?.(false, headers) === true;
}

/** A body that cannot be decoded fails while it is read, as one that is cut does (Fetch, "handle content codings"). */
function decoded(reply: ResponseReply, { agent }: Fetching): ResponseReply {
  if (reply.undecodable === undefined) return reply;
  const isRaw = agent.quirks.undecodableIsRaw?.(false, get(reply.headers, 'content-encoding') ?? '');
  return isRaw ? { ...reply, body: reply.undecodable } : { ...reply, bodyEnd: 'cut', received: '' };
}

/** As if the end of the connection were the end of the body. */
const asWhole = ({ received: body, byReset: _byReset, ...reply }: ResponseReply): ResponseReply => ({
  ...reply,
  ...(body !== undefined && { body }),
  bodyEnd: 'complete',
});

/** A preflight's body plays no part in the Standard, so its end is not awaited. */
function waitsInVain({ agent }: Fetching, { role }: WireSend, reply: WireReply): boolean {
  return (
    role === 'preflight' &&
    reply.kind === 'response' &&
    reply.bodyEnd === 'hang' &&
    agent.quirks.awaitsPreflightBody === true
  );
}

/** HTTP parsing takes tabs and spaces off a header's value, and refuses NUL, LF and CR in it: null then. */
function parsed(response: ResponseReply): ResponseReply | null {
  let padded = false;
  for (const header of response.headers) {
    if (hasForbiddenValueByte(header[1])) return null;
    padded ||= trimTabOrSpace(header[1]) !== header[1];
  }
  if (!padded) return response;
  const headers = response.headers.map(([name, value]): Header => [name, trimTabOrSpace(value)]);
  return { ...response, headers };
}

/** Waits for what never comes: until the deadline, if there is one. */
export function waitForever(fetching: Fetching): never {
  pass(fetching, Number.POSITIVE_INFINITY);
  throw new Terminated('unsettled');
}

/** Lets `ms` milliseconds go by, or ends the fetch where its deadline comes first. */
function pass(fetching: Fetching, ms: number): null {
  const { clock, deadlineMs, trace } = fetching;
  if (ms === Number.POSITIVE_INFINITY && deadlineMs === Number.POSITIVE_INFINITY) {
    trace.stop('unsettled');
    throw new Terminated('unsettled');
  }
  const now = clock.now();
  if (now + ms >= deadlineMs) {
    clock.sleep?.(Math.max(0, deadlineMs - now));
    trace.stop('timed-out');
    throw new Terminated('timed-out');
  }
  if (ms > 0) clock.sleep?.(ms);
  return null;
}

/**
 * The bytes of a case as plain data: what was asked, what was answered, how it ended.
 * Every text here is isomorphic: one character per byte, U+0000 to U+00FF.
 */

/** So many bytes of a body are kept at most. */
export const KEPT_BODY_BYTES = 4096;

/** One header line as it stood on the wire: name in its own case, value without the surrounding whitespace. */
export type HeaderLine = readonly [name: string, value: string];

export interface WireRequest {
  readonly method: string;
  /** The absolute URL, as the connection's scheme, the Host line and the request target give it. */
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  /** Bytes received. */
  readonly bodyBytes: number;
  /** The first bytes of the body, isomorphic; at most KEPT_BODY_BYTES are kept. */
  readonly body?: string;
}

export interface WireResponse {
  readonly status: number;
  readonly reason?: string;
  readonly headers: readonly HeaderLine[];
  /** Interim (1xx) answers that went before. */
  readonly interim?: readonly { readonly status: number; readonly headers: readonly HeaderLine[] }[];
  readonly trailers?: readonly HeaderLine[];
  readonly bodyBytes: number;
  readonly body?: string;
  /** The body is not coded as Content-Encoding says: no client can decode it. */
  readonly undecodable?: true;
}

/** An OPTIONS request with Origin and Access-Control-Request-Method is a preflight, anything else an actual request. The model says the same, and neither knows the other. */
export type RequestRole = 'preflight' | 'actual';

/**
 * How an exchange ended. `complete`: the whole answer went out. `no-answer`: the connection ended, or the case
 * did, before a response head. `cut`: it ended after the head, inside the body. `malformed`: bytes that are no HTTP.
 */
export type ExchangeEnd = 'complete' | 'no-answer' | 'cut' | 'malformed';

export interface Exchange {
  readonly role: RequestRole;
  /** The resource of the case's script that was asked for (`main`, `hop2`, …), or the path. */
  readonly resource: string;
  readonly request: WireRequest;
  readonly response: WireResponse | null;
  readonly end: ExchangeEnd;
  /** Which connection carried it: the same number means the same connection. */
  readonly connection: number;
  /** Milliseconds since the case began: request head received, answer finished. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** Why the end is not `complete`, in words. */
  readonly note?: string;
}

/** Whether a line is called `lower`, which is in lower case: names in another case are of the same length. */
const isCalled = ([name]: HeaderLine, lower: string): boolean =>
  name.length === lower.length && (name === lower || name.toLowerCase() === lower);

/** Every value of the lines called `name` (compared without case), in order. */
export function headerValues(headers: readonly HeaderLine[], name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (const line of headers) if (isCalled(line, wanted)) values.push(line[1]);
  return values;
}

/** The values of `name` joined by ", " (Fetch, "get"), or null where there is no such line. */
export function headerValue(headers: readonly HeaderLine[], name: string): string | null {
  const wanted = name.toLowerCase();
  let joined: string | null = null;
  for (const line of headers) {
    if (isCalled(line, wanted)) joined = joined === null ? line[1] : `${joined}, ${line[1]}`;
  }
  return joined;
}

/** Media types of answers that have no end by design. */
const ENDLESS = /^(?:text\/event-stream|multipart\/x-mixed-replace)(?:[\s;]|$)/i;

/** Whether an answer is a stream that nobody waits to the end of. */
export const isEndless = (headers: readonly HeaderLine[]): boolean =>
  ENDLESS.test(headerValue(headers, 'content-type') ?? '') && headerValue(headers, 'content-length') === null;

/** The role of a request, told from its method and header lines alone. */
export function roleOf(method: string, headers: readonly HeaderLine[]): RequestRole {
  return method === 'OPTIONS' &&
    headerValue(headers, 'access-control-request-method') !== null &&
    headerValue(headers, 'origin') !== null
    ? 'preflight'
    : 'actual';
}

/** How the note of an exchange begins that was given up before anything was sent. */
export const UNSENT = 'not sent';

/** True of a request that was never sent, since others like it had not been answered. */
export const isUnsent = ({ response, note }: Pick<Exchange, 'response' | 'note'>): boolean =>
  response === null && note?.startsWith(UNSENT) === true;

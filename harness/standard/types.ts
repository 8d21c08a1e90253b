/** What goes into the user agent, what passes between it and a server, and what comes out. Plain data throughout. */
import type { Header, HeaderList } from './header-list.ts';
import type { SpecLink } from './spec.ts';

export type { Header, HeaderList } from './header-list.ts';

/** The page or worker whose script makes the request: the parts of its settings object that matter. */
export interface Client {
  /** The serialized origin; `null` for an opaque one (sandboxed frame, data: URL). */
  readonly origin: string;
  /** The URL that relative URLs are resolved with, and the referrer's source. */
  readonly url: string;
  /** Default window. Synchronous XHR and prompts differ in a worker. */
  readonly global?: 'window' | 'worker';
  /** The worker is a shared one: for quirks only. */
  readonly shared?: boolean;
  /** The URL of the document that made this one, if its own is an about: or blob: URL or it is sandboxed. */
  readonly creatorUrl?: string;
  /** The document is unloading. */
  readonly unloading?: boolean;
  /** The document is an iframe's srcdoc, whose base URL is the creator's. */
  readonly srcdoc?: boolean;
  /** The origin of the page on top, for something in a frame. Default: the origin. */
  readonly topLevelOrigin?: string;
  /** The referrer policy of the page. Default strict-origin-when-cross-origin. */
  readonly referrerPolicy?: string;
  /** The referrer policy of the page that made this, if this does not inherit it: for quirks only. */
  readonly creatorPolicy?: string;
}

/** A request body by the type that script passes. Text in `buffer`, `blob` and `stream` is isomorphic. */
export type ScriptBody =
  | string
  | { readonly urlencoded: readonly (readonly [string, string])[] }
  | { readonly multipart: readonly (readonly [string, string])[] }
  | { readonly buffer: string }
  | { readonly blob: string; readonly type: string }
  | { readonly stream: string }
  | { readonly bytes: number };

/** What script asks for, as it writes it. Absent fields take the API's defaults. */
export interface ScriptRequest {
  readonly client: Client;
  /** fetch (the default), xhr or eventsource. Any other API is not modelled. */
  readonly api?: string;
  readonly url: string;
  readonly method?: string;
  /** In the order in which script gives them: as pairs to fetch(), one by one to setRequestHeader(). */
  readonly headers?: HeaderList;
  /** fetch: `object` for a Headers object, which Web IDL takes for the pairs that it iterates over. */
  readonly headersAs?: 'pairs' | 'object';
  readonly body?: ScriptBody;
  readonly mode?: string;
  readonly credentials?: string;
  readonly cache?: string;
  readonly redirect?: string;
  readonly referrer?: string;
  readonly referrerPolicy?: string;
  readonly integrity?: string;
  readonly keepalive?: boolean;
  /** More than one call at once is not modelled. */
  readonly atOnce?: number;
  readonly targetAddressSpace?: string;
  /** Before the call, or once the server has received the first wire request of that role (and URL, if given). */
  readonly abort?: 'before' | { readonly when: RequestRole; readonly url?: string; readonly reason?: string };
  readonly timeoutMs?: number;
  readonly sync?: boolean;
  readonly withCredentials?: boolean;
  readonly withCredentialsAfterSend?: boolean;
  readonly uploadListener?: 'before-send' | 'after-send' | 'object-only';
  readonly responseType?: string;
  readonly user?: string;
  readonly password?: string;
}

export type RequestRole = 'preflight' | 'actual';

/** A request as it goes to a server. */
export interface WireSend {
  readonly role: RequestRole;
  readonly method: string;
  /** Without the fragment, which never leaves the user agent. */
  readonly url: string;
  readonly headers: HeaderList;
  /** Whether cookies and authentication entries are attached, and Set-Cookie is heeded. */
  readonly credentials: boolean;
  /** Isomorphic; null where there is none. */
  readonly body: string | null;
  /** It must not reuse a connection: the retry after 421. */
  readonly newConnection: boolean;
}

/** What a server, or the network, makes of a wire request. */
export type WireReply =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly reason?: string;
      /** The final response's header lines, in order. Interim responses and trailers play no part. */
      readonly headers: HeaderList;
      /** Isomorphic, without content coding. */
      readonly body?: string;
      /** Default complete. cut: the connection ended inside the body. hang: the rest never came. */
      readonly bodyEnd?: 'complete' | 'cut' | 'hang';
      /** It was cut by a reset of the connection, and not by its end: no rule depends on it, but engines do. */
      readonly byReset?: true;
      /** The body as far as it could be decoded, if it is not coded as Content-Encoding says: reading it fails. */
      readonly undecodable?: string;
      /** Of a body that was cut, what had come by then, if that is not `body`: for quirks only. */
      readonly received?: string;
      readonly delayMs?: number;
    }
  /** No usable response: refused, reset, or bytes that are no HTTP. */
  | { readonly kind: 'failure'; readonly reason?: string; readonly delayMs?: number }
  /** Nothing ever comes. */
  | { readonly kind: 'hang' };

export type ResponseReply = Extract<WireReply, { kind: 'response' }>;

/** Milliseconds. `sleep` lets a virtual clock pass the time that a server takes; a real clock leaves it out. */
export interface Clock {
  now(): number;
  sleep?(ms: number): void;
}

/** What became of a request, as script sees it. */
export const OUTCOMES = ['readable', 'blocked', 'opaque', 'error', 'timeout'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type ResponseType = 'basic' | 'cors' | 'opaque' | 'opaqueredirect';

/** What script sees. */
export interface ScriptView {
  /** blocked: by the CORS protocol. error: any other failure. timeout: it ran out of time, or never settles. */
  readonly outcome: Outcome;
  readonly blockedAt?: 'preflight' | 'response';
  /** threw: the call itself threw. unsettled: nothing ever happens. */
  readonly settled: 'resolved' | 'rejected' | 'threw' | 'unsettled';
  readonly type?: ResponseType;
  readonly status?: number;
  readonly statusText?: string;
  readonly url?: string;
  readonly redirected?: boolean;
  /** In the order and form in which the API shows them. */
  readonly headers?: HeaderList;
  /** The body as text. */
  readonly body?: string;
  /** Name of the error that reading the body ends in. */
  readonly bodyError?: string;
  /** The response's body is null, and not just empty. */
  readonly nullBody?: true;
  readonly error?: { readonly name: string; readonly message: string };
  /** What an API without a response to show reports: an EventSource open or error. */
  readonly result?: string;
  /** XHR events in order, those of the upload object with the prefix "upload.". */
  readonly events?: readonly string[];
}

/** One step of the Standard that was taken. */
export interface TraceStep {
  readonly id: string;
  /** The link to the step. */
  readonly section: SpecLink;
  /** One plain sentence. */
  readonly text: string;
  /** What was compared. Long values are shortened. */
  readonly values: Readonly<Record<string, string>>;
  readonly result: 'pass' | 'stop' | 'note';
}

export interface Prediction {
  readonly wire: readonly WireSend[];
  readonly script: ScriptView;
  readonly trace: readonly TraceStep[];
  /** Set where the Standard, or this model, leaves the answer open: then `script` says nothing. */
  readonly notModelled?: string;
}

/** A body as it is sent. */
export interface RequestBody {
  readonly bytes: string;
  /** False for a stream, which can be sent only once and has no length. */
  readonly replayable: boolean;
  /** Script gave it to XMLHttpRequest in a way that leaves its length open in some engine: for quirks only. */
  readonly unmeasured?: true;
}

/** Fetch Metadata, Sec-Fetch-Site. */
export type FetchSite = 'same-origin' | 'same-site' | 'cross-site';

/** Fetch, "request": the fields that the algorithms read and change. */
export interface FetchRequest {
  /** Who makes it: fetch() and EventSource, or XMLHttpRequest. */
  readonly initiator: 'fetch' | 'xmlhttprequest' | 'other';
  /** XMLHttpRequest's synchronous flag. */
  readonly synchronous?: true | undefined;
  readonly client: Client;
  readonly origin: string;
  method: string;
  /** As it was before any redirect. */
  readonly firstMethod: string;
  /** The URL list; the last one is the current URL. */
  urls: URL[];
  headers: Header[];
  /** Its Content-Type is that of the body passed to XMLHttpRequest, not of script's headers: for quirks only. */
  readonly typeImplied?: true;
  /** As they were before any redirect: for quirks only. */
  firstHeaders: readonly Header[];
  /** As it was before any redirect: for quirks only. */
  firstReferrer?: string;
  body: RequestBody | null;
  readonly mode: string;
  readonly credentials: string;
  readonly cache: string;
  readonly redirect: string;
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly useCorsPreflight: boolean;
  readonly useUrlCredentials: boolean;
  /** A URL, or no-referrer. "client" until main fetch has determined it. */
  referrer: string;
  referrerPolicy: string;
  tainting: 'basic' | 'cors' | 'opaque';
  /** How long the URL list was once a redirect had made it a GET: for quirks only. */
  droppedAt?: number;
  /** Headers that its preflight asks for, and that are not sent, in lower case: for quirks only. */
  keptBack?: ReadonlySet<string>;
  /** How far the farthest URL of the list is from the page, so far as main fetch has come. */
  site: FetchSite;
  /** The CORS-unsafe names of the request before any redirect, null if it needed no preflight: for quirks only. */
  unsafeAtFirst: readonly string[] | null;
}

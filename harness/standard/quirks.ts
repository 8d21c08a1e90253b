/**
 * How an engine leaves the Standard, as changes to the model. A model with the quirks of an engine predicts what that
 * engine does; a difference between the two is explained only if that prediction is exactly what was seen.
 *
 * A flag turns one step into what the engine does instead. The model reads it where the two differ, and nowhere else:
 * one that is read counts as one that has a say (watch-quirks.ts). A function is given what the Standard says, with what
 * it is made of, and returns what the engine makes of it. Whoever merges the quirks of several deviations chains
 * functions.
 */
import type { Exposed } from './expose.ts';
import type { Unanswered } from './fetching.ts';
import type { Header, HeaderList } from './header-list.ts';
import type { CacheRequest } from './http-cache.ts';
import type { RedirectRefusal } from './redirect.ts';
import type { FilteredResponse } from './response.ts';
import type {
  Client,
  FetchRequest,
  RequestRole,
  ResponseReply,
  ScriptBody,
  ScriptRequest,
  ScriptView,
} from './types.ts';

/** What a call ended with: for quirks in what script sees. */
export interface SeenContext {
  readonly script: ScriptRequest;
  /** The header lines of the last response; null where there was none. */
  readonly received: HeaderList | null;
  /** The last answer to the request itself, even if the fetch went no further; null for none. */
  readonly answered: ResponseReply | null;
  /** What went out last; undefined if nothing did. */
  readonly last: RequestRole | undefined;
  /** The request, as redirects have left it; null if the call threw. */
  readonly request: FetchRequest | null;
  /** What kept the request itself from an answer, as redirects have left it; null if nothing did. */
  readonly unanswered: Unanswered | null;
}

export interface Quirks {
  /** What script asks for, as the engine takes it. */
  readonly asks?: (script: ScriptRequest) => ScriptRequest;
  /** The header entries that script set, before they are judged and sent. */
  readonly authorHeaders?: (headers: Header[], script: ScriptRequest) => Header[];
  /** Whether a request header is CORS-safelisted. The name is in lower case. */
  readonly safelists?: (standard: boolean, name: string, value: string) => boolean;
  /** Safelisted values have no limit in all. */
  readonly noSafelistLimit?: true;
  /** Access-Control-Request-Headers has a name once for each entry. */
  readonly asksForEachEntry?: true;
  /** Whether a listener on XMLHttpRequest's upload object sets the use-CORS-preflight flag. */
  readonly listenerForces?: (standard: boolean, script: ScriptRequest) => boolean;
  /** Content-Type once XMLHttpRequest has set its charset to UTF-8. `author`: what script set, with some charset. */
  readonly charsetSet?: (standard: string, author: string, script: ScriptRequest) => string;
  /** The Content-Type that a body passed to XMLHttpRequest implies. */
  readonly impliedType?: (standard: string, script: ScriptRequest) => string;
  /** Whether the body of an XMLHttpRequest is one whose length is not known at first: other quirks go by that. */
  readonly unmeasured?: (standard: false, script: ScriptRequest) => boolean;
  /** A synchronous XMLHttpRequest in a worker fires all the events of an asynchronous one. */
  readonly workerSynchronousFiresAll?: true;
  /** An XMLHttpRequest that sends no body still has the type of the one that was given. */
  readonly typeOfUnsentBody?: (body: ScriptBody) => boolean;
  /** The type of a body is not held against the no-cors guard. */
  readonly bodyTypeUnguarded?: true;
  /** A stream as body: not supported, or sent as the text that the object turns into. */
  readonly streams?: 'refused' | 'text';
  /** A body over the keepalive limit fails before the preflight is sent. */
  readonly keepaliveLimitFirst?: true;

  /** The body that integrity is held against where a response has none; null for none. */
  readonly integrityOfNoBody?: (standard: string | null, response: FilteredResponse) => string | null;

  /** Whether a request is mixed content. */
  readonly mixedContent?: (standard: boolean, url: URL, request: FetchRequest) => boolean;
  /** The referrer policy of a client, for a request of its. */
  readonly clientPolicy?: (standard: string, client: Client, request: FetchRequest) => string;
  /** The referrer of a request: a URL or no-referrer. */
  readonly referrer?: (standard: string, request: FetchRequest) => string;
  /** The Origin header of a request; null for none. */
  readonly origin?: (standard: string | null, request: FetchRequest) => string | null;
  /** The header list that is sent. */
  readonly sent?: (headers: Header[], request: FetchRequest, role: RequestRole) => Header[];
  /** The request's cache mode, once conditional headers of script's have had their effect. */
  readonly cacheMode?: (standard: string, request: FetchRequest) => string;
  /** There is no HTTP cache. */
  readonly noHttpCache?: true;
  /** What asynchronous XMLHttpRequests of a page load is kept whole, and serves later requests: see memory-cache.ts. */
  readonly memoryCache?: true;
  /** What stored responses are kept apart by, besides the URL; null where nothing is stored. */
  readonly cachePartition?: (standard: string | null, request: FetchRequest) => string | null;
  /** Whether a response from the network is not kept that the CORS check refuses, or that is a redirect not to be followed. */
  readonly forgetsRefused?: (standard: false, response: ResponseReply, request: FetchRequest) => boolean;
  /** The header lines of a stored response as they are served. */
  readonly servedHeaders?: (headers: HeaderList) => HeaderList;
  /** Whether a request may be answered with a stored response to a GET. */
  readonly servedFromCache?: (standard: boolean, request: CacheRequest) => boolean;
  /** Whether the answer to a request with an unsafe method takes out what is stored for its URL. */
  readonly invalidates?: (standard: boolean, request: CacheRequest, status: number) => boolean;
  /** Whether the HTTP cache is read for a URL after it has had a redirect. `saidNoStore`: a GET for that URL was answered with no-store. */
  readonly readsAfterCached?: (standard: boolean, redirect: ResponseReply, saidNoStore: boolean) => boolean;
  /** The HTTP cache keeps one response for a URL, whatever Vary says. */
  readonly oneVariant?: true;
  /** Once a 304 has come unasked for, nothing is kept in the HTTP cache for its URL until cache mode reload, or what takes out a response. */
  readonly unaskedNotModifiedStays?: true;
  /** Whether a response may be kept in the HTTP cache. */
  readonly storable?: (standard: boolean, response: ResponseReply) => boolean;
  /** Seconds for which a response is fresh; null where a cache may choose. */
  readonly freshFor?: (standard: number | null, response: ResponseReply) => number | null;
  /** Whether a response that has a validator, and is not fresh, is validated. */
  readonly validates?: (standard: boolean, response: ResponseReply) => boolean;
  /** Cache mode only-if-cached fetches what is not cached. */
  readonly fetchesOnlyIfCached?: true;
  /** A preflight carries the headers that the request's cache mode calls for. */
  readonly preflightKeepsCacheMode?: true;
  /** The second attempt after 421 uses the connection of the first. */
  readonly retriesOnSameConnection?: true;
  /** A challenge in a cross-origin response asks the user for a password, who does not answer. */
  readonly asksUserCrossOrigin?: true;
  /** A challenge in a cross-origin response is answered with the URL's user name and password. */
  readonly authenticatesCrossOrigin?: true;

  /** The header lines of a response as they are understood. */
  readonly received?: (headers: HeaderList, role: RequestRole) => HeaderList;
  /** The credentials mode that the CORS check of a response, or of a preflight's, goes by. */
  readonly checkedCredentials?: (
    standard: string,
    request: FetchRequest,
    response: ResponseReply,
    at: 'preflight' | 'response',
  ) => string;
  /** Whether a response is taken without a CORS check. */
  readonly skipsCorsCheck?: (standard: false, request: FetchRequest, response: ResponseReply) => boolean;
  /** Whether a response with such header lines is no response at all. */
  readonly refusesHeaders?: (standard: false, headers: HeaderList) => boolean;
  /** Whether the cross-origin resource policy check blocks a response. */
  readonly corp?: (standard: boolean, origin: string, headers: HeaderList) => boolean;
  /** How Access-Control-Expose-Headers is read. */
  readonly exposed?: (standard: Exposed, headers: HeaderList, request: FetchRequest) => Exposed;
  /** Whether a response has a null body. */
  readonly nullBody?: (standard: boolean, method: string, status: number) => boolean;
  /** Whether a request goes no further once a preflight has allowed it. `redirect`: what led to it, null for nothing. */
  readonly stopsAfterPreflight?: (
    standard: false,
    request: FetchRequest,
    redirect: ResponseReply | null,
  ) => boolean;
  /** The end of a preflight's body is awaited before the request goes out. */
  readonly awaitsPreflightBody?: true;
  /** A preflight whose body ends early, or cannot be decoded, fails: not a 204, which has none. */
  readonly brokenPreflightBodyFails?: true;

  /** The header list of a preflight for a request. */
  readonly preflightHeaders?: (headers: Header[], request: FetchRequest) => Header[];
  /** Whether the Access-Control-Allow-Methods of a preflight's answer allow a method. */
  readonly allowsMethod?: (
    standard: boolean,
    method: string,
    listed: readonly string[],
    include: boolean,
  ) => boolean;
  /** "*" in Access-Control-Allow-Headers covers Authorization. */
  readonly starCoversAuthorization?: true;
  /** A "*" that is remembered covers Authorization. */
  readonly cachedStarCoversAuthorization?: true;
  /** A forced preflight must list a method that is not safelisted, even where Access-Control-Allow-Methods is absent. */
  readonly forcedPreflightNeedsMethod?: true;
  /** The seconds for which a preflight's answer is remembered: null for not at all. `lines`: Access-Control-Max-Age. */
  readonly maxAge?: (standard: number | null, lines: readonly string[]) => number | null;
  /** An answer that refuses the request is remembered for what it lists. */
  readonly storesRefusals?: true;
  /** A request that is preflighted anew makes what was remembered forgotten. */
  readonly forgetsOnPreflight?: true;
  /** What remembered preflights are kept apart by, besides origin and URL. */
  readonly preflightPartition?: (standard: string, client: Client) => string;
  /** What was remembered for requests with credentials serves those alone. */
  readonly remembersByCredentials?: true;
  /** "*" is remembered as a name: always, from the answer to a request with credentials, or for later requests with them. */
  readonly starsAreNames?: 'all' | 'from credentialed' | 'for credentialed';
  /** Nothing is remembered for an opaque origin, or only for one that a redirect made opaque; others are kept apart. */
  readonly forgetsOpaqueOrigins?: 'all' | 'tainted';
  /** HEAD is remembered, and asked for, as if it were not safelisted. */
  readonly headNeedsEntry?: true;
  /** A remembered answer serves every safelisted method, listed or not, or even where it has expired. */
  readonly anyAnswerServesSafelisted?: true | 'even expired';
  /** Whether a request goes around what is remembered. */
  readonly bypassesPreflightCache?: (standard: false, request: FetchRequest) => boolean;
  /** Whether the end of a CORS request clears what is remembered for its URL. */
  readonly clearsPreflightCache?: (standard: boolean, end: CorsEnd) => boolean;
  /** The preflight after a tainting redirect names the page's origin. */
  readonly taintedPreflightKeepsOrigin?: true;
  /** The CORS-unsafe names to preflight for, null for no preflight. */
  readonly preflightFor?: (
    standard: readonly string[] | null,
    request: FetchRequest,
  ) => readonly string[] | null;

  /** Whether a response is a redirect. */
  readonly redirects?: (standard: boolean, status: number, headers: HeaderList) => boolean;
  /** The Location lines as they are understood. */
  readonly locations?: (lines: readonly string[], request: FetchRequest | null) => readonly string[];
  /** Redirect mode manual fails where Location is no URL. */
  readonly manualModeParses?: true;
  /** Redirect mode error lets a redirect status without Location through. */
  readonly errorModeNeedsLocation?: true;
  /** Redirect mode manual shows the body of a redirect status without Location. */
  readonly manualModeNeedsLocation?: true;
  /** Why a redirect is not followed; null where it is. */
  readonly redirectRefusal?: (
    standard: RedirectRefusal | null,
    location: URL,
    request: FetchRequest,
  ) => RedirectRefusal | null;

  /** Whether a body that a reset cuts short is taken for whole. */
  readonly cutIsWhole?: (standard: false, url: URL, response: ResponseReply) => boolean;
  /** Whether a body that is not coded as Content-Encoding says is taken as far as it could be decoded. */
  readonly undecodableIsRaw?: (standard: false, codings: string) => boolean;
  /** A redirect whose body ends early is a network error. */
  readonly cutRedirectFails?: true;
  /** A response with status 401 whose body ends early is a network error. */
  readonly cutUnauthorizedFails?: true;
  /** A synchronous XMLHttpRequest of a page takes a body that ends early for an empty one. */
  readonly synchronousCutIsEmpty?: true;
  /** Whether a URL is secure enough for cookies with Secure. */
  readonly secureForCookies?: (standard: boolean, url: URL) => boolean;

  /** Headers that an earlier redirect removed are there again after the next; those about a body are not sent if it would remove them, too. */
  readonly removedHeadersComeBack?: true;
  /** Whether a header that a redirect should remove stays. The name is in lower case. `leaves`: it leads to another origin. */
  readonly keepsOnRedirect?: (
    standard: boolean,
    name: string,
    request: FetchRequest,
    leaves: boolean,
  ) => boolean;
  /** Whether a redirect makes the request a GET without a body. `leaves`: it leads to another origin. */
  readonly redirectBecomesGet?: (standard: boolean, method: string, leaves: boolean) => boolean;

  /** Whether a request is cross-site, as far as cookies go. */
  readonly crossSiteForCookies?: (standard: boolean, request: FetchRequest) => boolean;
  /** Whether a response is cross-site, as far as the cookies go that it sets. */
  readonly crossSiteForSetting?: (standard: boolean, request: FetchRequest) => boolean;
  /** SameSite=None is taken without Secure. */
  readonly insecureSameSiteNone?: true;
  /** A cookie without SameSite goes with cross-site requests too. */
  readonly noDefaultSameSite?: true;
  /** A cookie that gets another value comes last among those of its request, as a new one does. */
  readonly changedCookiesComeLast?: true;
  /** Which of several cookie jars a request has: by any name, null for none, '' for that of first parties. */
  readonly cookiePartition?: (request: FetchRequest) => string | null;
  /** Whether the cookies that a response sets are kept. */
  readonly keepsCookies?: (request: FetchRequest) => boolean;
  /** What script sees. */
  readonly seen?: (view: ScriptView, context: SeenContext) => ScriptView;
}

/** How a CORS request ended: for what it leaves in the preflight cache. */
export interface CorsEnd {
  readonly failed: boolean;
  /** Its preflight failed, or was refused. */
  readonly atPreflight: boolean;
  /** The request's own redirect mode made it fail. */
  readonly byRedirectMode: boolean;
  /** A preflight, or a remembered one, went before it. */
  readonly preflighted: boolean;
}

/** The Standard itself. */
export const NO_QUIRKS: Quirks = Object.freeze({});

type AnyFunction = (...values: unknown[]) => unknown;

/** The quirks of several deviations as those of one engine: functions are chained in their order. */
export function mergeQuirks(list: readonly Quirks[]): Quirks {
  const merged: Record<string, unknown> = {};
  for (const quirks of list) {
    for (const [name, quirk] of Object.entries(quirks)) {
      const before = merged[name];
      merged[name] =
        typeof before === 'function' && typeof quirk === 'function'
          ? chained(before as AnyFunction, quirk as AnyFunction)
          : quirk;
    }
  }
  return merged;
}

const chained =
  (first: AnyFunction, second: AnyFunction): AnyFunction =>
  (standard, ...context) =>
    second(first(standard, ...context), ...context);

/**
 * What each step of a trace says. A trace keeps the ids of the steps that were taken and the values they were taken
 * with; the functions here put them into words when somebody reads it. They may look only at what never changes.
 * Longer than other files: one sentence per step, in one list.
 */
import { abbreviated } from './bytes.ts';
import type { CorsCheck } from './cors-check.ts';
import { get, type HeaderList } from './header-list.ts';
import type { Rewrite } from './redirect.ts';
import { SPEC, type SpecLink } from './spec.ts';
import type { FetchRequest, RequestRole } from './types.ts';

/** A step in words. */
export interface StepText {
  readonly section: SpecLink;
  /** One plain sentence. */
  readonly text: string;
  /** What was compared, fit to be shown. */
  readonly values?: Readonly<Record<string, string>>;
}

type Catalogue = Readonly<Record<string, (...data: never[]) => StepText>>;

/** The parts of a request that never change. */
type Asked = Pick<FetchRequest, 'origin' | 'mode' | 'credentials' | 'useCorsPreflight'>;

/** A CORS check, and what it was made of. */
export interface Checked {
  readonly at: 'preflight' | 'response';
  readonly url: URL;
  readonly status: number;
  /** What the Origin header said. */
  readonly origin: string;
  readonly request: Asked;
  readonly check: CorsCheck;
}

const always = (section: SpecLink, text: string) => (): StepText => ({ section, text });

/** Steps of main fetch that look at where the request goes. */
const main =
  (text: string) =>
  (request: Asked, url: URL): StepText => ({
    section: SPEC.mainFetch,
    text,
    values: { origin: abbreviated(request.origin), url: abbreviated(url.href), mode: request.mode },
  });

function checkValues({ at, url, status, origin, request, check }: Checked): Record<string, string> {
  return {
    at,
    url: abbreviated(url.href),
    status: String(status),
    origin: abbreviated(origin),
    'page origin': abbreviated(request.origin),
    'Access-Control-Allow-Origin': abbreviated(check.allowOrigin),
    'credentials mode': request.credentials,
    ...(check.allowCredentials !== undefined && {
      'Access-Control-Allow-Credentials': abbreviated(check.allowCredentials),
    }),
  };
}

const shared = (checked: Checked): StepText => ({
  section: SPEC.corsCheck,
  text: `The ${checked.at} may be shared with ${abbreviated(checked.origin)}.`,
  values: checkValues(checked),
});

const notShared = (checked: Checked): StepText => ({
  section: SPEC.corsCheck,
  text: `The CORS check of the ${checked.at} fails.`,
  values: checkValues(checked),
});

const methodValues = (request: Asked, method: string, answer: HeaderList) => ({
  method: abbreviated(method),
  'Access-Control-Allow-Methods': abbreviated(get(answer, 'access-control-allow-methods')),
  'credentials mode': request.credentials,
});

const headerValues = (request: Asked, unsafe: readonly string[], answer: HeaderList) => ({
  headers: abbreviated(unsafe.join(', ')),
  'Access-Control-Allow-Headers': abbreviated(get(answer, 'access-control-allow-headers')),
  'credentials mode': request.credentials,
});

/** Steps that let the request go on. */
export const PASSES = {
  'main.same-origin': main('The URL is same-origin: the CORS protocol plays no part.'),
  'main.no-cors': main('Mode no-cors: the response will be opaque.'),
  'main.cors': main('The URL is cross-origin, and nothing about the request calls for a preflight.'),
  'main.cors-with-preflight': (request: Asked, url: URL, method: string, unsafe: readonly string[]) => ({
    section: SPEC.mainFetch,
    text: 'The URL is cross-origin, and the request is preflighted.',
    values: {
      origin: abbreviated(request.origin),
      url: abbreviated(url.href),
      mode: request.mode,
      method: abbreviated(method),
      'unsafe headers': abbreviated(unsafe.join(', ')),
      'use-CORS-preflight flag': request.useCorsPreflight ? 'set' : 'unset',
    },
  }),
  'preflight.cors-check': shared,
  'preflight.status': (status: number) => ({
    section: SPEC.preflightFetch,
    text: `The preflight's status ${status} is an ok status.`,
  }),
  'preflight.method': (request: Asked, method: string, answer: HeaderList) => ({
    section: SPEC.preflightFetch,
    text: `The method ${abbreviated(method)} may be used.`,
    values: methodValues(request, method, answer),
  }),
  'preflight.header': (request: Asked, unsafe: readonly string[], answer: HeaderList) => ({
    section: SPEC.preflightFetch,
    text: 'Every CORS-unsafe header may be sent.',
    values: headerValues(request, unsafe, answer),
  }),
  'response.cors-check': shared,
} satisfies Catalogue;

const redirectRefused =
  (text: string) =>
  (from: URL, to: URL | 'failure'): StepText => ({
    section: SPEC.redirectFetch,
    text,
    values: { from: abbreviated(from.href), to: to === 'failure' ? '(invalid)' : abbreviated(to.href) },
  });

/** Steps that end the request. */
export const STOPS = {
  construct: (section: SpecLink, name: string, message: string) => ({
    section,
    text: `${name}: ${message}.`,
    values: { error: name },
  }),
  aborted: (during: RequestRole | null) =>
    during === null
      ? { section: SPEC.fetchMethod, text: 'The signal is aborted before the call: nothing is sent.' }
      : { section: SPEC.abortFetch, text: `Script aborts once the ${during} request has been received.` },
  'timed-out': always(SPEC.abortFetch, 'The time that script allowed passes before a response comes.'),
  unsettled: always(SPEC.networkFetch, 'No response ever comes, and nothing limits the wait.'),
  integrity: (why: string) => ({
    section: SPEC.integrity,
    text: `The integrity metadata does not hold: ${why}.`,
  }),

  'bad-port': (url: URL) => ({
    section: SPEC.badPort,
    text: `Port ${url.port} is blocked.`,
    values: { url: abbreviated(url.href) },
  }),
  'mixed-content': (url: URL) => ({
    section: SPEC.mixedContent,
    text: 'A secure page may not ask for an insecure URL.',
    values: { url: abbreviated(url.href) },
  }),
  'main.mode-same-origin': main('Mode same-origin forbids a cross-origin URL.'),
  'main.no-cors-redirect': main('Mode no-cors needs the redirect mode follow.'),
  'main.scheme': main('A cross-origin URL needs the scheme http or https.'),
  'main.unknown-scheme': main('Nothing can be fetched by this scheme.'),

  'keepalive-limit': (bytes: number, limit: number) => ({
    section: SPEC.networkOrCache,
    text: `A keepalive request may carry ${limit} bytes at most.`,
    values: { bytes: String(bytes) },
  }),
  'only-if-cached': always(SPEC.networkOrCache, 'The cache holds no response, and only it may answer.'),
  'stream-http1': always(SPEC.networkFetch, 'A stream cannot be sent over an HTTP/1.x connection.'),
  'network-failure': (url: URL) => ({
    section: SPEC.networkFetch,
    text: 'No valid HTTP response came back.',
    values: { url: abbreviated(url.href) },
  }),
  'authenticate.stream': always(SPEC.networkOrCache, 'A stream cannot be sent again with credentials.'),
  'proxy-authentication': always(
    SPEC.networkOrCache,
    'A proxy asks for credentials: nobody is there to ask.',
  ),

  'preflight.status': (status: number) => ({
    section: SPEC.preflightFetch,
    text: `The preflight is answered with status ${status}, and only 200 to 299 will do.`,
    values: { status: String(status) },
  }),
  'preflight.redirect': (status: number) => ({
    section: SPEC.preflightFetch,
    text: `The preflight is answered with the redirect ${status}, and a preflight follows no redirect.`,
    values: { status: String(status) },
  }),
  'preflight.list-invalid': (header: string, answer: HeaderList) => ({
    section: SPEC.extractHeaderListValues,
    text: `The preflight's ${header} is no list of names, so it fails as a whole.`,
    values: { header, value: abbreviated(get(answer, header.toLowerCase())) },
  }),
  'preflight.method': (request: Asked, method: string, answer: HeaderList) => ({
    section: SPEC.preflightFetch,
    text: `The preflight's Access-Control-Allow-Methods does not allow ${abbreviated(method)}.`,
    values: methodValues(request, method, answer),
  }),
  'preflight.header': (
    request: Asked,
    unsafe: readonly string[],
    answer: HeaderList,
    missing: readonly string[],
  ) => ({
    section: SPEC.preflightFetch,
    text: `The preflight's Access-Control-Allow-Headers does not allow ${abbreviated(missing.join(', '))}.`,
    values: { ...headerValues(request, unsafe, answer), missing: abbreviated(missing.join(', ')) },
  }),

  'cors.allow-origin-missing': notShared,
  'cors.allow-origin-wildcard-with-credentials': notShared,
  'cors.allow-origin-differs': notShared,
  'cors.allow-credentials-missing': notShared,
  'cors.allow-credentials-differs': notShared,
  corp: always(SPEC.corp, 'Cross-Origin-Resource-Policy keeps the response from this origin.'),

  'redirect.error-mode': always(SPEC.httpFetch, 'Redirect mode error: a redirect is a failure.'),
  'redirect.location-invalid': redirectRefused('The redirect has two Location lines, or one that is no URL.'),
  'redirect.scheme': redirectRefused('A redirect must lead to http or https.'),
  'redirect.too-many': redirectRefused('A request follows 20 redirects at most.'),
  'redirect.credentials-cross-origin': redirectRefused(
    'A redirect to another origin may not have a user name or password in its URL.',
  ),
  'redirect.credentials-tainted': redirectRefused(
    'After a cross-origin request, a redirect may not have a user name or password in its URL.',
  ),
  'redirect.stream-body': redirectRefused(
    'A stream cannot be sent a second time, so only 303 can redirect it.',
  ),
} satisfies Catalogue;

const filteredForCors = (seen: number, all: number): StepText => ({
  section: SPEC.corsFilter,
  text: 'Script sees the exposed headers only.',
  values: { 'headers seen': `${seen} of ${all}` },
});

/** Steps that happened, and decided nothing by themselves. */
export const NOTES = {
  'not-modelled': (reason: string) => ({ section: SPEC.mainFetch, text: `Not modelled: ${reason}.` }),
  'header.forbidden': (name: string) => ({
    section: SPEC.forbiddenRequestHeader,
    text: 'Script may not set this header: ignored.',
    values: { header: abbreviated(name) },
  }),
  'header.no-cors': (name: string) => ({
    section: SPEC.headersAppend,
    text: 'A no-cors request may not carry this header: ignored.',
    values: { header: abbreviated(name) },
  }),
  'xhr.upload-listener': always(SPEC.xhrEvents, 'A listener on upload sets the use-CORS-preflight flag.'),

  'preflight.cached': always(SPEC.preflightCache, 'The preflight cache allows it: no preflight is sent.'),
  'preflight.sent': (method: string, unsafe: readonly string[]) => ({
    section: SPEC.preflightFetch,
    text: 'A preflight asks the server first.',
    values: {
      'Access-Control-Request-Method': abbreviated(method),
      'Access-Control-Request-Headers': abbreviated(unsafe.length > 0 ? unsafe.join(',') : null),
    },
  }),
  'preflight.stored': (maxAge: number, answer: HeaderList) => ({
    section: SPEC.preflightCache,
    text: `The preflight's answer may be kept for ${maxAge} seconds.`,
    values: { 'Access-Control-Max-Age': abbreviated(get(answer, 'access-control-max-age')) },
  }),
  'preflight.cleared': always(
    SPEC.preflightCacheClear,
    'The failure clears the preflight cache of this URL.',
  ),

  'cache.used': always(SPEC.networkOrCache, 'The HTTP cache answers: nothing is sent.'),
  'cache.validated': always(SPEC.networkOrCache, 'Status 304: what the HTTP cache holds is still valid.'),
  authenticate: always(SPEC.networkOrCache, 'The server asks for credentials, and the URL has some.'),
  misdirected: always(SPEC.networkOrCache, 'Status 421: the request is sent once more, on a new connection.'),
  'redirect.followed': (
    status: number,
    from: URL,
    to: URL,
    method: string,
    origin: string,
    { methodDropped, authorizationDropped }: Rewrite,
  ) => ({
    section: SPEC.redirectFetch,
    text: `The redirect ${status} is followed.`,
    values: {
      from: abbreviated(from.href),
      to: abbreviated(to.href),
      method: abbreviated(method),
      origin: abbreviated(origin),
      dropped: [
        ...(methodDropped ? ['method and body'] : []),
        ...(authorizationDropped ? ['Authorization'] : []),
      ].join(', '),
    },
  }),

  'filter.opaque': always(SPEC.opaqueFilter, 'Script sees an opaque response: nothing of it is readable.'),
  'filter.basic': always(SPEC.basicFilter, 'Script sees every header but Set-Cookie.'),
  'filter.cors-absent': filteredForCors,
  'filter.cors-list': filteredForCors,
  'filter.cors-wildcard': filteredForCors,
  'filter.cors-literal': filteredForCors,
  'filter.cors-invalid': filteredForCors,
} satisfies Catalogue;

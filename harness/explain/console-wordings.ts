/**
 * The words in which browsers say that a request was stopped, as data. Those of today are collected from the installed
 * browsers (`npm run console-lines`); older ones of Chromium are still found in questions and logs.
 * Longer than other files: one entry for each wording.
 */

import { chromiumNetworkError } from './chromium-network-error.ts';
import type { ConsoleEngine, Details } from './console-message.ts';
import { NEIGHBOURS } from './console-neighbours.ts';
import type { ReasonId } from './reasons.ts';

/** One reason in an engine's words. Named groups are details of the message. */
export interface Wording {
  readonly reason: ReasonId;
  readonly pattern: RegExp;
  readonly engine?: ConsoleEngine;
  /** Other engines use the same words. */
  readonly shared?: true;
  readonly details?: Details;
}

const ACAO = "'Access-Control-Allow-Origin'";

/** The reasons in Chromium's words, which stand behind "has been blocked by CORS policy: " or the like. */
export const CHROMIUM: readonly Wording[] = [
  { reason: 'wildcard-with-credentials', pattern: /must not be the wildcard '\*' when/ },
  {
    reason: 'wildcard-with-credentials',
    pattern: /wildcard '\*' cannot be used in the .+ header when the credentials flag is true/i,
  },
  {
    reason: 'allow-credentials-missing',
    pattern:
      /value of the 'Access-Control-Allow-Credentials' header in the response is '(?<value>[^']*)' which must be 'true'/,
  },
  {
    reason: 'allow-credentials-missing',
    pattern:
      /Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '(?<value>[^']*)'/,
  },
  {
    reason: 'allow-origin-missing',
    pattern: new RegExp(`No ${ACAO} header is present on the requested resource`),
  },
  {
    reason: 'allow-origin-multiple',
    pattern: new RegExp(`${ACAO} header contains multiple values '(?<value>[^']*)'`),
  },
  {
    reason: 'allow-origin-invalid',
    pattern: new RegExp(`${ACAO} header contains the invalid value '(?<value>[^']*)'`),
  },
  {
    reason: 'allow-origin-differs',
    pattern: new RegExp(
      `${ACAO} header (?:in the response )?has a value '(?<value>[^']*)' that is not equal to the supplied origin`,
    ),
  },
  {
    reason: 'preflight-redirect',
    pattern: /Redirect is not allowed for a preflight request|Response for preflight is invalid \(redirect\)/,
    details: { at: 'preflight' },
  },
  {
    reason: 'preflight-status',
    pattern:
      /It does not have HTTP ok status|(?:Response for preflight has i|^I)nvalid HTTP status code (?<status>\d{3})/,
    details: { at: 'preflight' },
  },
  {
    reason: 'method-not-allowed',
    pattern: /Method (?<method>\S+) is not allowed by Access-Control-Allow-Methods/,
    details: { at: 'preflight' },
  },
  {
    reason: 'header-not-allowed',
    pattern: /Request header field (?<header>\S+) is not allowed by Access-Control-Allow-Headers/,
    details: { at: 'preflight' },
  },
  {
    reason: 'list-invalid',
    pattern: /Cannot parse (?<header>Access-Control-Allow-\w+) response header field/,
    details: { at: 'preflight' },
  },
  {
    reason: 'redirect-with-userinfo',
    pattern:
      /Redirect location '[^']*' contains a username and password|redirected to a URL \('[^']*'\) containing userinfo/,
  },
  {
    reason: 'redirect-scheme',
    pattern:
      /(?:Redirect location|redirected to a URL) \(?'(?<redirectedTo>[^']*)'\)? (?:which )?has a disallowed scheme for cross-origin requests/,
  },
  // The first Standard's rule, which old browsers keep: today's follows such redirects.
  {
    reason: 'redirect-after-preflight',
    pattern:
      /redirected to '(?<redirectedTo>[^']*)', which is disallowed for cross-origin requests that require preflight|Request requires preflight, which is disallowed to follow cross-origin redirect/,
  },
  {
    reason: 'authorization-not-covered',
    pattern: /\bauthorization (?:is not|will not be) covered by the wildcard symbol/i,
    details: { at: 'preflight' },
  },
  {
    reason: 'scheme-not-supported',
    pattern: /Cross origin requests are only supported for (?:protocol schemes|HTTP)/i,
  },
  {
    reason: 'local-network-access',
    pattern:
      /more-private address space|target IP address space|access the `?\w+`? address space|Access-Control-Allow-(?:Private|Local)-Network/i,
  },
  // Chromium's until 2014, and Safari's until 2016.
  {
    reason: 'allow-origin-missing-or-differs',
    shared: true,
    pattern: /Origin '?(?<origin>[^'\s]+?)'? is not allowed by Access-Control-Allow-Origin/,
  },
  {
    reason: 'allow-origin-missing-or-differs',
    pattern: /Origin '?(?<origin>[^'\s]+?)'? is therefore not allowed access/,
  },
];

/** The reasons in Firefox's words, which stand in "(Reason: …)". Its quotation marks are typographic. */
export const FIREFOX: readonly Wording[] = [
  {
    reason: 'authorization-not-covered',
    pattern: /the .Authorization. header is not covered/,
    details: { at: 'preflight' },
  },
  { reason: 'allow-origin-missing', pattern: /CORS header .Access-Control-Allow-Origin. missing/ },
  {
    reason: 'allow-origin-multiple',
    pattern: /Multiple CORS header .Access-Control-Allow-Origin. not allowed/,
  },
  {
    reason: 'allow-origin-differs',
    pattern: /CORS header .Access-Control-Allow-Origin. does not match .(?<value>[^’'”]*)./,
  },
  {
    reason: 'wildcard-with-credentials',
    pattern: /Credential is not supported if the CORS header .Access-Control-Allow-Origin. is .\*./,
  },
  {
    reason: 'allow-credentials-missing',
    pattern: /expected .true. in CORS header .Access-Control-Allow-Credentials./,
  },
  {
    reason: 'preflight-status',
    pattern: /CORS preflight (?:response|channel) did not succeed/,
    details: { at: 'preflight' },
  },
  {
    reason: 'method-not-allowed',
    pattern: /Did not find method in CORS header .Access-Control-Allow-Methods./,
    details: { at: 'preflight' },
  },
  {
    reason: 'header-not-allowed',
    pattern:
      /(?:header|missing token) .(?<header>[^’'”]+). (?:is not allowed according to header|in CORS header) .Access-Control-Allow-Headers./,
    details: { at: 'preflight' },
  },
  {
    reason: 'list-invalid',
    pattern: /invalid token .(?<value>[^’'”]*). in CORS header .(?<header>Access-Control-Allow-\w+)./,
    details: { at: 'preflight' },
  },
  {
    reason: 'preflight-redirect',
    pattern: /CORS request external redirect not allowed/,
    details: { at: 'preflight' },
  },
  { reason: 'scheme-not-supported', pattern: /CORS request not http/i },
  { reason: 'no-answer', pattern: /CORS request did not succeed/ },
  { reason: 'cors-disabled', pattern: /CORS disabled/ },
  { reason: 'origin-not-added', pattern: /CORS header .Origin. cannot be added/ },
  { reason: 'no-answer', pattern: /CORS request failed/ },
];

/** The reasons in WebKit's words. They stand on a line without the URL, which follows on a line of its own. */
export const WEBKIT: readonly Wording[] = [
  { reason: 'redirect-with-userinfo', pattern: /redirection URL (?<redirectedTo>\S+) has credentials/ },
  {
    reason: 'redirect-scheme',
    pattern: /Cross-origin redirection to (?<redirectedTo>\S+) denied by .+ with non CORS scheme/,
  },
  {
    reason: 'wildcard-with-credentials',
    pattern: /Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true/,
  },
  {
    reason: 'allow-credentials-missing',
    pattern: /Credentials flag is true, but Access-Control-Allow-Credentials is not "true"/,
  },
  {
    reason: 'allow-origin-multiple',
    pattern: /Access-Control-Allow-Origin cannot contain more than one origin/,
  },
  {
    reason: 'preflight-status',
    pattern: /Preflight response is not successful/,
    details: { at: 'preflight' },
  },
  {
    reason: 'method-not-allowed',
    pattern: /Method (?<method>\S+) is not allowed by Access-Control-Allow-Methods(?! in preflight response)/,
    details: { at: 'preflight' },
  },
  {
    reason: 'header-not-allowed',
    pattern:
      /Request header field (?<header>\S+) is not allowed by Access-Control-Allow-Headers(?! in preflight response)/,
    details: { at: 'preflight' },
  },
  {
    reason: 'list-invalid',
    pattern: /Header (?<header>Access-Control-Allow-\w+) has an invalid value: (?<value>.*)/,
    details: { at: 'preflight' },
  },
  { reason: 'scheme-not-supported', pattern: /Cross origin requests are only supported for HTTP\.?$/ },
  { reason: 'request-refused', pattern: /Not allowed to request resource/ },
  {
    reason: 'resource-policy',
    pattern: /Cancelled load to (?<url>\S+) because it violates the resource's Cross-Origin-Resource-Policy/,
  },
  {
    reason: 'allow-origin-missing-or-differs',
    pattern: /Origin (?<origin>\S+) is not allowed by Access-Control-Allow-Origin/,
  },
  {
    reason: 'mixed-content',
    pattern:
      /page at (?<origin>\S+) (?:was not allowed to (?:display|run)|requested) insecure content from (?<url>\S+?)\.?(?: This content was blocked\b.*)?$/,
  },
];

/** By their number, Internet Explorer 10 and 11 and the old Edge write them in the user's language. */
const EDGEHTML: readonly Wording[] = (
  [
    ['unknown', /SEC7118\D.*?(?<url>https?:\S+)/],
    ['unknown', /SEC7119\D.*?(?<url>https?:\S+)/],
    [
      'allow-origin-missing-or-differs',
      /SEC7120\D(?:.*?origin '?(?<origin>https?:[^\s']+|null)'?)?(?:.*?resource at '(?<url>[^']+)')?/i,
    ],
    ['wildcard-with-credentials', /SEC7121\D/],
    ['allow-credentials-missing', /SEC7122\D/],
    ['header-not-allowed', /SEC7123\D(?:.*?Request header (?<header>\S+) was not present)?/i],
    ['method-not-allowed', /SEC7124\D(?:.*?Request method (?<method>\S+) was not present)?/i],
    ['allow-origin-multiple', /SEC7128\D/],
  ] as const
).map(([reason, pattern]) => ({
  reason,
  pattern,
  engine: 'edgehtml',
  ...(/^(?:header|method)-not/.test(reason) && { details: { at: 'preflight' as const } }),
}));

/** Whole lines that need no frame around them. */
export const ALONE: readonly Wording[] = [
  ...NEIGHBOURS,
  {
    reason: 'content-security-policy',
    pattern:
      /(?:Refused to \w+|Loading|Connecting|Framing) (?:[a-z ]{1,30} )?'?(?<url>[a-z][a-z0-9+.-]*:[^\s']+)'? (?:because it (?:violates|does not appear in)|violates) the .*(?:Content Security Policy|-src)/,
  },
  {
    reason: 'content-security-policy',
    engine: 'chromium',
    pattern:
      /Fetch API cannot load (?<url>\S+?)\. Refused to connect because it violates the document's Content Security Policy/,
  },
  {
    reason: 'content-security-policy',
    engine: 'firefox',
    pattern:
      /Content-Security-Policy: .+ blocked (?:the loading of a resource|an? [a-z ]+?)(?: \([\w-]+\))? at (?<url>\S+)/,
  },
  {
    reason: 'mixed-content',
    engine: 'chromium',
    pattern:
      /Mixed Content: The page at '(?<origin>[^']+)' was loaded over HTTPS, but requested an insecure .+? '(?<url>[^']+)'/,
  },
  {
    reason: 'mixed-content',
    engine: 'firefox',
    pattern: /Blocked loading mixed active content .(?<url>[^”"’']+)./,
  },
  {
    reason: 'resource-policy',
    engine: 'firefox',
    pattern: /The resource at .(?<url>[^”"’]+). was blocked due to its Cross-Origin-Resource-Policy header/,
  },
  {
    reason: 'content-security-policy',
    engine: 'chromium',
    pattern: chromiumNetworkError('BLOCKED_BY_CSP'),
  },
  {
    reason: 'resource-policy',
    engine: 'chromium',
    pattern: chromiumNetworkError('BLOCKED_BY_RESPONSE(?:\\.\\w+)?'),
  },
  {
    reason: 'mode-same-origin',
    engine: 'chromium',
    pattern:
      /Fetch API cannot load (?<url>\S+?)\. Request mode is "same-origin" but the URL's origin is not same as the request origin (?<origin>\S+?)\.?$/,
  },
  {
    reason: 'mode-same-origin',
    engine: 'firefox',
    pattern: /Content at (?<origin>\S+) may not load data from (?<url>https?:\S+?)\.?$/,
  },
  {
    reason: 'scheme-not-supported',
    engine: 'chromium',
    pattern: /Fetch API cannot load (?<url>\S+?)\. URL scheme "[^"]*" is not supported/,
  },
  { reason: 'opaque-response-blocking', engine: 'chromium', pattern: chromiumNetworkError('BLOCKED_BY_ORB') },
  {
    reason: 'opaque-response-blocking',
    engine: 'chromium',
    pattern: /Cross-Origin Read Blocking \(CORB\) blocked cross-origin response (?<url>\S+)/,
  },
  {
    reason: 'opaque-response-blocking',
    engine: 'firefox',
    pattern: /The resource at .(?<url>[^"'\s]+). was blocked by OpaqueResponseBlocking/,
  },
  ...EDGEHTML,
  { reason: 'blocked-by-client', engine: 'chromium', pattern: chromiumNetworkError('BLOCKED_BY_CLIENT') },
  { reason: 'certificate', engine: 'chromium', pattern: chromiumNetworkError('(?:CERT|SSL)_\\w+') },
  {
    reason: 'local-network-access',
    engine: 'chromium',
    pattern: chromiumNetworkError('BLOCKED_BY_(?:PRIVATE|LOCAL)_NETWORK_ACCESS_CHECKS'),
  },
  {
    reason: 'cleartext-forbidden',
    engine: 'chromium',
    pattern: chromiumNetworkError('CLEARTEXT_NOT_PERMITTED'),
  },
  { reason: 'too-many-redirects', engine: 'chromium', pattern: chromiumNetworkError('TOO_MANY_REDIRECTS') },
  {
    reason: 'answer-broken',
    engine: 'chromium',
    pattern: chromiumNetworkError(
      '(?:HTTP2_\\w+|QUIC_\\w+|CONTENT_DECODING_\\w+|INVALID_HTTP_RESPONSE|IN(?:VALID|COMPLETE)_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)',
    ),
  },
  {
    reason: 'canvas-tainted',
    engine: 'chromium',
    pattern:
      /canvas has been tainted by cross-origin data|Tainted canvases may not be exported|element contains cross-origin data, and may not be loaded/,
  },
  { reason: 'certificate', engine: 'firefox', pattern: /SEC_ERROR_\w+|SSL_ERROR_\w+/ },
  {
    reason: 'no-answer',
    engine: 'chromium',
    pattern: chromiumNetworkError(
      '(?:CONNECTION_\\w+|NAME_NOT_RESOLVED|EMPTY_RESPONSE|TIMED_OUT|ADDRESS_\\w+|PROXY_\\w+|TUNNEL_\\w+|SOCKS_\\w+|INTERNET_DISCONNECTED|NETWORK_\\w+)',
    ),
  },
  {
    reason: 'no-answer',
    engine: 'webkit',
    pattern:
      /Connection terminated unexpectedly|Could not connect to (?:the )?server|The network connection was lost/,
  },
  {
    reason: 'unknown',
    engine: 'webkit',
    pattern:
      /(?:Fetch API|(?<initiator>XMLHttpRequest)) cannot load (?<url>\S+?)(?: due to access control checks)?\.?$/,
  },
  { reason: 'unknown', engine: 'webkit', pattern: /(?:TypeError: )?Load failed(?: \([^)\s]+\))?$/ },
  { reason: 'unknown', engine: 'chromium', pattern: /TypeError: Failed to fetch(?: \([^)\s]+\))?$/ },
  { reason: 'unknown', engine: 'chromium', pattern: chromiumNetworkError('FAILED') },
  { reason: 'unknown', engine: 'firefox', pattern: /NetworkError when attempting to fetch resource\.?$/ },
  // Node, and React Native or a polyfill of fetch().
  { reason: 'no-browser', pattern: /TypeError: (?:fetch failed|Network request failed)/ },
  // Axios and Angular, in every browser.
  { reason: 'unknown', pattern: /(?:^|AxiosError: )Network Error$|AxiosError \{.*message: 'Network Error'/ },
  { reason: 'unknown', pattern: /Http failure response for (?<url>https?:\S+): 0 Unknown Error/ },
];

/** Frames: the words around a reason that tell the URL, the origin and what asked. */
export const FRAMES: readonly {
  readonly engine: ConsoleEngine;
  readonly pattern: RegExp;
  readonly wordings: readonly Wording[];
  /** Nothing but CORS has these words, whatever the reason. */
  readonly certain?: true;
}[] = [
  {
    engine: 'chromium',
    pattern:
      /Access to (?<initiator>.+?) at '(?<final>[^']+)'(?: \(redirected from '(?<first>[^']+)'\))? from origin '(?<origin>[^']+)' has been blocked by CORS policy:\s*(?<reason>.*)$/s,
    wordings: CHROMIUM,
    certain: true,
  },
  {
    engine: 'chromium',
    pattern:
      /(?:Redirect from|(?<initiator>\w+) from origin) '(?<first>[^']+)'(?: to '(?<final>[^']+)')? has been blocked (?:by CORS policy|from loading by Cross-Origin Resource Sharing policy):\s*(?<reason>.*)$/s,
    wordings: CHROMIUM,
    certain: true,
  },
  {
    engine: 'chromium',
    pattern:
      /(?:(?<initiator>XMLHttpRequest|Fetch API) cannot load|Failed to load) (?<final>(?:https?|file):\S+?)[.:]? (?<reason>.*)$/s,
    wordings: CHROMIUM,
  },
  {
    engine: 'firefox',
    pattern:
      /Cross-Origin Request (?:Blocked|Warning): The Same Origin Policy (?:disallows|will disallow) reading the remote resource at [‘']?(?<final>[^\s’']+?)[’']?\.?(?: soon\.)? \((?<reason>Reason: .*)$/s,
    wordings: FIREFOX,
    certain: true,
  },
];

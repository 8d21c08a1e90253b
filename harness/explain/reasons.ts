/**
 * What each reason that a browser gives for a blocked request means in everyday words: what happened, whose move it
 * is, what to do, and what people get wrong about it. `docs/explanations/` has a page for each, made from this file.
 * Longer than other files: one entry for each reason.
 */

/** Who can change something about it. */
export type Party = 'server' | 'page' | 'either' | 'network';

/** A reason in everyday words. */
export interface Reason {
  /** The heading of its page: a noun phrase or a sentence without a full stop. */
  readonly title: string;
  /** One or two sentences: what the browser found. */
  readonly happened: string;
  readonly move: Party;
  /** What to change. Never advice that opens the server to everybody. */
  readonly fix: string;
  /** What people get wrong here: one sentence each. */
  readonly misunderstood: readonly string[];
}

const CARRIED_OUT =
  'The request itself was carried out: the server received it and answered. Only the page may not read the answer, so CORS is no protection against requests that change data.';
const CARRIED_OUT_UNLESS_PREFLIGHT = `Unless it was a preflight (OPTIONS) that was refused: ${CARRIED_OUT.charAt(0).toLowerCase()}${CARRIED_OUT.slice(1)}`;
const NOT_SENT =
  'The request itself was never sent: the browser asked for permission with an OPTIONS request (the preflight) and did not get it.';
const NO_TELLING =
  'The error does not say whether the request was carried out: often it was, and only its answer was kept from the page.';
const NO_CORS =
  "mode: 'no-cors' does not help: the request goes through, but the page gets an opaque response whose status, headers and body it cannot read.";
const PROXY =
  'A proxy or a browser extension that adds the headers only hides the problem on your machine; users do not have it.';
const ERROR_ANSWERS =
  "If the status is 401, 403 or 500, the server's own error comes first: many frameworks leave CORS headers out of error answers, so the console blames CORS for a failed login or a crash.";
const NO_REFLECTION =
  'Do not answer every Origin with itself: together with credentials, any website could then read the answers meant for your users.';

export const REASONS = {
  'allow-origin-missing': {
    title: 'The answer has no Access-Control-Allow-Origin',
    happened: 'The server answered, but its answer does not say that pages of this origin may read it.',
    move: 'server',
    fix: "Send Access-Control-Allow-Origin with the page's exact origin if it is on your list, and Vary: Origin, on every answer of this URL, errors included.",
    misunderstood: [CARRIED_OUT_UNLESS_PREFLIGHT, ERROR_ANSWERS, NO_CORS, PROXY, NO_REFLECTION],
  },
  'allow-origin-differs': {
    title: 'Access-Control-Allow-Origin names another origin',
    happened:
      'The answer allows an origin, but not the one that the page has. Scheme, host and port must be the same, letter by letter, without a slash at the end.',
    move: 'server',
    fix: "Compare the request's Origin with your list of allowed origins and send back the one that matches, with Vary: Origin. If the value is that of another page, a cache without Vary: Origin may have kept it.",
    misunderstood: [
      CARRIED_OUT_UNLESS_PREFLIGHT,
      'http and https, www and no www, and two ports are different origins.',
      NO_CORS,
      NO_REFLECTION,
    ],
  },
  'allow-origin-missing-or-differs': {
    title: 'The answer does not allow the origin of the page',
    happened:
      'The server answered, but Access-Control-Allow-Origin is missing or names another origin. Safari and some other browsers have the same words for both.',
    move: 'server',
    fix: "Send Access-Control-Allow-Origin with the page's exact origin if it is on your list, and Vary: Origin, on every answer of this URL, errors included.",
    misunderstood: [CARRIED_OUT_UNLESS_PREFLIGHT, ERROR_ANSWERS, NO_CORS, PROXY, NO_REFLECTION],
  },
  'allow-origin-multiple': {
    title: 'Access-Control-Allow-Origin has more than one value',
    happened:
      'The header came twice, or with a list. Browsers join the lines, and the sum is no origin. Most often two layers, such as a proxy and the application, both add it.',
    move: 'server',
    fix: 'Let one layer send the header, once, with one origin. To allow several origins, choose the one that the request names in Origin and add Vary: Origin.',
    misunderstood: [
      'A list of origins, separated by commas or spaces, is not allowed in this header.',
      NO_REFLECTION,
    ],
  },
  'allow-origin-invalid': {
    title: 'Access-Control-Allow-Origin is not an origin',
    happened: 'The value of the header is neither *, nor null, nor scheme://host with an optional port.',
    move: 'server',
    fix: 'Send the whole origin, such as https://app.example, without a path and without a slash at the end.',
    misunderstood: ['A bare host name, a pattern such as *.example.com or a quoted value never matches.'],
  },
  'wildcard-with-credentials': {
    title: 'A wildcard does not count for a request with credentials',
    happened:
      "The page asked with cookies or other credentials (credentials: 'include', withCredentials), and the answer allows *. For such requests * means nothing.",
    move: 'either',
    fix: 'If the request needs no cookies, make it without credentials. If it does, name the one origin in Access-Control-Allow-Origin, and send Access-Control-Allow-Credentials: true and Vary: Origin.',
    misunderstood: [
      'The same holds for * in Access-Control-Allow-Methods, -Allow-Headers and -Expose-Headers.',
      NO_REFLECTION,
    ],
  },
  'allow-credentials-missing': {
    title: 'Access-Control-Allow-Credentials is not true',
    happened:
      'The page asked with credentials, and the answer does not carry Access-Control-Allow-Credentials: true, in exactly these letters.',
    move: 'either',
    fix: 'Send Access-Control-Allow-Credentials: true with the preflight and with the answer itself, to origins that you trust with the data of your users; or make the request without credentials.',
    misunderstood: [
      'An Authorization header that script sets is no credential in this sense; cookies, TLS certificates and the browser’s own password prompt are.',
      'Even when everything is allowed, Safari, Firefox and private windows may hold back cookies of another site.',
    ],
  },
  'preflight-status': {
    title: 'The preflight was answered with an error',
    happened:
      'Before the request, the browser sent OPTIONS to ask for permission. The answer to that must have a status from 200 to 299.',
    move: 'server',
    fix: 'Answer OPTIONS at this URL with 204 and the CORS headers. 404 or 405: the router does not know OPTIONS here. 401 or 403: answer OPTIONS before the check of the login, since a preflight never carries credentials.',
    misunderstood: [NOT_SENT, 'CORS headers on the error do not help: the status alone decides.'],
  },
  'preflight-redirect': {
    title: 'The preflight was redirected',
    happened: 'The answer to OPTIONS was a redirect. Browsers do not follow it.',
    move: 'server',
    fix: 'Ask for the final URL (https instead of http, with or without the slash at the end, the canonical host), or answer OPTIONS at this URL without a redirect.',
    misunderstood: [
      NOT_SENT,
      'Redirects of the request itself are followed; only the preflight may not be redirected.',
    ],
  },
  'method-not-allowed': {
    title: 'The method is not in Access-Control-Allow-Methods',
    happened: 'The answer to the preflight does not list the method of the request.',
    move: 'server',
    fix: 'List the method in Access-Control-Allow-Methods of the answer to OPTIONS, in capitals.',
    misunderstood: [
      NOT_SENT,
      'fetch() sends patch as it is written, and method names are compared letter by letter: write PATCH.',
    ],
  },
  'header-not-allowed': {
    title: 'A request header is not in Access-Control-Allow-Headers',
    happened: 'The page sets a request header that the answer to the preflight does not list.',
    move: 'either',
    fix: 'List the header in Access-Control-Allow-Headers of the answer to OPTIONS. Content-Type has to be listed for application/json, and Authorization always by name. If the server is not yours, do not send the header: those of tracing libraries (traceparent, sentry-trace, baggage) can be kept to your own servers, for example with tracePropagationTargets.',
    misunderstood: [
      NOT_SENT,
      'Access-Control-Allow-Origin and the like are response headers: a page that sets them on its request only adds one more header that needs permission.',
    ],
  },
  'list-invalid': {
    title: 'A list in the answer to the preflight cannot be read',
    happened:
      'Access-Control-Allow-Methods or -Allow-Headers is not a list of bare names separated by commas, so all of it fails.',
    move: 'server',
    fix: 'Write bare names, separated by commas: no quotes, no semicolons, no spaces inside a name.',
    misunderstood: [NOT_SENT],
  },
  'authorization-not-covered': {
    title: 'A wildcard in Access-Control-Allow-Headers does not cover Authorization',
    happened:
      'The answer to the preflight lists *, and the page sends Authorization. The Standard wants that header by name; some browsers only warn today.',
    move: 'server',
    fix: 'List Authorization by name beside the others in Access-Control-Allow-Headers.',
    misunderstood: ['A request that works in one browser may be blocked in another, or after an update.'],
  },
  'origin-not-added': {
    title: 'The request has no Origin header',
    happened:
      'Firefox cannot say which origin asks, as for a content script of an extension, so no server can allow it.',
    move: 'page',
    fix: "Let the page itself ask, or the extension's background script with the permission for that host (content.fetch() in a content script).",
    misunderstood: ['No header of the server changes this.'],
  },
  'redirect-after-preflight': {
    title: 'A request that needs a preflight was redirected',
    happened:
      'Old browsers do not follow a redirect of a request that had a preflight. Those of today do, with a preflight for the new URL.',
    move: 'either',
    fix: 'Ask for the final URL (https instead of http, with or without the slash at the end, the canonical host), or let the server answer without a redirect.',
    misunderstood: ['Only old browsers and old web views write this: a current one may get further.'],
  },
  'redirect-with-userinfo': {
    title: 'A redirect led to a URL with a user name and password',
    happened: 'A CORS request may not be redirected to a URL that carries user:password@.',
    move: 'server',
    fix: 'Leave user name and password out of the Location header.',
    misunderstood: [],
  },
  'redirect-scheme': {
    title: 'A redirect led to something that is not http or https',
    happened: 'The Location header names a URL with another scheme. Browsers do not follow it.',
    move: 'server',
    fix: 'Redirect to an http or https URL.',
    misunderstood: ['Redirects that open an app work for navigations, not for fetch() and XMLHttpRequest.'],
  },
  'scheme-not-supported': {
    title: 'The URL is not http or https',
    happened:
      'Browsers make cross-origin requests over http and https only. A page that was opened from disk (file://) has the origin null, and other files are cross-origin to it.',
    move: 'page',
    fix: 'Serve the page over http from a local server, for example npx serve, and use http or https URLs.',
    misunderstood: ['Allowing the origin null on a server is dangerous: every sandboxed frame has it.'],
  },
  'mode-same-origin': {
    title: 'The page asked for its own origin only',
    happened: "The request has mode: 'same-origin', and the URL is of another origin.",
    move: 'page',
    fix: "Leave mode out, or set it to 'cors'.",
    misunderstood: [],
  },
  'mixed-content': {
    title: 'An https page asked for an http URL',
    happened: 'Browsers stop requests from https pages to http URLs (mixed content), before CORS has a say.',
    move: 'either',
    fix: 'Serve the resource over https and use its https URL.',
    misunderstood: [
      'No CORS header changes this.',
      'http://localhost is allowed from https pages in most browsers.',
    ],
  },
  'local-network-access': {
    title: 'A public page asked for something on your own machine or network',
    happened:
      'The page comes from the internet, and the URL leads to localhost or a private address. Chromium asks the user for permission first, and needs an https page (Local Network Access).',
    move: 'either',
    fix: 'Open the page from the same network or from localhost while you develop. In production serve the API on a public address. The user can grant the permission in the settings of the site.',
    misunderstood: ['Access-Control-Allow-Origin is needed besides, but it is not enough.'],
  },
  'cleartext-forbidden': {
    title: 'The app does not allow http',
    happened:
      'An Android app, or its web view, asked for an http URL, and its network security configuration allows https only.',
    move: 'either',
    fix: 'Serve the resource over https. While you develop, allow cleartext for that one host in the network security configuration of the app.',
    misunderstood: ['This is not CORS: no header of the server changes it.'],
  },
  'resource-policy': {
    title: 'Cross-Origin-Resource-Policy forbids it',
    happened:
      'The answer says by Cross-Origin-Resource-Policy that other origins or sites may not embed it, or the page demands such a header (COEP) and there is none.',
    move: 'server',
    fix: 'Send Cross-Origin-Resource-Policy: cross-origin if everybody may embed it, or request it with CORS (crossorigin attribute, mode cors).',
    misunderstood: ['This is not CORS: it applies to requests in mode no-cors, such as images and scripts.'],
  },
  'opaque-response-blocking': {
    title: 'An answer of this type is not given to images, scripts and the like',
    happened:
      "A page asked without CORS, as for an image, a script or a style sheet, or in mode no-cors, and the answer was HTML, JSON or XML: often an error page or a login page. Browsers keep such answers out of the page's process (Opaque Response Blocking, formerly Cross-Origin Read Blocking).",
    move: 'either',
    fix: 'Open the URL to see what it answers. If it should be an image or a script, let the server answer with that, and with its Content-Type. If script is to read the data, ask with CORS: fetch() in mode cors, and Access-Control-Allow-Origin in the answer.',
    misunderstood: [
      'This is not CORS: it applies to requests in mode no-cors, whose answers no page may read anyway.',
    ],
  },
  'content-security-policy': {
    title: "The page's own Content-Security-Policy forbids it",
    happened:
      'The page was served with a Content-Security-Policy whose directive for this kind of request (connect-src for fetch() and XMLHttpRequest, script-src for scripts, img-src for images), or default-src, does not list the URL, so the browser never sent the request.',
    move: 'page',
    fix: "Add the server's origin to that directive in the Content-Security-Policy of the page.",
    misunderstood: [
      'This is not CORS: no header of the server that was asked changes it.',
      'Once the policy allows the URL, CORS applies as always.',
    ],
  },
  'request-refused': {
    title: 'Safari did not send the request',
    happened:
      'Safari refuses a request before it is sent if it is an http URL on an https page (mixed content), a file, or not listed in the Content-Security-Policy of the page. It has the same words for all of these.',
    move: 'page',
    fix: "Use an https URL, and list the server's origin in connect-src of the page's Content-Security-Policy. The other lines of the console say which it is.",
    misunderstood: ['This is not CORS: no header of the server that was asked changes it.'],
  },
  'canvas-tainted': {
    title: 'The canvas holds an image that the page may not read',
    happened:
      'An image or a video of another origin was drawn without CORS, so script may no longer read the canvas.',
    move: 'either',
    fix: "Set crossOrigin = 'anonymous' on the image before its src, and let the server of the image send Access-Control-Allow-Origin.",
    misunderstood: [
      'With crossOrigin set, an image whose server allows nothing does not load at all.',
      'An image that the cache holds from a request without CORS may lack the header: send Vary: Origin with every image.',
    ],
  },
  'cors-disabled': {
    title: 'CORS is switched off in this browser',
    happened: 'Firefox has the preference content.cors.disable set, so it blocks every cross-origin request.',
    move: 'network',
    fix: 'Reset content.cors.disable in about:config.',
    misunderstood: [],
  },
  certificate: {
    title: 'The certificate of the server was not accepted',
    happened: 'The TLS connection failed, so there was no answer that CORS could judge.',
    move: 'server',
    fix: 'Open the URL itself in a tab to see the error. Use a certificate that the browser trusts, with the right host name.',
    misunderstood: ['Firefox reports this as "CORS request did not succeed".'],
  },
  'blocked-by-client': {
    title: 'An extension stopped the request',
    happened: 'An ad blocker or a similar extension refused the request.',
    move: 'network',
    fix: 'Try again in a fresh profile without extensions. If users have such blockers, choose a URL without words such as "ads", "track" or "analytics".',
    misunderstood: ['This is not CORS, although the page sees the same "Failed to fetch".'],
  },
  'no-answer': {
    title: 'There was no answer at all',
    happened:
      'The connection failed: wrong host or port, server down, connection cut, certificate refused, or an extension or mixed content in between. Without an answer, CORS cannot allow anything.',
    move: 'network',
    fix: 'Open the URL in a tab of its own, or ask with curl. If the server crashes or cuts the connection on OPTIONS, look into its log.',
    misunderstood: ['The console says CORS, but no header is at fault here.'],
  },
  'answer-broken': {
    title: 'The answer broke off or could not be decoded',
    happened:
      'The connection worked, but HTTP/2, HTTP/3 or the encoding of the answer (gzip, chunks, its length) was at fault, so there was no answer that CORS could judge.',
    move: 'server',
    fix: 'Look into the log of the server and of the proxy before it. Ask with curl --http1.1 and curl --http2 to see which of them fails, and compare Content-Encoding and Content-Length with the body.',
    misunderstood: ['The page sees the same "Failed to fetch", but no CORS header is at fault here.'],
  },
  'too-many-redirects': {
    title: 'The redirects do not end',
    happened:
      'The server redirected more than 20 times, most often between two URLs that lead to each other.',
    move: 'server',
    fix: 'Ask with curl -sIL to see the loop: http and https, with and without www, or a login that sends back. A login that needs cookies loops where the request has none.',
    misunderstood: ['This is not CORS: the browser gave up before there was an answer to judge.'],
  },
  'error-status': {
    title: 'The server answered with an error',
    happened:
      'There was an answer, and its status is that of an error. CORS is not what stopped the request: if the page was told nothing of the answer, another line of the console says why.',
    move: 'either',
    fix: 'Read the answer in the Network panel, and the log of the server. For 401 and 403 look at what the request carries: cookies only go with credentials: include, and only to answers that allow it.',
    misunderstood: [
      'A page that CORS lets read an answer may read its status and body, those of an error too.',
      ERROR_ANSWERS,
    ],
  },
  'not-json': {
    title: 'The answer is not JSON',
    happened:
      'The page read the answer and tried to parse it as JSON, but it begins like something else: most often an HTML page, such as a login, a 404 or the index page of the application.',
    move: 'either',
    fix: 'Look at the URL and the status in the Network panel: the request may go to the server of the page (a relative URL, a proxy of the development server that does not match) instead of the API. Check response.ok before response.json().',
    misunderstood: ['This is not CORS: the page was able to read the answer.'],
  },
  'script-type': {
    title: 'The script or style sheet has the wrong type',
    happened:
      "Browsers run a module script only if the answer's Content-Type is that of JavaScript; with X-Content-Type-Options: nosniff the same goes for every script and style sheet. Here it is another, most often text/html: an error page or the index page stands where the file should be.",
    move: 'server',
    fix: 'Open the URL of the file. If it is missing, correct the path; if it is there, serve it as text/javascript or text/css.',
    misunderstood: [
      'This is not CORS, though module scripts of another origin need Access-Control-Allow-Origin as well.',
    ],
  },
  'integrity-failed': {
    title: 'The integrity of the file could not be checked, or is another',
    happened:
      'The element has an integrity attribute. A file of another origin can only be checked if it was asked for with CORS, and its bytes must have the hash that the attribute names.',
    move: 'either',
    fix: 'Add crossorigin="anonymous" to the element, and let the server of the file send Access-Control-Allow-Origin. If that is so already, the file is another than the one that was hashed: take the new hash from its publisher, not from the console, unless you know why it changed.',
    misunderstood: ['Leaving the attribute out switches the protection off that it stands for.'],
  },
  'framing-refused': {
    title: 'The page does not want to be shown in a frame',
    happened:
      'The page in the frame was served with X-Frame-Options, or with frame-ancestors in its Content-Security-Policy, and the page around it is not among those that may show it.',
    move: 'server',
    fix: "If you run both, name the outer page's origin in frame-ancestors of the inner page's Content-Security-Policy, and leave X-Frame-Options out. If you do not, link to the page instead.",
    misunderstood: [
      'This is not CORS: Access-Control-Allow-Origin has no say in what a frame may show.',
      'X-Frame-Options cannot name several origins; ALLOW-FROM is ignored by browsers.',
    ],
  },
  'other-window': {
    title: 'Script may not look into a window of another origin',
    happened:
      'Script used a frame, a popup or its opener that shows a page of another origin, or sent it a message that was meant for another origin. Only a few members of such a window, such as postMessage(), may be used.',
    move: 'page',
    fix: 'Let the two pages talk with postMessage(): give it the exact origin of the page that is to receive the message, and check event.origin where it arrives.',
    misunderstood: [
      'This is not CORS: no header opens a window of another origin to script.',
      'postMessage() with the target "*" gives the message to whatever page is there.',
    ],
  },
  'cookie-refused': {
    title: 'The browser did not take or send the cookie',
    happened:
      'The request goes to another site than its page, and the cookie is not marked for that: it has SameSite=Lax or Strict (Lax is what many browsers assume if nothing is said), or SameSite=None without Secure, or the browser keeps no cookies of third parties.',
    move: 'server',
    fix: 'Best serve page and API from one site, such as app.example.com and api.example.com: then SameSite=Lax is enough. Otherwise set the cookie with SameSite=None; Secure; Partitioned, over https.',
    misunderstood: [
      'This is not CORS, which decides whether the page may read the answer: a cookie that is not sent also fails where every CORS header is right.',
      "Script still has to ask with credentials: 'include', and the answer to send Access-Control-Allow-Credentials: true.",
    ],
  },
  'storage-refused': {
    title: 'The browser refuses this to a page without an origin of its own',
    happened:
      'Script asked for storage, a cookie or a canvas in a page that may not: one in a sandboxed frame without allow-same-origin, a data: URL, a frame of a third party whose storage is blocked, or one that drew a picture of another origin. Firefox says "The operation is insecure" for all of these.',
    move: 'page',
    fix: "See which call threw. For storage: add allow-same-origin to the sandbox if you trust the framed page and it is of another origin than yours, or keep the data elsewhere. For a canvas: load the picture with CORS (crossOrigin = 'anonymous').",
    misunderstood: ['No CORS header of a server changes what a page may store.'],
  },
  'port-blocked': {
    title: 'Browsers connect to no server on this port',
    happened:
      'The port belongs to another protocol than HTTP, such as X11 (6000), SIP (5060) or IRC (6667), and the Fetch Standard has browsers refuse it, so that pages cannot talk to such servers.',
    move: 'server',
    fix: 'Let the server listen on another port, such as 3000, 8000 or 8080.',
    misunderstood: ['This is not CORS: nothing was sent, and curl does connect to it.'],
  },
  'request-aborted': {
    title: 'The request was given up',
    happened:
      'Script aborted the request, the page was left or reloaded while it was under way, or the browser stopped it because it had no more use for it (a download, an answer 204 for a frame, a module that failed).',
    move: 'page',
    fix: 'Look for what ends it: an AbortController (useEffect of React cleans up twice in development), a form that submits and reloads the page (call event.preventDefault()), a time limit.',
    misunderstood: ['This is not CORS: nobody judged an answer.'],
  },
  'file-url': {
    title: 'The URL leads to a file, not to a server',
    happened:
      'The request is for a file: URL. Pages from the web may load none; a page that was itself opened as a file has the origin null, and its paths that begin with a slash start at the root of the disk.',
    move: 'page',
    fix: 'Serve the folder over http, with any local web server, and open that address.',
    misunderstood: [
      'Allowing the origin null on a server does not help, and lets every sandboxed frame read its answers.',
    ],
  },
  'no-browser': {
    title: 'There is no CORS where there is no browser',
    happened:
      '"fetch failed" is what Node says, and "Network request failed" what React Native says. Neither knows CORS: the connection itself failed.',
    move: 'network',
    fix: "Look at the error's cause (host, port, certificate). From an emulator or a phone, localhost is the device itself: use the address of your machine. Android and iOS apps refuse http unless they are told otherwise.",
    misunderstood: [
      'CORS headers change nothing here.',
      'A polyfill of fetch() in a browser says "Network request failed" too: then paste the other lines of the console.',
    ],
  },
  unfamiliar: {
    title: 'The browser gives a reason that is not known here',
    happened: 'CORS stopped the request, and these words for it are new, or those of a rare browser.',
    move: 'either',
    fix: 'Read the words of the browser above, and ask the server again: npx cors-conformance explain URL --origin ORIGIN says what its answers allow.',
    misunderstood: [NO_TELLING, NO_CORS],
  },
  unknown: {
    title: 'The page itself is never told why',
    happened:
      '"Failed to fetch", "Load failed" and "NetworkError" stand for every failure. The reason is in another line of the console and in the Network panel, never in the exception: it would tell websites about servers that they may not read.',
    move: 'either',
    fix: 'Paste the other lines of the console too, or give the URL and the page: npx cors-conformance explain URL --origin ORIGIN.',
    misunderstood: [NO_TELLING, NO_CORS],
  },
} as const satisfies Readonly<Record<string, Reason>>;

export type ReasonId = keyof typeof REASONS;

/**
 * What people get wrong about a reason.
 * @param at which answer was refused, where that is known: only before a preflight is passed was nothing carried out
 */
export const misunderstoodOf = (id: ReasonId, at?: 'preflight' | 'response'): string[] =>
  REASONS[id].misunderstood.map(sentence => {
    if (sentence !== CARRIED_OUT_UNLESS_PREFLIGHT || at === undefined) return sentence;
    return at === 'preflight' ? NOT_SENT : CARRIED_OUT;
  });

/** Whose move it is, as a sentence. */
export const MOVES: Readonly<Record<Party, string>> = {
  server: "It is the server's move: nothing in the page's code can change it.",
  page: "It is the page's move: no server can change it.",
  either: 'Both sides can change it: the server what it allows, the page what it asks for.',
  network: 'It is neither the page nor a CORS header: look at the connection and the browser.',
};

/** The page about a reason, from the root of the repository. */
export const pageOf = (id: ReasonId): string => `docs/explanations/${id}.md`;

/**
 * Every link to a standard, by a short name: the one table that the model, the suites, the policy's checks and the
 * explanations link from. A link leads to the definition of the algorithm, header or attribute (a `dfn`); to the
 * section only if there is no such definition.
 */

const FETCH = 'https://fetch.spec.whatwg.org/#';
const XHR = 'https://xhr.spec.whatwg.org/#';
const HTML = 'https://html.spec.whatwg.org/multipage/';
const WEBIDL = 'https://webidl.spec.whatwg.org/#';
const W3C = 'https://w3c.github.io/';

const fetchLinks = {
  // HTTP: methods, headers, statuses, bodies
  method: `${FETCH}concept-method`,
  safelistedMethod: `${FETCH}cors-safelisted-method`,
  forbiddenMethod: `${FETCH}forbidden-method`,
  normalizeMethod: `${FETCH}concept-method-normalize`,
  headerName: `${FETCH}concept-header-name`,
  headerValue: `${FETCH}concept-header-value`,
  normalizeHeaderValue: `${FETCH}concept-header-value-normalize`,
  getHeader: `${FETCH}concept-header-list-get`,
  sortAndCombine: `${FETCH}concept-header-list-sort-and-combine`,
  extractHeaderListValues: `${FETCH}extract-header-list-values`,
  safelistedRequestHeader: `${FETCH}cors-safelisted-request-header`,
  unsafeRequestHeaderNames: `${FETCH}cors-unsafe-request-header-names`,
  nonWildcardName: `${FETCH}cors-non-wildcard-request-header-name`,
  privilegedNoCorsName: `${FETCH}privileged-no-cors-request-header-name`,
  noCorsSafelistedRequestHeader: `${FETCH}no-cors-safelisted-request-header`,
  forbiddenRequestHeader: `${FETCH}forbidden-request-header`,
  forbiddenResponseHeader: `${FETCH}forbidden-response-header-name`,
  safelistedResponseHeader: `${FETCH}cors-safelisted-response-header-name`,
  status: `${FETCH}concept-status`,
  nullBodyStatus: `${FETCH}null-body-status`,
  redirectStatus: `${FETCH}redirect-status`,

  // Requests and responses
  useCorsPreflight: `${FETCH}use-cors-preflight-flag`,
  redirectTaint: `${FETCH}concept-request-tainted-origin`,
  serializeRequestOrigin: `${FETCH}serializing-a-request-origin`,
  basicFilter: `${FETCH}concept-filtered-response-basic`,
  corsFilter: `${FETCH}concept-filtered-response-cors`,
  opaqueFilter: `${FETCH}concept-filtered-response-opaque`,
  opaqueRedirectFilter: `${FETCH}concept-filtered-response-opaque-redirect`,
  locationUrl: `${FETCH}concept-response-location-url`,
  cloneResponse: `${FETCH}concept-response-clone`,
  coepAllowsCredentials: `${FETCH}cross-origin-embedder-policy-allows-credentials`,
  obtainConnection: `${FETCH}concept-connection-obtain`,
  networkPartitionKey: `${FETCH}network-partition-key`,
  httpCachePartition: `${FETCH}determine-the-http-cache-partition`,
  badPort: `${FETCH}block-bad-port`,

  // Header extensions
  cookies: `${FETCH}append-a-request-cookie-header`,
  setCookies: `${FETCH}parse-and-store-response-set-cookie-headers`,
  originHeader: `${FETCH}http-origin`,
  appendOriginHeader: `${FETCH}append-a-request-origin-header`,
  corsProtocol: `${FETCH}http-cors-protocol`,
  allowOrigin: `${FETCH}http-access-control-allow-origin`,
  exposeHeaders: `${FETCH}http-access-control-expose-headers`,
  newHeaderSyntax: `${FETCH}http-new-header-syntax`,
  corsAndCredentials: `${FETCH}cors-protocol-and-credentials`,
  corsAndCaches: `${FETCH}cors-protocol-and-http-caches`,
  corp: `${FETCH}http-cross-origin-resource-policy`,

  // Fetching
  fetch: `${FETCH}concept-fetch`,
  mainFetch: `${FETCH}concept-main-fetch`,
  schemeFetch: `${FETCH}concept-scheme-fetch`,
  httpFetch: `${FETCH}concept-http-fetch`,
  redirectFetch: `${FETCH}concept-http-redirect-fetch`,
  networkOrCache: `${FETCH}concept-http-network-or-cache-fetch`,
  handleContentCodings: `${FETCH}handle-content-codings`,
  networkFetch: `${FETCH}concept-http-network-fetch`,
  preflightFetch: `${FETCH}cors-preflight-fetch-0`,
  preflightCache: `${FETCH}concept-cache`,
  preflightCacheClear: `${FETCH}concept-cache-clear`,
  preflightCacheMatchMethod: `${FETCH}concept-cache-match-method`,
  preflightCacheMatchHeader: `${FETCH}concept-cache-match-header`,
  corsCheck: `${FETCH}concept-cors-check`,
  deferredFetch: `${FETCH}deferred-fetch`,

  // The API
  headersClass: `${FETCH}headers-class`,
  headersGuard: `${FETCH}concept-headers-guard`,
  headersAppend: `${FETCH}concept-headers-append`,
  bodyExtract: `${FETCH}concept-bodyinit-extract`,
  requestClass: `${FETCH}request-class`,
  requestConstructor: `${FETCH}dom-request`,
  responseUrl: `${FETCH}dom-response-url`,
  responseRedirected: `${FETCH}dom-response-redirected`,
  fetchMethod: `${FETCH}dom-global-fetch`,
  fetchLater: `${FETCH}dom-window-fetchlater`,
  abortFetch: `${FETCH}abort-fetch`,
  dataUrls: `${FETCH}data-urls`,
} as const;

const xhrLinks = {
  xhrOpen: `${XHR}dom-xmlhttprequest-open`,
  xhrSetRequestHeader: `${XHR}dom-xmlhttprequest-setrequestheader`,
  xhrSend: `${XHR}dom-xmlhttprequest-send`,
  xhrAbort: `${XHR}dom-xmlhttprequest-abort`,
  xhrWithCredentials: `${XHR}dom-xmlhttprequest-withcredentials`,
  xhrTimeout: `${XHR}dom-xmlhttprequest-timeout`,
  xhrResponseType: `${XHR}dom-xmlhttprequest-responsetype`,
  xhrResponseUrl: `${XHR}dom-xmlhttprequest-responseurl`,
  xhrResponseXml: `${XHR}dom-xmlhttprequest-responsexml`,
  xhrGetResponseHeader: `${XHR}dom-xmlhttprequest-getresponseheader`,
  xhrGetAllResponseHeaders: `${XHR}dom-xmlhttprequest-getallresponseheaders`,
  xhrHeaderOrder: `${XHR}legacy-uppercased-byte-less-than`,
  xhrErrors: `${XHR}handle-errors`,
  xhrErrorSteps: `${XHR}request-error-steps`,
  xhrEvents: `${XHR}event-listeners-and-preflight`,
} as const;

const htmlLinks = {
  eventSource: `${HTML}server-sent-events.html#dom-eventsource`,
  hyperlinkAuditing: `${HTML}links.html#hyperlink-auditing`,
  preload: `${HTML}links.html#link-type-preload`,
  corsAttributes: `${HTML}urls-and-fetching.html#create-a-potential-cors-request`,
  textTrack: `${HTML}media.html#start-the-track-processing-model`,
  canvas: `${HTML}canvas.html#security-with-canvas-elements`,
  scriptElement: `${HTML}scripting.html#prepare-the-script-element`,
  runClassicScript: `${HTML}webappapis.html#run-a-classic-script`,
  moduleScript: `${HTML}webappapis.html#fetch-a-single-module-script`,
  workerScript: `${HTML}webappapis.html#fetch-a-classic-worker-script`,
  moduleWorkerScript: `${HTML}webappapis.html#fetch-a-worklet/module-worker-script-graph`,
  importedScript: `${HTML}webappapis.html#fetch-a-classic-worker-imported-script`,
  workerOrigin: `${HTML}workers.html#script-settings-for-workers`,
  documentOrigin: `${HTML}document-sequences.html#determining-the-origin`,
  sandboxedOrigin: `${HTML}browsers.html#sandboxed-origin-browsing-context-flag`,
  documentDomain: `${HTML}browsers.html#dom-document-domain`,
  serializeOrigin: `${HTML}browsers.html#ascii-serialisation-of-an-origin`,
  site: `${HTML}browsers.html#obtain-a-site`,
} as const;

const otherLinks = {
  byteString: `${WEBIDL}es-ByteString`,
  enumeration: `${WEBIDL}es-enumeration`,
  forbiddenDomain: 'https://url.spec.whatwg.org/#forbidden-domain-code-point',
  abortSignalTimeout: 'https://dom.spec.whatwg.org/#dom-abortsignal-timeout',
  webSocket: 'https://websockets.spec.whatwg.org/#concept-websocket-establish',
  mixedContent: `${W3C}webappsec-mixed-content/#should-block-fetch`,
  upgradeInsecureRequests: `${W3C}webappsec-upgrade-insecure-requests/#upgrade-request`,
  integrity: `${W3C}webappsec-subresource-integrity/#does-response-match-metadatalist`,
  integrityMetadata: `${W3C}webappsec-subresource-integrity/#parse-metadata`,
  referrer: `${W3C}webappsec-referrer-policy/#determine-requests-referrer`,
  fetchMetadata: `${W3C}webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request`,
  csp: `${W3C}webappsec-csp/#directive-connect-src`,
  secureContexts: `${W3C}webappsec-secure-contexts/`,
  timingAllowOrigin: `${W3C}resource-timing/#sec-timing-allow-origin`,
  beacon: `${W3C}beacon/#sec-processing-model`,
  fontFetching: 'https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements',
  localNetworkAccess: 'https://wicg.github.io/local-network-access/',
  localNetworkMixedContent: 'https://wicg.github.io/local-network-access/#integration-with-mixed-content',
  privateNetworkAccess: 'https://wicg.github.io/private-network-access/',
  sameSiteCookies:
    'https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-samesite-attribute',
  httpOptions: 'https://www.rfc-editor.org/rfc/rfc9110#name-options',
  httpMessage: 'https://www.rfc-editor.org/rfc/rfc9112#section-2.2',
  httpStatusLine: 'https://www.rfc-editor.org/rfc/rfc9112#section-4',
  httpFieldLines: 'https://www.rfc-editor.org/rfc/rfc9112#section-5',
  httpBodyLength: 'https://www.rfc-editor.org/rfc/rfc9112#section-6.3',
  httpChunked: 'https://www.rfc-editor.org/rfc/rfc9112#section-7.1',
  httpLineFolding: 'https://www.rfc-editor.org/rfc/rfc9112#section-5.2',
  tooEarly: 'https://www.rfc-editor.org/rfc/rfc8470#section-5.2',
} as const;

export const SPEC = { ...fetchLinks, ...xhrLinks, ...htmlLinks, ...otherLinks } as const;

export type SpecLink = (typeof SPEC)[keyof typeof SPEC];

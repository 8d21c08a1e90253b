/** Where the engines do what the lists of known differences say. */
const GECKO = 'https://searchfox.org/mozilla-central/source';
const CHROMIUM_TREE = 'https://github.com/chromium/chromium/blob/main';
const WEBKIT_TREE = 'https://github.com/WebKit/WebKit/blob/main/Source';

export const CHROMIUM = {
  cors: `${CHROMIUM_TREE}/services/network/public/cpp/cors/cors.cc`,
  preflightController: `${CHROMIUM_TREE}/services/network/cors/preflight_controller.cc`,
  preflightResult: `${CHROMIUM_TREE}/services/network/cors/preflight_result.cc`,
  responseHeaders: `${CHROMIUM_TREE}/net/http/http_response_headers.cc`,
  xhr: `${CHROMIUM_TREE}/third_party/blink/renderer/core/xmlhttprequest/xml_http_request.cc`,
} as const;

export const FIREFOX = {
  cors: `${GECKO}/netwerk/protocol/http/nsCORSListenerProxy.cpp`,
  channel: `${GECKO}/netwerk/protocol/http/HttpBaseChannel.cpp`,
  headers: `${GECKO}/netwerk/protocol/http/nsHttpHeaderArray.cpp`,
  domHeaders: `${GECKO}/dom/fetch/InternalHeaders.cpp`,
  utils: `${GECKO}/dom/base/nsContentUtils.cpp`,
} as const;

export const WEBKIT = {
  access: `${WEBKIT_TREE}/WebCore/loader/CrossOriginAccessControl.cpp`,
  cache: `${WEBKIT_TREE}/WebCore/loader/CrossOriginPreflightResultCache.cpp`,
  loadChecker: `${WEBKIT_TREE}/WebKit/NetworkProcess/NetworkLoadChecker.cpp`,
  resourceLoader: `${WEBKIT_TREE}/WebKit/NetworkProcess/NetworkResourceLoader.cpp`,
  parsers: `${WEBKIT_TREE}/WebCore/platform/network/HTTPParsers.cpp`,
  soupResponse: `${WEBKIT_TREE}/WebCore/platform/network/soup/ResourceResponseSoup.cpp`,
  soupTask: `${WEBKIT_TREE}/WebKit/NetworkProcess/soup/NetworkDataTaskSoup.cpp`,
} as const;

/** Safelisted headers that are set several times. */
export const COMBINED = 'https://github.com/whatwg/fetch/issues/748';

/** A web-platform test expects of a negative Max-Age what these engines do. */
export const NEGATIVE_MAX_AGE =
  'https://github.com/web-platform-tests/wpt/blob/master/cors/preflight-cache.htm';

/** Whether "*" may stand for Authorization. */
export const STAR_AUTHORIZATION = 'https://github.com/whatwg/fetch/issues/1919';
/** Redirects with several Location lines. */
export const LOCATIONS = 'https://github.com/whatwg/fetch/issues/814';

/** Links to the engines' sources: by path, as they are today. */
export const chromiumSource = (path: string): string =>
  `https://github.com/chromium/chromium/blob/main/${path}`;
export const firefoxSource = (path: string): string => `https://searchfox.org/mozilla-central/source/${path}`;
export const webkitSource = (path: string): string =>
  `https://github.com/WebKit/WebKit/blob/main/Source/${path}`;

/** What deviations of several suites come from. */
export const STORAGE_ACCESS = 'https://privacycg.github.io/storage-access-headers';
export const CHROMIUM_PREFLIGHTS = chromiumSource('services/network/cors/preflight_controller.cc');
export const FIREFOX_CORS = firefoxSource('netwerk/protocol/http/nsCORSListenerProxy.cpp');
export const FIREFOX_HEADERS = firefoxSource('netwerk/protocol/http/nsHttpHeaderArray.cpp');
export const FIREFOX_SAFELIST = firefoxSource('dom/base/nsContentUtils.cpp');
export const WEBKIT_ACCESS = webkitSource('WebCore/loader/CrossOriginAccessControl.cpp');
export const WEBKIT_PREFLIGHT_CACHE = webkitSource('WebCore/loader/CrossOriginPreflightResultCache.cpp');
export const WEBKIT_SOUP_TASK = webkitSource('WebKit/NetworkProcess/soup/NetworkDataTaskSoup.cpp');
export const WEBKIT_LOAD_CHECKER = webkitSource('WebKit/NetworkProcess/NetworkLoadChecker.cpp');

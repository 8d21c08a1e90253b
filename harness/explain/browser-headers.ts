/**
 * Request headers that a browser sets itself, so that a recorded or copied request has them, but no script wrote them.
 * Accept, Accept-Language, Cache-Control and Pragma could be a script's; in what browsers copy and record they are not.
 */
const SET_BY_BROWSERS =
  /^(?::.*|accept|accept-charset|accept-encoding|accept-language|access-control-request-.*|cache-control|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|pragma|priority|referer|sec-.*|proxy-.*|te|trailer|transfer-encoding|upgrade|upgrade-insecure-requests|user-agent|via)$/i;

/** Whether a browser, and no script, set this header of a recorded request. */
export const isSetByBrowser = (name: string): boolean => SET_BY_BROWSERS.test(name);

/**
 * Headers by which a browser's cache asks whether what it has stored is still good (Fetch, HTTP-network-or-cache fetch).
 * They are added below CORS: a request that has them from there needs no preflight. Script may set them too.
 */
export const isConditional = (name: string): boolean =>
  /^if-(?:match|none-match|modified-since|unmodified-since|range)$/i.test(name);

/** The names in Access-Control-Request-Headers. @param list its value; undefined if it is absent */
export const requestedNames = (list: string | undefined): string[] =>
  (list ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');

/** Stands for the value of a header of which only a preflight is known: one that needs permission, whatever the name. */
export const UNSAFE_VALUE = '(unknown)';

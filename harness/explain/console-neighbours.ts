/**
 * Lines that people take for CORS, or find beside its messages, and that are about something else, as data: errors of
 * the server, frames, modules, integrity, cookies, storage, files. Collected like the wordings of CORS itself.
 */

import { chromiumNetworkError } from './chromium-network-error.ts';
import type { Wording } from './console-wordings.ts';
import type { ReasonId } from './reasons.ts';

const METHOD = '(?<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)';

const BY_REASON: Readonly<Partial<Record<ReasonId, readonly RegExp[]>>> = {
  'error-status': [
    new RegExp(`${METHOD} (?<url>https?:\\S+) (?<status>[45]\\d\\d)(?: \\([^)]*\\))?$`),
    new RegExp(`${METHOD}\\s*(?<url>https?:\\S+)\\s*\\[HTTP/\\S+ (?<status>[45]\\d\\d)\\b`),
    /(?:(?<url>https?:\S+?)(?::\d+)? )?Failed to load resource: the server responded with a status of (?<status>\d{3})/,
  ],
  'not-json': [
    /SyntaxError: .*(?:is not valid JSON|in JSON at position|Unexpected end of JSON input|JSON\.parse: |JSON Parse error: )/,
    // Safari's response.json() says no more.
    /SyntaxError: The string did not match the expected pattern/,
  ],
  'script-type': [
    /Failed to load module script: (?:Expected|The server responded with a non-JavaScript MIME type)/,
    /Loading (?:module|script) from ["'](?<url>[^"']+)["'] was blocked because of a disallowed MIME type/,
    /Refused to (?:execute script|apply style) from '(?<url>[^']+)' because its MIME type/,
    /'[^']*' is not a valid JavaScript MIME type/,
  ],
  'integrity-failed': [
    /The resource '(?<url>[^']+)' has an integrity attribute, but/,
    /Failed to find a valid digest in the 'integrity' attribute for resource '(?<url>[^']+)'/,
    /["'](?<url>[^"']+)["'] is not eligible for integrity checks/,
    /None of the .{1,20} hashes in the integrity attribute match the content of the subresource(?: at ["'](?<url>[^"']+))?/,
    /Cannot load (?:script|stylesheet) (?<url>\S+)\. Failed integrity metadata check/,
  ],
  'framing-refused': [
    /Refused to display '(?<url>[^']+)' in a frame because/,
    /Framing '(?<url>[^']+)' violates the following Content Security Policy directive: "frame-ancestors/,
    /Refused to (?:frame|load) '?(?<url>[^\s']+)'? because (?:an ancestor violates|it does not appear in the frame-ancestors)/,
    /The loading of ["'](?<url>[^"']+)["'] in a frame is denied by/,
    /Load denied by X-Frame-Options: (?<url>\S+)/,
    /blocked the loading of a resource \(frame-ancestors\)/,
  ],
  'other-window': [
    /Blocked a frame with origin "(?<origin>[^"]+)" from accessing/,
    /Permission denied to access property ["'][^"']+["'] on cross-origin object/,
    /Failed to execute 'postMessage' on '\w+': The target origin provided \('(?<value>[^']*)'\) does not match/,
    /Unable to post message to (?<value>\S+)\. Recipient has origin/,
  ],
  'content-security-policy': [
    /(?:Executing|Applying) (?:an? )?inline [a-z ]+ violates the following Content Security Policy/,
    /Refused to (?:execute|apply) (?:an? )?(?:inline [a-z ]+|script|style sheet) because .*(?:Content Security Policy)/,
    /Content-Security-Policy: .+ blocked an? (?:inline [a-z ]+|event handler|JavaScript eval)/,
  ],
  'cookie-refused': [
    /Cookie ["'][^"']+["'] (?:has been |was |will be (?:soon )?)?rejected\b/,
    /\bSet-Cookie\b.*\bblocked because\b/,
    /cookie .*\bset without the `?SameSite`? attribute/i,
    /Request to access cookies? or storage on ["'](?<url>[^"']+)["'] was blocked/,
  ],
  'storage-refused': [
    /Failed to read the '\w+' property from '\w+': (?:Access is denied for this document|The document is sandboxed|Storage is disabled)/,
    /Forbidden in a sandboxed document/,
    /SecurityError: The operation is insecure/,
  ],
  'port-blocked': [
    chromiumNetworkError('UNSAFE_PORT'),
    /Not allowed to use restricted network port \d+: (?<url>\S+)/,
  ],
  'request-aborted': [
    chromiumNetworkError('ABORTED'),
    /NS_BINDING_ABORTED/,
    /AbortError: (?:signal is aborted|The user aborted a request|Th(?:e|is) operation was aborted|Fetch is aborted)/,
    /CanceledError: canceled/,
  ],
  'file-url': [
    /Not allowed to load local resource: (?<url>file:\S+)/,
    /Content at \S+ may not load or link to (?<url>file:\S+?)\.?$/,
    chromiumNetworkError('FILE_NOT_FOUND'),
  ],
};

/** Whole lines, each with its reason. */
export const NEIGHBOURS: readonly Wording[] = Object.entries(BY_REASON).flatMap(([reason, patterns]) =>
  patterns.map(pattern => ({ reason: reason as ReasonId, pattern })),
);

/** Cases in which jsdom goes by rules of its own that no small change to the model makes: all that they show is listed. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { jsdomSeen } from './jsdom-seen.ts';
import { jsdom } from './versions.ts';

const source = (path: string): string => `https://github.com/jsdom/jsdom/blob/main/lib/jsdom/${path}`;
const XHR_UTILS = source('living/xhr/xhr-utils.js');
const XHR = source('living/xhr/XMLHttpRequest-impl.js');
const DISPATCHER = source('browser/resources/jsdom-dispatcher.js');

const rule = (id: keyof typeof jsdomSeen, what: string, link: string): Deviation => ({
  id,
  ...jsdom,
  cases: Object.keys(jsdomSeen[id]),
  seen: jsdomSeen[id],
  what,
  link,
});

export const jsdomRules: readonly Deviation[] = [
  rule(
    'jsdom-lists-unparsed',
    'Lists in the answer to a preflight are not parsed: a malformed one counts for what it names, and "*" stands for every header in a request with credentials too.',
    DISPATCHER,
  ),
  rule(
    'jsdom-forbidden-headers-preflighted',
    'A forbidden header that script sets is dropped, but asks for a preflight all the same; Set-Cookie is sent.',
    XHR_UTILS,
  ),
  rule('jsdom-fragment-in-url', 'responseURL keeps the fragment.', XHR),
  rule(
    'jsdom-user-info',
    'The user and password given to open() are sent to another origin that answers with a challenge, and responseURL leaves them out.',
    DISPATCHER,
  ),
  rule(
    'jsdom-null-body-read',
    'A 204 or 304 with a body is a network error, and the body of a 205 is read.',
    DISPATCHER,
  ),
  rule('jsdom-407-readable', 'A response 407 is readable.', DISPATCHER),
  rule('jsdom-truncated-has-url', 'responseURL is still there after the body was cut off.', XHR),
  rule(
    'jsdom-upload-events',
    'Upload events are fired by rules of their own: without a body, again after a redirect, not after an error, and for an upload that was sent only if an answer comes; an empty body has no upload events and no Content-Length.',
    XHR,
  ),
  rule('jsdom-files-are-asked-for', 'A request for a file: URL reads the file system.', DISPATCHER),
  rule('jsdom-missing-blob', 'A request for a blob: URL that is not there is readable.', DISPATCHER),
  rule(
    'jsdom-elements-without-cors',
    'The attribute crossorigin of scripts and stylesheets has no effect: they load, and rules are readable.',
    source('browser/resources/per-document-resource-loader.js'),
  ),
  rule(
    'jsdom-filtered-by-last-url',
    'A request that was redirected away and back to the page may read every header.',
    XHR_UTILS,
  ),
  rule('jsdom-exposed-lists', 'A malformed Access-Control-Expose-Headers exposes what it names.', XHR_UTILS),
  rule(
    'jsdom-url-of-cut-body',
    'A request whose body was cut short, or cannot be decoded, still shows its URL.',
    XHR,
  ),
  rule(
    'jsdom-cut-coding-fails',
    'A compressed body that lacks its last bytes, or that others follow, fails, where browsers show what is there.',
    XHR,
  ),
  rule('jsdom-names-repeated', 'A name that was received in two lines is listed twice.', XHR),
];

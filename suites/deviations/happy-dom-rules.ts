/** Cases in which happy-dom goes by rules of its own that no small change to the model makes. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { happyDom } from './versions.ts';

const source = (path: string): string =>
  `https://github.com/capricorn86/happy-dom/blob/master/packages/happy-dom/src/${path}`;
const FETCH = source('fetch/Fetch.ts');
const XHR = source('xml-http-request/XMLHttpRequest.ts');
const REQUEST_HEADERS = source('fetch/utilities/FetchRequestHeaderUtility.ts');

/** What it does is another thing altogether: every check of these cases may fail. */
const everything = { '*': true } as const;

export const happyDomRules: readonly Deviation[] = [
  {
    id: 'happy-dom-foreign-errors',
    ...happyDom,
    cases: words(`
      accept-language-underscore/accept-language-control accept-unsafe/control-01
      accept-unsafe/control-08 accept-unsafe/control-0b accept-unsafe/control-0c
      accept-unsafe/control-0e accept-unsafe/control-1f accept-unsafe/control-7f
      cache-cleared-by-failure/mailto content-language-charset/content-language-control
      cred-url-userinfo-fetch ct-unsafe-bytes/control-01 ct-unsafe-bytes/control-08
      ct-unsafe-bytes/control-0b ct-unsafe-bytes/control-0c ct-unsafe-bytes/control-0e
      ct-unsafe-bytes/control-1f ct-unsafe-bytes/control-7f ct-whitespace-inside/form-feed
      ct-whitespace-inside/vertical-tab method-forbidden method-get-with-body/get
      method-get-with-body/head method-invalid-token/colon method-invalid-token/colon-xhr
      method-invalid-token/line-feed method-invalid-token/line-feed-xhr method-invalid-token/nonascii
      method-invalid-token/nonascii-xhr method-invalid-token/space method-invalid-token/space-xhr
      method-star-literal/credentials method-star-literal/credentials-xhr mode-nocors-method/x-own
      non-http-cors/about non-http-cors/custom non-http-cors/file non-http-cors/ftp non-http-cors/mailto
      non-http-cors/missing-blob range-blob-data/blob-not-satisfiable range-sign-ff/form-feed
      range-sign-ff/vertical-tab`),
    checks: everything,
    what: "An error for a method, a URL or a header value that is refused is none of the page's own: it is no instance of the Error of its window.",
    link: FETCH,
  },
  {
    id: 'happy-dom-buffers-as-text',
    ...happyDom,
    cases: words(`
      ct-129/129 ct-dup-json-plain ct-json ct-list-value ct-unsafe-bytes/at
      ct-unsafe-bytes/backslash ct-unsafe-bytes/colon ct-unsafe-bytes/greater-than
      ct-unsafe-bytes/left-brace ct-unsafe-bytes/left-bracket ct-unsafe-bytes/left-parenthesis
      ct-unsafe-bytes/less-than ct-unsafe-bytes/question-mark ct-unsafe-bytes/quote
      ct-unsafe-bytes/right-brace ct-unsafe-bytes/right-bracket ct-unsafe-bytes/right-parenthesis
      ct-whitespace-inside/space headers-object/two-content-types
      preflight-acah-safelisted-not-needed simple-post-arraybuffer simple-post-arraybuffer/xhr`),
    checks: everything,
    what: 'An ArrayBuffer of the page is sent as the text "object ArrayBuffer" in brackets.',
    link: source('fetch/utilities/FetchBodyUtility.ts'),
  },
  {
    id: 'happy-dom-modes-ignored',
    ...happyDom,
    cases: words(`
      cache-cors-then-nocors/never-read cache-redirect-cached/checked corp-error-status corp-ignored
      corp-on-redirect corp-padded corp-secure-target cred-coep-credentialless/no-cors
      cut-body/no-cors folklore-no-cors-protects keepalive-64k/in-flight keepalive-64k/no-cors-exact
      keepalive-64k/no-cors-over keepalive-cors/no-cors mode-navigate-throws mode-nocors-json-type
      mode-nocors-method/delete mode-nocors-method/options mode-nocors-method/patch
      mode-nocors-method/put mode-nocors-opaque mode-only-if-cached mode-same-origin-cross
      nocors-blob-type nocors-corp-blocks nocors-guard nocors-guard-append-128
      opaque-data-url-fetch/no-cors opaque-data-url-fetch/same-origin
      origin-hdr-nocors-post-policy/no-referrer
      origin-hdr-nocors-post-policy/no-referrer-when-downgrade origin-hdr-nocors-post-policy/origin
      origin-hdr-nocors-post-policy/same-origin origin-hdr-nocors-post-policy/strict-origin
      origin-hdr-nocors-post-policy/strict-origin-when-cross-origin
      origin-hdr-nocors-post-policy/unsafe-url origin-hdr-not-on-nocors-get range-nocors-dropped
      redir-bad-scheme/data-no-cors redir-mode-same-origin redir-nocors-manual
      redir-nocors-post-home redir-nocors-through redir-userinfo-no-cors response-body-null/opaque
      sri-needs-cors/no-cors stream-upload-nocors type-basic-cors-opaque/no-cors`),
    checks: everything,
    what: 'The modes no-cors, same-origin and navigate are ignored: each request to another origin is preflighted and blocked as in mode cors.',
    link: FETCH,
  },
  {
    id: 'happy-dom-redirects',
    ...happyDom,
    cases: words(`
      cache-cleared-by-failure/bad-url cache-cleared-by-failure/data
      cache-cleared-by-failure/redirect-error cache-cleared-by-failure/userinfo
      cache-cleared-by-redirect-error preflight-3xx/301 preflight-3xx/302 preflight-3xx/303
      preflight-3xx/307 preflight-3xx/308 preflight-redirect-response-with-acao
      redir-302-post-json-no-second-preflight redir-303-keeps-custom-headers
      redir-303-put-no-second-preflight/xhr redir-307-308-preserve/307-post-fetch
      redir-307-308-preserve/307-post-xhr redir-307-308-preserve/307-put-xhr
      redir-307-308-preserve/308-post-fetch redir-307-308-preserve/308-post-xhr
      redir-307-308-preserve/308-put-xhr redir-after-preflight-allowed redir-authorization-back-home
      redir-authorization-kept-same-origin redir-authorization-stripped redir-preflight-hop2-refused
      redir-preflight-then-redirect redir-referrer-policy-header/last-known
      redir-referrer-policy-header/no-referrer redir-referrer-policy-header/same-origin
      redir-referrer-policy-header/unsafe-url redir-same-cross-same/preflighted
      redir-tainted-preflight-origin redir-userinfo-cross/own-to-a-both
      redir-userinfo-cross/own-to-a-password redir-userinfo-cross/own-to-a-user
      redir-userinfo-same-origin redirect-delete-stays-delete xhr-upload-listener-redirect`),
    checks: everything,
    what: 'Redirects are followed by rules of its own: each hop is a new request of the page that is preflighted again, and a preflight is redirected too.',
    link: FETCH,
  },
  {
    id: 'happy-dom-cookies',
    ...happyDom,
    cases: words(`
      cache-cred-vs-anon/never-read cookies:cred-omit-same-origin cred-basic-auth-entry
      cred-coep-credentialless/cors cred-url-userinfo-xhr forbidden-list-dropped/set-cookie
      preflight-no-authorization set-cookie-on-preflight-ignored set-cookie-request-header
      xhr-getresponseheader-hidden/set-cookie xhr-sync-credentials
      xhr-with-credentials-throws-after-send`),
    checks: everything,
    what: 'Cookies and passwords are sent by rules of its own: script can set Set-Cookie, and a user and a password given to open() become an Authorization header at once.',
    link: REQUEST_HEADERS,
  },
  {
    id: 'happy-dom-preflight-cache',
    ...happyDom,
    cases: words(`
      cache-cleared-by-failure/reset cache-cleared-on-failure cache-failed-preflight-not-stored/header
      cache-forced-preflight-acam-other cache-header-per-entry/unlisted cache-hit-still-checks-actual
      cache-key-fragment cache-key-origin cache-key-url/query cache-star-header-not-authorization
      cache-update-max-age maxage-expiry/fetch maxage-expiry/xhr`),
    checks: everything,
    what: 'No preflight is remembered: each request sends one.',
    link: FETCH,
  },
  {
    id: 'happy-dom-elements',
    ...happyDom,
    cases: words(`
      beacon-json-denied/no-acac beacon-json-denied/no-acah beacon-json-denied/star beacon-redirect
      beacon-simple redir-bad-scheme/data-script redir-bad-scheme/data-stylesheet script-module-cors
      stylesheet-crossorigin/denied stylesheet-crossorigin/no-cors`),
    checks: everything,
    what: 'Scripts, stylesheets and beacons are fetched with fetch() as it is here: preflighted, and blocked without an answer to that.',
    link: source('fetch/ResourceFetch.ts'),
  },
  {
    id: 'happy-dom-methods',
    ...happyDom,
    cases: words(`
      method-custom-case/chicken method-custom-case/chicken-xhr method-custom-case/egg
      method-custom-case/egg-xhr method-custom-case/new method-custom-case/new-xhr
      method-custom-case/other-case method-patch-not-normalized/lower-by-lower
      method-patch-not-normalized/lower-by-lower-xhr method-patch-not-normalized/lower-by-upper
      method-patch-not-normalized/mixed-by-upper method-patch-not-normalized/upper-by-lower
      method-patch-not-normalized/upper-by-upper method-patch-not-normalized/upper-by-upper-xhr
      method-safelisted-never-in-acam/get-other-list method-safelisted-never-in-acam/head-other-list
      method-safelisted-never-in-acam/post-other-list
      preflight-acam-lists-cached-not-checked-for-safelisted preflight-acrh-no-combine
      preflight-acrh-sorted-lower/each-once preflight-acrm/custom preflight-acrm/patch
      preflight-acrm/patch-lower preflight-get-custom-header preflight-method-options
      preflight-shape:preflight-acrh-no-forbidden star-methods/fetch-patch star-methods/fetch-super
      star-methods/xhr-patch star-methods/xhr-super star-mixed-list/methods`),
    checks: everything,
    what: 'A method is sent in upper case, and any Access-Control-Allow-Methods has to list it, GET, HEAD and POST too.',
    link: FETCH,
  },
  {
    id: 'happy-dom-forbidden-headers',
    ...happyDom,
    cases: words(`
      forbidden-headers:forbidden-no-preflight forbidden-no-preflight/xhr
      method-override-headers/all-xhr method-override-headers/x-http-method-list
      method-override-headers/x-http-method-lower
      method-override-headers/x-http-method-override-list
      method-override-headers/x-http-method-override-lower
      method-override-headers/x-http-method-override-trace
      method-override-headers/x-http-method-trace method-override-headers/x-method-override-list
      method-override-headers/x-method-override-lower
      method-override-headers/x-method-override-trace preflight-acrh-no-forbidden/xhr`),
    checks: everything,
    what: 'Fewer headers are forbidden to script, those that name a method not among them: a preflight asks for them, and they are sent.',
    link: REQUEST_HEADERS,
  },
  {
    id: 'happy-dom-xhr',
    ...happyDom,
    cases: words(`
      accept-dup-each-under-128/xhr-combined ct-empty/xhr empty-body-length/delete
      empty-body-length/patch example-json-post/xhr example-put-between-sites/xhr
      files-multipart-progress files-put-upload/xhr post-blob-json-type/xhr
      preflight-acrh-sorted-lower/xhr preflight-no-content-headers/xhr
      same-origin-never-preflights/xhr stream-upload-forces-preflight upload-events-body
      upload-events-late-listener xhr-charset-appended xhr-charset-rewritten xhr-error-order-upload
      xhr-get-unsent-body-type xhr-getresponseheader-hidden/exposed
      xhr-getresponseheader-hidden/hidden xhr-preflight-error xhr-requests:xhr-document-domain
      xhr-responsexml-cross xhr-setrequestheader-combine xhr-sync-error xhr-sync-preflight
      xhr-sync-timeout-responsetype xhr-upload-listener-forces-preflight xhr-upload-listener-late
      xhr-upload-listener-sync xhr-upload-object-no-listener xhr-upload-of-nothing
      xhr-upload-then-failure/redirect`),
    checks: everything,
    what: 'XMLHttpRequest fires no upload events, leaves a Content-Type without charset as it is, sends its body in chunks, and goes its own way in synchronous requests.',
    link: XHR,
  },
  {
    id: 'happy-dom-referrer-policy',
    ...happyDom,
    cases: words(`
      origin-hdr-cors-ignores-policy/no-referrer-get origin-hdr-cors-ignores-policy/no-referrer-post
      origin-hdr-cors-ignores-policy/same-origin-get origin-hdr-cors-ignores-policy/same-origin-post
      preflight-referer/no-referrer preflight-referer/no-referrer-when-downgrade
      preflight-referer/none-by-script preflight-referer/unsafe-url
      preflight-referrer-missing-policies/same-origin`),
    checks: everything,
    what: "The Referer of a preflight is the page's origin, whatever the referrer policy.",
    link: FETCH,
  },
  {
    id: 'happy-dom-lists',
    ...happyDom,
    cases: words(`
      preflight-acah-bad-token/form-feed preflight-acah-bad-token/vertical-tab
      preflight-acah-unsafe-value-needs-listing/content-type
      preflight-acah-unsafe-value-needs-listing/content-type-xhr preflight-acam-bad-token/at-sign
      preflight-acam-bad-token/nonascii preflight-acam-two-lines/bad-second`),
    checks: everything,
    what: 'Lists in the answer to a preflight are not parsed: a malformed one counts for what it names, unless a control character makes it no answer at all, and a Content-Type is never looked for.',
    link: FETCH,
  },
  {
    id: 'happy-dom-values-unchecked',
    ...happyDom,
    cases: words(`
      headers-object/invalid-value method-invalid-token/empty method-invalid-token/empty-xhr`),
    checks: everything,
    what: 'A Headers object takes a value with a NUL, and an empty method is preflighted.',
    link: REQUEST_HEADERS,
  },
  {
    id: 'happy-dom-statuses',
    ...happyDom,
    cases: words(`
      cache-conditional-author/status-304 preflight-421-retry/still-misdirected
      preflight-421-retry/then-well response-body-null/304 status-101/fetch status-101/xhr
      status-304-author-conditional/fetch status-304-author-conditional/xhr
      status-304-author-no-acao/fetch status-304-author-no-acao/xhr status-407/fetch status-407/xhr`),
    checks: everything,
    what: 'A 101, 407 or 421 in answer to its own preflight ends a request, and a 304 to a condition of script never ends it.',
    link: FETCH,
  },
  {
    id: 'happy-dom-cut-bodies',
    ...happyDom,
    cases: words(`
      cut-body-xhr/same-origin cut-body-xhr/sync cut-body/same-origin`),
    checks: everything,
    what: 'A body that is cut short fails with an EncodingError, and XMLHttpRequest shows status and URL all the same.',
    link: FETCH,
  },
  {
    id: 'happy-dom-aborts',
    ...happyDom,
    cases: words(`
      abort-after-preflight/xhr abort-custom-reason/preflight abort-during-preflight/fetch
      abort-during-preflight/xhr preflight-before-actual-order/unanswered timeout-signal/actual-xhr
      timeout-signal/preflight timeout-signal/preflight-xhr xhr-timeout-during-preflight
      xhr-upload-then-failure/timeout`),
    checks: everything,
    what: 'A preflight that is not answered goes on for ever: neither an abort nor a timeout ends fetch() meanwhile; XMLHttpRequest keeps no timeout, and has events of its own when it is aborted.',
    link: FETCH,
  },
  {
    id: 'happy-dom-xhr-get-body',
    ...happyDom,
    cases: words(`
      method-get-with-body/get-xhr method-get-with-body/head-xhr`),
    checks: everything,
    what: 'XMLHttpRequest with the method GET or HEAD and a body sends nothing and never ends.',
    link: XHR,
  },
  {
    id: 'happy-dom-page-urls',
    ...happyDom,
    cases: words(`
      blob-cross-origin-url/own-fetch blob-cross-origin-url/own-xhr opaque-data-url-fetch/page-fetch
      opaque-data-url-fetch/page-xhr range-blob-data/blob range-blob-data/blob-xhr`),
    checks: everything,
    what: 'A blob: URL of the page itself cannot be fetched, and the response of a data: URL has no URL.',
    link: FETCH,
  },
  {
    id: 'happy-dom-http-cache',
    ...happyDom,
    cases: words(`
      cache-acao-echo-two-origins/vary cache-nocors-then-cors/never-read
      cache-nocors-then-cors/no-store cache-nocors-then-cors/reload cache-split-top-level
      cache-vary-origin/no-cors-then-cors cache-vary-origin/star`),
    checks: everything,
    what: 'What would fill the HTTP cache is preflighted first, and blocked without an answer to that.',
    link: FETCH,
  },
];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

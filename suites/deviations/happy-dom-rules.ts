/** Cases in which happy-dom goes by rules of its own that no small change to the model makes. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { happyDom } from './versions.ts';

const source = (path: string): string =>
  `https://github.com/capricorn86/happy-dom/blob/master/packages/happy-dom/src/${path}`;
const FETCH = source('fetch/Fetch.ts');
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
      ct-129/129 ct-dup-json-plain ct-json ct-list-value ct-unsafe-bytes/at ct-unsafe-bytes/backslash
      ct-unsafe-bytes/colon ct-unsafe-bytes/greater-than ct-unsafe-bytes/left-brace
      ct-unsafe-bytes/left-bracket ct-unsafe-bytes/left-parenthesis ct-unsafe-bytes/less-than
      ct-unsafe-bytes/question-mark ct-unsafe-bytes/quote ct-unsafe-bytes/right-brace
      ct-unsafe-bytes/right-bracket ct-unsafe-bytes/right-parenthesis ct-whitespace-inside/space
      headers-object/two-content-types preflight-acah-safelisted-not-needed`),
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
      folklore-no-cors-protects keepalive-64k/in-flight keepalive-64k/no-cors-exact
      keepalive-64k/no-cors-over keepalive-cors/no-cors mode-navigate-throws mode-nocors-json-type
      mode-nocors-method/delete mode-nocors-method/options mode-nocors-method/patch
      mode-nocors-method/put mode-nocors-opaque mode-only-if-cached mode-same-origin-cross
      nocors-blob-type nocors-corp-blocks nocors-guard nocors-guard-append-128
      opaque-data-url-fetch/no-cors opaque-data-url-fetch/same-origin
      origin-hdr-nocors-post-policy/no-referrer origin-hdr-nocors-post-policy/no-referrer-when-downgrade
      origin-hdr-nocors-post-policy/origin origin-hdr-nocors-post-policy/same-origin
      origin-hdr-nocors-post-policy/strict-origin
      origin-hdr-nocors-post-policy/strict-origin-when-cross-origin
      origin-hdr-nocors-post-policy/unsafe-url origin-hdr-not-on-nocors-get range-nocors-dropped
      redir-bad-scheme/data-no-cors redir-mode-same-origin redir-nocors-manual redir-nocors-post-home
      redir-nocors-through redir-userinfo-no-cors response-body-null/opaque sri-needs-cors/no-cors
      stream-upload-nocors type-basic-cors-opaque/no-cors`),
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
      redir-referrer-policy-header/unsafe-url redir-tainted-preflight-origin
      redir-userinfo-cross/own-to-a-both redir-userinfo-cross/own-to-a-password
      redir-userinfo-cross/own-to-a-user redir-userinfo-same-origin redirect-delete-stays-delete
      xhr-upload-listener-redirect`),
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
      set-cookie-on-preflight-ignored set-cookie-request-header xhr-getresponseheader-hidden/set-cookie
      xhr-sync-credentials xhr-with-credentials-throws-after-send`),
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
      beacon-json-denied/no-acah beacon-json-denied/star beacon-redirect beacon-simple
      redir-bad-scheme/data-script script-module-cors stylesheet-crossorigin/denied
      stylesheet-crossorigin/no-cors`),
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
      method-safelisted-never-in-acam/post-other-list preflight-acrh-no-combine
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
      forbidden-headers:forbidden-no-preflight forbidden-headers:forbidden-no-preflight
      forbidden-no-preflight/xhr method-override-headers/all-xhr
      method-override-headers/x-http-method-list method-override-headers/x-http-method-lower
      method-override-headers/x-http-method-override-list
      method-override-headers/x-http-method-override-lower
      method-override-headers/x-http-method-override-trace method-override-headers/x-http-method-trace
      method-override-headers/x-method-override-list method-override-headers/x-method-override-lower
      method-override-headers/x-method-override-trace`),
    checks: everything,
    what: 'Fewer headers are forbidden to script, those that name a method not among them: a preflight asks for them, and they are sent.',
    link: REQUEST_HEADERS,
  },
  {
    id: 'happy-dom-xhr',
    ...happyDom,
    cases: words(`
      files-put-upload/xhr stream-upload-forces-preflight upload-events-body xhr-charset-appended
      xhr-charset-rewritten xhr-error-order-upload xhr-get-unsent-body-type
      xhr-getresponseheader-hidden/exposed xhr-getresponseheader-hidden/hidden
      xhr-requests:xhr-document-domain xhr-responsexml-cross xhr-setrequestheader-combine xhr-sync-error
      xhr-sync-preflight xhr-sync-timeout-responsetype xhr-upload-listener-forces-preflight
      xhr-upload-listener-late xhr-upload-listener-sync xhr-upload-object-no-listener
      xhr-upload-of-nothing`),
    checks: everything,
    what: 'XMLHttpRequest fires no upload events, leaves a Content-Type without charset as it is, sends its body in chunks, and goes its own way in synchronous requests.',
    link: source('xml-http-request/XMLHttpRequest.ts'),
  },
];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

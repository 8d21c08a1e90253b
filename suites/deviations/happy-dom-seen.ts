/**
 * What happy-dom shows where it goes by rules of its own, all but fetches: every check of such a case that
 * fails, and what is observed. Longer than other files, because each case is listed: whatever else differs there is a
 * regression.
 */
import { alike } from './as-if.ts';

const XHR_BLOCKED = {
  body: '',
  error: 'error',
  headers: '',
  outcome: 'blocked',
  settled: 'rejected',
  status: '0',
  url: '',
  'status-text': '',
} as const;
const READABLE = {
  body: 'ok',
  error: '(absent)',
  outcome: 'readable',
  redirected: 'false',
  settled: 'resolved',
  status: '200',
  'status-text': 'OK',
  url: '{origin:target}/c/{nonce}/main',
} as const;

export const happyDomSeen = {
  'happy-dom-aborts': alike([
    [
      'abort-after-preflight/xhr abort-during-preflight/xhr',
      { events: 'readystatechange:3 loadstart abort loadend readystatechange:0' },
    ],
    [
      'abort-custom-reason/preflight abort-during-preflight/fetch',
      { error: '(absent)', outcome: 'timeout', settled: 'unsettled' },
    ],
    [
      'preflight-before-actual-order/unanswered timeout-signal/actual-xhr timeout-signal/preflight-xhr upload-events-late-same-origin/timeout xhr-upload-then-failure/timeout',
      {
        body: '(absent)',
        error: '(absent)',
        events: '(absent)',
        headers: '(absent)',
        settled: 'unsettled',
        status: '(absent)',
        'status-text': '(absent)',
        url: '(absent)',
      },
    ],
    ['timeout-signal/preflight', { error: '(absent)', settled: 'unsettled' }],
    [
      'xhr-timeout-during-preflight',
      {
        'all-headers': '(absent)',
        body: '(absent)',
        error: '(absent)',
        events: '(absent)',
        headers: '(absent)',
        settled: 'unsettled',
        status: '(absent)',
        'status-text': '(absent)',
        url: '(absent)',
      },
    ],
  ]),
  'happy-dom-buffers-have-type': alike([
    [
      'simple-post-arraybuffer',
      {
        actual: 'not sent',
        outcome: 'blocked',
        preflight: 'sent',
        'request-body': '(absent)',
        'request-header:content-type': '(no such request)',
        status: '(absent)',
        type: '(absent)',
      },
    ],
    [
      'simple-post-arraybuffer/xhr',
      {
        actual: 'not sent',
        outcome: 'blocked',
        preflight: 'sent',
        'request-body': '(absent)',
        'request-header:content-type': '(no such request)',
        status: '0',
      },
    ],
  ]),
  'happy-dom-cut-bodies': alike([
    [
      'cut-body-xhr/same-origin',
      {
        events: 'readystatechange:3 loadstart readystatechange:2 error loadend readystatechange:4',
        headers: 'content-length: 4000',
        status: '200',
        'status-text': 'OK',
        url: '{origin:site}/c/{nonce}/main',
      },
    ],
    [
      'cut-body-xhr/sync',
      { error: 'error', events: 'error loadend readystatechange:4', settled: 'rejected', wire: 'OPTIONS' },
    ],
    ['cut-body/same-origin', { 'body-error': 'EncodingError' }],
  ]),
  'happy-dom-elements': alike([
    ['beacon-json-denied/no-acac beacon-json-denied/no-acah beacon-json-denied/star', { actual: 'sent' }],
    [
      'beacon-redirect/302',
      {
        'GET hop2:origin': '(no such request)',
        'POST:origin': '(no such request)',
        'request-body': '(absent)',
        wire: 'OPTIONS',
      },
    ],
    [
      'beacon-redirect/307 beacon-redirect/308',
      {
        'POST hop2:origin': '(no such request)',
        'POST:origin': '(no such request)',
        'request-body': '(absent)',
        wire: 'OPTIONS',
      },
    ],
    [
      'beacon-simple/buffer beacon-simple/empty beacon-simple/multipart beacon-simple/string beacon-simple/text-blob beacon-simple/typeless-blob beacon-simple/urlencoded',
      {
        'request-header:content-type': '(no such request)',
        'request-header:origin': '(no such request)',
        wire: 'OPTIONS',
      },
    ],
    [
      'beacon-simple/cookies',
      {
        '1.actual': 'not sent',
        '1.outcome': 'blocked',
        '1.preflight': 'sent',
        '2.actual': 'not sent',
        '2.preflight': 'sent',
        '2.request-header:cookie': '(no such request)',
        '3.actual': 'not sent',
        '3.outcome': 'blocked',
        '3.preflight': 'sent',
        '3.request-header:cookie': '(no such request)',
      },
    ],
    ['beacon-simple/too-big', { result: 'true', wire: 'OPTIONS' }],
    ['redir-bad-scheme/data-script script-module-cors/classic-crossorigin', { result: 'load' }],
    [
      'redir-bad-scheme/data-stylesheet stylesheet-crossorigin/denied stylesheet-crossorigin/no-cors',
      { result: 'load, rules readable' },
    ],
    [
      'script-module-cors/allowed',
      { 'request-header:origin': '(no such request)', result: 'error', wire: 'OPTIONS' },
    ],
    ['script-module-cors/classic', { 'request-header:origin': '{origin:site}' }],
    [
      'script-module-cors/credentials-denied script-module-cors/denied script-module-cors/no-attribute',
      { 'request-header:origin': '(no such request)', wire: 'OPTIONS' },
    ],
  ]),
  'happy-dom-lists': alike([
    ['preflight-acah-bad-token/form-feed preflight-acah-bad-token/vertical-tab', { error: 'NetworkError' }],
    [
      'preflight-acam-bad-token/at-sign preflight-acam-bad-token/nonascii preflight-acam-two-lines/bad-second',
      {
        ...READABLE,
        'blocked-at': '(absent)',
        headers:
          'access-control-allow-origin: {origin:site}\naccess-control-allow-credentials: true\ncontent-length: 2',
        type: 'basic',
        wire: 'OPTIONS, PUT',
      },
    ],
  ]),
  'happy-dom-methods': alike([
    ['cache-key-fragment', { '2.preflight': 'sent', '3.url': '{origin:target}/c/{nonce}/main?a#f' }],
    ['preflight-method-options', { url: '{origin:target}/c/{nonce}/main?a=1&b=%20#part' }],
  ]),
  'happy-dom-modes': alike([
    [
      'cred-coep-credentialless/no-cors',
      {
        '1.actual': 'not sent',
        '1.outcome': 'blocked',
        '1.preflight': 'sent',
        '2.actual': 'not sent',
        '2.outcome': 'blocked',
        '2.preflight': 'sent',
        '2.request-header:cookie': '(no such request)',
      },
    ],
    ['keepalive-64k/in-flight', { error: 'NetworkError', wire: 'OPTIONS, OPTIONS' }],
    ['mode-navigate-throws', { error: 'SecurityError' }],
    ['mode-only-if-cached/cors mode-only-if-cached/no-cors', { error: 'NetworkError', wire: 'OPTIONS' }],
    [
      'mode-only-if-cached/same-origin',
      {
        body: 'ok',
        error: '(absent)',
        headers: 'content-length: 2',
        outcome: 'readable',
        redirected: 'false',
        settled: 'resolved',
        status: '200',
        'status-text': 'OK',
        type: 'basic',
        url: '{origin:site}/c/{nonce}/main',
        wire: 'GET',
      },
    ],
    ['opaque-data-url-fetch/no-cors opaque-data-url-fetch/same-origin', { url: '' }],
  ]),
  'happy-dom-other-errors': alike([
    ['cache-cleared-by-failure/mailto', { '2.error': 'object', '2.preflight': 'sent' }],
    [
      'mode-nocors-method/x-own non-http-cors/missing-blob range-blob-data/blob-not-satisfiable',
      { error: 'object' },
    ],
  ]),
  'happy-dom-page-urls': alike([
    [
      'blob-cross-origin-url/own-fetch',
      { body: '(absent)', outcome: 'error (object)', status: '(absent)', type: '(absent)' },
    ],
    [
      'blob-cross-origin-url/own-xhr range-blob-data/blob-xhr',
      { body: '', outcome: 'error (error)', status: '0' },
    ],
    ['opaque-data-url-fetch/page-fetch opaque-data-url-fetch/page-xhr', { url: '' }],
    [
      'range-blob-data/blob',
      {
        body: '(absent)',
        outcome: 'error (object)',
        'readable:content-length': '(absent)',
        'readable:content-range': '(absent)',
        status: '(absent)',
        type: '(absent)',
      },
    ],
  ]),
  'happy-dom-star-method': alike([
    [
      'method-star-literal/credentials',
      {
        'access-control-request-method': '(absent)',
        body: '(absent)',
        error: 'object',
        headers: '(absent)',
        outcome: 'error (object)',
        redirected: '(absent)',
        settled: 'rejected',
        status: '(absent)',
        'status-text': '(absent)',
        type: '(absent)',
        url: '(absent)',
        wire: 'nothing',
      },
    ],
    [
      'method-star-literal/credentials-xhr',
      {
        'access-control-request-method': '(absent)',
        body: '',
        error: 'object',
        events: '',
        headers: '',
        outcome: 'error (object)',
        settled: 'threw',
        status: '0',
        'status-text': '',
        url: '',
        wire: 'nothing',
      },
    ],
  ]),
  'happy-dom-values-unchecked': alike([
    [
      'headers-object/invalid-value',
      { error: 'object', preflight: 'sent', settled: 'rejected', wire: 'OPTIONS' },
    ],
  ]),
  'happy-dom-xhr': alike([
    [
      'accept-dup-each-under-128/xhr-combined',
      {
        'GET:accept':
          'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        'request-header:accept':
          'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      },
    ],
    ['empty-body-length/blob', { 'request-header:content-length': '(absent)' }],
    [
      'empty-body-length/delete',
      { 'DELETE:content-type': '(absent)', 'request-header:content-length': '(absent)' },
    ],
    ['empty-body-length/patch', { 'PATCH:content-type': '(absent)' }],
    [
      'stream-upload-forces-preflight',
      {
        ...READABLE,
        headers: 'access-control-allow-origin: {origin:site}\ncontent-length: 2',
        type: 'basic',
        wire: 'OPTIONS, POST',
      },
    ],
    [
      'xhr-charset-appended/other',
      { 'request-header:content-type': 'text/plain;charset=windows-1252', wire: 'OPTIONS, POST' },
    ],
    [
      'xhr-charset-rewritten/other-parameter',
      { 'request-header:content-type': 'Text/Plain ;Charset=latin1; x=Y', wire: 'OPTIONS, POST' },
    ],
    [
      'xhr-charset-rewritten/quoted',
      { 'request-header:content-type': 'text/plain;charset="ascii"', wire: 'OPTIONS, POST' },
    ],
    [
      'xhr-charset-rewritten/twice',
      { 'request-header:content-type': 'text/plain;charset=ascii;charset=utf-8', wire: 'OPTIONS, POST' },
    ],
    [
      'xhr-document-domain',
      {
        actual: 'not sent',
        outcome: 'blocked',
        preflight: 'sent',
        'request-header:origin': '(no such request)',
      },
    ],
    [
      'xhr-get-unsent-body-type/get xhr-get-unsent-body-type/head',
      {
        actual: 'not sent',
        body: '(absent)',
        events: '(absent)',
        headers: '(absent)',
        outcome: 'timeout',
        'request-body': '(absent)',
        'request-header:content-type': '(no such request)',
        settled: 'unsettled',
        status: '(absent)',
        'status-text': '(absent)',
        url: '(absent)',
        wire: 'nothing',
      },
    ],
    [
      'xhr-getresponseheader-hidden/exposed',
      { actual: 'not sent', outcome: 'blocked', preflight: 'sent', result: 'null' },
    ],
    ['xhr-getresponseheader-hidden/hidden', { actual: 'not sent', outcome: 'blocked', preflight: 'sent' }],
    [
      'xhr-responsexml-cross',
      {
        actual: 'not sent',
        body: '',
        outcome: 'blocked',
        preflight: 'sent',
        result: '(absent)',
        status: '0',
      },
    ],
    [
      'xhr-setrequestheader-combine',
      {
        'GET:accept': 'text/plain;x=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        'request-header:accept': 'text/plain;x=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      },
    ],
    ['xhr-setrequestheader-combine/short', { 'request-header:accept': 'text/html', wire: 'OPTIONS, GET' }],
    [
      'redir-empty-location/sync',
      {
        error: 'error',
        events: 'error loadend readystatechange:4',
        outcome: 'blocked',
        settled: 'rejected',
        url: '',
        wire: 'OPTIONS',
      },
    ],
    [
      'xhr-sync-error',
      {
        actual: 'not sent',
        'blocked-at': 'preflight',
        error: 'error',
        events: 'error loadend readystatechange:4',
        preflight: 'sent',
        settled: 'rejected',
      },
    ],
    [
      'xhr-sync-error/preflight',
      {
        actual: 'sent',
        'all-headers': 'Access-Control-Allow-Origin Content-Length',
        'blocked-at': '(absent)',
        body: 'ok',
        error: '(absent)',
        events: 'readystatechange:4 load loadend',
        outcome: 'readable',
        status: '200',
        url: '{origin:target}/c/{nonce}/main',
      },
    ],
    [
      'xhr-sync-conditional',
      {
        'request-header:cache-control': '(absent)',
        'request-header:pragma': '(absent)',
        events: 'readystatechange:4 load loadend',
      },
    ],
    [
      'status-304-checked/sync',
      {
        'blocked-at': 'preflight',
        actual: 'not sent',
        error: 'error',
        events: 'error loadend readystatechange:4',
        preflight: 'sent',
        settled: 'rejected',
      },
    ],
    [
      'xhr-unanswered-put/sync',
      { error: 'error', events: 'error loadend readystatechange:4', settled: 'rejected' },
    ],
    ['xhr-sync-preflight', { events: 'readystatechange:4 load loadend' }],
    ['xhr-sync-timeout-responsetype/response-type', { error: 'InvalidStateError', events: '' }],
    [
      'xhr-sync-timeout-responsetype/timeout',
      { error: 'error', events: 'error loadend readystatechange:4', settled: 'rejected', wire: 'OPTIONS' },
    ],
    [
      'xhr-upload-listener-sync',
      {
        ...XHR_BLOCKED,
        'access-control-request-headers': 'content-type',
        actual: 'not sent',
        events: 'error loadend readystatechange:4',
        wire: 'OPTIONS',
      },
    ],
    [
      'xhr-upload-of-nothing',
      {
        'POST:content-type': '(absent)',
        events: 'readystatechange:3 loadstart readystatechange:2 readystatechange:4 load loadend',
      },
    ],
  ]),
  'happy-dom-xhr-get-body': alike([
    [
      'method-get-with-body/get-xhr method-get-with-body/head-xhr',
      {
        body: '(absent)',
        events: '(absent)',
        headers: '(absent)',
        outcome: 'timeout',
        'request-header:content-length': '(no such request)',
        'request-header:content-type': '(no such request)',
        'request-header:transfer-encoding': '(no such request)',
        settled: 'unsettled',
        status: '(absent)',
        'status-text': '(absent)',
        url: '(absent)',
        wire: 'nothing',
      },
    ],
  ]),
};

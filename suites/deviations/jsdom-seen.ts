/**
 * What jsdom shows in the cases in which it goes by rules of its own: every check that fails, and what is observed.
 * Longer than other files, because each case is listed: whatever else differs there is a regression.
 */
import { alike } from './as-if.ts';

const CODING_FAILED = {
  outcome: 'blocked',
  status: '0',
  body: '',
  settled: 'rejected',
  error: 'error',
  'status-text': '',
  headers: '',
};

export const jsdomSeen = {
  'jsdom-407-readable': alike([['status-407/xhr', { outcome: 'readable' }]]),
  'jsdom-elements-without-cors': alike([
    ['script-module-cors/classic-crossorigin', { 'request-header:origin': '(absent)', result: 'load' }],
    ['stylesheet-crossorigin/denied stylesheet-crossorigin/no-cors', { result: 'load, rules readable' }],
  ]),
  'jsdom-exposed-lists': alike([
    [
      'aceh-star-before-bad-token-xhr',
      {
        headers:
          'access-control-allow-origin: *\naccess-control-expose-headers: *, b@d\nx-a: a\ncontent-length: 2',
        'hidden:x-a': 'a',
      },
    ],
  ]),
  'jsdom-files-are-asked-for': alike([
    [
      'non-http-cors/file-xhr',
      {
        events: 'readystatechange:1 loadstart readystatechange:2 readystatechange:4 error loadend',
        url: 'file:///',
      },
    ],
  ]),
  'jsdom-filtered-by-last-url': alike([
    ['redir-authorization-back-home/xhr', { headers: 'access-control-allow-origin: *\ncontent-length: 2' }],
  ]),
  'jsdom-forbidden-headers-preflighted': alike([
    [
      'forbidden-no-preflight/xhr',
      {
        actual: 'not sent',
        body: '',
        error: 'error',
        events: 'readystatechange:1 loadstart readystatechange:4 error loadend',
        headers: '',
        outcome: 'blocked',
        preflight: 'sent',
        'request-header:accept-charset': '(no such request)',
        'request-header:accept-encoding': '(no such request)',
        'request-header:access-control-request-headers': '(no such request)',
        'request-header:access-control-request-method': '(no such request)',
        'request-header:connection': '(no such request)',
        'request-header:content-length': '(no such request)',
        'request-header:cookie': '(no such request)',
        'request-header:cookie2': '(no such request)',
        'request-header:date': '(no such request)',
        'request-header:dnt': '(no such request)',
        'request-header:expect': '(no such request)',
        'request-header:host': '(no such request)',
        'request-header:keep-alive': '(no such request)',
        'request-header:origin': '(no such request)',
        'request-header:proxy-anything': '(no such request)',
        'request-header:proxy-authorization': '(no such request)',
        'request-header:referer': '(no such request)',
        'request-header:sec-anything': '(no such request)',
        'request-header:sec-fetch-site': '(no such request)',
        'request-header:set-cookie': '(no such request)',
        'request-header:te': '(no such request)',
        'request-header:trailer': '(no such request)',
        'request-header:transfer-encoding': '(no such request)',
        'request-header:upgrade': '(no such request)',
        'request-header:via': '(no such request)',
        settled: 'rejected',
        status: '0',
        'status-text': '',
        url: '',
        wire: 'OPTIONS',
      },
    ],
    [
      'set-cookie-request-header/xhr',
      {
        actual: 'not sent',
        body: '',
        error: 'error',
        events: 'readystatechange:1 loadstart readystatechange:4 error loadend',
        headers: '',
        outcome: 'blocked',
        preflight: 'sent',
        'request-header:cookie': '(no such request)',
        'request-header:set-cookie': '(no such request)',
        settled: 'rejected',
        status: '0',
        'status-text': '',
        url: '',
        wire: 'OPTIONS',
      },
    ],
  ]),
  'jsdom-fragment-in-url': alike([
    ['redir-fragment/xhr', { url: '{origin:target}/c/{nonce}/hop2#f' }],
    ['xhr-responseurl', { url: '{origin:target}/c/{nonce}/main?q=1#f' }],
  ]),
  'jsdom-lists-unparsed': alike([
    [
      'preflight-acah-bad-though-unneeded/xhr',
      {
        'blocked-at': '(absent)',
        body: 'ok',
        error: '(absent)',
        events:
          'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
        headers: 'content-length: 2',
        outcome: 'readable',
        settled: 'resolved',
        status: '200',
        'status-text': 'OK',
        url: '{origin:target}/c/{nonce}/main',
        wire: 'OPTIONS, PUT',
      },
    ],
    [
      'preflight-acam-bad-though-unneeded/xhr',
      {
        'blocked-at': '(absent)',
        body: 'ok',
        error: '(absent)',
        events:
          'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
        headers: 'content-length: 2',
        outcome: 'readable',
        settled: 'resolved',
        status: '200',
        'status-text': 'OK',
        url: '{origin:target}/c/{nonce}/main',
        wire: 'OPTIONS, GET',
      },
    ],
    [
      'star-with-creds-literal/xhr-header',
      {
        actual: 'sent',
        'blocked-at': '(absent)',
        body: 'ok',
        error: '(absent)',
        events:
          'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
        headers: 'content-length: 2',
        outcome: 'readable',
        settled: 'resolved',
        status: '200',
        'status-text': 'OK',
        url: '{origin:target}/c/{nonce}/main',
        wire: 'OPTIONS, GET',
      },
    ],
  ]),
  'jsdom-missing-blob': alike([
    ['non-http-cors/missing-blob-xhr', { error: '(absent)', outcome: 'readable' }],
  ]),
  'jsdom-names-repeated': alike([
    [
      'dup-exposed-combined/xhr',
      { 'all-headers': 'x-a x-a x-b content-length', headers: 'x-a: 1\nx-a: 2\nx-b: b\ncontent-length: 2' },
    ],
  ]),
  'jsdom-null-body-read': alike([
    [
      'status-null-body/xhr-204 status-null-body/xhr-304',
      {
        error: 'error',
        events: 'readystatechange:1 loadstart readystatechange:2 readystatechange:4 error loadend',
        headers: '',
        outcome: 'blocked',
        settled: 'rejected',
        status: '0',
        'status-text': '',
      },
    ],
    [
      'status-null-body/xhr-205',
      {
        body: 'not for script',
        events:
          'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
      },
    ],
  ]),
  'jsdom-truncated-has-url': alike([
    ['status-truncated-body/xhr', { url: '{origin:target}/c/{nonce}/main' }],
  ]),
  'jsdom-upload-events': alike([
    [
      'empty-body-length/blob',
      { 'DELETE:content-length': '(absent)', 'request-header:content-length': '(absent)' },
    ],
    [
      'empty-body-length/delete',
      {
        'DELETE:content-length': '(absent)',
        events:
          'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
        'request-header:content-length': '(absent)',
      },
    ],
    [
      'empty-body-length/patch xhr-upload-listener-get xhr-upload-of-nothing',
      {
        events:
          'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
      },
    ],
    [
      'upload-events-late-same-origin/timeout',
      {
        events:
          'readystatechange:1 loadstart readystatechange:4 upload.timeout upload.loadend timeout loadend',
      },
    ],
    [
      'xhr-error-order-upload/blocked-response xhr-upload-then-failure/redirect',
      {
        events:
          'readystatechange:1 loadstart upload.loadstart readystatechange:4 upload.error upload.loadend error loadend',
      },
    ],
    [
      'xhr-upload-listener-redirect',
      {
        events:
          'readystatechange:1 loadstart upload.loadstart upload.load upload.loadend readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
        wire: 'POST, POST hop2',
      },
    ],
    [
      'xhr-upload-listener-sync',
      {
        'access-control-request-headers': '(no preflight)',
        'access-control-request-method': '(absent)',
        preflight: 'not sent',
        wire: 'POST',
      },
    ],
    [
      'xhr-upload-refused-without-body',
      {
        actual: 'sent',
        'blocked-at': '(absent)',
        events:
          'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 load loadend',
        outcome: 'readable',
      },
    ],
    [
      'xhr-upload-then-failure/timeout',
      {
        events:
          'readystatechange:1 loadstart upload.loadstart readystatechange:4 upload.timeout upload.loadend timeout loadend',
      },
    ],
  ]),
  'jsdom-url-of-cut-body': alike([
    ['cut-body-xhr/same-origin', { url: '{origin:site}/c/{nonce}/main' }],
    ['cut-body-xhr/sync', { url: '{origin:target}/c/{nonce}/main' }],
    [
      'content-coding/gzip-garbled-xhr content-coding/deflate-garbled-xhr content-coding/br-garbled-xhr content-coding/gzip-once-of-two-xhr',
      { url: '{origin:target}/c/{nonce}/main' },
    ],
  ]),
  'jsdom-cut-coding-fails': alike([
    [
      'content-coding/gzip-cut-xhr',
      {
        ...CODING_FAILED,
        events:
          'readystatechange:1 loadstart readystatechange:2 readystatechange:3 readystatechange:4 error loadend',
      },
    ],
    [
      'content-coding/gzip-trailing-xhr',
      {
        ...CODING_FAILED,
        events: 'readystatechange:1 loadstart readystatechange:2 readystatechange:4 error loadend',
      },
    ],
  ]),
  'jsdom-user-info': alike([
    [
      'cred-url-userinfo-xhr/challenged',
      {
        'request-header:authorization': 'Basic dTpw',
        status: '200',
        'status-text': 'OK',
        url: '{origin:target}/c/{nonce}/main',
        wire: 'GET, GET',
      },
    ],
    ['cred-url-userinfo-xhr/unchallenged', { url: '{origin:target}/c/{nonce}/main' }],
  ]),
};

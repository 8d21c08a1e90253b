/** What older releases of Chromium show in cases that no change to the model accounts for: every check that fails, and what is observed. */
import { alike } from './as-if.ts';

const THREW = {
  body: '(absent)',
  headers: '(absent)',
  redirected: '(absent)',
  status: '(absent)',
  type: '(absent)',
  url: '(absent)',
  'status-text': '(absent)',
  error: 'TypeError',
  outcome: 'error (TypeError)',
  settled: 'threw',
  wire: 'nothing',
  actual: 'not sent',
} as const;

export const olderChromiumSeen = {
  'chromium-425-asks-again': alike([
    ['preflight-4xx-5xx/425', { wire: 'OPTIONS, OPTIONS' }],
    ['status-425', { wire: 'GET, GET' }],
  ]),
  'chromium-fetch-later-throws': alike([
    [
      'fetchlater-cors/get fetchlater-cors/no-cors',
      {
        actual: 'not sent',
        body: '(absent)',
        outcome: 'error (TypeError)',
        'request-header:origin': '(no such request)',
      },
    ],
    [
      'fetchlater-cors/post',
      {
        actual: 'not sent',
        body: '(absent)',
        outcome: 'error (TypeError)',
        'request-body': '(absent)',
        'request-header:origin': '(no such request)',
      },
    ],
    [
      'fetchlater-cors/put',
      {
        'access-control-request-method': '(absent)',
        actual: 'not sent',
        body: '(absent)',
        outcome: 'error (TypeError)',
        preflight: 'not sent',
        'preflight-header:origin': '(no such request)',
        'request-header:origin': '(no such request)',
      },
    ],
    [
      'fetchlater-cors/redirect',
      {
        'GET hop2:origin': '(no such request)',
        'GET:origin': '(no such request)',
        body: '(absent)',
        outcome: 'error (TypeError)',
        wire: 'nothing',
      },
    ],
    ['fetchlater-cors/refused', { body: '(absent)', outcome: 'error (TypeError)', preflight: 'not sent' }],
  ]),
  'chromium-manual-redirect-unchecked': alike([
    [
      'redir-manual-cors-fail',
      {
        'blocked-at': '(absent)',
        body: '',
        error: '(absent)',
        headers: '',
        outcome: 'opaque',
        redirected: 'false',
        settled: 'resolved',
        status: '0',
        'status-text': '',
        type: 'opaqueredirect',
        url: '{origin:target}/c/{nonce}/main',
      },
    ],
  ]),
  'chromium-no-credentialless': alike([
    ['cred-coep-credentialless/no-cors', { '2.request-header:cookie': 'a{nonce}=1' }],
  ]),
  'chromium-no-fetch-later': alike([
    [
      'fetchlater-cors/get fetchlater-cors/no-cors',
      {
        actual: 'not sent',
        body: '(absent)',
        outcome: 'error (NotSupportedError)',
        'request-header:origin': '(no such request)',
      },
    ],
    [
      'fetchlater-cors/post',
      {
        actual: 'not sent',
        body: '(absent)',
        outcome: 'error (NotSupportedError)',
        'request-body': '(absent)',
        'request-header:origin': '(no such request)',
      },
    ],
    [
      'fetchlater-cors/put',
      {
        'access-control-request-method': '(absent)',
        actual: 'not sent',
        body: '(absent)',
        outcome: 'error (NotSupportedError)',
        preflight: 'not sent',
        'preflight-header:origin': '(no such request)',
        'request-header:origin': '(no such request)',
      },
    ],
    [
      'fetchlater-cors/redirect',
      {
        'GET hop2:origin': '(no such request)',
        'GET:origin': '(no such request)',
        body: '(absent)',
        outcome: 'error (NotSupportedError)',
        wire: 'nothing',
      },
    ],
    [
      'fetchlater-cors/refused',
      { body: '(absent)', outcome: 'error (NotSupportedError)', preflight: 'not sent' },
    ],
  ]),
  'chromium-no-timeout-signal': alike([
    [
      'cors-error-not-abort/timeout-set',
      {
        actual: 'not sent',
        'blocked-at': '(absent)',
        outcome: 'error (TypeError)',
        settled: 'threw',
        wire: 'nothing',
      },
    ],
    [
      'cred-401-no-prompt/fetch status-401-visible/fetch',
      { ...THREW, 'request-header:authorization': '(no such request)' },
    ],
    ['preflight-unterminated-body timeout-signal/answered', { ...THREW, preflight: 'not sent' }],
    ['status-401-visible/no-challenge', { ...THREW }],
    ['status-101/fetch status-407/fetch', { actual: 'not sent' }],
    [
      'abort-in-worker/timeout abort-keepalive/timeout timeout-signal/actual timeout-signal/preflight',
      { error: 'TypeError', outcome: 'error (TypeError)', settled: 'threw', wire: 'nothing' },
    ],
  ]),
};

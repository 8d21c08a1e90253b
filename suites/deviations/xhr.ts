/** Known deviations of the XMLHttpRequest suites. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';
import { chromiumSource, webkitSource } from './sources.ts';

const SEND = 'https://xhr.spec.whatwg.org/#the-send()-method';
const NO_PREFLIGHT = {
  preflight: 'not sent',
  'access-control-request-method': '(absent)',
  'access-control-request-headers': '(no preflight)',
} as const;

export const xhrDeviations: readonly Deviation[] = [
  {
    id: 'chromium-upload-listener-needs-async-body',
    ...chromium,
    cases: ['xhr-upload-listener-get', 'xhr-upload-listener-sync'],
    checks: NO_PREFLIGHT,
    what: 'A listener on the upload forces a preflight only of an asynchronous request with a body.',
    link: chromiumSource('third_party/blink/renderer/core/xmlhttprequest/xml_http_request.cc'),
  },
  {
    id: 'webkit-upload-listener-needs-async',
    ...webkit,
    cases: ['xhr-upload-listener-sync'],
    checks: NO_PREFLIGHT,
    what: 'A listener on the upload forces no preflight of a synchronous request.',
    link: webkitSource('WebCore/xml/XMLHttpRequest.cpp'),
  },
  {
    id: 'chromium-charset-respelt',
    ...chromium,
    cases: ['xhr-charset-appended/utf-8'],
    checks: { 'request-header:content-type': 'text/plain;charset=UTF-8' },
    what: 'A charset=utf-8 that script set is respelt in upper case.',
    link: SEND,
  },
  {
    id: 'firefox-blocked-response-fails-upload',
    ...firefox,
    cases: ['xhr-error-order-upload/blocked-response'],
    checks: {
      events:
        'readystatechange:1 loadstart upload.loadstart readystatechange:4 upload.error upload.loadend error loadend',
    },
    what: 'An upload is reported as failed when its response is blocked, although it arrived.',
    link: SEND,
  },
];

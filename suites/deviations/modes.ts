/** Known deviations of the suites about modes, elements and the checks beside CORS. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';

const EXTRACT_BODY = 'https://fetch.spec.whatwg.org/#concept-bodyinit-extract';

export const modeDeviations: readonly Deviation[] = [
  {
    id: 'chromium-local-address-not-mixed',
    ...chromium,
    cases: ['mixed-content/get', 'mixed-content/put'],
    checks: { outcome: 'readable', wire: true, error: '(absent)' },
    what: 'An address of the local network is left to the permission for local network access instead of being mixed content.',
    link: 'https://wicg.github.io/local-network-access/#integration-with-mixed-content',
  },
  {
    id: 'webkit-loopback-mixed',
    ...webkit,
    cases: ['mixed-content/loopback'],
    checks: {
      outcome: 'error (TypeError)',
      actual: 'not sent',
      status: '(absent)',
      type: '(absent)',
      body: '(absent)',
    },
    what: 'A loopback address without TLS is mixed content like any other.',
    link: 'https://bugs.webkit.org/show_bug.cgi?id=171934',
  },
  {
    id: 'webkit-no-stream-upload',
    ...webkit,
    cases: ['stream-upload-forces-preflight'],
    checks: { wire: 'nothing', error: 'NotSupportedError', 'access-control-request-method': '(absent)' },
    what: 'A stream as request body is refused as not supported.',
    link: EXTRACT_BODY,
  },
  {
    id: 'firefox-no-stream-upload',
    ...firefox,
    cases: ['stream-upload-forces-preflight'],
    checks: {
      outcome: 'readable',
      wire: 'POST',
      error: '(absent)',
      'access-control-request-method': '(absent)',
    },
    what: 'A stream as request body is sent as the text that the object turns into.',
    link: 'https://bugzilla.mozilla.org/show_bug.cgi?id=1387483',
  },
  {
    id: 'webkit-no-stream-upload-error',
    ...webkit,
    cases: ['stream-upload-nocors'],
    checks: { error: 'NotSupportedError' },
    what: 'A stream as request body is refused as not supported, whatever the mode.',
    link: EXTRACT_BODY,
  },
  {
    id: 'firefox-no-stream-upload-without-cors',
    ...firefox,
    cases: ['stream-upload-nocors'],
    checks: { outcome: 'opaque', wire: 'POST', error: '(absent)' },
    what: 'A stream as request body is sent as the text that the object turns into, without CORS too.',
    link: 'https://bugzilla.mozilla.org/show_bug.cgi?id=1387483',
  },
  {
    id: 'firefox-refused-preload-loads',
    ...firefox,
    cases: ['preload-consumption/denied'],
    checks: { result: 'load, then fetch TypeError' },
    what: 'A preload that fails the CORS check fires load; the fetch() that reads it fails.',
    link: 'https://github.com/whatwg/html/pull/7799',
  },
  {
    id: 'webkit-fonts-without-cors',
    ...webkit,
    cases: ['font-cors/*'],
    checks: { result: 'load', 'request-header:origin': '(absent)' },
    what: 'A font is asked for without CORS, and loads whatever its server allows.',
    link: 'https://lists.webkit.org/pipermail/webkit-dev/2011-January/015797.html',
  },
];

/** Known deviations of the suites about credentials and cookies. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromium, firefox, webkit } from './seen.ts';
import { FIREFOX_HEADERS, firefoxSource } from './sources.ts';

const NETWORK_OR_CACHE = 'https://fetch.spec.whatwg.org/#http-network-or-cache-fetch';

export const credentialsDeviations: readonly Deviation[] = [
  {
    id: 'chromium-cross-origin-login-prompt',
    ...chromium,
    cases: ['cred-401-no-prompt'],
    checks: { outcome: 'timeout', status: true },
    what: 'A challenge in a cross-origin response to a request with credentials asks for a password, and script waits for it.',
    link: NETWORK_OR_CACHE,
  },
  {
    id: 'firefox-cross-origin-login-prompt',
    ...firefox,
    // Playwright's own build answers for the user.
    build: /webdriver bidi/,
    cases: ['cred-401-no-prompt'],
    checks: { outcome: 'timeout', status: true },
    what: 'A challenge in a cross-origin response to a request with credentials asks for a password, and script waits for it.',
    link: firefoxSource('netwerk/test/unit/test_auth_dialog_permission.js'),
  },
  {
    id: 'firefox-xhr-password-cross-origin',
    ...firefox,
    cases: ['cred-url-userinfo-xhr/challenged'],
    checks: { wire: 'GET, GET', status: '200', 'request-header:authorization': 'Basic dTpw' },
    what: 'When another origin answers with a challenge, the user and password given to open() are sent to it.',
    link: NETWORK_OR_CACHE,
  },
  {
    id: 'firefox-empty-credentials-line-dropped',
    ...firefox,
    cases: ['acac-list/empty-line'],
    checks: { outcome: 'readable', 'blocked-at': '(absent)' },
    what: 'An empty Access-Control-Allow-Credentials line is dropped beside one that says "true".',
    link: FIREFOX_HEADERS,
  },
  {
    id: 'webkit-no-credentialless',
    ...webkit,
    cases: ['cred-coep-credentialless/no-cors'],
    checks: { '2.request-header:cookie': true },
    what: 'The embedder policy "credentialless" is not implemented: no-cors requests carry cookies.',
    link: 'https://bugs.webkit.org/show_bug.cgi?id=230550',
  },
];

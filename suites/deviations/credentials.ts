/** Known deviations of the suites about credentials and cookies. */
import {
  isCrossSiteTainted,
  isPotentiallyTrustworthy,
  sameSite,
  schemelesslySameSite,
  siteOf,
} from '../../harness/standard/origin.ts';
import { SPEC } from '../../harness/standard/spec.ts';
import type { FetchRequest } from '../../harness/standard/types.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromiumSource, firefoxSource, WEBKIT_SOUP_TASK } from './sources.ts';
import { chromium, chromiumIn, firefox, webkit } from './versions.ts';

const targetOf = ({ urls }: FetchRequest): string => (urls.at(-1) as URL).origin;

const isOfTopLevelSite = (request: FetchRequest): boolean =>
  schemelesslySameSite(request.client.topLevelOrigin ?? request.client.origin, targetOf(request));

/** Page on top, frame and target are not all of one site, whatever their schemes. */
const isForeign = (request: FetchRequest): boolean =>
  !isOfTopLevelSite(request) || !schemelesslySameSite(request.client.origin, targetOf(request));

export const credentialsDeviations: readonly Deviation[] = [
  {
    id: 'chromium-cross-origin-login-prompt',
    ...chromium,
    // The releases from npm are the headless shell, which has no dialogs.
    build: /^(?!.* release )/,
    cases: ['cred-401-no-prompt'],
    asIf: { asksUserCrossOrigin: true },
    what: 'A challenge in a cross-origin response to a request with credentials opens a password prompt, and script waits for it.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'firefox-cross-origin-login-prompt',
    ...firefox,
    // Playwright's own build answers for the user.
    build: /webdriver bidi/,
    cases: ['cred-401-no-prompt'],
    asIf: { asksUserCrossOrigin: true },
    what: 'A challenge in a cross-origin response to a request with credentials opens a password prompt, and script waits for it.',
    link: firefoxSource('netwerk/test/unit/test_auth_dialog_permission.js'),
  },
  ...[
    { ...chromium, link: chromiumSource('net/cookies/cookie_util.cc') },
    { ...firefox, link: firefoxSource('netwerk/cookie/CookieCommons.cpp') },
  ].map(
    ({ link, ...seen }): Deviation => ({
      id: `${seen.engine}-secure-cookies-on-loopback`,
      ...seen,
      cases: ['cookie-secure-loopback'],
      asIf: { secureForCookies: (standard, url) => standard || isPotentiallyTrustworthy(url) },
      what: 'A cookie with Secure is kept and sent over http too at hosts of this machine, such as localhost.',
      link,
    }),
  ),
  {
    id: 'firefox-xhr-password-cross-origin',
    ...firefox,
    cases: ['cred-url-userinfo-xhr/challenged'],
    asIf: { authenticatesCrossOrigin: true },
    what: 'The user and password given to open() are sent to another origin that answers with a challenge.',
    link: SPEC.networkOrCache,
  },
  {
    id: 'webkitgtk-same-site-none-without-secure',
    ...webkit,
    cases: ['cookie-same-site-none/without-secure'],
    asIf: { insecureSameSiteNone: true },
    what: 'A cookie with SameSite=None is kept even without Secure.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkit-cookies-by-the-page-on-top',
    ...webkit,
    cases: ['cookie-sandboxed-frame', 'cookie-schemeless-site'],
    asIf: { crossSiteForCookies: (_, request) => !isOfTopLevelSite(request) },
    what: 'Whether a request is cross-site for its cookies goes by the page on top alone, without its scheme: a frame of another site or an opaque origin makes no difference.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'webkit-third-party-sets-no-cookies',
    ...webkit,
    cases: ['cookie-other-host/third-party'],
    asIf: { keepsCookies: isOfTopLevelSite },
    what: 'The response to a third-party request sets no cookies; a user agent may block them.',
    link: WEBKIT_SOUP_TASK,
  },
  {
    id: 'chromium-cookies-whatever-redirects',
    ...chromium,
    cases: ['cookie-after-cross-site-redirect', 'cookie-set-after-cross-site-redirect'],
    asIf: {
      crossSiteForCookies: (standard, request) => {
        const { origin, topLevelOrigin = origin } = request.client;
        const isOfSite = [origin, topLevelOrigin].every(one => sameSite(one, targetOf(request)));
        return standard && !isOfSite;
      },
    },
    what: 'A redirect through another site does not make a request cross-site for its cookies.',
    link: SPEC.sameSiteCookies,
  },
  {
    id: 'chromium-changed-cookies-come-last',
    ...chromium,
    cases: ['cookie-order/changed'],
    asIf: { changedCookiesComeLast: true },
    what: 'A cookie that is set again with another value counts as new, and comes last in the header Cookie.',
    link: chromiumSource('net/cookies/cookie_monster.cc'),
  },
  {
    id: 'firefox-schemeless-cookies',
    ...firefox,
    cases: ['cookie-schemeless-site'],
    asIf: {
      crossSiteForCookies: (standard, request) =>
        standard && (isForeign(request) || isCrossSiteTainted(request.origin, request.urls)),
    },
    what: 'Whether a request is cross-site for its cookies goes by hosts alone, not by schemes.',
    link: firefoxSource('netwerk/cookie/CookieCommons.cpp'),
  },
  {
    id: 'firefox-sets-cookies-whatever-redirects',
    ...firefox,
    cases: ['cookie-set-after-cross-site-redirect'],
    asIf: { crossSiteForSetting: (standard, request) => standard && isForeign(request) },
    what: 'A redirect through another site keeps no cookies with SameSite from being set.',
    link: firefoxSource('netwerk/cookie/CookieCommons.cpp'),
  },
  {
    id: 'firefox-partitions-cookies',
    ...firefox,
    cases: ['cookie-partitioned'],
    asIf: {
      cookiePartition: request =>
        isForeign(request) ? siteOf(request.client.topLevelOrigin ?? request.client.origin) : '',
    },
    what: 'Third-party requests have a cookie jar of their own for each site on top; a user agent may keep them apart.',
    link: firefoxSource('toolkit/components/antitracking/StoragePrincipalHelper.cpp'),
  },
  ...[firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-no-default-same-site`,
      ...seen,
      cases: ['cookie-same-site-default'],
      asIf: { noDefaultSameSite: true },
      what: 'A cookie without SameSite goes with cross-site requests, as one with SameSite=None does.',
      link: SPEC.sameSiteCookies,
    }),
  ),
  {
    id: 'chromium-no-third-party-cookies',
    ...chromiumIn('156'),
    cases: ['cookie-other-host/third-party', 'cookie-partitioned'],
    asIf: {
      cookiePartition: ({ client, urls }) => {
        const target = (urls.at(-1) as URL).origin;
        const top = client.topLevelOrigin ?? client.origin;
        // A data: worker is of the page's site, though not of its origin.
        const own = client.global === 'worker' && client.origin === 'null' ? top : client.origin;
        const first = sameSite(own, target) && sameSite(top, target);
        return first ? '' : null;
      },
    },
    what: 'Third-party requests neither send cookies nor set them; a user agent may block them.',
    link: chromiumSource('net/cookies/cookie_util.cc'),
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

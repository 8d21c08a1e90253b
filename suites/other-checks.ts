/**
 * What stands between a request and the network, or a response and the page, beside CORS.
 * Longer than other files, as a suite is one file.
 */

import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { viaXhr, withXhr } from './api-helpers.ts';
import { acam, acao, allowed, answer, networkError, noCors, one, readable, resourceAt } from './helpers.ts';

const opaque = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'opaque',
  type: 'opaque',
  ...more,
});

const corp = (value: string): [string, string] => ['Cross-Origin-Resource-Policy', value];

const policies: Case[] = [
  ...withXhr(
    one({
      id: 'cors-ignores-corp',
      title: 'Cross-Origin-Resource-Policy does not block a request in mode cors',
      spec: [SPEC.httpFetch, SPEC.corp],
      server: answer(acao(), corp('same-origin')),
      expect: readable({ type: 'cors', status: 200, body: 'ok' }),
    }),
  ),
  one({
    id: 'nocors-corp-blocks/same-origin',
    title: 'Cross-Origin-Resource-Policy: same-origin blocks a no-cors request from another origin',
    spec: [SPEC.httpFetch, SPEC.corp],
    request: noCors(),
    server: answer(corp('same-origin')),
    expect: networkError(['GET']),
  }),
  one({
    id: 'nocors-corp-blocks/same-site',
    title: 'Cross-Origin-Resource-Policy: same-site allows a no-cors request from another origin of the site',
    spec: [SPEC.httpFetch, SPEC.corp],
    request: noCors(),
    server: answer(corp('same-site')),
    expect: opaque(),
  }),
  one({
    id: 'nocors-corp-blocks/other-site',
    title: 'Cross-Origin-Resource-Policy: same-site blocks a no-cors request from another site',
    spec: [SPEC.httpFetch, SPEC.corp],
    request: noCors(),
    server: answer(corp('same-site')),
    expect: networkError(['GET']),
    at: 'ipv4-target',
  }),
  one({
    id: 'nocors-corp-blocks/cross-origin',
    title: 'Cross-Origin-Resource-Policy: cross-origin allows a no-cors request from another site',
    spec: [SPEC.httpFetch, SPEC.corp],
    request: noCors(),
    server: answer(corp('cross-origin')),
    expect: opaque(),
    at: 'ipv4-target',
  }),
];

/** The digests of "ok", of "no" and of nothing. */
const OF_OK = 'sha256-Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8=';
const OF_NO = 'sha256-k5Apjz+wxbFgSYk115yxOa7yjhxHNYtLu6YYYrnCblk=';
const OF_NOTHING = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

const MOVED: Answer = { status: 302, headers: [acao(), ['Location', '{url}']] };
const BODILESS: readonly [variant: string, what: string, request: CaseRequest, actual: Answer][] = [
  ['head', 'A response to HEAD', { method: 'HEAD' }, answer(acao())],
  ['204', 'A response with status 204', {}, { status: 204, headers: [acao()] }],
  ['manual', 'A redirect in mode manual', { redirect: 'manual' }, MOVED],
  ['manual-no-digest', 'A redirect in mode manual', { redirect: 'manual', integrity: 'nonsense' }, MOVED],
  ['manual-matching', 'A redirect in mode manual', { redirect: 'manual', integrity: OF_OK }, MOVED],
];

const EVEN_TO: Readonly<Record<string, string>> = {
  [OF_NOTHING]: 'the digest of nothing',
  [OF_OK]: 'the digest of its body',
  nonsense: 'no digest',
};

const integrity: Case[] = [
  ...BODILESS.map(([variant, what, request, actual]) =>
    one({
      id: `integrity-no-body/${variant}`,
      title: `${what} is a network error if integrity is set, even to ${EVEN_TO[request.integrity ?? OF_NOTHING]}`,
      spec: SPEC.mainFetch,
      request: { integrity: OF_NOTHING, ...request },
      server: { actual },
      expect: networkError([request.method ?? 'GET']),
    }),
  ),
  one({
    id: 'integrity-cors-body',
    title: 'A response of type cors that matches its integrity digest is readable',
    spec: [SPEC.mainFetch, SPEC.integrity],
    request: { integrity: OF_OK },
    server: allowed,
    expect: readable({ type: 'cors', status: 200, body: 'ok' }),
  }),
  one({
    id: 'sri-needs-cors/mismatch',
    title: 'A response of type cors that does not match its integrity digest is a network error',
    spec: [SPEC.mainFetch, SPEC.integrity],
    request: { integrity: OF_NO },
    server: allowed,
    expect: networkError(['GET']),
  }),
  one({
    id: 'sri-needs-cors/no-cors',
    title: 'An opaque response is a network error if integrity is set, even to the right digest',
    spec: [SPEC.mainFetch, SPEC.integrity],
    request: noCors({ integrity: OF_OK }),
    server: allowed,
    expect: networkError(['GET']),
  }),
];

const UNFETCHED: readonly [variant: string, url: string, what: string][] = [
  ['ftp', 'ftp://localhost:{port:target}{path}', 'An ftp: URL'],
  ['file', 'file:///', 'A file: URL'],
  ['custom', 'x-custom://localhost:{port:target}{path}', 'A URL of a custom scheme'],
  ['about', 'about:invalid', 'about:invalid'],
  ['mailto', 'mailto:someone@localhost', 'A mailto: URL'],
  ['missing-blob', 'blob:{origin}/00000000-0000-4000-8000-000000000000', 'A blob: URL that does not exist'],
];

const schemes: Case[] = UNFETCHED.flatMap(([variant, url, what]) => {
  const viaFetch = one({
    id: `non-http-cors/${variant}`,
    title: `${what} is a network error`,
    spec: [SPEC.mainFetch, SPEC.schemeFetch],
    request: { url },
    server: allowed,
    expect: networkError(),
  });
  return [viaFetch, viaXhr(viaFetch)];
});

/** The lab's own channel from the page needs no more than this. */
const OWN_HOST = "connect-src 'self' ws://localhost:*";
const OWN_HOST_AND_TARGET = `${OWN_HOST} http://localhost:*`;

const TRUSTWORTHY_LOOPBACK = {
  class: 'outside',
  because:
    'Mixed Content rules on this: content of a potentially trustworthy origin is not mixed, and 127.0.0.1 is one.',
} as const;

const barred: Case[] = [
  ...withXhr(
    one({
      id: 'csp-connect-src',
      title: 'A URL that connect-src does not allow is not requested',
      spec: [SPEC.mainFetch, SPEC.csp],
      server: allowed,
      expect: networkError(),
      at: 'ipv4-target',
      csp: OWN_HOST,
    }),
  ),
  one({
    id: 'csp-connect-src/preflight',
    title: 'A URL that connect-src does not allow receives no preflight',
    spec: [SPEC.mainFetch, SPEC.csp],
    request: { method: 'PUT' },
    server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
    expect: networkError(),
    at: 'ipv4-target',
    csp: OWN_HOST,
  }),
  one({
    id: 'csp-connect-src/allowed',
    title: 'A URL that connect-src allows is fetched as usual',
    spec: [SPEC.mainFetch, SPEC.csp],
    server: allowed,
    expect: readable({ type: 'cors', status: 200 }),
    at: 'ipv4-target',
    csp: `${OWN_HOST} http://127.0.0.1:*`,
  }),
  ...(
    [
      ['blocked', 'does not allow', networkError(['GET']), OWN_HOST_AND_TARGET],
      [
        'allowed',
        'allows, whatever its path,',
        readable({ type: 'cors', redirected: true, wire: ['GET', 'GET hop2'] }),
        `${OWN_HOST_AND_TARGET} http://127.0.0.1:*/not/this/path`,
      ],
    ] as const
  ).map(([variant, allows, expect, csp]) =>
    one({
      id: `csp-connect-src/redirect-${variant}`,
      title: `A redirect to a URL that connect-src ${allows} is ${variant === 'blocked' ? 'a network error' : 'followed'}`,
      spec: [SPEC.mainFetch, SPEC.csp],
      server: {
        actual: { status: 302, headers: [acao(), ['Location', '{url:hop2}']], body: '' },
        resources: { hop2: resourceAt('ipv4-target', { actual: answer(acao('*')) }) },
      },
      expect,
      csp,
    }),
  ),
  ...(['GET', 'PUT'] as const).map(method =>
    one({
      id: `mixed-content/${method.toLowerCase()}`,
      title: `A ${method} from a secure page to an insecure address is not sent`,
      spec: [SPEC.mainFetch, SPEC.mixedContent],
      request: { method, url: 'http://0.0.0.0:{port:target}{path}' },
      server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
      expect: networkError(),
      page: 'secure-site',
      class: 'outside',
      because:
        'Mixed Content rules on this: loopback addresses are potentially trustworthy, and 0.0.0.0 is not one of them.',
    }),
  ),
  one({
    id: 'mixed-content/sync',
    title: 'A synchronous XMLHttpRequest from a secure page to an insecure address throws a NetworkError',
    spec: [SPEC.mainFetch, SPEC.mixedContent, SPEC.xhrErrorSteps],
    request: { api: 'xhr', sync: true, url: 'http://0.0.0.0:{port:target}{path}' },
    server: allowed,
    expect: { ...networkError(), error: 'NetworkError' },
    page: 'secure-site',
    class: 'outside',
    because:
      'Mixed Content rules on this: loopback addresses are potentially trustworthy, and 0.0.0.0 is not one of them.',
  }),
  one({
    id: 'mixed-content/loopback-sync',
    title: 'A synchronous XMLHttpRequest of a secure page may go to a loopback address without TLS',
    spec: [SPEC.mainFetch, SPEC.mixedContent],
    request: { api: 'xhr', sync: true },
    server: allowed,
    expect: readable({ status: 200, body: 'ok' }),
    page: 'secure-site',
    at: 'ipv4-target',
    ...TRUSTWORTHY_LOOPBACK,
  }),
  one({
    id: 'mixed-content/redirect',
    title: 'A redirect from a secure URL to an insecure address is not followed on a secure page',
    spec: [SPEC.mainFetch, SPEC.mixedContent],
    server: {
      actual: {
        status: 302,
        headers: [acao(), ['Location', 'http://0.0.0.0:{port:target}{path}']],
        body: '',
      },
    },
    expect: networkError(['GET']),
    page: 'secure-site',
    at: 'secure-target',
    class: 'outside',
    because:
      'Mixed Content rules on this: loopback addresses are potentially trustworthy, and 0.0.0.0 is not one of them.',
  }),
  one({
    id: 'mixed-content/loopback',
    title: 'A secure page may fetch from a loopback address without TLS',
    spec: [SPEC.mainFetch, SPEC.mixedContent],
    server: allowed,
    expect: readable({ type: 'cors', status: 200, body: 'ok' }),
    page: 'secure-site',
    at: 'ipv4-target',
    ...TRUSTWORTHY_LOOPBACK,
  }),
  one({
    id: 'mixed-content/loopback-sandboxed',
    title: 'A sandboxed frame of a secure page may fetch from a loopback address without TLS',
    spec: [SPEC.mainFetch, SPEC.mixedContent],
    server: answer(acao('null')),
    expect: readable({ type: 'cors', status: 200, body: 'ok' }),
    page: 'secure-site',
    realm: 'sandboxed-frame',
    at: 'ipv4-target',
    ...TRUSTWORTHY_LOOPBACK,
  }),
  one({
    id: 'mixed-content/loopback-redirect',
    title:
      'On a secure page, a request that was preflighted may be redirected to a loopback address without TLS',
    spec: [SPEC.mainFetch, SPEC.mixedContent],
    request: { method: 'PUT' },
    server: {
      preflight: answer(acao(), acam('PUT')),
      actual: { status: 307, headers: [acao(), ['Location', '{url:hop2}']] },
      resources: {
        hop2: resourceAt('ipv4-target', {
          preflight: answer(acao('{request:origin}'), acam('PUT')),
          actual: answer(acao('{request:origin}')),
        }),
      },
    },
    expect: readable({ status: 200, wire: ['OPTIONS', 'PUT', 'OPTIONS hop2', 'PUT hop2'] }),
    page: 'secure-site',
    at: 'secure-target',
    ...TRUSTWORTHY_LOOPBACK,
  }),
  one({
    id: 'stream-upload-forces-preflight',
    title: 'A stream as body forces a preflight, and is not sent over HTTP/1.1',
    spec: [SPEC.requestClass, SPEC.networkFetch],
    request: { method: 'POST', body: { stream: 'x' } },
    server: { preflight: answer(acao()), actual: allowed },
    expect: { ...networkError(['OPTIONS']), accessControlRequestMethod: 'POST' },
  }),
];

export const otherChecks = defineSuite({
  id: 'other-checks',
  title: 'Checks other than CORS',
  about:
    'Resource policies, integrity, schemes, Content Security Policy, mixed content and what HTTP/1.1 cannot send.',
  cases: [...policies, ...integrity, ...schemes, ...barred],
});

/** What stands between a request and the network, or a response and the page, beside CORS. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, Expectation } from '../harness/case/schema.ts';
import { viaXhr, withXhr } from './apis.ts';
import { acam, acao, allowed, answer, failed, noCors, one, readable, spec } from './helpers.ts';

const CORP = 'https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header';
const SRI = 'https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist';
const CSP = 'https://w3c.github.io/webappsec-csp/#directive-connect-src';
const MIXED = 'https://w3c.github.io/webappsec-mixed-content/#should-block-fetch';

const opaque = (more: Partial<Expectation> = {}): Expectation => ({
  outcome: 'opaque',
  type: 'opaque',
  ...more,
});

const corp = (value: string): [string, string] => ['Cross-Origin-Resource-Policy', value];

const policies: Case[] = [
  ...withXhr(
    one(
      'cors-ignores-corp',
      'A Cross-Origin-Resource-Policy does not stand in the way of a CORS request.',
      [spec.httpFetch, CORP],
      {},
      answer(acao(), corp('same-origin')),
      readable({ type: 'cors', status: 200, body: 'ok' }),
    ),
  ),
  one(
    'nocors-corp-blocks/same-origin',
    'Without CORS, the policy same-origin stops the response for another origin.',
    [spec.httpFetch, CORP],
    noCors(),
    answer(corp('same-origin')),
    failed(['GET']),
  ),
  one(
    'nocors-corp-blocks/same-site',
    'The policy same-site lets it pass to another origin of the same site.',
    [spec.httpFetch, CORP],
    noCors(),
    answer(corp('same-site')),
    opaque(),
  ),
  one(
    'nocors-corp-blocks/other-site',
    'The policy same-site stops the response for another site.',
    [spec.httpFetch, CORP],
    noCors(),
    answer(corp('same-site')),
    failed(['GET']),
    { at: 'ipv4-target' },
  ),
  one(
    'nocors-corp-blocks/cross-origin',
    'The policy cross-origin lets it pass to another site.',
    [spec.httpFetch, CORP],
    noCors(),
    answer(corp('cross-origin')),
    opaque(),
    { at: 'ipv4-target' },
  ),
];

/** The digests of "ok" and of "no". */
const OF_OK = 'sha256-Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8=';
const OF_NO = 'sha256-k5Apjz+wxbFgSYk115yxOa7yjhxHNYtLu6YYYrnCblk=';

const integrity: Case[] = [
  one(
    'integrity-cors-body',
    'A CORS response whose body has the digest that the page expects is readable.',
    [spec.mainFetch, SRI],
    { integrity: OF_OK },
    allowed,
    readable({ type: 'cors', status: 200, body: 'ok' }),
  ),
  one(
    'sri-needs-cors/mismatch',
    'A CORS response whose body has another digest is a network error.',
    [spec.mainFetch, SRI],
    { integrity: OF_NO },
    allowed,
    failed(['GET']),
  ),
  one(
    'sri-needs-cors/no-cors',
    'An opaque response is a network error where the page expects a digest, even the right one.',
    [spec.mainFetch, SRI],
    noCors({ integrity: OF_OK }),
    allowed,
    failed(['GET']),
  ),
];

const UNFETCHED: readonly [variant: string, url: string][] = [
  ['ftp', 'ftp://localhost:{port:target}{path}'],
  ['file', 'file:///'],
  ['custom', 'x-custom://localhost:{port:target}{path}'],
  ['about', 'about:invalid'],
  ['mailto', 'mailto:someone@localhost'],
  ['missing-blob', 'blob:{origin}/00000000-0000-4000-8000-000000000000'],
];

const schemes: Case[] = UNFETCHED.flatMap(([variant, url]) => {
  const viaFetch = one(
    `non-http-cors/${variant}`,
    'A URL that is not fetched over HTTP and names no local resource is a network error.',
    [spec.mainFetch, spec.schemeFetch],
    { url },
    allowed,
    failed(),
  );
  return [viaFetch, viaXhr(viaFetch)];
});

/** The lab's own channel from the page needs no more than this. */
const OWN_HOST = "connect-src 'self' ws://localhost:*";

const barred: Case[] = [
  ...withXhr(
    one(
      'csp-connect-src',
      'What the page’s policy does not let it connect to is not asked for.',
      [spec.mainFetch, CSP],
      {},
      allowed,
      failed(),
      { at: 'ipv4-target', csp: OWN_HOST },
    ),
  ),
  one(
    'csp-connect-src/preflight',
    'Nor is a preflight sent there.',
    [spec.mainFetch, CSP],
    { method: 'PUT' },
    { preflight: answer(acao(), acam('PUT')), actual: allowed },
    failed(),
    { at: 'ipv4-target', csp: OWN_HOST },
  ),
  one(
    'csp-connect-src/allowed',
    'What the policy lets it connect to is fetched as without a policy.',
    [spec.mainFetch, CSP],
    {},
    allowed,
    readable({ type: 'cors', status: 200 }),
    { at: 'ipv4-target', csp: `${OWN_HOST} http://127.0.0.1:*` },
  ),
  ...(['GET', 'PUT'] as const).map(method =>
    one(
      `mixed-content/${method.toLowerCase()}`,
      `A secure page’s ${method} request to an insecure address does not leave.`,
      [spec.mainFetch, MIXED],
      { method, url: 'http://0.0.0.0:{port:target}{path}' },
      { preflight: answer(acao(), acam('PUT')), actual: allowed },
      failed(),
      {
        page: 'secure-site',
        because:
          'Loopback addresses count as secure, and 0.0.0.0 is none of them though it leads to this machine.',
        notModelled: 'the model knows no mixed content',
      },
    ),
  ),
  one(
    'mixed-content/loopback',
    'A secure page may fetch from a loopback address without TLS.',
    [spec.mainFetch, MIXED],
    {},
    allowed,
    readable({ type: 'cors', status: 200, body: 'ok' }),
    {
      page: 'secure-site',
      at: 'ipv4-target',
      because: 'The content of potentially trustworthy origins is not mixed, and 127.0.0.1 is one.',
    },
  ),
  one(
    'stream-upload-forces-preflight',
    'A stream as body forces a preflight, and is not sent over HTTP/1.1.',
    [spec.requestClass, spec.networkFetch],
    { method: 'POST', body: { stream: 'x' } },
    { preflight: answer(acao()), actual: allowed },
    { ...failed(['OPTIONS']), accessControlRequestMethod: 'POST' },
  ),
];

export const otherChecks = defineSuite({
  id: 'other-checks',
  title: 'Checks beside CORS',
  about:
    'Resource policies, integrity, schemes, Content Security Policy, mixed content and what HTTP/1.1 cannot send.',
  cases: [...policies, ...integrity, ...schemes, ...barred],
});

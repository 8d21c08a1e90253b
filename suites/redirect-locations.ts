/** Where a redirect leads: the Location header, what it may say, and how many redirects are followed. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, Expectation, Resource } from '../harness/case/schema.ts';
import { inBothApis } from './apis.ts';
import { acao, allowed, blocked, failed, one, readable, spec } from './helpers.ts';
import { A, landed, REDIRECT_STATUSES, redirect } from './redirect-words.ts';

const LOCATION = spec.locationUrl;
const rules = [spec.redirectFetch, LOCATION];
const networkError = failed(['GET']);
const toA = { hop2: A({ actual: allowed }) };

/** A case whose first answer has these Location lines, in bytes. */
const locations = (
  id: string,
  title: string,
  lines: string[],
  expect: Expectation,
  more: Partial<Case> = {},
) =>
  one(
    id,
    title,
    rules,
    {},
    {
      actual: { status: 302, headers: [...lines.map(v => ['Location', v] as [string, string]), acao()] },
      resources: { ...toA, hop3: A({ actual: allowed }) },
    },
    expect,
    more,
  );

/** A chain of redirects, all within one foreign origin: main → r1 → … → r<count>. */
function chain(count: number): { actual: Answer; resources: Record<string, Resource>; wire: string[] } {
  const names = Array.from({ length: count }, (_, i) => `r${i + 1}`);
  const resources = Object.fromEntries(
    names.map((name, i) => {
      const next = names[i + 1];
      return [name, A({ actual: next ? redirect(next, 302, acao()) : allowed })];
    }),
  );
  return {
    actual: redirect('r1', 302, acao()),
    resources,
    wire: ['GET', ...names.map(name => `GET ${name}`)],
  };
}

const twenty = chain(20);
const twentyOne = chain(21);

const counts = [
  ...inBothApis(
    one(
      'redir-count-20/20',
      'Twenty redirects are followed',
      spec.redirectFetch,
      {},
      { actual: twenty.actual, resources: twenty.resources },
      readable({ ...landed, url: '{url:r20}', wire: twenty.wire }),
    ),
  ),
  ...inBothApis(
    one(
      'redir-count-20/21',
      'The twenty-first redirect is a network error',
      spec.redirectFetch,
      {},
      { actual: twentyOne.actual, resources: twentyOne.resources },
      { outcome: 'error', error: 'TypeError', wire: twentyOne.wire.slice(0, 21) },
    ),
  ),
];

const missing = [
  ...REDIRECT_STATUSES.map(status =>
    one(
      `redir-no-location/${status}`,
      `A ${status} without Location is an ordinary response`,
      [spec.redirectFetch, LOCATION],
      {},
      { status, headers: [acao()], body: 'no way on' },
      readable({ type: 'cors', status, redirected: false, body: 'no way on' }),
    ),
  ),
  one(
    'redir-no-location/xhr',
    'A 302 without Location is an ordinary response (XMLHttpRequest)',
    [spec.redirectFetch, LOCATION],
    { api: 'xhr' },
    { status: 302, headers: [acao()], body: 'no way on' },
    readable({ status: 302, body: 'no way on' }),
  ),
  one(
    'redir-no-location/not-allowed',
    'A 302 without Location is blocked like any response that does not allow the origin',
    [spec.httpFetch, spec.corsCheck],
    {},
    { status: 302, body: 'no way on' },
    blocked(),
  ),
  one(
    'redir-no-location/error-mode',
    'In error mode a redirect status is a network error even without Location',
    spec.httpFetch,
    { redirect: 'error' },
    { status: 302, headers: [acao()] },
    networkError,
  ),
  one(
    'redir-no-location/manual-mode',
    'In manual mode a redirect status gives an opaque-redirect response even without Location',
    spec.httpFetch,
    { redirect: 'manual' },
    { status: 302, headers: [acao()] },
    { outcome: 'opaque', type: 'opaqueredirect', status: 0 },
  ),
  one(
    'redir-empty-location',
    'An empty Location resolves to the same URL, which is asked again',
    rules,
    {},
    { actual: [{ status: 302, headers: [['Location', ''], acao()] }, allowed] },
    readable({ ...landed, url: '{url}', wire: ['GET', 'GET'] }),
  ),
];

const lines = [
  locations(
    'redir-two-locations-same',
    'Two equal Location lines are a network error: the header is a single value',
    ['{url:hop2}', '{url:hop2}'],
    networkError,
    {
      spec: [LOCATION, spec.extractHeaderListValues],
      class: 'disputed',
      because:
        'The Standard refuses a second line of a header that is a single value, whatever it says; the engines follow lines that agree.',
      links: ['https://github.com/whatwg/fetch/issues/814'],
    },
  ),
  locations(
    'redir-two-locations-differ',
    'Two different Location lines are a network error',
    ['{url:hop2}', '{url:hop3}'],
    networkError,
    { spec: [LOCATION, spec.extractHeaderListValues] },
  ),
  ...[300, 304, 305, 306, 309, 399].map(status =>
    one(
      `redir-non-redirect-3xx/${status}`,
      `A ${status} is no redirect: script sees it, and its Location is not followed`,
      'https://fetch.spec.whatwg.org/#redirect-status',
      {},
      { actual: { status, headers: [['Location', '{url:hop2}'], acao()] }, resources: toA },
      readable({ type: 'cors', status, redirected: false, wire: ['GET'] }),
    ),
  ),
  one(
    'redir-non-redirect-3xx/error-mode',
    'A 300 is no redirect, so that error mode does not mind it',
    'https://fetch.spec.whatwg.org/#redirect-status',
    { redirect: 'error' },
    { actual: { status: 300, headers: [['Location', '{url:hop2}'], acao()] }, resources: toA },
    readable({ type: 'cors', status: 300, redirected: false, wire: ['GET'] }),
  ),
  ...(
    [
      ['data', 'data:text/plain,x'],
      ['blob', 'blob:{origin}/b8c6a2d4-0000-4000-8000-000000000000'],
      ['mailto', 'mailto:x@example.com'],
      ['custom', 'foo:bar'],
      ['ftp', 'ftp://localhost/x'],
      ['file', 'file:///etc/hostname'],
      ['about', 'about:blank'],
      ['javascript', 'javascript:0'],
      ['ws', 'ws://localhost:{port:target}{path:hop2}'],
    ] as const
  ).flatMap(([name, url]) =>
    inBothApis(
      locations(
        `redir-bad-scheme/${name}`,
        `A redirect to a ${name}: URL is a network error`,
        [url],
        networkError,
        { spec: [spec.redirectFetch] },
      ),
    ),
  ),
];

const urls = [
  ...inBothApis(
    one(
      'redir-fragment',
      'A fragment never goes over the wire, and the URL that script sees has none',
      [LOCATION, 'https://fetch.spec.whatwg.org/#dom-response-url'],
      { suffix: '#f' },
      { actual: redirect('hop2', 302, acao()), resources: toA },
      readable({
        ...landed,
        wire: ['GET', 'GET hop2'],
        requestTargets: { GET: '{path}', 'GET hop2': '{path:hop2}' },
      }),
      {
        because:
          "The redirected URL inherits the request's fragment, but response.url and responseURL leave fragments out.",
      },
    ),
  ),
  locations(
    'redir-fragment/in-location',
    "A fragment in the Location stays off the wire and out of the response's URL",
    ['{url:hop2}#g'],
    readable({ ...landed, wire: ['GET', 'GET hop2'], requestTargets: { 'GET hop2': '{path:hop2}' } }),
  ),
  locations(
    'redir-location-non-utf8',
    'A byte of a Location that is no UTF-8 is percent-encoded as that byte',
    ['{path:hop2}?\xff'],
    readable({
      ...landed,
      url: '{url:hop2}?%FF',
      wire: ['GET', 'GET hop2'],
      requestTargets: { 'GET hop2': '{path:hop2}?%FF' },
    }),
    {
      class: 'disputed',
      because:
        'The Standard parses a byte sequence as a URL without saying how it is decoded; this is what most engines do.',
      links: ['https://github.com/whatwg/fetch/issues/883'],
      notModelled: 'the Standard does not say how the bytes are decoded',
    },
  ),
];

export const redirectLocations = defineSuite({
  id: 'redirect-locations',
  title: 'Where redirects lead',
  cases: [...counts, ...missing, ...lines, ...urls],
});

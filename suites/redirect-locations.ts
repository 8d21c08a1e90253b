/**
 * Where a redirect leads: the Location header, what it may say, and how many redirects are followed.
 * Longer than other files, as a suite is one file.
 */

import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Expectation, Resource } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { inBothApis } from './api-helpers.ts';
import {
  acam,
  acao,
  allowed,
  blockedAtResponse,
  type CaseDetails,
  type HeaderLine,
  networkError,
  type OneStep,
  one,
  preflighted,
  readable,
  type Titled,
} from './helpers.ts';
import { onTarget, REDIRECT_STATUSES, reachedHop2, redirect } from './redirect-helpers.ts';

const LOCATION = SPEC.locationUrl;
const rules = [SPEC.redirectFetch, LOCATION];
const stopped = networkError(['GET']);
const toA = { hop2: onTarget({ actual: allowed }) };

/** A case whose first answer has these Location lines, in bytes. */
const locations = ({
  id,
  title,
  lines,
  expect,
  ...details
}: Titled & CaseDetails & { lines: string[]; expect: Expectation }) =>
  one({
    id,
    title,
    spec: rules,
    server: {
      actual: { status: 302, headers: [...lines.map(v => ['Location', v] as [string, string]), acao()] },
      resources: { ...toA, hop3: onTarget({ actual: allowed }) },
    },
    expect,
    ...details,
  });

/** A chain of redirects, all within one foreign origin: main → r1 → … → r<count>. */
function chain(count: number): { actual: Answer; resources: Record<string, Resource>; wire: string[] } {
  const names = Array.from({ length: count }, (_, i) => `r${i + 1}`);
  const resources = Object.fromEntries(
    names.map((name, i) => {
      const next = names[i + 1];
      return [name, onTarget({ actual: next ? redirect(next, 302, acao()) : allowed })];
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
    one({
      id: 'redir-count-20/20',
      title: 'Twenty redirects are followed',
      spec: SPEC.redirectFetch,
      server: { actual: twenty.actual, resources: twenty.resources },
      expect: readable({ ...reachedHop2, url: '{url:r20}', wire: twenty.wire }),
    }),
  ),
  ...inBothApis(
    one({
      id: 'redir-count-20/21',
      title: 'The twenty-first redirect is a network error',
      spec: SPEC.redirectFetch,
      server: { actual: twentyOne.actual, resources: twentyOne.resources },
      expect: { outcome: 'error', error: 'TypeError', wire: twentyOne.wire.slice(0, 21) },
    }),
  ),
];

const missing = [
  ...REDIRECT_STATUSES.map(status =>
    one({
      id: `redir-no-location/${status}`,
      title: `A ${status} without Location is an ordinary response`,
      spec: [SPEC.redirectFetch, LOCATION],
      server: { status, headers: [acao()], body: 'no way on' },
      expect: readable({ type: 'cors', status, redirected: false, body: 'no way on' }),
    }),
  ),
  one({
    id: 'redir-no-location/xhr',
    title: 'A 302 without Location is an ordinary response (XMLHttpRequest)',
    spec: [SPEC.redirectFetch, LOCATION],
    request: { api: 'xhr' },
    server: { status: 302, headers: [acao()], body: 'no way on' },
    expect: readable({ status: 302, body: 'no way on' }),
  }),
  one({
    id: 'redir-no-location/not-allowed',
    title: 'A 302 without Location is blocked without Access-Control-Allow-Origin',
    spec: [SPEC.httpFetch, SPEC.corsCheck],
    server: { status: 302, body: 'no way on' },
    expect: blockedAtResponse(),
  }),
  one({
    id: 'redir-no-location/error-mode',
    title: 'In redirect mode error, a redirect status without Location is a network error',
    spec: SPEC.httpFetch,
    request: { redirect: 'error' },
    server: { status: 302, headers: [acao()] },
    expect: stopped,
  }),
  one({
    id: 'redir-no-location/manual-mode',
    title: 'In redirect mode manual, a redirect status without Location gives an opaque-redirect response',
    spec: SPEC.httpFetch,
    request: { redirect: 'manual' },
    server: { status: 302, headers: [acao()] },
    expect: { outcome: 'opaque', type: 'opaqueredirect', status: 0, body: '' },
  }),
  one({
    id: 'redir-empty-location',
    title: 'An empty Location redirects to the same URL',
    spec: rules,
    server: { actual: [{ status: 302, headers: [['Location', ''], acao()] }, allowed] },
    expect: readable({ ...reachedHop2, url: '{url}', wire: ['GET', 'GET'] }),
  }),
  one({
    id: 'redir-empty-location/sync',
    title: 'An empty Location redirects a synchronous XMLHttpRequest to the same URL',
    spec: rules,
    request: { api: 'xhr', sync: true },
    server: { actual: [{ status: 302, headers: [['Location', ''], acao()] }, allowed] },
    expect: readable({ url: '{url}', wire: ['GET', 'GET'] }),
  }),
];

const DIFFERING: HeaderLine[] = [acao(), ['Location', '/a'], ['Location', '/b']];

/** Where a redirect is not followed, nobody asks for the URL that it leads to. */
const TWO_TO_NOWHERE: readonly [
  variant: string,
  what: string,
  details: Pick<OneStep, 'request' | 'server' | 'expect'>,
][] = [
  ['200', 'A 200', { server: { headers: DIFFERING }, expect: readable({ status: 200, body: 'ok' }) }],
  [
    'preflight',
    "A preflight's answer",
    {
      request: { method: 'PUT' },
      server: { preflight: { headers: [...DIFFERING, acam('PUT')] }, actual: allowed },
      expect: preflighted({ status: 200 }),
    },
  ],
  [
    'manual',
    'A 302 in redirect mode manual',
    {
      request: { redirect: 'manual' },
      server: { status: 302, headers: DIFFERING },
      expect: { outcome: 'opaque', type: 'opaqueredirect', status: 0, body: '' },
    },
  ],
];

const lines = [
  locations({
    id: 'redir-two-locations-same',
    title: 'Two equal Location lines are a network error',
    lines: ['{url:hop2}', '{url:hop2}'],
    expect: stopped,
    spec: [LOCATION, SPEC.extractHeaderListValues],
    class: 'disputed',
    because:
      'The Standard rejects a second line of a header that has a single value, whatever its value; engines follow lines that agree.',
    links: ['https://github.com/whatwg/fetch/issues/814'],
  }),
  locations({
    id: 'redir-two-locations-differ',
    title: 'Two different Location lines are a network error',
    lines: ['{url:hop2}', '{url:hop3}'],
    expect: stopped,
    spec: [LOCATION, SPEC.extractHeaderListValues],
  }),
  ...TWO_TO_NOWHERE.map(([variant, what, details]) =>
    one({
      id: `redir-two-locations-no-redirect/${variant}`,
      title: `${what} with two different Location lines is like any other`,
      spec: [LOCATION, SPEC.redirectStatus],
      ...details,
    }),
  ),
  ...[300, 304, 305, 306, 309, 399].map(status =>
    one({
      id: `redir-non-redirect-3xx/${status}`,
      title: `A ${status} is not a redirect: script sees it, and its Location is not followed`,
      spec: SPEC.redirectStatus,
      server: { actual: { status, headers: [['Location', '{url:hop2}'], acao()] }, resources: toA },
      expect: readable({ type: 'cors', status, redirected: false, wire: ['GET'] }),
    }),
  ),
  one({
    id: 'redir-non-redirect-3xx/error-mode',
    title: 'A 300 is not a redirect, so redirect mode error accepts it',
    spec: SPEC.redirectStatus,
    request: { redirect: 'error' },
    server: { actual: { status: 300, headers: [['Location', '{url:hop2}'], acao()] }, resources: toA },
    expect: readable({ type: 'cors', status: 300, redirected: false, wire: ['GET'] }),
  }),
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
      locations({
        id: `redir-bad-scheme/${name}`,
        title: `A redirect to ${/^(?:about|ftp)$/.test(name) ? 'an' : 'a'} ${name}: URL is a network error`,
        lines: [url],
        expect: stopped,
        spec: [SPEC.redirectFetch],
      }),
    ),
  ),
];

const noCorsToData = one({
  id: 'redir-bad-scheme/data-no-cors',
  title: 'A redirect to a data: URL is a network error in mode no-cors',
  spec: SPEC.redirectFetch,
  request: { mode: 'no-cors' },
  server: redirect('data:text/plain,x', 302),
  expect: stopped,
});

const urls = [
  ...inBothApis(
    one({
      id: 'redir-fragment',
      title: 'A fragment is not sent to the target of a redirect, and response.url has none',
      spec: [LOCATION, SPEC.responseUrl],
      request: { suffix: '#f' },
      server: { actual: redirect('hop2', 302, acao()), resources: toA },
      expect: readable({
        ...reachedHop2,
        wire: ['GET', 'GET hop2'],
        requestTargets: { GET: '{path}', 'GET hop2': '{path:hop2}' },
      }),
      because:
        "The redirected URL inherits the request's fragment, but response.url and responseURL leave fragments out.",
    }),
  ),
  locations({
    id: 'redir-fragment/in-location',
    title: 'A fragment in Location is not sent, and response.url has none',
    lines: ['{url:hop2}#g'],
    expect: readable({
      ...reachedHop2,
      wire: ['GET', 'GET hop2'],
      requestTargets: { 'GET hop2': '{path:hop2}' },
    }),
  }),
  locations({
    id: 'redir-location-utf8',
    title: 'A UTF-8 character in Location is percent-encoded once',
    lines: ['{path:hop2}?caf\xc3\xa9'],
    expect: readable({
      ...reachedHop2,
      url: '{url:hop2}?caf%C3%A9',
      wire: ['GET', 'GET hop2'],
      requestTargets: { 'GET hop2': '{path:hop2}?caf%C3%A9' },
    }),
    class: 'disputed',
    because:
      'The Standard parses a byte sequence as a URL without saying how to decode it; servers send UTF-8, which most engines expect.',
    links: ['https://github.com/whatwg/fetch/issues/883'],
    notModelled: 'The Standard does not say how the bytes are decoded.',
  }),
  locations({
    id: 'redir-location-escapes',
    title: 'A percent-encoded byte in Location keeps its lower case',
    lines: ['{path:hop2}?a=%c3%a9'],
    expect: readable({
      ...reachedHop2,
      url: '{url:hop2}?a=%c3%a9',
      wire: ['GET', 'GET hop2'],
      requestTargets: { 'GET hop2': '{path:hop2}?a=%c3%a9' },
    }),
  }),
  locations({
    id: 'redir-location-non-utf8',
    title: 'A byte in Location that is not UTF-8 is percent-encoded as that byte',
    lines: ['{path:hop2}?\xff'],
    expect: readable({
      ...reachedHop2,
      url: '{url:hop2}?%FF',
      wire: ['GET', 'GET hop2'],
      requestTargets: { 'GET hop2': '{path:hop2}?%FF' },
    }),
    class: 'disputed',
    because:
      'The Standard parses a byte sequence as a URL without saying how to decode it; this is what most engines do.',
    links: ['https://github.com/whatwg/fetch/issues/883'],
    notModelled: 'The Standard does not say how the bytes are decoded.',
  }),
];

export const redirectLocations = defineSuite({
  id: 'redirect-locations',
  title: 'Where redirects lead',
  cases: [...counts, ...missing, ...lines, noCorsToData, ...urls],
});

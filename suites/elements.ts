/** Requests that elements, style sheets and other interfaces make. */

import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acac, acao, answer, one, readable, ruledBy } from './helpers.ts';
import { FONT, GIF } from './media-helpers.ts';

const ELEMENTS = { notModelled: 'The model does not fetch for elements.' } as const;

type Row = readonly [
  variant: string,
  title: string,
  request: CaseRequest,
  headers: [string, string][],
  result: string,
];

const IMAGES: readonly Row[] = [
  [
    'anonymous-allowed',
    "An image with crossorigin leaves a canvas readable if its response allows the page's origin",
    {},
    [acao()],
    'load, canvas readable',
  ],
  [
    'anonymous-wildcard',
    'An image with crossorigin leaves a canvas readable if its response allows "*"',
    {},
    [acao('*')],
    'load, canvas readable',
  ],
  [
    'anonymous-denied',
    'An image with crossorigin does not load without Access-Control-Allow-Origin',
    {},
    [],
    'error',
  ],
  [
    'credentials-allowed',
    'An image with crossorigin=use-credentials loads if its response allows credentials',
    { credentials: 'include' },
    [acao(), acac()],
    'load, canvas readable',
  ],
  [
    'credentials-denied',
    'An image with crossorigin=use-credentials does not load without Access-Control-Allow-Credentials',
    { credentials: 'include' },
    [acao()],
    'error',
  ],
  [
    'credentials-wildcard',
    'An image with crossorigin=use-credentials does not load if its response allows "*"',
    { credentials: 'include' },
    [acao('*'), acac()],
    'error',
  ],
];

const PLAIN: Row = [
  'no-cors',
  'An image without crossorigin loads and taints a canvas, whatever its response allows',
  { mode: 'no-cors' },
  [acao('*')],
  'load, canvas tainted',
];

const image = ([variant, title, request, headers, result]: Row, origin: string | null): Case =>
  one({
    id: `img-crossorigin/${variant}`,
    title,
    spec: [SPEC.corsAttributes, SPEC.canvas, SPEC.corsCheck],
    request: { ...request, api: 'image' },
    server: { headers: [['Content-Type', 'image/gif'], ...headers], body: GIF },
    expect: readable({ result, wire: ['GET'], requestHeaders: { origin } }),
    ...ELEMENTS,
  });

const javascript = (...headers: [string, string][]): Answer => ({
  headers: [['Content-Type', 'text/javascript'], ...headers],
  body: '0',
});

const SCRIPTS: readonly (readonly [
  variant: string,
  title: string,
  request: CaseRequest,
  headers: [string, string][],
  result: 'load' | 'error',
  origin: '{origin}' | null,
])[] = [
  [
    'allowed',
    "A cross-origin module script runs if its response allows the page's origin",
    { api: 'module' },
    [acao()],
    'load',
    '{origin}',
  ],
  [
    'denied',
    'A cross-origin module script does not run without Access-Control-Allow-Origin',
    { api: 'module' },
    [],
    'error',
    '{origin}',
  ],
  [
    'no-attribute',
    'A module script is fetched with CORS even without a crossorigin attribute',
    { api: 'module', mode: 'no-cors' },
    [],
    'error',
    '{origin}',
  ],
  [
    'credentials-denied',
    'A module script with crossorigin=use-credentials does not run if its response allows "*"',
    { api: 'module', credentials: 'include' },
    [acao('*'), acac()],
    'error',
    '{origin}',
  ],
  [
    'classic',
    'A cross-origin classic script runs without Access-Control-Allow-Origin',
    { api: 'script', mode: 'no-cors' },
    [],
    'load',
    null,
  ],
  [
    'classic-crossorigin',
    'A classic script with crossorigin does not run without Access-Control-Allow-Origin',
    { api: 'script' },
    [],
    'error',
    '{origin}',
  ],
];

const scripts = SCRIPTS.map(([variant, title, request, headers, result, origin]) =>
  one({
    id: `script-module-cors/${variant}`,
    title,
    spec: [SPEC.scriptElement, SPEC.moduleScript, SPEC.corsCheck],
    request,
    server: javascript(...headers),
    expect: readable({ result, wire: ['GET'], requestHeaders: { origin } }),
    ...ELEMENTS,
  }),
);

const font = ({
  variant,
  title,
  headers,
  result,
}: {
  title: string;
  variant: string;
  headers: [string, string][];
  result: string;
}): Case =>
  one({
    id: `font-cors/${variant}`,
    title,
    spec: SPEC.fontFetching,
    ...ruledBy('CSS Fonts'),
    request: { api: 'font' },
    server: { headers: [['Content-Type', 'font/ttf'], ...headers], body: FONT },
    expect: readable({ result, wire: ['GET'], requestHeaders: { origin: '{origin}' } }),
    ...ELEMENTS,
  });

const preloaded = ({
  variant,
  title,
  request = {},
  headers,
  result,
  wire,
}: {
  title: string;
  variant: string;
  request?: CaseRequest;
  headers: [string, string][];
  result: string;
  wire: string[];
}): Case =>
  one({
    id: `preload-consumption/${variant}`,
    title,
    spec: [SPEC.preload, SPEC.fetchMethod],
    ...ruledBy('HTML'),
    request: { ...request, api: 'preload' },
    server: answer(['Cache-Control', 'no-store'], ...headers),
    expect: readable({ result, wire }),
    ...ELEMENTS,
  });

const socket = (variant: string, title: string, headers: [string, string][]): Case =>
  one({
    id: `websocket-not-cors${variant}`,
    title,
    spec: [SPEC.originHeader, SPEC.webSocket],
    request: { api: 'websocket' },
    server: { status: 101, headers: [['Upgrade', 'websocket'], ['Connection', 'Upgrade'], ...headers] },
    expect: readable({ result: 'open', wire: ['GET'], requestHeaders: { origin: '{origin}' } }),
    ...ELEMENTS,
  });

export const elements = defineSuite({
  id: 'elements',
  title: 'Images, scripts, fonts, preloads and WebSockets',
  about: 'Which elements fetch with CORS, and what they reveal of a response that does or does not allow it.',
  cases: [
    ...IMAGES.map(row => image(row, '{origin}')),
    image(PLAIN, null),
    ...scripts,
    font({
      title: "A cross-origin font loads if its response allows the page's origin",
      variant: 'allowed',
      headers: [acao()],
      result: 'load',
    }),
    font({
      title: 'A cross-origin font does not load without Access-Control-Allow-Origin',
      variant: 'denied',
      headers: [],
      result: 'NetworkError',
    }),
    preloaded({
      title: 'A preload with CORS serves a fetch() with CORS without another request',
      variant: 'same-mode',
      headers: [acao()],
      result: 'load, then fetch cors 200',
      wire: ['GET'],
    }),
    preloaded({
      title: 'A preload without CORS does not serve a fetch() with CORS',
      variant: 'other-mode',
      request: { mode: 'no-cors' },
      headers: [acao()],
      result: 'load, then fetch cors 200',
      wire: ['GET', 'GET'],
    }),
    preloaded({
      title: 'A preload with CORS fails without Access-Control-Allow-Origin',
      variant: 'denied',
      headers: [],
      result: 'error',
      wire: ['GET'],
    }),
    socket(
      '',
      'A WebSocket to another origin sends Origin and opens without Access-Control-Allow-Origin',
      [],
    ),
    socket('/wrong-allow-origin', 'A WebSocket opens even if its response allows only another origin', [
      acao('http://else.example'),
    ]),
  ],
});

/** Requests that elements, style sheets and other interfaces make. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { acac, acao, answer, one, readable, spec } from './helpers.ts';
import { FONT, GIF } from './tiny-files.ts';

const HTML = 'https://html.spec.whatwg.org/multipage';
const CORS_ATTRIBUTES = `${HTML}/urls-and-fetching.html#create-a-potential-cors-request`;
const CANVAS = `${HTML}/canvas.html#security-with-canvas-elements`;
const SCRIPT = `${HTML}/scripting.html#prepare-the-script-element`;
const MODULE = `${HTML}/webappapis.html#fetch-a-single-module-script`;
const PRELOAD = `${HTML}/links.html#link-type-preload`;
const FONT_FETCH = 'https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements';
const WEBSOCKET = 'https://websockets.spec.whatwg.org/#concept-websocket-establish';

const ELEMENTS = { notModelled: 'the model makes no requests for elements' } as const;

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
    'An image that is asked for with CORS and allowed leaves a canvas readable.',
    {},
    [acao()],
    'load, canvas readable',
  ],
  ['anonymous-wildcard', 'So does one that everybody may read.', {}, [acao('*')], 'load, canvas readable'],
  [
    'anonymous-denied',
    'An image that is asked for with CORS and not allowed does not load.',
    {},
    [],
    'error',
  ],
  [
    'credentials-allowed',
    'An image that is asked for with credentials loads where they are allowed.',
    { credentials: 'include' },
    [acao(), acac()],
    'load, canvas readable',
  ],
  [
    'credentials-denied',
    'An image that is asked for with credentials does not load where they are not allowed.',
    { credentials: 'include' },
    [acao()],
    'error',
  ],
  [
    'credentials-wildcard',
    'Nor does it load through a wildcard.',
    { credentials: 'include' },
    [acao('*'), acac()],
    'error',
  ],
];

const PLAIN: Row = [
  'no-cors',
  'An image that is asked for without CORS loads, and taints a canvas, whatever its server allows.',
  { mode: 'no-cors' },
  [acao('*')],
  'load, canvas tainted',
];

const image = ([variant, title, request, headers, result]: Row, origin: string | null): Case =>
  one(
    `img-crossorigin/${variant}`,
    title,
    [CORS_ATTRIBUTES, CANVAS],
    { ...request, api: 'image' },
    { headers: [['Content-Type', 'image/gif'], ...headers], body: GIF },
    readable({ result, wire: ['GET'], requestHeaders: { origin } }),
    ELEMENTS,
  );

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
    'A module of another origin runs where it is allowed.',
    { api: 'module' },
    [acao()],
    'load',
    '{origin}',
  ],
  [
    'denied',
    'A module of another origin does not run where nothing is allowed.',
    { api: 'module' },
    [],
    'error',
    '{origin}',
  ],
  [
    'no-attribute',
    'A module is asked for with CORS also where its element has no crossorigin attribute.',
    { api: 'module', mode: 'no-cors' },
    [],
    'error',
    '{origin}',
  ],
  [
    'credentials-denied',
    'A module that is asked for with credentials does not run through a wildcard.',
    { api: 'module', credentials: 'include' },
    [acao('*'), acac()],
    'error',
    '{origin}',
  ],
  [
    'classic',
    'A classic script of another origin runs though nothing is allowed.',
    { api: 'script', mode: 'no-cors' },
    [],
    'load',
    null,
  ],
  [
    'classic-crossorigin',
    'A classic script with a crossorigin attribute does not run where nothing is allowed.',
    { api: 'script' },
    [],
    'error',
    '{origin}',
  ],
];

const scripts = SCRIPTS.map(([variant, title, request, headers, result, origin]) =>
  one(
    `script-module-cors/${variant}`,
    title,
    [SCRIPT, MODULE],
    request,
    javascript(...headers),
    readable({ result, wire: ['GET'], requestHeaders: { origin } }),
    ELEMENTS,
  ),
);

const font = (variant: string, title: string, headers: [string, string][], result: string): Case =>
  one(
    `font-cors/${variant}`,
    title,
    FONT_FETCH,
    { api: 'font' },
    { headers: [['Content-Type', 'font/ttf'], ...headers], body: FONT },
    readable({ result, wire: ['GET'], requestHeaders: { origin: '{origin}' } }),
    ELEMENTS,
  );

const preloaded = (
  variant: string,
  title: string,
  request: CaseRequest,
  headers: [string, string][],
  result: string,
  wire: string[],
): Case =>
  one(
    `preload-consumption/${variant}`,
    title,
    [PRELOAD, spec.fetchMethod],
    { ...request, api: 'preload' },
    answer(['Cache-Control', 'no-store'], ...headers),
    readable({ result, wire }),
    ELEMENTS,
  );

const socket = (variant: string, title: string, headers: [string, string][]): Case =>
  one(
    `websocket-not-cors${variant}`,
    title,
    [spec.originHeader, WEBSOCKET],
    { api: 'websocket' },
    { status: 101, headers: [['Upgrade', 'websocket'], ['Connection', 'Upgrade'], ...headers] },
    readable({ result: 'open', wire: ['GET'], requestHeaders: { origin: '{origin}' } }),
    ELEMENTS,
  );

export const elements = defineSuite({
  id: 'elements',
  title: 'Images, scripts, fonts, preloads and WebSockets',
  about: 'Which of them ask with CORS, and what they show of a response that allows it or does not.',
  cases: [
    ...IMAGES.map(row => image(row, '{origin}')),
    image(PLAIN, null),
    ...scripts,
    font('allowed', 'A font of another origin loads where it is allowed.', [acao()], 'load'),
    font('denied', 'A font of another origin does not load where nothing is allowed.', [], 'NetworkError'),
    preloaded(
      'same-mode',
      'What was preloaded with CORS is what fetch() then reads, without another request.',
      {},
      [acao()],
      'load, then fetch cors 200',
      ['GET'],
    ),
    preloaded(
      'other-mode',
      'What was preloaded without CORS is asked for again by a fetch() with CORS.',
      { mode: 'no-cors' },
      [acao()],
      'load, then fetch cors 200',
      ['GET', 'GET'],
    ),
    preloaded('denied', 'A preload with CORS fails where nothing is allowed.', {}, [], 'error', ['GET']),
    socket('', 'A WebSocket opens to another origin that allows nobody, and says where it comes from.', []),
    socket('/wrong-allow-origin', 'It opens also where only somebody else is allowed.', [
      acao('http://else.example'),
    ]),
  ],
});

/** Style sheets, media, text tracks and forms across origins, and elements that are redirected to data: URLs. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acao, answer, type OneStep, one, readable, ruledBy } from './helpers.ts';
import { GIF, WAV } from './media-helpers.ts';
import { sequence } from './sequence-helpers.ts';

const ELEMENTS = { notModelled: 'The model does not fetch for elements.' } as const;

const styleSheet = (
  variant: string,
  title: string,
  details: Pick<OneStep, 'request' | 'server'>,
  result: string,
): Case =>
  one({
    id: `stylesheet-crossorigin/${variant}`,
    title,
    spec: [SPEC.corsAttributes, SPEC.corsCheck],
    ...details,
    request: { ...details.request, api: 'stylesheet' },
    expect: readable({ result, wire: ['GET'] }),
    ...ELEMENTS,
  });

const css = (...headers: [string, string][]): Answer => ({
  headers: [['Content-Type', 'text/css'], ...headers],
  body: 'b { color: red }',
});

const styleSheets = [
  styleSheet(
    'allowed',
    "A style sheet with crossorigin has readable rules if its response allows the page's origin",
    { server: css(acao()) },
    'load, rules readable',
  ),
  styleSheet(
    'denied',
    'A style sheet with crossorigin does not load without Access-Control-Allow-Origin',
    { server: css() },
    'error',
  ),
  styleSheet(
    'no-cors',
    'A style sheet without crossorigin loads and hides its rules, whatever its response allows',
    { request: { mode: 'no-cors' }, server: css(acao('*')) },
    'load, rules hidden',
  ),
];

const textTrack = (variant: string, title: string, details: Omit<OneStep, 'id' | 'title' | 'spec'>): Case =>
  one({
    id: `track-crossorigin/${variant}`,
    title,
    spec: [SPEC.textTrack, SPEC.corsCheck],
    ...details,
    request: { ...details.request, api: 'track' },
    ...ELEMENTS,
  });

const vtt = (...headers: [string, string][]): Answer => ({
  headers: [['Content-Type', 'text/vtt'], ...headers],
  body: 'WEBVTT\n\n00:00.000 --> 00:01.000\nhere\n',
});

const tracks = [
  textTrack(
    'allowed',
    "A text track of a video with crossorigin loads if its response allows the page's origin",
    {
      server: vtt(acao()),
      expect: readable({ result: 'load', wire: ['GET'], requestHeaders: { origin: '{origin}' } }),
    },
  ),
  textTrack('denied', 'A text track of a video with crossorigin fails without Access-Control-Allow-Origin', {
    server: vtt(),
    expect: readable({ result: 'error', wire: ['GET'] }),
  }),
  textTrack('no-attribute', 'A cross-origin text track of a video without crossorigin is not requested', {
    request: { mode: 'no-cors' },
    server: vtt(acao('*')),
    expect: readable({ result: 'error', wire: [] }),
    ...ruledBy('HTML'),
  }),
];

const DATA_REDIRECTS = [
  [
    'image',
    'An image without crossorigin',
    'image',
    'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  ],
  ['script', 'A script without crossorigin', 'script', 'data:text/javascript,0'],
  ['stylesheet', 'A style sheet without crossorigin', 'stylesheet', 'data:text/css,'],
] as const;

const toData = DATA_REDIRECTS.map(([variant, what, api, location]) =>
  one({
    id: `redir-bad-scheme/data-${variant}`,
    title: `${what} does not load from a redirect to a data: URL`,
    spec: [SPEC.redirectFetch, SPEC.corsAttributes],
    request: { api, mode: 'no-cors' },
    server: { status: 302, headers: [['Location', location]], body: '' },
    expect: readable({ result: 'error', wire: ['GET'] }),
    ...ELEMENTS,
  }),
);

const forms = (
  [
    ['default', "sends the page's origin", undefined, '{origin}'],
    ['no-referrer', 'under referrer policy no-referrer sends Origin: null', 'no-referrer', 'null'],
  ] as const
).map(([variant, sends, policy, origin]) =>
  one({
    id: `form-post-origin/${variant}`,
    title: `A cross-origin form POST ${sends}`,
    spec: [SPEC.originHeader, SPEC.appendOriginHeader],
    request: { api: 'form' },
    server: answer(),
    expect: readable({ result: 'submitted', wire: ['POST'], requestHeaders: { origin } }),
    ...(policy && { pageHeaders: [['Referrer-Policy', policy]] }),
    class: 'wire',
    ...ELEMENTS,
  }),
);

/** A frame of another origin is not same-origin with the page around it. */
const inForeignFrame = sequence({
  id: 'img-crossorigin/top-level-origin',
  title: "In a cross-origin frame, an image of the page's origin taints a canvas",
  spec: [SPEC.corsAttributes, SPEC.canvas, SPEC.mainFetch],
  steps: [
    {
      frame: 'other-site',
      request: { api: 'image', mode: 'no-cors' },
      server: { actual: { headers: [['Content-Type', 'image/gif']], body: GIF } },
      expect: readable({ result: 'load, canvas tainted', wire: ['GET'] }),
    },
  ],
  at: 'site',
  ...ELEMENTS,
});

const audio = (
  variant: string,
  title: string,
  details: Pick<OneStep, 'request' | 'server'>,
  result: string,
): Case =>
  one({
    id: `audio-crossorigin/${variant}`,
    title,
    spec: [SPEC.corsAttributes, SPEC.corsCheck],
    ...details,
    request: { ...details.request, api: 'audio' },
    // An engine may ask for the rest of the sound once it knows the start.
    expect: readable({ result, anyRequests: true, actual: 'sent' }),
    ...ELEMENTS,
  });

const wav = (...headers: [string, string][]): Answer => ({
  headers: [['Content-Type', 'audio/wav'], ...headers],
  body: WAV,
});

const sounds = [
  audio(
    'allowed',
    "A sound with crossorigin loads if its response allows the page's origin",
    { server: wav(acao()) },
    'load',
  ),
  audio(
    'denied',
    'A sound with crossorigin does not load without Access-Control-Allow-Origin',
    { server: wav() },
    'error',
  ),
  audio(
    'no-cors',
    'A sound without crossorigin loads, whatever its response allows',
    { request: { mode: 'no-cors' }, server: wav() },
    'load',
  ),
];

export const subresources = defineSuite({
  id: 'subresources',
  title: 'Style sheets, media and forms',
  about: 'What the crossorigin attribute changes for them, and what a form sends as its Origin.',
  cases: [...styleSheets, ...tracks, ...sounds, inForeignFrame, ...toData, ...forms],
});

/**
 * hapi. Its own option keeps a list of origins. Its wildcard stands for any text, and its options are per route, so a
 * policy with patterns or several rules gets an extension of the server instead.
 */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { indent, jsList, textOf } from './print.ts';
import { corsHeadersFunction, NODE_REQUEST } from './print-cors-headers.ts';
import { objectConstant } from './print-js.ts';
import type { Stack, StackNote } from './types.ts';

const ROUTES: StackNote = {
  text: 'hapi allows the methods that have a route; a list of methods cannot be given.',
};

function builtIn(rule: CorsRule): string[] {
  const { origins, credentials, requestHeaders, exposedHeaders, maxAge } = rule;
  return [
    ...objectConstant(rule.name, [
      ...(origins.any
        ? ['// Sends "*"; [\'*\'] would answer every origin by its name.', "origin: 'ignore',"]
        : [`origin: ${jsList(origins.exact)},`]),
      ...(credentials ? ['credentials: true,'] : []),
      '// The default has Authorization and If-None-Match too.',
      `headers: ${jsList(requestHeaders)},`,
      '// The default exposes WWW-Authenticate and Server-Authorization.',
      `exposedHeaders: ${jsList(exposedHeaders)},`,
      ...(maxAge === undefined
        ? ['// What browsers take by themselves; the default is a day.', 'maxAge: 5,']
        : [`maxAge: ${maxAge},`]),
    ]),
    '',
    'const server = Hapi.server({',
    "  host: '127.0.0.1',",
    '  port: process.env.PORT,',
    `  routes: { cors: ${rule.name} },`,
    '});',
  ];
}

const extension = (policy: CorsPolicy): string[] => [
  'const server = Hapi.server({',
  "  host: '127.0.0.1',",
  '  port: process.env.PORT,',
  '});',
  '',
  ...corsHeadersFunction(policy, NODE_REQUEST),
  '',
  '// In front of routing and authentication: a preflight carries no cookies and no Authorization header.',
  "server.ext('onRequest', (request, h) =>",
  ...indent(2, ['isPreflight(request) ? h.response().code(204).takeover() : h.continue,']),
  ');',
  "server.ext('onPreResponse', (request, h) => {",
  ...indent(2, [
    '// Errors have their headers elsewhere.',
    'const { response } = request;',
    'for (const [name, value] of Object.entries(corsHeaders(request))) {',
    '  if (response.isBoom) response.output.headers[name] = value;',
    "  else if (name === 'Vary') response.vary(value);",
    '  else response.header(name, value);',
    '}',
    'return h.continue;',
  ]),
  '});',
];

const isBuiltIn = (policy: CorsPolicy): boolean =>
  policy.rules.length === 1 &&
  policy.rules[0].origins.patterns.length === 0 &&
  !policy.rules[0].requestHeaders.includes('*');

export const hapi: Stack = {
  id: 'hapi',
  title: 'hapi',
  ecosystem: 'npm',
  marks: { packages: ['@hapi/hapi'], headers: [] },
  docs: 'https://hapi.dev/api/#-routeoptionscors',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import Hapi from '@hapi/hapi';",
          '',
          ...(isBuiltIn(policy) ? builtIn(policy.rules[0]) : extension(policy)),
        ]),
      },
    ],
    notes: isBuiltIn(policy) ? [ROUTES, ...withoutPrivateNetwork(policy)] : [],
  }),
  gettingStarted: {
    source: 'https://hapi.dev/api/#-routeoptionscors',
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import Hapi from '@hapi/hapi';",
          '',
          'const server = Hapi.server({',
          "  host: '127.0.0.1',",
          '  port: process.env.PORT,',
          '  routes: { cors: true },',
          '});',
        ]),
      },
    ],
  },
};

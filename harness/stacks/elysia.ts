/** Elysia with @elysiajs/cors, whose defaults allow every origin with credentials. */

import { escapeRegex } from '../policy/config/origins.ts';
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { jsRegex, textOf } from './print.ts';
import { corsHeadersFunction, FETCH_REQUEST } from './print-cors-headers.ts';
import { CORS_DIALECT, objectConstant, optionLines } from './print-js.ts';
import type { Stack } from './types.ts';

/** Expressions for exact origins too: a string is compared without its scheme as well. */
function origin({ origins }: CorsRule): string[] {
  if (origins.any) return ["origin: '*',"];
  const all = [...origins.exact.map(escapeRegex), ...origins.patterns.map(one => one.source)];
  return [
    '// Expressions: a plain string would also match without its scheme.',
    `origin: [${all.map(jsRegex).join(', ')}],`,
  ];
}

const plugin = (rule: CorsRule): string[] => [
  "import { cors } from '@elysiajs/cors';",
  '',
  ...objectConstant(
    rule.name,
    optionLines(rule, {
      ...CORS_DIALECT,
      requestHeaders: 'allowedHeaders',
      exposedHeaders: 'exposeHeaders',
      methodsReason: 'The default allows every method that is asked for.',
      headersReason: 'The default allows every header that is asked for.',
      noHeaders: "'Accept'",
      noExposed: "'Content-Type'",
      denyCredentials: true,
      zeroMaxAge: "'0'",
      origin,
    }),
  ),
  '',
  '// Before every route and every guard: plugins run in the order of their use.',
  `app.use(cors(${rule.name}));`,
];

const byHand = (policy: CorsPolicy): string[] => [
  '// By hand: the plugin has one set of options for the whole app.',
  ...corsHeadersFunction(policy, FETCH_REQUEST),
  '',
  'app.onRequest(({ request, set }) => {',
  '  Object.assign(set.headers, corsHeaders(request));',
  '  if (isPreflight(request)) return new Response(null, { status: 204 });',
  '});',
];

export const elysia: Stack = {
  id: 'elysia',
  title: 'Elysia',
  ecosystem: 'npm',
  marks: { packages: ['@elysiajs/cors', 'elysia'], headers: [] },
  docs: 'https://elysiajs.com/plugins/cors',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf(policy.rules.length === 1 ? plugin(policy.rules[0]) : byHand(policy)),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://elysiajs.com/plugins/cors',
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf(["import { cors } from '@elysiajs/cors';", '', 'app.use(cors());']),
      },
    ],
  },
};

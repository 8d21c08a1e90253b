/** GraphQL Yoga. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { jsString, textOf } from './print.ts';
import { allowsLines, CORS_DIALECT, objectConstant, optionLines, pickByPath } from './print-js.ts';
import type { Stack } from './types.ts';

const options = (rule: CorsRule): string[] =>
  objectConstant(
    rule.name,
    optionLines(rule, {
      ...CORS_DIALECT,
      methodsReason: 'If this is left out, every method that is asked for is allowed.',
      headersReason: 'If this is left out or empty, every header that is asked for is allowed.',
      noHeaders: "['Accept']",
      denyCredentials: true,
      zeroMaxAge: "'0'",
      origin: ({ origins }) => allowsLines(origins),
    }),
  );

const cors = (policy: CorsPolicy): string[] => [
  '// A function: with a list, Yoga answers "null" to all other origins, and a sandboxed frame of any site is "null".',
  'const cors = request => {',
  `  const { allows, ...options } = ${pickByPath(policy, 'new URL(request.url).pathname')};`,
  "  const origin = request.headers.get('Origin');",
  '  return origin !== null && allows(origin) ? { ...options, origin } : false;',
  '};',
  '',
  '// Yoga says so only on answers to some origins; caches go by it on all of them.',
  'const varyByOrigin = {',
  '  onResponse({ response }) {',
  "    response.headers.append('Vary', 'Origin');",
  '  },',
  '};',
];

const documentation = 'https://the-guild.dev/graphql/yoga-server/docs/features/cors';

export const graphqlYoga: Stack = {
  id: 'graphql-yoga',
  title: 'GraphQL Yoga',
  ecosystem: 'npm',
  aliases: ['yoga'],
  marks: { packages: ['graphql-yoga'], headers: [] },
  onlyWhole: true,
  docs: documentation,
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { createYoga } from 'graphql-yoga';",
          '',
          ...policy.rules.flatMap(rule => [...options(rule), '']),
          ...cors(policy),
          '',
          'const yoga = createYoga({ schema, cors, plugins: [varyByOrigin] });',
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: documentation,
    files: ({ rules: [rule] }) => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { createYoga } from 'graphql-yoga';",
          '',
          'const yoga = createYoga({',
          '  schema,',
          '  cors: {',
          `    origin: ${jsString(rule.origins.exact[0] ?? '*')},`,
          '    credentials: true,',
          "    allowedHeaders: ['X-Custom-Header'],",
          "    methods: ['POST']",
          '  }',
          '});',
        ]),
      },
    ],
  },
};

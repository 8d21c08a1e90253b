/** Hono with its own middleware. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { jsList, textOf } from './print.ts';
import {
  BEFORE_ALL,
  CORS_DIALECT,
  ONE_CHOOSES,
  type OptionsDialect,
  optionConstants,
  originTest,
  pickByPath,
} from './print-js.ts';
import type { Stack } from './types.ts';

function origin({ origins }: CorsRule): string[] {
  if (origins.any) return ["origin: '*',"];
  if (origins.patterns.length === 0) return [`origin: ${jsList(origins.exact)},`];
  return [`origin: origin => (${originTest(origins)} ? origin : null),`];
}

const DIALECT: OptionsDialect = {
  ...CORS_DIALECT,
  methods: 'allowMethods',
  requestHeaders: 'allowHeaders',
  exposedHeaders: 'exposeHeaders',
  headersReason: 'If this is left out or empty, every header that is asked for is allowed.',
  noHeaders: "['Accept']",
  origin,
};

function use(policy: CorsPolicy): string[] {
  if (policy.rules.length === 1) return [`app.use(cors(${policy.rules[0].name}));`];
  return [
    ...policy.rules.map(rule => `const ${rule.name}Cors = cors(${rule.name});`),
    ONE_CHOOSES,
    'app.use((c, next) => {',
    `  const use = ${pickByPath(policy, 'c.req.path', rule => `${rule.name}Cors`)};`,
    '  return use(c, next);',
    '});',
  ];
}

export const hono: Stack = {
  id: 'hono',
  title: 'Hono',
  ecosystem: 'npm',
  marks: { packages: ['hono'], headers: [] },
  docs: 'https://hono.dev/docs/middleware/builtin/cors',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { cors } from 'hono/cors';",
          '',
          ...optionConstants(policy, DIALECT),
          '',
          BEFORE_ALL,
          ...use(policy),
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://hono.dev/docs/middleware/builtin/cors#usage',
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf(["import { cors } from 'hono/cors';", '', "app.use('/*', cors());"]),
      },
    ],
  },
};

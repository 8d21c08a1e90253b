/** Koa with @koa/cors. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { indent, textOf } from './print.ts';
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
  return [
    '// A string would be sent to every origin.',
    'origin: ctx => {',
    ...indent(2, ["const origin = ctx.get('Origin');", `return ${originTest(origins)} ? origin : '';`]),
    '},',
  ];
}

const DIALECT: OptionsDialect = {
  ...CORS_DIALECT,
  methods: 'allowMethods',
  requestHeaders: 'allowHeaders',
  exposedHeaders: 'exposeHeaders',
  headersReason: 'If this is left out or empty, every header that is asked for is allowed.',
  noHeaders: "['Accept']",
  zeroMaxAge: "'0'",
  origin: rule => [...origin(rule), ...(rule.privateNetwork ? ['privateNetworkAccess: true,'] : [])],
};

function use(policy: CorsPolicy): string[] {
  if (policy.rules.length === 1) return [`app.use(cors(${policy.rules[0].name}));`];
  return [
    ...policy.rules.map(rule => `const ${rule.name}Cors = cors(${rule.name});`),
    ONE_CHOOSES,
    'app.use((ctx, next) => {',
    `  const use = ${pickByPath(policy, 'ctx.path', rule => `${rule.name}Cors`)};`,
    '  return use(ctx, next);',
    '});',
  ];
}

export const koa: Stack = {
  id: 'koa',
  title: 'Koa with @koa/cors',
  ecosystem: 'npm',
  aliases: ['koa-cors', '@koa/cors'],
  marks: { packages: ['@koa/cors', 'koa'], headers: [] },
  docs: 'https://github.com/koajs/cors',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import cors from '@koa/cors';",
          '',
          ...optionConstants(policy, DIALECT),
          '',
          BEFORE_ALL,
          ...use(policy),
        ]),
      },
    ],
    notes: [],
  }),
  gettingStarted: {
    source: 'https://github.com/koajs/cors#quick-start',
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf(["import cors from '@koa/cors';", '', 'app.use(cors());']),
      },
    ],
  },
};

/** Traefik: a headers middleware per rule, and a router for each path with rules of its own. */
import { type CorsPolicy, type CorsRule, pathRegex } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { anchored, indent, quoted, textOf } from './print.ts';
import type { Stack } from './types.ts';

const nameOf = ({ name }: CorsRule): string => name.replace(/^policy/, 'cors');

const list = (name: string, values: readonly string[]): string[] =>
  values.length === 0 ? [] : [`${name}:`, ...values.map(value => `  - ${quoted(value)}`)];

const middleware = (name: string, headers: readonly string[]): string[] => [
  `${name}:`,
  '  headers:',
  ...indent(4, headers),
];

function headers(rule: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  return [
    ...list('accessControlAllowOriginList', origins.any ? ['*'] : origins.exact),
    ...(origins.any || origins.patterns.length === 0
      ? []
      : [
          '# Found anywhere in an origin: both ends have to be marked, and the dots escaped.',
          ...list(
            'accessControlAllowOriginListRegex',
            origins.patterns.map(one => anchored(one.source)),
          ),
        ]),
    ...(credentials ? ['accessControlAllowCredentials: true'] : []),
    ...list('accessControlAllowMethods', methods),
    ...list('accessControlAllowHeaders', requestHeaders),
    ...list('accessControlExposeHeaders', exposedHeaders),
    ...(maxAge === undefined
      ? ['# What browsers take by themselves; the default of 0 is sent too.', 'accessControlMaxAge: 5']
      : [`accessControlMaxAge: ${maxAge}`]),
    ...(origins.any ? [] : ['# Off by default; caches go by it.', 'addVaryHeader: true']),
  ];
}

const router = (rule: CorsRule): string[] => [
  `${nameOf(rule)}:`,
  `  rule: ${quoted(`PathRegexp(\`${anchored(pathRegex(rule))}\`)`)}`,
  '  priority: 1000000',
  '  service: app # the name of yours',
  `  middlewares: [${nameOf(rule)}]`,
];

function lines(policy: CorsPolicy): string[] {
  const [first, ...others] = policy.rules;
  return [
    `# Dynamic configuration. Name ${nameOf(first)} first among the middlewares of your routers, before authentication: it answers`,
    '# preflights by itself. What no router takes has no headers: the last router takes every path.',
    'http:',
    '  middlewares:',
    ...policy.rules.flatMap(rule => indent(4, middleware(nameOf(rule), headers(rule)))),
    ...(others.length === 0 ? [] : ['  routers:', ...others.flatMap(rule => indent(4, router(rule)))]),
  ];
}

export const traefik: Stack = {
  id: 'traefik',
  title: 'Traefik',
  ecosystem: 'proxy',
  marks: { packages: [], files: ['traefik.yml', 'traefik.yaml', 'traefik.toml'], headers: [] },
  docs: 'https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/headers/',
  configure: policy => ({
    files: [{ path: 'cors.yaml', language: 'yaml', text: textOf(lines(policy)) }],
    notes: [
      ...withoutPrivateNetwork(policy),
      {
        text: 'CORS headers of the application behind it are overwritten for allowed origins, and stay for others.',
        workaround: 'Leave CORS to one of the two.',
      },
    ],
  }),
  gettingStarted: {
    source: 'https://doc.traefik.io/traefik/middlewares/http/headers/#cors-headers',
    files: ({ rules: [rule] }) => [
      {
        path: 'cors.yaml',
        language: 'yaml',
        text: textOf([
          'http:',
          '  middlewares:',
          ...indent(
            4,
            middleware('cors', [
              ...list('accessControlAllowMethods', ['GET', 'OPTIONS', 'PUT']),
              ...list('accessControlAllowHeaders', ['*']),
              ...list('accessControlAllowOriginList', rule.origins.any ? ['*'] : rule.origins.exact),
              'accessControlMaxAge: 100',
              'addVaryHeader: true',
            ]),
          ),
        ]),
      },
    ],
  },
};

/** Gin with gin-contrib/cors, which leaves Vary out of answers to requests without Origin. */
import { type CorsPolicy, type CorsRule, sendsHeadersBack } from './cors-policy.ts';
import {
  goFile,
  goFunction,
  goList,
  goNeedsFunction,
  goOriginsVar,
  goPathVars,
  goSwitch,
} from './print-go.ts';
import type { Stack, StackNote } from './types.ts';

const PACKAGES = ['github.com/gin-contrib/cors', 'github.com/gin-gonic/gin'];

function origin(rule: CorsRule): string[] {
  const { name, origins } = rule;
  if (origins.any) return ['AllowAllOrigins: true,'];
  if (!goNeedsFunction(rule)) return [`AllowOrigins: ${goList(origins.exact)},`];
  return [
    '// AllowWildcard would allow more labels and other ports as well.',
    ...goFunction('AllowOriginFunc: func(origin string) bool', [`return ${name}Origins.MatchString(origin)`]),
  ];
}

function options(rule: CorsRule): string[] {
  const { name, origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } =
    rule;
  const lines = [...origin(rule)];
  if (credentials) lines.push('AllowCredentials: true,');
  lines.push(`AllowMethods: ${goList(methods)},`);
  if (requestHeaders.length > 0 && !sendsHeadersBack(rule))
    lines.push(`AllowHeaders: ${goList(requestHeaders)},`);
  if (exposedHeaders.length > 0) lines.push(`ExposeHeaders: ${goList(exposedHeaders)},`);
  if (maxAge) lines.push(`MaxAge: ${maxAge} * time.Second,`);
  if (privateNetwork) lines.push('AllowPrivateNetwork: true,');
  return [
    ...(!origins.any && goNeedsFunction(rule) ? goOriginsVar(rule) : []),
    `var ${name} = cors.New(cors.Config{`,
    ...lines.map(line => `\t${line}`),
    '})',
    '',
  ];
}

/** What is added to what the middleware sends, and the middleware. */
function call(rule: CorsRule): string[] {
  const [name, value] = rule.origins.any ? ['Access-Control-Allow-Origin', '*'] : ['Vary', 'Origin'];
  const lines = [
    '// On every answer: the middleware leaves it out of those to requests without Origin, and caches go by it.',
    `c.Header("${name}", "${value}")`,
  ];
  if (rule.maxAge === 0)
    lines.push('// A MaxAge of 0 would be left out.', 'c.Header("Access-Control-Max-Age", "0")');
  if (sendsHeadersBack(rule))
    lines.push('c.Header("Access-Control-Allow-Headers", c.GetHeader("Access-Control-Request-Headers"))');
  return [...lines, `${rule.name}(c)`];
}

const handler = (policy: CorsPolicy): string[] => [
  ...goPathVars(policy),
  '// r.Use(withCORS) before authentication and routes: a preflight carries no credentials, and unknown paths and errors need',
  '// the headers too.',
  'func withCORS(c *gin.Context) {',
  ...(policy.rules.length === 1 ? call(policy.rules[0]) : goSwitch(policy, 'c.Request.URL.Path', call)).map(
    line => `\t${line}`,
  ),
  '}',
];

/** It goes by the Origin alone, whether or not a request needs CORS. */
const refuses = ({ rules }: CorsPolicy): StackNote[] =>
  rules.every(one => one.origins.any)
    ? []
    : [
        {
          text: 'A request whose Origin is not allowed is answered with 403 and not handled at all: also one that needs no CORS, such as a form that another site posts.',
          workaround: 'If other sites may post, call withCORS for the other paths only.',
        },
      ];

export const gin: Stack = {
  id: 'gin',
  title: 'Gin with gin-contrib/cors',
  ecosystem: 'go',
  aliases: ['gin-gonic', 'gin-contrib/cors'],
  marks: { packages: ['github.com/gin-contrib/cors', 'github.com/gin-gonic/gin'], headers: [] },
  docs: 'https://pkg.go.dev/github.com/gin-contrib/cors',
  configure: policy => ({
    files: [
      {
        path: 'cors.go',
        language: 'go',
        text: goFile(PACKAGES, [...policy.rules.flatMap(options), ...handler(policy)]),
      },
    ],
    notes: refuses(policy),
  }),
  gettingStarted: {
    source: 'https://github.com/gin-contrib/cors#quick-start',
    files: () => [
      {
        path: 'cors.go',
        language: 'go',
        text: goFile(PACKAGES.slice(0, 1), ['var withCORS = cors.Default()']),
      },
    ],
  },
};

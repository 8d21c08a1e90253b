/** chi, or any router of net/http, with go-chi/cors. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { goFile, goFunction, goList, goOriginsVar, goWithCors } from './print-go.ts';
import type { Stack } from './types.ts';

const PACKAGES = ['github.com/go-chi/cors'];

const origin = ({ name, origins }: CorsRule): string[] => {
  if (origins.any) return [`AllowedOrigins: ${goList(['*'])},`];
  if (origins.patterns.length === 0)
    return [
      '// Compared without regard to case: browsers send lower case.',
      `AllowedOrigins: ${goList(origins.exact)},`,
    ];
  return [
    '// Its own * stands for any text, so more labels and other ports would be allowed as well.',
    ...goFunction('AllowOriginFunc: func(_ *http.Request, origin string) bool', [
      `return ${name}Origins.MatchString(origin)`,
    ]),
  ];
};

function options(rule: CorsRule): string[] {
  const { name, origins, credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  const lines = [...origin(rule)];
  if (credentials) lines.push('AllowCredentials: true,');
  lines.push('// The default is GET, POST and HEAD.', `AllowedMethods: ${goList(methods)},`);
  lines.push(
    '// If this is left out or empty, Accept and Content-Type are allowed.',
    `AllowedHeaders: ${goList(requestHeaders.length > 0 ? requestHeaders : ['Accept'])},`,
  );
  if (exposedHeaders.length > 0) lines.push(`ExposedHeaders: ${goList(exposedHeaders)},`);
  if (maxAge) lines.push(`MaxAge: ${maxAge},`);
  return [
    ...(origins.any || origins.patterns.length === 0 ? [] : goOriginsVar(rule)),
    `var ${name} = cors.New(cors.Options{`,
    ...lines.map(line => `\t${line}`),
    '})',
    '',
  ];
}

const NOT_KEPT = [
  '// A MaxAge of 0 would be left out, and browsers would keep the answer for five seconds.',
  'func notKept(next http.Handler) http.Handler {',
  '\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {',
  '\t\tif r.Method == http.MethodOptions {',
  '\t\t\tw.Header().Set("Access-Control-Max-Age", "0")',
  '\t\t}',
  '\t\tnext.ServeHTTP(w, r)',
  '\t})',
  '}',
  '',
];

const handler = ({ name, maxAge }: CorsRule): string =>
  maxAge === 0 ? `notKept(${name}.Handler(next))` : `${name}.Handler(next)`;

const configuration = (policy: CorsPolicy): string[] => [
  ...policy.rules.flatMap(options),
  ...(policy.rules.some(one => one.maxAge === 0) ? NOT_KEPT : []),
  ...goWithCors(policy, handler, [
    '// r.Use(withCORS), first of all on the outermost router: before authentication, since a preflight carries none. In a',
    '// group it would not see preflights.',
  ]),
];

export const chi: Stack = {
  id: 'chi',
  title: 'chi with go-chi/cors',
  ecosystem: 'go',
  aliases: ['go-chi', 'go-chi/cors'],
  marks: { packages: ['github.com/go-chi/cors', 'github.com/go-chi/chi/v5'], headers: [] },
  docs: 'https://pkg.go.dev/github.com/go-chi/cors',
  configure: policy => ({
    files: [{ path: 'cors.go', language: 'go', text: goFile(PACKAGES, configuration(policy)) }],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://github.com/go-chi/cors#usage',
    files: () => [
      {
        path: 'cors.go',
        language: 'go',
        text: goFile(PACKAGES, [
          'var withCORS = cors.Handler(cors.Options{',
          '\tAllowedOrigins:   []string{"https://*", "http://*"},',
          '\tAllowedMethods:   []string{"GET", "POST", "PUT", "DELETE", "OPTIONS"},',
          '\tAllowedHeaders:   []string{"Accept", "Authorization", "Content-Type", "X-CSRF-Token"},',
          '\tExposedHeaders:   []string{"Link"},',
          '\tAllowCredentials: false,',
          '\tMaxAge:           300,',
          '})',
        ]),
      },
    ],
  },
};

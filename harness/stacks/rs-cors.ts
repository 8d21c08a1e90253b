/** Go's net/http with rs/cors. */
import type { AllowedOrigins, CorsRule } from './cors-policy.ts';
import { goFile, goFunction, goList, goOriginsVar, goWithCors } from './print-go.ts';
import type { Stack } from './types.ts';

const PACKAGES = ['github.com/rs/cors'];

function origin(origins: AllowedOrigins, name: string): string[] {
  if (origins.any) return [`AllowedOrigins: ${goList(['*'])},`];
  if (origins.patterns.length === 0)
    return [
      '// Compared without regard to case: browsers send lower case.',
      `AllowedOrigins: ${goList(origins.exact)},`,
    ];
  return [
    '// Its own * stands for any text, so more labels and other ports would be allowed as well.',
    ...goFunction('AllowOriginFunc: func(origin string) bool', [`return ${name}Origins.MatchString(origin)`]),
  ];
}

function options(rule: CorsRule): string[] {
  const { name, origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } =
    rule;
  const regex = !origins.any && origins.patterns.length > 0 ? goOriginsVar(rule) : [];
  const lines = [...origin(origins, name)];
  if (credentials) lines.push('AllowCredentials: true,');
  lines.push('// The default is GET, POST and HEAD.', `AllowedMethods: ${goList(methods)},`);
  lines.push(
    '// If this is left out or empty, Accept, Content-Type and X-Requested-With are allowed.',
    `AllowedHeaders: ${goList(requestHeaders.length > 0 ? requestHeaders : ['Accept'])},`,
  );
  if (exposedHeaders.length > 0) lines.push(`ExposedHeaders: ${goList(exposedHeaders)},`);
  if (maxAge !== undefined) lines.push(maxAge === 0 ? 'MaxAge: -1, // sends 0' : `MaxAge: ${maxAge},`);
  if (privateNetwork) lines.push('AllowPrivateNetwork: true,');
  return [...regex, `var ${name} = cors.New(cors.Options{`, ...lines.map(line => `\t${line}`), '})', ''];
}

export const rsCors: Stack = {
  id: 'rs-cors',
  title: 'Go with rs/cors',
  ecosystem: 'go',
  aliases: ['rs/cors', 'go'],
  marks: { packages: ['github.com/rs/cors'], headers: [] },
  docs: 'https://pkg.go.dev/github.com/rs/cors',
  configure: policy => ({
    files: [
      {
        path: 'cors.go',
        language: 'go',
        text: goFile(PACKAGES, [
          ...policy.rules.flatMap(options),
          ...goWithCors(policy, rule => `${rule.name}.Handler(next)`),
        ]),
      },
    ],
    notes: [],
  }),
  gettingStarted: {
    source: 'https://github.com/rs/cors#getting-started',
    files: () => [
      {
        path: 'cors.go',
        language: 'go',
        text: goFile(PACKAGES, [
          'func withCORS(mux http.Handler) http.Handler {',
          '\treturn cors.Default().Handler(mux)',
          '}',
        ]),
      },
    ],
  },
};

/** Go's net/http with jub0bs/cors, which refuses to start with a configuration that it holds for unsafe. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { goFile, goList, goOriginsVar, goWithCors } from './print-go.ts';
import type { Stack, StackNote } from './types.ts';

const PACKAGES = ['github.com/jub0bs/cors'];

/** The longest time that it takes. */
const MOST_SECONDS = 86_400;

/** A pattern that its own includes, if it is one of a kind that it knows. */
const ownPattern = (declared: string): string | undefined =>
  /^[a-z][a-z0-9+.-]*:\/\/\*{1,2}\.[^*/]+$/.test(declared) ? declared.replace('**.', '*.') : undefined;

const ownPatterns = ({ origins }: CorsRule): string[] =>
  origins.patterns.flatMap(one => ownPattern(one.declared) ?? []);

const insecure = (origin: string): boolean =>
  !/^(?:https:|[a-z][a-z0-9+.-]*:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|$))/.test(origin);

const listedOrigins = (rule: CorsRule): string[] =>
  rule.origins.any ? ['*'] : [...rule.origins.exact.filter(one => one !== 'null'), ...ownPatterns(rule)];

function options(rule: CorsRule): string[] {
  const { name, credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  const listed = listedOrigins(rule);
  // It does not start without any.
  if (listed.length === 0) return [];
  const lines = [`Origins: ${goList(listed)},`];
  if (credentials) lines.push('Credentialed: true,');
  if (credentials && listed.some(insecure)) lines.push('DangerouslyTolerateInsecureOrigins: true,');
  lines.push(`Methods: ${goList(methods)},`);
  if (requestHeaders.length > 0) lines.push(`RequestHeaders: ${goList(requestHeaders)},`);
  if (exposedHeaders.length > 0) lines.push(`ResponseHeaders: ${goList(exposedHeaders)},`);
  if (maxAge !== undefined)
    lines.push(
      maxAge === 0
        ? 'MaxAgeInSeconds: -1, // sends 0'
        : `MaxAgeInSeconds: ${Math.min(maxAge, MOST_SECONDS)},`,
    );
  return [
    ...(narrows(rule) ? goOriginsVar(rule) : []),
    `var ${name} = newCORS(cors.Config{`,
    ...lines.map(line => `\t${line}`),
    '})',
    '',
  ];
}

const NEW = [
  'func newCORS(config cors.Config) *cors.Middleware {',
  '\tmiddleware, err := cors.NewMiddleware(config)',
  '\tif err != nil {',
  '\t\tlog.Fatal(err)',
  '\t}',
  '\treturn middleware',
  '}',
  '',
];

/** Whether its own patterns allow more than the declared ones. */
const narrows = (rule: CorsRule): boolean => ownPatterns(rule).length > 0;

const ONLY = [
  '// Its *. stands for one or more labels: what else that lets in is answered without CORS.',
  'func only(origins *regexp.Regexp, withCORS, without http.Handler) http.Handler {',
  '\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {',
  '\t\torigin := r.Header.Get("Origin")',
  '\t\tif origin == "" || origins.MatchString(origin) {',
  '\t\t\twithCORS.ServeHTTP(w, r)',
  '\t\t\treturn',
  '\t\t}',
  '\t\tw.Header().Add("Vary", "Origin")',
  '\t\twithout.ServeHTTP(w, r)',
  '\t})',
  '}',
  '',
];

function handler(rule: CorsRule): string {
  if (listedOrigins(rule).length === 0) return 'next';
  const wrapped = `${rule.name}.Wrap(next)`;
  return narrows(rule) ? `only(${rule.name}Origins, ${wrapped}, next)` : wrapped;
}

function notes(policy: CorsPolicy): StackNote[] {
  const { rules } = policy;
  const unknown = rules.flatMap(({ origins }) =>
    origins.patterns.filter(one => ownPattern(one.declared) === undefined).map(one => one.declared),
  );
  return [
    ...(unknown.length > 0
      ? [
          {
            text: `It knows no pattern such as ${unknown[0]}: pages of these origins cannot read.`,
            workaround: 'List the origins themselves, or take rs/cors with an AllowOriginFunc.',
            check: 'origin-not-allowed',
          },
        ]
      : []),
    ...(rules.some(one => one.origins.exact.includes('null'))
      ? [
          {
            text: 'It refuses to allow the origin null: sandboxed frames and local files cannot read.',
            workaround: 'Give these pages an origin of their own.',
            check: 'origin-not-allowed',
          },
        ]
      : []),
    ...(rules.some(({ maxAge }) => maxAge !== undefined && maxAge > MOST_SECONDS)
      ? [
          {
            text: `It takes no max-age beyond ${MOST_SECONDS} seconds, the most that a browser takes: that is what it sends.`,
            workaround: `Declare maxAge: ${MOST_SECONDS}.`,
            check: 'max-age-differs',
          },
        ]
      : []),
    ...withoutPrivateNetwork(policy),
  ];
}

export const jub0bsCors: Stack = {
  id: 'jub0bs-cors',
  title: 'Go with jub0bs/cors',
  ecosystem: 'go',
  aliases: ['jub0bs/cors', 'jub0bs'],
  marks: { packages: ['github.com/jub0bs/cors'], headers: [] },
  docs: 'https://pkg.go.dev/github.com/jub0bs/cors#Config',
  configure: policy => ({
    files: [
      {
        path: 'cors.go',
        language: 'go',
        text: goFile(PACKAGES, [
          ...policy.rules.flatMap(options),
          ...NEW,
          ...(policy.rules.some(narrows) ? ONLY : []),
          ...goWithCors(policy, handler),
        ]),
      },
    ],
    notes: notes(policy),
  }),
  gettingStarted: {
    source: 'https://github.com/jub0bs/cors#example',
    files: ({ rules: [{ origins }] }) => [
      {
        path: 'cors.go',
        language: 'go',
        text: goFile(PACKAGES, [
          'func withCORS(api http.Handler) http.Handler {',
          '\tcorsMw, err := cors.NewMiddleware(cors.Config{',
          `\t\tOrigins:        ${goList(origins.exact)},`,
          '\t\tMethods:        []string{http.MethodGet, http.MethodPost},',
          '\t\tRequestHeaders: []string{"Authorization"},',
          '\t})',
          '\tif err != nil {',
          '\t\tlog.Fatal(err)',
          '\t}',
          '\treturn corsMw.Wrap(api)',
          '}',
        ]),
      },
    ],
  },
};

/** Quarkus: its own settings; a filter by hand if rules differ by path, since the settings hold for all paths. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { indent, quoted, textOf } from './print.ts';
import type { Configuration, Stack, StackNote } from './types.ts';

const PROPERTIES = 'src/main/resources/application.properties';

/** Backslashes are doubled in properties, and a comma would end the value. */
const pattern = (source: string): string =>
  `/${source.replaceAll('\\.', '[.]').replaceAll('\\', '\\\\').replaceAll(',', '\\\\,')}/`;

const originList = ({ any, exact, patterns }: CorsRule['origins']): string =>
  any ? '*' : [...exact, ...patterns.map(one => pattern(one.source))].join(',');

const VARY = [
  '# Whatever the origin, or without one: the CORS filter never says it, and caches go by it.',
  'quarkus.http.header."Vary".value=Origin',
];

function properties(rule: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  const set = (name: string, value: string) => `quarkus.http.cors.${name}=${value}`;
  return [
    set('enabled', 'true'),
    ...(origins.patterns.length > 0 ? ['# Between slashes stands what has to match the whole origin.'] : []),
    set('origins', originList(origins)),
    '# Left out, they are allowed to every origin that is listed.',
    set('access-control-allow-credentials', String(credentials)),
    set('methods', methods.join(',')),
    ...(requestHeaders.length > 0
      ? [set('headers', requestHeaders.join(','))]
      : ['# Left out, every header is allowed; this one always is.', set('headers', 'Accept')]),
    ...(exposedHeaders.length > 0 ? [set('exposed-headers', exposedHeaders.join(','))] : []),
    ...(maxAge === undefined ? [] : [set('access-control-max-age', `${maxAge}S`)]),
    ...VARY,
  ];
}

/** A constant for each rule: "policyPublic" as POLICY_PUBLIC. */
const constant = ({ name }: CorsRule): string => name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase();

const javaPattern = (source: string): string => `Pattern.compile(${quoted(source)})`;

function javaRule(rule: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  const put = (name: string, value: string) => `${quoted(name)}, ${quoted(value)},`;
  const answers = [
    ...(credentials ? [put('Access-Control-Allow-Credentials', 'true')] : []),
    ...(exposedHeaders.length > 0 ? [put('Access-Control-Expose-Headers', exposedHeaders.join(', '))] : []),
    put('Access-Control-Allow-Methods', methods.join(', ')),
    ...(requestHeaders.length > 0 ? [put('Access-Control-Allow-Headers', requestHeaders.join(', '))] : []),
    ...(maxAge === undefined ? [] : [put('Access-Control-Max-Age', String(maxAge))]),
    ...(privateNetwork ? [put('Access-Control-Allow-Private-Network', 'true')] : []),
  ];
  const last = answers.length - 1;
  return [
    `private static final Rule ${constant(rule)} = new Rule(`,
    ...indent(8, [
      origins.any ? 'null, // every origin' : `${javaPattern(originsRegex(origins))},`,
      'Map.of(',
      ...indent(
        8,
        answers.map((line, i) => (i === last ? line.replace(/,$/, '));') : line)),
      ),
    ]),
    '',
  ];
}

function filter(policy: CorsPolicy): string[] {
  const [first, ...others] = policy.rules;
  return [
    'import io.quarkus.vertx.http.runtime.filters.Filters;',
    'import io.vertx.core.http.HttpMethod;',
    'import io.vertx.ext.web.RoutingContext;',
    'import jakarta.enterprise.event.Observes;',
    'import jakarta.inject.Singleton;',
    'import java.util.Map;',
    'import java.util.regex.Pattern;',
    '',
    '/** CORS by path: the settings of Quarkus hold for every path alike. */',
    '@Singleton',
    'public class CorsByPath {',
    ...indent(4, [
      '/** Which origins, as one expression for the whole of it, and the headers that they get. */',
      'private record Rule(Pattern origins, Map<String, String> headers) {}',
      '',
      ...policy.rules.flatMap(javaRule),
      ...others.map(
        rule => `private static final Pattern ${constant(rule)}_PATHS = ${javaPattern(pathRegex(rule))};`,
      ),
      '',
      '/** Before authentication, which has 200: a preflight carries no credentials. */',
      'void register(@Observes Filters filters) {',
      '    filters.register(CorsByPath::answer, 300);',
      '}',
      '',
      'private static Rule ruleFor(String path) {',
      ...others.map(
        rule => `    if (${constant(rule)}_PATHS.matcher(path).matches()) return ${constant(rule)};`,
      ),
      `    return ${constant(first)};`,
      '}',
      '',
      'private static void answer(RoutingContext context) {',
      '    var request = context.request();',
      '    var headers = context.response().headers();',
      '    String origin = request.getHeader("Origin");',
      '    Rule rule = ruleFor(context.normalizedPath());',
      '    if (rule.origins() == null) headers.set("Access-Control-Allow-Origin", "*");',
      '    else {',
      '        headers.add("Vary", "Origin"); // whatever the origin: caches go by it',
      '        boolean allowed = origin != null && rule.origins().matcher(origin).matches();',
      '        if (allowed) headers.set("Access-Control-Allow-Origin", origin);',
      '    }',
      '    if (headers.contains("Access-Control-Allow-Origin")) headers.addAll(rule.headers());',
      '    boolean asks = request.headers().contains("Access-Control-Request-Method");',
      '    if (request.method() == HttpMethod.OPTIONS && origin != null && asks) context.response().setStatusCode(204).end();',
      '    else context.next();',
      '}',
    ]),
    '}',
  ];
}

/** CORSFilter lets an origin of the request's own scheme, host and port pass, and takes the scheme from the connection. */
const sameOrigin = ({ rules: [{ origins }] }: CorsPolicy): StackNote[] =>
  origins.any
    ? []
    : [
        {
          text: 'What it takes for its own origin is allowed, too: behind a proxy that ends TLS this is http:// and its own host, so that whoever changes plain HTTP on the way can read what is declared for https.',
          workaround:
            'quarkus.http.proxy.proxy-address-forwarding=true, if only that proxy reaches it and says X-Forwarded-Proto.',
          check: 'origin-scheme',
        },
      ];

const byHand = (policy: CorsPolicy): Configuration => ({
  files: [{ path: 'src/main/java/CorsByPath.java', language: 'java', text: textOf(filter(policy)) }],
  notes: [],
});

export const quarkus: Stack = {
  id: 'quarkus',
  title: 'Quarkus',
  ecosystem: 'maven',
  marks: {
    packages: [
      'quarkus-rest',
      'quarkus-vertx-http',
      'quarkus-resteasy',
      'quarkus-bom',
      'quarkus-maven-plugin',
    ],
    headers: [],
  },
  docs: 'https://quarkus.io/guides/security-cors',
  configure: policy =>
    policy.rules.length > 1
      ? byHand(policy)
      : {
          files: [{ path: PROPERTIES, language: 'properties', text: textOf(properties(policy.rules[0])) }],
          notes: [
            ...withoutPrivateNetwork(policy),
            ...sameOrigin(policy),
            {
              text: 'A request from any other origin, or with another method, is answered with 403 and never reaches the application: also one that no browser sent.',
            },
          ],
        },
  gettingStarted: {
    source: 'https://quarkus.io/guides/security-cors',
    files: ({ rules: [rule] }) => [
      {
        path: PROPERTIES,
        language: 'properties',
        text: textOf([
          'quarkus.http.cors.enabled=true',
          `quarkus.http.cors.origins=${originList(rule.origins)}`,
          'quarkus.http.cors.methods=GET,PUT,POST',
          'quarkus.http.cors.headers=X-Custom',
          'quarkus.http.cors.exposed-headers=Content-Disposition',
          'quarkus.http.cors.access-control-max-age=24H',
          'quarkus.http.cors.access-control-allow-credentials=true',
        ]),
      },
    ],
  },
};

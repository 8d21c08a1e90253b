/** What Spring's stacks share: a CorsConfiguration per rule, in Java. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex } from './cors-policy.ts';
import { indent, quoted } from './print.ts';

const list = (values: readonly string[]): string => `List.of(${values.map(quoted).join(', ')})`;

/** A name for a constant: "policyPublic" with ORIGINS as POLICY_PUBLIC_ORIGINS. */
const constant = ({ name }: CorsRule, of: 'PATHS' | 'ORIGINS'): string =>
  `${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}_${of}`;

const patternConstant = (name: string, source: string): string =>
  `private static final Pattern ${name} = Pattern.compile(${quoted(source)});`;

function created(rule: CorsRule): string[] {
  const { any, exact, patterns } = rule.origins;
  if (any || patterns.length === 0)
    return [
      'CorsConfiguration cors = new CorsConfiguration();',
      `cors.setAllowedOrigins(${list(any ? ['*'] : exact)});`,
    ];
  return [
    '// The * of setAllowedOriginPatterns stands for any text: more labels would be allowed as well.',
    'CorsConfiguration cors = new CorsConfiguration() {',
    '    @Override',
    '    public String checkOrigin(String origin) {',
    `        return origin != null && ${constant(rule, 'ORIGINS')}.matcher(origin).matches() ? origin : null;`,
    '    }',
    '};',
  ];
}

function configuration(rule: CorsRule): string[] {
  const { name, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  return [
    `private static CorsConfiguration ${name}() {`,
    ...indent(4, [
      ...created(rule),
      ...(credentials ? ['cors.setAllowCredentials(true);'] : []),
      `cors.setAllowedMethods(${list(methods)});`,
      ...(requestHeaders.length > 0 ? [`cors.setAllowedHeaders(${list(requestHeaders)});`] : []),
      ...(exposedHeaders.length > 0 ? [`cors.setExposedHeaders(${list(exposedHeaders)});`] : []),
      ...(maxAge === undefined ? [] : [`cors.setMaxAge(${maxAge}L);`]),
      ...(privateNetwork ? ['cors.setAllowPrivateNetwork(true);'] : []),
      'return cors;',
    ]),
    '}',
    '',
  ];
}

/** Whether the code needs regular expressions. */
const needsPattern = ({ rules }: CorsPolicy): boolean =>
  rules.length > 1 || rules.some(rule => rule.origins.patterns.length > 0);

/** Constants and methods of a class: one configuration per rule, and `rules()`, a source that gives each request its own. */
export function springRules(policy: CorsPolicy): string[] {
  const [first, ...others] = policy.rules;
  return [
    ...others.map(rule => patternConstant(constant(rule, 'PATHS'), pathRegex(rule))),
    ...policy.rules
      .filter(rule => rule.origins.patterns.length > 0)
      .map(rule => patternConstant(constant(rule, 'ORIGINS'), originsRegex(rule.origins))),
    ...(needsPattern(policy) ? [''] : []),
    ...policy.rules.flatMap(configuration),
    'private static CorsConfigurationSource rules() {',
    ...indent(4, [
      ...policy.rules.map(({ name }) => `CorsConfiguration ${name} = ${name}();`),
      ...(others.length === 0
        ? [`return request -> ${first.name};`]
        : [
            'return request -> {',
            '    String path = request.getRequestURI();',
            ...others.map(
              rule => `    if (${constant(rule, 'PATHS')}.matcher(path).matches()) return ${rule.name};`,
            ),
            `    return ${first.name};`,
            '};',
          ]),
    ]),
    '}',
  ];
}

/** The imports of a class, those of its rules among them, in order. */
export const springImports = (policy: CorsPolicy, own: readonly string[]): string[] => {
  const java = ['java.util.List', ...(needsPattern(policy) ? ['java.util.regex.Pattern'] : [])];
  const spring = [
    ...own,
    'org.springframework.web.cors.CorsConfiguration',
    'org.springframework.web.cors.CorsConfigurationSource',
  ].sort();
  const line = (name: string) => `import ${name};`;
  return [...java.map(line), '', ...spring.map(line), ''];
};

/** What Spring does beyond the policy. */
export const springNotes = [
  {
    text: 'A request from any other origin, or with another method, is answered with 403 and never reaches the application: also one that no browser sent.',
  },
];

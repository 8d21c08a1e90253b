/** What several JavaScript stacks write in the same way. */
import type { AllowedOrigins, CorsPolicy, CorsRule } from './cors-policy.ts';
import { indent, jsList, jsRegex, jsString } from './print.ts';

/** The patterns of a rule, each as one JavaScript regular expression. */
const regexes = ({ patterns }: AllowedOrigins): string[] => patterns.map(one => jsRegex(one.source));

/**
 * A list of strings and regular expressions, as `cors` and its relatives take it. A list even if there is just one: a
 * single string would be sent to every origin, also to those that are not allowed.
 */
export function originOption(origins: AllowedOrigins): string {
  if (origins.any) return jsString('*');
  return `[${[...origins.exact.map(jsString), ...regexes(origins)].join(', ')}]`;
}

/** An expression that tells whether the origin in a variable is allowed. */
export function originTest(origins: AllowedOrigins, variable = 'origin'): string {
  if (origins.any) return 'true';
  const tests = regexes(origins).map(one => `${one}.test(${variable})`);
  if (origins.exact.length === 1) tests.unshift(`${variable} === ${jsString(origins.exact[0] as string)}`);
  else if (origins.exact.length > 1) tests.unshift(`${jsList(origins.exact)}.includes(${variable})`);
  return tests.join(' || ') || 'false';
}

/** The property `allows` of an object literal: whether an origin is allowed. */
export function allowsLines(origins: AllowedOrigins): string[] {
  const test = originTest(origins);
  return test.length < 80
    ? [`allows: origin => ${test},`]
    : ['allows: origin =>', ...indent(2, [`${test},`])];
}

/** A comment per pattern: which declared origins an expression stands for. */
export const patternComments = ({ patterns }: AllowedOrigins): string[] =>
  patterns.map(({ declared }) =>
    declared.startsWith('/')
      ? `// ${oneLine(declared)}: anchored at both ends.`
      : `// ${oneLine(declared)}: anchored at both ends, dots escaped.`,
  );

/** Nothing ends a comment before its time. */
const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ').replaceAll('*/', '* /');

/** The path test of a rule: an expression of JavaScript. */
export const pathTest = (rule: CorsRule, variable: string): string =>
  rule.paths
    .map(({ path, below }) =>
      below
        ? `${variable} === ${jsString(path)} || ${variable}.startsWith(${jsString(`${path.replace(/\/$/, '')}/`)})`
        : `${variable} === ${jsString(path)}`,
    )
    .join(' || ');

/**
 * An expression that picks what belongs to the rule of a path; the first rule is the default.
 * @param what the expression for a rule; default: its options
 */
export function pickByPath(
  policy: CorsPolicy,
  variable: string,
  what: (rule: CorsRule) => string = rule => rule.name,
): string {
  const [first, ...others] = policy.rules;
  return others.reduceRight(
    (rest, rule) => `${pathTest(rule, variable)} ? ${what(rule)} : ${rest}`,
    what(first),
  );
}

/** A constant with an object literal. */
export const objectConstant = (name: string, lines: readonly string[]): string[] => [
  `const ${name} = {`,
  ...indent(2, lines),
  '};',
];

/** How a library of the family of `cors` names its options, and what it makes of those that are left out. */
export interface OptionsDialect {
  readonly methods: string;
  readonly requestHeaders: string;
  readonly exposedHeaders: string;
  /** What its default of methods would do. */
  readonly methodsReason: string;
  /** What happens if no request headers are named. */
  readonly headersReason: string;
  /** What allows no request header; default: an empty list. */
  readonly noHeaders?: string;
  /** Its value for "do not send it"; default: the option is left out. */
  readonly noMaxAge?: string;
  /** How a max-age of zero is written, if a plain 0 is taken for none. */
  readonly zeroMaxAge?: string;
  readonly origin: (rule: CorsRule) => readonly string[];
  /** Whether credentials have to be denied by name. */
  readonly denyCredentials?: boolean;
  /** What exposes nothing, if leaving the option out does not. */
  readonly noExposed?: string;
}

/** The dialect of `cors` itself. */
export const CORS_DIALECT: OptionsDialect = {
  methods: 'methods',
  requestHeaders: 'allowedHeaders',
  exposedHeaders: 'exposedHeaders',
  methodsReason: 'The default would allow PUT, PATCH and DELETE.',
  headersReason: 'If this is left out, every header that is asked for is allowed.',
  origin: rule => [`origin: ${originOption(rule.origins)},`],
};

/** The options of a rule, as lines of an object literal. */
export function optionLines(rule: CorsRule, dialect: OptionsDialect): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge } = rule;
  const lines = [...patternComments(origins), ...dialect.origin(rule)];
  if (credentials) lines.push('credentials: true,');
  else if (dialect.denyCredentials) lines.push('credentials: false,');
  lines.push(`// ${dialect.methodsReason}`, `${dialect.methods}: ${jsList(methods)},`);
  if (requestHeaders.includes('*')) lines.push('// Every request header that is asked for is allowed.');
  else {
    const names = requestHeaders.length > 0 ? jsList(requestHeaders) : (dialect.noHeaders ?? '[]');
    lines.push(`// ${dialect.headersReason}`, `${dialect.requestHeaders}: ${names},`);
  }
  if (exposedHeaders.length > 0) lines.push(`${dialect.exposedHeaders}: ${jsList(exposedHeaders)},`);
  else if (dialect.noExposed !== undefined) lines.push(`${dialect.exposedHeaders}: ${dialect.noExposed},`);
  if (maxAge !== undefined)
    lines.push(`maxAge: ${maxAge === 0 && dialect.zeroMaxAge ? dialect.zeroMaxAge : maxAge},`);
  else if (dialect.noMaxAge !== undefined) lines.push(`maxAge: ${dialect.noMaxAge},`);
  return lines;
}

/** A constant with the options of each rule. */
export const optionConstants = (policy: CorsPolicy, dialect: OptionsDialect): string[] =>
  policy.rules.flatMap((rule, i) => [
    ...(i > 0 ? [''] : []),
    ...objectConstant(rule.name, optionLines(rule, dialect)),
  ]);

/** Why CORS comes before everything else. */
export const BEFORE_ALL =
  '// Before every route and before authentication: a preflight carries no cookies and no Authorization header.';

/** Why one function chooses between rules. */
export const ONE_CHOOSES = '// One that chooses: of two in a row, the second would overwrite the first.';

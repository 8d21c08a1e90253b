/** What the Go stacks write in the same way. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { originsRegex, pathRegex } from './cors-policy.ts';
import { quoted, textOf } from './print.ts';

export const goList = (values: readonly string[]): string => `[]string{${values.map(quoted).join(', ')}}`;

/** A raw string literal. */
const goRaw = (source: string): string => (source.includes('`') ? quoted(source) : `\`${source}\``);

const regexpVar = (name: string, source: string): string[] => [
  `var ${name} = regexp.MustCompile(${goRaw(`^(?:${source})$`)})`,
  '',
];

/** The variable of a regular expression for the origins of a rule, and an empty line. */
export const goOriginsVar = (rule: CorsRule): string[] =>
  regexpVar(`${rule.name}Origins`, originsRegex(rule.origins));

/** Variables of regular expressions for the paths of each rule but the first, `policyPublicPaths`, with empty lines. */
export const goPathVars = ({ rules: [, ...others] }: CorsPolicy): string[] =>
  others.flatMap(rule => regexpVar(`${rule.name}Paths`, pathRegex(rule)));

/** Whether an option that lists exact origins cannot say it: patterns, and `null` where the option refuses it. */
export const goNeedsFunction = ({ origins: { exact, patterns } }: CorsRule): boolean =>
  patterns.length > 0 || exact.includes('null');

/** A switch that runs lines for the rule of a path. */
export const goSwitch = (
  { rules: [first, ...others] }: CorsPolicy,
  path: string,
  lines: (rule: CorsRule) => readonly string[],
): string[] => [
  'switch {',
  ...others.flatMap(rule => [
    `case ${rule.name}Paths.MatchString(${path}):`,
    ...lines(rule).map(line => `\t${line}`),
  ]),
  'default:',
  ...lines(first).map(line => `\t${line}`),
  '}',
];

/** A condition for the paths that a rule does not hold for, if there are several rules. */
export function goOtherPaths(
  { rules: [first, ...others] }: CorsPolicy,
  rule: CorsRule,
  path: string,
): string {
  if (rule !== first) return `!${rule.name}Paths.MatchString(${path})`;
  return others.map(one => `${one.name}Paths.MatchString(${path})`).join(' || ');
}

/** A condition for the paths that a rule holds for, if there are several rules. */
export function goOwnPaths({ rules: [first, ...others] }: CorsPolicy, rule: CorsRule, path: string): string {
  if (rule !== first) return `${rule.name}Paths.MatchString(${path})`;
  return others.map(one => `!${one.name}Paths.MatchString(${path})`).join(' && ');
}

/**
 * Fields as Echo and Fiber name them, after the origins. Both send the headers that are asked for if none are listed.
 * @param methodsReason what the default for methods is, in a comment
 */
export function goListFields(
  { credentials, methods, requestHeaders, exposedHeaders, maxAge }: CorsRule,
  methodsReason: string,
  list: (values: readonly string[]) => string = goList,
): string[] {
  const lines = credentials ? ['AllowCredentials: true,'] : [];
  lines.push(`// ${methodsReason}`, `AllowMethods: ${list(methods)},`);
  if (requestHeaders.includes('*'))
    lines.push('// AllowHeaders is left out: every header that is asked for is allowed.');
  else
    lines.push(
      '// If this is left out or empty, every header that is asked for is allowed.',
      `AllowHeaders: ${list(requestHeaders.length > 0 ? requestHeaders : ['Accept'])},`,
    );
  if (exposedHeaders.length > 0) lines.push(`ExposeHeaders: ${list(exposedHeaders)},`);
  if (maxAge !== undefined) lines.push(maxAge === 0 ? 'MaxAge: -1, // sends 0' : `MaxAge: ${maxAge},`);
  return lines;
}

/** A field of a struct literal that is a function of so many lines. */
export const goFunction = (signature: string, lines: readonly string[]): string[] => [
  `${signature} {`,
  ...lines.map(line => `\t${line}`),
  '},',
];

const STANDARD = ['log', 'net/http', 'regexp', 'time'];

/** A file of the package main: the imports that its lines use, and the lines. */
export function goFile(packages: readonly string[], lines: readonly string[]): string {
  const code = lines.filter(line => !line.trimStart().startsWith('//')).join('\n');
  const uses = (name: string) => new RegExp(`\\b${name.split('/').at(-1)}\\.[A-Z]`).test(code);
  const standard = STANDARD.filter(uses);
  return textOf([
    'package main',
    '',
    'import (',
    ...standard.map(name => `\t${quoted(name)}`),
    ...(standard.length > 0 ? [''] : []),
    ...packages.map(name => `\t${quoted(name)}`),
    ')',
    '',
    ...lines,
  ]);
}

const OUTERMOST = [
  '// Around the outermost handler: before authentication, since a preflight carries none, and so that errors and unknown',
  '// paths have the headers too.',
];

/**
 * `withCORS` for net/http, which wraps a handler.
 * @param wrap an expression for `next` with the headers of a rule
 * @param where it goes, in lines of comment
 */
export function goWithCors(
  policy: CorsPolicy,
  wrap: (rule: CorsRule) => string,
  where: readonly string[] = OUTERMOST,
): string[] {
  const head = [...where, 'func withCORS(next http.Handler) http.Handler {'];
  const [first, ...others] = policy.rules;
  if (others.length === 0) return [...head, `\treturn ${wrap(first)}`, '}'];
  return [
    ...goPathVars(policy),
    ...head,
    ...policy.rules.map(rule => `\t${rule.name}Handler := ${wrap(rule)}`),
    '\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {',
    ...goSwitch(policy, 'r.URL.Path', rule => [`${rule.name}Handler.ServeHTTP(w, r)`]).map(
      line => `\t\t${line}`,
    ),
    '\t})',
    '}',
  ];
}

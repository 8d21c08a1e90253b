/** What the Python stacks write in the same way. */
import {
  type AllowedOrigins,
  type CorsPolicy,
  type CorsRule,
  originsRegex,
  pathRegex,
  sendsHeadersBack,
} from './cors-policy.ts';
import { indent, quoted } from './print.ts';

export const pyList = (values: readonly string[]): string => `[${values.map(quoted).join(', ')}]`;

/** A raw string literal for a regular expression. */
export const pyRegex = (source: string): string =>
  source.includes('"') || source.endsWith('\\') ? quoted(source) : `r"${source}"`;

/** policyPublic as Python spells names. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** A condition for a path in a variable. */
export const pyPathTest = (rule: CorsRule, variable: string): string =>
  `re.fullmatch(${pyRegex(pathRegex(rule))}, ${variable})`;

/** The expression that all patterns of a rule are; undefined if it has none. */
export const pyPatterns = ({ patterns }: AllowedOrigins): string | undefined =>
  patterns.length === 0 ? undefined : pyRegex(patterns.map(one => one.source).join('|'));

/** Whether a policy allows every request header with credentials. */
export const pyReflects = ({ rules }: CorsPolicy): boolean => rules.some(sendsHeadersBack);

/** Lines for such a policy; none for others. */
export const pyIfReflects = (policy: CorsPolicy, lines: readonly string[]): readonly string[] =>
  pyReflects(policy) ? lines : [];

/** CORS by hand as a dictionary per rule: whom it allows, and the headers of its answers. */
function pyRule(rule: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  const pair = (name: string, value: string) => `${quoted(name)}: ${quoted(value)},`;
  const preflight = [pair('Access-Control-Allow-Methods', methods.join(', '))];
  const reflects = sendsHeadersBack(rule);
  if (requestHeaders.length > 0 && !reflects)
    preflight.push(pair('Access-Control-Allow-Headers', requestHeaders.join(', ')));
  if (maxAge !== undefined) preflight.push(pair('Access-Control-Max-Age', String(maxAge)));
  if (privateNetwork) preflight.push(pair('Access-Control-Allow-Private-Network', 'true'));
  const response =
    exposedHeaders.length > 0 ? [pair('Access-Control-Expose-Headers', exposedHeaders.join(', '))] : [];
  return [
    `${snake(rule.name).toUpperCase()} = {`,
    ...indent(4, [
      origins.any
        ? '"origins": None,  # every origin'
        : `"origins": re.compile(${pyRegex(originsRegex(origins))}),`,
      `"credentials": ${credentials ? 'True' : 'False'},`,
      ...(reflects ? ['"any_header": True,'] : []),
      '"preflight": {',
      ...indent(4, preflight),
      '},',
      response.length === 0 ? '"response": {},' : `"response": {${response[0]?.slice(0, -1)}},`,
    ]),
    '}',
  ];
}

/** One more argument, if the policy needs it. */
export const pyAsked = (policy: CorsPolicy, expression: string): string =>
  pyIfReflects(policy, [`, ${expression}`]).join('');

const constant = (rule: CorsRule): string => snake(rule.name).toUpperCase();

/** The dictionaries of all rules, and `rule_for(path)`, which chooses one. */
export const pyRules = ({ rules: [first, ...others] }: CorsPolicy): string[] => [
  ...[first, ...others].flatMap(rule => [...pyRule(rule), '']),
  '',
  'def rule_for(path):',
  ...others.flatMap(rule => [`    if ${pyPathTest(rule, 'path')}:`, `        return ${constant(rule)}`]),
  `    return ${constant(first)}`,
];

/**
 * pyRules, and `cors_headers(path, origin, is_preflight)`: the CORS headers of an answer as a dictionary. It also takes
 * the value of Access-Control-Request-Headers if the policy needs that: see pyAsked.
 */
export const pyCorsHeaders = (policy: CorsPolicy): string[] => [
  ...pyRules(policy),
  '',
  '',
  `def cors_headers(path, origin, is_preflight${pyAsked(policy, 'asked_headers')}):`,
  '    rule = rule_for(path)',
  '    if rule["origins"] is None:',
  '        headers = {"Access-Control-Allow-Origin": "*"}',
  '    elif origin is None or not rule["origins"].fullmatch(origin):',
  '        # Also to other origins and to none: caches go by it.',
  '        return {"Vary": "Origin"}',
  '    else:',
  '        headers = {"Vary": "Origin", "Access-Control-Allow-Origin": origin}',
  '    if rule["credentials"]:',
  '        headers["Access-Control-Allow-Credentials"] = "true"',
  '    headers.update(rule["preflight" if is_preflight else "response"])',
  ...pyIfReflects(policy, [
    '    if is_preflight and rule.get("any_header"):',
    '        headers["Access-Control-Allow-Headers"] = asked_headers',
  ]),
  '    return headers',
];

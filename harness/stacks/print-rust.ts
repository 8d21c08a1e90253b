/** What the Rust stacks share: literals, and the regular expressions of a policy. */
import { type CorsPolicy, type CorsRule, originsRegex, pathRegex } from './cors-policy.ts';

/** A raw string literal. */
const raw = (source: string): string => {
  let marks = source.includes('"') ? '#' : '';
  while (marks !== '' && source.includes(`"${marks}`)) marks += '#';
  return `r${marks}"${source}"${marks}`;
};

/** "policyPublic" as policy_public. */
export const rustName = ({ name }: CorsRule): string =>
  name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);

/** The name of the static that holds a rule's expression for paths, or for origins. */
export const rustStatic = (rule: CorsRule, of: 'PATHS' | 'ORIGINS'): string =>
  `${rustName(rule).toUpperCase()}_${of}`;

const regex = (name: string, source: string): string[] => [
  `static ${name}: LazyLock<Regex> =`,
  `    LazyLock::new(|| Regex::new(${raw(`^(?:${source})$`)}).unwrap());`,
];

/** Whether the code needs regular expressions. */
export const needsRegex = (policy: CorsPolicy): boolean =>
  policy.rules.length > 1 || policy.rules.some(rule => rule.origins.patterns.length > 0);

/** The expressions of a policy, for the paths of all rules but the first and for patterns of origins. */
export const rustRegexes = (policy: CorsPolicy): string[] =>
  policy.rules.flatMap(rule => [
    ...(rule.paths.length > 0 ? [...regex(rustStatic(rule, 'PATHS'), pathRegex(rule)), ''] : []),
    ...(rule.origins.patterns.length > 0
      ? [...regex(rustStatic(rule, 'ORIGINS'), originsRegex(rule.origins)), '']
      : []),
  ]);

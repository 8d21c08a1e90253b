/**
 * A policy as the configuration of a server writes it: rules, each for some paths. `verify` asks resource by resource;
 * a server answers by rule, so resources that allow the same share one.
 */
import { escapeRegex, type OriginRule } from '../policy/config/origins.ts';
import { resolveResources } from '../policy/config/read.ts';
import type { ParsedConfig } from '../policy/config/schema.ts';

/** A declared pattern of origins. */
export interface OriginPattern {
  /** As it was declared: "https://*.example.com" or "/regex/". */
  readonly declared: string;
  /** A regular expression for the whole origin, without anchors. */
  readonly source: string;
}

/** The origins of a rule. */
export interface AllowedOrigins {
  /** Whether every origin may read. */
  readonly any: boolean;
  /** Serialized origins, `null` among them if it is declared. */
  readonly exact: readonly string[];
  readonly patterns: readonly OriginPattern[];
}

/** A path that a rule holds for. */
export interface RulePath {
  /** Without a query. */
  readonly path: string;
  /** Whether it holds for everything below the path too: not for `/`, and not if another rule holds for some of it. */
  readonly below: boolean;
}

/** What holds for some paths. */
export interface CorsRule {
  /** A name for it in code: "policy" for the first rule, then "policyPublic" after its first path. camelCase. */
  readonly name: string;
  /** Empty for the first rule: it holds everywhere else. */
  readonly paths: readonly RulePath[];
  readonly origins: AllowedOrigins;
  readonly credentials: boolean;
  /** Upper case. */
  readonly methods: readonly string[];
  /** Beyond the safelisted ones; `*` if any is allowed. */
  readonly requestHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  /** Seconds; undefined if the policy does not say. */
  readonly maxAge: number | undefined;
  readonly privateNetwork: boolean;
}

/** At least one rule. The first holds wherever no other does: for unknown paths and errors too. */
export interface CorsPolicy {
  readonly rules: readonly [CorsRule, ...CorsRule[]];
}

const originsOf = (rules: readonly OriginRule[]): AllowedOrigins => ({
  any: rules.some(one => one.kind === 'any'),
  exact: rules.flatMap(one => (one.kind === 'exact' || one.kind === 'null' ? [one.declared] : [])),
  patterns: rules.flatMap(one =>
    one.source === undefined ? [] : [{ declared: one.declared, source: one.source }],
  ),
});

const camelCase = (words: string): string =>
  words
    .replace(/[^a-zA-Z0-9]+/g, ' ')
    .trim()
    .replace(/ ([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());

const byName = (names: Iterable<string>): string[] => {
  const seen = new Map<string, string>();
  for (const name of names) if (!seen.has(name.toLowerCase())) seen.set(name.toLowerCase(), name);
  return [...seen.values()];
};

/**
 * The rules of a configuration's policy.
 * @param config checked by readConfig
 */
export function corsPolicyOf(config: ParsedConfig): CorsPolicy {
  const groups = new Map<string, { allowed: Omit<CorsRule, 'name' | 'paths'>; paths: Set<string> }>();
  for (const resource of resolveResources(config)) {
    const { credentials, exposedHeaders, maxAge, privateNetwork } = resource;
    const allowed = {
      origins: originsOf(resource.rules),
      credentials,
      methods: [...new Set([...config.policy.methods, ...resource.methods])],
      requestHeaders: byName(resource.requestHeaders),
      exposedHeaders: byName(exposedHeaders),
      maxAge,
      privateNetwork,
    };
    const key = JSON.stringify(allowed);
    const group = groups.get(key) ?? { allowed, paths: new Set() };
    groups.set(key, group);
    group.paths.add(resource.path.replace(/\?.*$/s, ''));
  }
  const rules: CorsRule[] = [];
  for (const { allowed, paths } of groups.values()) {
    const [path = '/'] = paths;
    const name = rules.length === 0 ? 'policy' : uniqueName(camelCase(`policy ${path}`), rules);
    const others = [...groups.values()].filter(one => one.paths !== paths).flatMap(one => [...one.paths]);
    const own = [...paths].map(one => ({
      path: one,
      below: one !== '/' && !others.some(other => other.startsWith(`${one.replace(/\/$/, '')}/`)),
    }));
    rules.push({ name, paths: rules.length === 0 ? [] : own, ...allowed });
  }
  return { rules: rules as [CorsRule, ...CorsRule[]] };
}

function uniqueName(name: string, rules: readonly CorsRule[]): string {
  const taken = new Set(rules.map(one => one.name));
  let unique = name;
  for (let n = 2; taken.has(unique); n++) unique = `${name}${n}`;
  return unique;
}

/** One regular expression, without anchors, for every origin that is declared by name or by pattern. */
export function originsRegex({ exact, patterns }: AllowedOrigins): string {
  return [...exact.map(escapeRegex), ...patterns.map(one => one.source)].join('|');
}

/** Whether a rule answers one origin, always the same: "*" or one exact origin. */
export const constantOrigin = ({ any, exact, patterns }: AllowedOrigins): string | undefined =>
  any ? '*' : patterns.length === 0 && exact.length === 1 ? exact[0] : undefined;

/**
 * Whether a server must send back the request headers that are asked for, since any is allowed: with credentials a * in
 * the answer means a header of that name.
 */
export const sendsHeadersBack = ({ credentials, requestHeaders }: CorsRule): boolean =>
  credentials && requestHeaders.includes('*');

/** A regular expression, without anchors, for the paths of a rule. */
export const pathRegex = (rule: CorsRule): string =>
  rule.paths.map(({ path, below }) => `${escapeRegex(path)}${below ? '(?:/.*)?' : ''}`).join('|');

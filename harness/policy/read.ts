/** From an unknown value to a checked configuration and its resolved resources. */
import { type Issue, lint } from './lint.ts';
import { type OriginRule, originRules } from './origins.ts';
import { configSchema, type ParsedConfig } from './schema.ts';

/** The configuration is not usable; `issues` say where and what to do. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issues.map(issue => `${issue.path || 'config'}: ${issue.message}`).join('\n'));
    this.issues = issues;
  }
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );

interface ZodIssueLike {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly errors?: readonly (readonly ZodIssueLike[])[];
  readonly keys?: readonly string[];
}

/** A union's own message says nothing; the branch that came furthest says what is wrong. */
function flatten(issue: ZodIssueLike, prefix: readonly PropertyKey[] = []): Issue {
  const path = [...prefix, ...issue.path];
  const branches = (issue.errors ?? []).filter(branch => branch.length > 0);
  const furthest = branches.reduce<ZodIssueLike | undefined>((best, branch) => {
    const first = branch[0] as ZodIssueLike;
    return !best || first.path.length > best.path.length ? first : best;
  }, undefined);
  if (furthest) return flatten(furthest, path);
  const unknown = issue.code === 'unrecognized_keys' && issue.keys;
  return {
    path: pathText(path),
    severity: 'error',
    message: unknown
      ? `${unknown.map(key => `"${key}"`).join(', ')} ${unknown.length > 1 ? 'are' : 'is'} not known here: check the spelling or leave it out.`
      : `${issue.message}.`,
  };
}

/**
 * Checks shape and sense.
 * @param value what a config file holds
 * @returns the configuration with its defaults, and the warnings to print
 * @throws PolicyError with every error found
 */
export function readConfig(value: unknown): { config: ParsedConfig; warnings: readonly Issue[] } {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success)
    throw new PolicyError(parsed.error.issues.map(issue => flatten(issue as ZodIssueLike)));
  const issues = lint(parsed.data);
  const errors = issues.filter(issue => issue.severity === 'error');
  if (errors.length > 0) throw new PolicyError(errors);
  return { config: parsed.data, warnings: issues };
}

/** A resource with everything that the policy says for all filled in. */
export interface PolicyResource {
  readonly name: string;
  readonly path: string;
  readonly rules: readonly OriginRule[];
  readonly credentials: boolean;
  readonly methods: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly maxAge?: number;
  readonly privateNetwork: boolean;
  /** Sample headers, sent with every request. */
  readonly headers: readonly (readonly [string, string])[];
  readonly cookies: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly contentType: string;
  /** The status expected of a method; undefined: any. */
  status(method: string): number | undefined;
}

/** Lower-case words joined by hyphens, from any text. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'root';

/** The policy's resources, overrides applied, names unique. */
export function resolveResources(config: ParsedConfig): PolicyResource[] {
  const { policy } = config;
  const taken = new Set<string>();
  return policy.resources.map(own => {
    let name = own.name ?? slug(own.path);
    for (let n = 2; taken.has(name); n++) name = `${own.name ?? slug(own.path)}-${n}`;
    taken.add(name);
    const maxAge = own.maxAge ?? policy.maxAge;
    const status = own.status;
    return {
      name,
      path: own.path,
      rules: originRules(own.origins ?? policy.origins),
      credentials: own.credentials ?? policy.credentials,
      methods: [...new Set(own.methods ?? policy.methods)],
      requestHeaders: own.requestHeaders ?? policy.requestHeaders,
      exposedHeaders: own.exposedHeaders ?? policy.exposedHeaders,
      ...(maxAge !== undefined && { maxAge }),
      privateNetwork: own.privateNetwork ?? policy.privateNetwork,
      headers: Object.entries({ ...policy.headers, ...own.headers }),
      cookies: own.cookies ?? policy.cookies,
      ...(own.body !== undefined && { body: own.body }),
      contentType: own.contentType ?? 'application/json',
      status: method => (typeof status === 'object' ? status[method] : status),
    };
  });
}

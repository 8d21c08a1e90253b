/** From an unknown value to a checked configuration and its resolved resources. */
import type { Issue } from './issue.ts';
import { lint } from './lint.ts';
import { type OriginRule, originRules } from './origins.ts';
import { lintSalvaged } from './salvage.ts';
import { configSchema, type ParsedConfig } from './schema.ts';
import { pathText, shapeFaults } from './shape.ts';

/** The configuration is not usable; `issues` say where and what to do. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issues.map(issue => `${issue.path || 'config'}: ${issue.message}`).join('\n'));
    this.issues = issues;
  }
}

/**
 * Checks shape and sense.
 * @param value what a config file holds
 * @returns the configuration with its defaults, and the warnings to print
 * @throws PolicyError with every error found
 */
export function readConfig(value: unknown): { config: ParsedConfig; warnings: readonly Issue[] } {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const faults = shapeFaults(parsed.error.issues);
    const shape = faults.map(
      ({ path, message }): Issue => ({ path: pathText(path), severity: 'error', message }),
    );
    throw new PolicyError([...shape, ...lintSalvaged(value, faults)]);
  }
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
  /** Those that are sent. */
  readonly methods: readonly string[];
  /** Those that the policy allows besides, though they are not sent to this resource. */
  readonly allowedMethods: readonly string[];
  /** The policy allows any method. */
  readonly anyMethod: boolean;
  readonly requestHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly maxAge?: number;
  readonly privateNetwork: boolean;
  /** Sample headers, sent with every request. */
  readonly headers: readonly (readonly [string, string])[];
  readonly cookies: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly contentType: string;
  /** The status that the policy declares for a method, in a credentials mode; undefined: none. */
  status(method: string, credentials: boolean): number | undefined;
}

/** A request that is answered with an error. */
export interface ErrorRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly contentType: string;
  readonly status?: number;
  /** The policy names it; otherwise it is a path that nobody serves, tried for information. */
  readonly declared: boolean;
}

/** Lower-case words joined by hyphens, from any text. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'root';

type Session = {
  readonly cookies: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
};

type DeclaredStatus = ParsedConfig['policy']['resources'][number]['status'];

/**
 * A number alone says nothing of requests without credentials if the policy has credentials to send: without them a
 * server that asks for a login answers 401.
 */
function statusOf(declared: DeclaredStatus, method: string, credentials: boolean, hasLogin: boolean) {
  const byMethod =
    typeof declared === 'object' && !('include' in declared || 'omit' in declared)
      ? (declared as Record<string, number | { include?: number; omit?: number }>)[method]
      : (declared as number | { include?: number; omit?: number } | undefined);
  if (typeof byMethod === 'object') return credentials ? byMethod.include : byMethod.omit;
  return !credentials && hasLogin ? undefined : byMethod;
}

/**
 * The policy's resources, overrides applied, names unique.
 * @param session cookies and headers that a login gave
 */
export function resolveResources(config: ParsedConfig, session?: Session): PolicyResource[] {
  const { policy } = config;
  const taken = new Set<string>();
  return policy.resources.map(own => {
    let name = own.name ?? slug(own.path);
    for (let n = 2; taken.has(name); n++) name = `${own.name ?? slug(own.path)}-${n}`;
    taken.add(name);
    return resolveResource(own, name, policy, session);
  });
}

type DeclaredResource = ParsedConfig['policy']['resources'][number];

/** A resource with what the policy says for all where it says nothing. */
function resolveResource(
  declared: DeclaredResource,
  name: string,
  policy: ParsedConfig['policy'],
  session: Session | undefined,
): PolicyResource {
  const given = Object.fromEntries(Object.entries(declared).filter(([, value]) => value !== undefined));
  const own = { ...policy, ...given } as ParsedConfig['policy'] & DeclaredResource;
  const methods = [...new Set(own.methods.filter(method => method !== '*'))];
  const cookies = { ...own.cookies, ...session?.cookies };
  const hasLogin = own.credentials && Object.keys(cookies).length > 0;
  return {
    name,
    path: own.path,
    rules: originRules(own.origins),
    credentials: own.credentials,
    methods: methods.length > 0 ? methods : ['GET'],
    allowedMethods: policy.methods.filter(method => method !== '*' && !methods.includes(method)),
    anyMethod: own.methods.includes('*') || policy.methods.includes('*'),
    requestHeaders: own.requestHeaders,
    exposedHeaders: own.exposedHeaders,
    ...(own.maxAge !== undefined && { maxAge: own.maxAge }),
    privateNetwork: own.privateNetwork,
    headers: Object.entries({ ...policy.headers, ...declared.headers, ...session?.headers }),
    cookies,
    ...(own.body !== undefined && { body: own.body }),
    contentType: own.contentType ?? 'application/json',
    status: (method, included) => statusOf(own.status, method, included, hasLogin),
  };
}

/** The folder of a path: the part of a server that this policy is about. */
const folderOf = (path: string): string => path.replace(/[?#].*$/, '').replace(/[^/]*$/, '');

/** The declared errors, and a path beside the first resource that no route serves. */
export function resolveErrors(config: ParsedConfig, first: PolicyResource): ErrorRequest[] {
  const { errors, unrouted } = config.policy;
  const plain = (path: string, declared: boolean): ErrorRequest => ({
    path,
    method: 'GET',
    headers: first.headers,
    contentType: 'application/json',
    declared,
  });
  const declared = errors.map((one): ErrorRequest => {
    if (typeof one === 'string') return plain(one, true);
    const { headers, body, status, ...rest } = one;
    return {
      ...rest,
      headers: Object.entries({ ...Object.fromEntries(first.headers), ...headers }),
      ...(body !== undefined && { body }),
      ...(status !== undefined && { status }),
      declared: true,
    };
  });
  if (unrouted === false) return declared;
  const path = unrouted ?? `${folderOf(first.path)}cors-conformance-no-such-path`;
  return [...declared, plain(path, unrouted !== undefined)];
}

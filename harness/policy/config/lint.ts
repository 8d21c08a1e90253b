/**
 * Contradictions in a declared policy: what no browser can do, what no server should be asked to do. Errors stop
 * the run; warnings are printed. Every message says what to write instead.
 */
import { isToken } from '../../standard/bytes.ts';
import { isForbiddenResponseHeader } from '../../standard/expose.ts';
import { isForbiddenMethod } from '../../standard/methods.ts';
import { isForbiddenRequestHeader, isSafelistedRequestHeader } from '../../standard/request-headers.ts';
import { SAFELISTED_RESPONSE_HEADERS } from '../names.ts';
import type { Issue, Report } from './issue.ts';
import { lintOrigin, serialized } from './lint-origins.ts';
import type { ParsedConfig, ParsedPolicy } from './schema.ts';

function lintMethods(methods: readonly string[], path: string, report: Report): void {
  for (const [index, method] of methods.entries()) {
    const at = `${path}[${index}]`;
    if (method === '*') continue;
    if (!isToken(method)) report(at, 'error', `"${method}" is not a method name.`);
    else if (isForbiddenMethod(method))
      report(at, 'error', `Script can never send ${method.toUpperCase()}. Leave it out.`);
    else if (method !== method.toUpperCase())
      report(at, 'error', `Methods are compared with case. Write "${method.toUpperCase()}".`);
  }
}

/** What goes for every list of header names; `more` is asked about names only. */
function lintHeaderNames(
  names: readonly string[],
  path: string,
  report: Report,
  more: (name: string, lower: string, at: string) => void,
): void {
  for (const [index, name] of names.entries()) {
    const at = `${path}[${index}]`;
    if (name === '*') continue;
    if (!isToken(name)) report(at, 'error', `"${name}" is not a header name.`);
    else more(name, name.toLowerCase(), at);
  }
}

/** What to say of a forbidden request-header: how the policy declares what it is meant for, if it can. */
function unsettable(lower: string, name: string): string {
  const never = `Script can never set ${name}.`;
  if (lower === 'cookie')
    return `${never} Leave it out: declare what it holds as cookies, by name, or a login.`;
  if (lower === 'origin') return `${never} Leave it out: the pages of each declared origin send their own.`;
  return `${never} Leave it out.`;
}

function lintRequestHeaders(names: readonly string[], path: string, report: Report): void {
  lintHeaderNames(names, path, report, (name, lower, at) => {
    if (isForbiddenRequestHeader(name, '')) report(at, 'error', unsettable(lower, name));
    else if (lower.startsWith('access-control-allow-') || lower === 'access-control-expose-headers')
      report(at, 'error', `${name} is a response header. Leave it out of the request headers.`);
  });
}

function lintExposed(names: readonly string[], path: string, credentials: boolean, report: Report): void {
  if (credentials && names.includes('*'))
    report(
      `${path}[${names.indexOf('*')}]`,
      'error',
      '"*" is not a wildcard if credentials are included. List the header names.',
    );
  lintHeaderNames(names, path, report, (name, lower, at) => {
    if (isForbiddenResponseHeader(lower)) report(at, 'error', `Script can never read ${name}. Leave it out.`);
    else if (lower === 'origin' || lower.startsWith('access-control-request-'))
      report(at, 'error', `${name} is a request header. Leave it out of the exposed headers.`);
    else if (SAFELISTED_RESPONSE_HEADERS.includes(lower))
      report(at, 'warning', `${name} is always readable; it need not be exposed.`);
  });
}

function lintMaxAge(seconds: number | undefined, path: string, report: Report): void {
  if (seconds === undefined) return;
  if (seconds < 0) report(path, 'error', 'A max-age is 0 or more seconds; 0 means: ask every time.');
  else if (seconds > 86_400)
    report(path, 'warning', 'No browser remembers a preflight for more than 86400 seconds.');
  else if (seconds > 7_200)
    report(path, 'warning', 'Chromium remembers a preflight for 7200 seconds at most.');
}

type Allowances = {
  [Key in Exclude<keyof ParsedPolicy, 'resources' | 'errors' | 'unrouted' | 'login'>]?:
    | ParsedPolicy[Key]
    | undefined;
};

function lintOrigins(
  origins: ParsedPolicy['origins'],
  { path, credentials }: { readonly path: string; readonly credentials: boolean },
  report: Report,
): void {
  if (!Array.isArray(origins)) {
    lintOrigin(origins, { path, credentials }, report);
    return;
  }
  for (const [index, origin] of origins.entries())
    lintOrigin(origin, { path: `${path}[${index}]`, credentials }, report);
  if (origins.length > 1 && origins.includes('*'))
    report(path, 'error', '"*" allows every origin already: write it alone, or list origins.');
}

function lintAllowances(own: Allowances, whole: ParsedPolicy, path: string, report: Report): void {
  const credentials = own.credentials ?? whole.credentials;
  const origins = own.origins ?? (own.credentials === undefined ? undefined : whole.origins);
  if (origins !== undefined) lintOrigins(origins, { path: `${path}.origins`, credentials }, report);
  if (own.methods) lintMethods(own.methods, `${path}.methods`, report);
  if (own.requestHeaders) lintRequestHeaders(own.requestHeaders, `${path}.requestHeaders`, report);
  if (own.exposedHeaders) lintExposed(own.exposedHeaders, `${path}.exposedHeaders`, credentials, report);
  lintMaxAge(own.maxAge, `${path}.maxAge`, report);
  lintSamples(own, whole, path, report);
  if (Object.keys(own.cookies ?? {}).length > 0 && !credentials)
    report(`${path}.cookies`, 'error', 'Cookies are sent with credentials only: set credentials to true.');
}

/** Headers that are sent must be allowed. */
function lintSamples(own: Allowances, whole: ParsedPolicy, path: string, report: Report): void {
  const allowed = own.requestHeaders ?? whole.requestHeaders;
  for (const [name, value] of Object.entries(own.headers ?? {})) {
    const at = `${path}.headers.${name}`;
    if (!isToken(name)) report(at, 'error', `"${name}" is not a header name.`);
    else if (isForbiddenRequestHeader(name, '')) report(at, 'error', unsettable(name.toLowerCase(), name));
    else if (!mayBeSent(name, value, allowed))
      report(at, 'error', `The policy does not allow ${name}: add it to requestHeaders.`);
  }
}

function mayBeSent(name: string, value: string, requestHeaders: readonly string[]): boolean {
  const allowed = requestHeaders.map(one => one.toLowerCase());
  const lower = name.toLowerCase();
  if (isSafelistedRequestHeader(name, value) || allowed.includes(lower)) return true;
  return allowed.includes('*') && lower !== 'authorization';
}

/** Stands for what a login gives: no safelisted header would carry it. */
const SAMPLE_TOKEN = 'Bearer token';

/** What goes with every request, a login's token included, must be allowed for every resource. */
function lintSentToAll(policy: ParsedPolicy, report: Report): void {
  const { login, resources } = policy;
  if (login?.token !== undefined && !mayBeSent(login.header, SAMPLE_TOKEN, policy.requestHeaders))
    report(
      'policy.login.token',
      'error',
      `The token is sent as ${login.header}, which the policy does not allow: add it to requestHeaders.`,
    );
  const sent = { ...policy.headers, ...(login?.token !== undefined && { [login.header]: SAMPLE_TOKEN }) };
  for (const [index, { requestHeaders }] of resources.entries())
    for (const [name, value] of Object.entries(sent))
      if (requestHeaders && !mayBeSent(name, value, requestHeaders))
        report(
          `policy.resources[${index}].requestHeaders`,
          'error',
          `${name} goes with every request, and this list does not allow it: add it here.`,
        );
}

/** Everything that is wrong with a configuration beyond its shape. */
export function lint(config: ParsedConfig): Issue[] {
  const issues: Issue[] = [];
  const report: Report = (path, severity, message) => issues.push({ path, severity, message });
  lintTarget(config, report);
  const { policy } = config;
  lintAllowances(policy, policy, 'policy', report);
  lintSentToAll(policy, report);
  const seen = new Map<string, number>();
  for (const [index, resource] of policy.resources.entries()) {
    const path = `policy.resources[${index}]`;
    lintAllowances(resource, policy, path, report);
    const name = resource.name ?? resource.path;
    const before = seen.get(name);
    if (before !== undefined)
      report(
        path,
        'error',
        `"${name}" stands in policy.resources[${before}] already: give each a name of its own.`,
      );
    seen.set(name, index);
    lintResource(resource, policy, path, report);
  }
  return issues;
}

type DeclaredResource = ParsedPolicy['resources'][number];

/** What is wrong with a resource by itself: its body and its statuses. */
function lintResource(resource: DeclaredResource, policy: ParsedPolicy, path: string, report: Report): void {
  const methods = resource.methods ?? policy.methods;
  if (resource.body !== undefined && methods.every(method => ['GET', 'HEAD', '*'].includes(method)))
    report(`${path}.body`, 'warning', 'GET and HEAD carry no body: it is never sent.');
  const type = resource.contentType ?? 'application/json';
  const names = (resource.requestHeaders ?? policy.requestHeaders).map(name => name.toLowerCase());
  if (
    resource.body !== undefined &&
    !isSafelistedRequestHeader('content-type', type) &&
    !names.includes('content-type') &&
    !names.includes('*')
  )
    report(
      `${path}.body`,
      'error',
      `A body of the type ${type} needs the request header Content-Type: add it to requestHeaders.`,
    );
  if (typeof resource.status === 'object')
    for (const method of Object.keys(resource.status))
      if (!methods.includes(method) && method !== 'include' && method !== 'omit')
        report(`${path}.status.${method}`, 'error', `${method} is not among the methods of the resource.`);
}

function lintTarget(config: ParsedConfig, report: Report): void {
  const { target } = config;
  if (target.command !== undefined && target.module !== undefined)
    report('target', 'error', 'command and module exclude each other: keep the one that starts the server.');
  if (target.command === undefined && target.module === undefined && target.url === undefined)
    report('target', 'error', 'Say how to reach the server: command, module, or the url of one that runs.');
  if (target.url !== undefined) lintUrl(target.url, report);
  if ('log' in target.ready) lintPattern(target.ready.log, 'target.ready.log', report);
  const starts = target.command !== undefined || target.module !== undefined;
  if (target.url?.includes('{port}') && !starts)
    report('target.url', 'error', '{port} is filled in for a command or a module only: write the port.');
}

function lintPattern(source: string, path: string, report: Report): void {
  try {
    new RegExp(source);
  } catch (error) {
    report(path, 'error', `${(error as Error).message}. Write a JavaScript regular expression.`);
  }
}

function lintUrl(text: string, report: Report): void {
  // A Unix socket has no URL for browsers.
  const filled = text.replaceAll('{port}', '1').replace(/^unix:.+/, 'http://localhost');
  const url = serialized(filled) === null ? null : new URL(filled);
  if (!url || !/^https?:$/.test(url.protocol))
    report(
      'target.url',
      'error',
      'Write an http or https URL, for example http://localhost:{port}, or a Unix socket as unix:/path/to/socket.',
    );
  else if (url.search || url.hash)
    report(
      'target.url',
      'error',
      'A query or fragment does not belong here; a path goes before those of the resources.',
    );
}

/**
 * Contradictions in a declared policy: what no browser can do, what no server should be asked to do. Errors stop
 * the run; warnings are printed. Every message says what to write instead.
 */
import { isToken } from '../standard/bytes.ts';
import { isForbiddenResponseHeader } from '../standard/expose.ts';
import { isForbiddenMethod } from '../standard/methods.ts';
import { isForbiddenRequestHeader, isSafelistedRequestHeader } from '../standard/request-headers.ts';
import { SAFELISTED_RESPONSE_HEADERS } from './names.ts';
import { isLoopbackHost, isSharedSuffix, originRule, splitPattern } from './origins.ts';
import type { DeclaredOrigin, ParsedConfig, ParsedPolicy } from './schema.ts';

export interface Issue {
  /** For example policy.resources[1].methods[0]. */
  readonly path: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

type Report = (path: string, severity: Issue['severity'], message: string) => void;

/** What a serialized origin of a URL looks like, or null where it is no URL. */
function serialized(text: string): string | null {
  try {
    const url = new URL(text);
    return `${url.protocol}//${url.host}`;
  } catch {
    return null;
  }
}

/** Why an exact origin is not what browsers send (https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin). */
function misspelt(text: string): string | null {
  const right = serialized(text);
  if (right === null)
    return `"${text}" is no origin: write scheme://host, for example https://app.example.com.`;
  if (text === right) return null;
  const say = (what: string) =>
    `${what}: browsers send "${right}", and servers compare it byte by byte. Write that.`;
  if (text === `${right}/`) return say('The trailing slash does not belong to an origin');
  if (/^[^:]+:\/\/[^/?#]*@/.test(text)) return say('User name and password do not belong to an origin');
  if (/[^\0-\x7f]/.test(text)) return say('A host is sent in its ASCII (punycode) form');
  if (/^[^:]+:\/\/[^/?#]*[/?#]/.test(text))
    return say('A path, query or fragment does not belong to an origin');
  if (text.toLowerCase() === right) return say('An origin has no upper-case letters');
  if (/:(?:80|443)$/.test(text)) return say('The default port is left out of an origin');
  return say('This is not how the origin is serialized');
}

function lintOrigin(declared: DeclaredOrigin, path: string, credentials: boolean, report: Report): void {
  if (typeof declared !== 'string') {
    let regex: RegExp;
    try {
      regex = new RegExp(`^(?:${declared.regex})$`);
    } catch (error) {
      report(`${path}.regex`, 'error', `${(error as Error).message}. Write a JavaScript regular expression.`);
      return;
    }
    if (/(?<![\\[])\.(?![*+?{])/.test(declared.regex.replace(/\[[^\]]*\]/g, '')))
      report(
        `${path}.regex`,
        'warning',
        'An unescaped dot matches any character: write \\. where you mean a dot.',
      );
    for (const [index, example] of declared.examples.entries()) {
      const wrong = misspelt(example);
      if (wrong) report(`${path}.examples[${index}]`, 'error', wrong);
      else if (!regex.test(example))
        report(`${path}.examples[${index}]`, 'error', `"${example}" does not match the regular expression.`);
      else lintScheme(example, `${path}.examples[${index}]`, credentials, report);
    }
    return;
  }
  if (declared === '*') {
    if (credentials)
      report(
        path,
        'error',
        '"*" and credentials exclude each other: with credentials "*" is no wildcard, and answering every origin by name gives each of them the user\'s data. List the origins, or set credentials to false.',
      );
    return;
  }
  if (declared === 'null') {
    report(
      path,
      'warning',
      `"null" is the origin of every sandboxed frame, data: URL and local file: any site can send it${credentials ? ", here with the user's credentials" : ''}. List real origins instead.`,
    );
    return;
  }
  if (declared.includes('*')) {
    lintPattern(declared, path, credentials, report);
    return;
  }
  const wrong = misspelt(declared);
  if (wrong) report(path, 'error', wrong);
  else lintScheme(declared, path, credentials, report);
}

function lintPattern(declared: string, path: string, credentials: boolean, report: Report): void {
  const parts = splitPattern(declared);
  if (!parts || /\*\*./.test(parts.host.replaceAll('**.', '')) || parts.host === '*' || parts.host === '**') {
    report(
      path,
      'error',
      `"${declared}" is no pattern: * stands for one label or a part of one, ** for one or more labels, as in https://*.example.com or http://localhost:*.`,
    );
    return;
  }
  for (const sample of originRule(declared).samples) {
    const wrong = misspelt(sample);
    if (wrong) {
      report(path, 'error', `The pattern is not spelt as browsers spell origins. ${wrong}`);
      return;
    }
  }
  const labels = parts.host.split('.');
  const last = labels.findLastIndex(label => label.includes('*'));
  const base = labels.slice(last + 1).join('.');
  if (last >= 0 && isSharedSuffix(base))
    report(
      path,
      credentials ? 'error' : 'warning',
      `Anybody can have a host under "${base || 'any suffix'}": the pattern allows strangers. Name the hosts you own.`,
    );
  lintScheme(originRule(declared).samples[0] as string, path, credentials, report);
}

function lintScheme(origin: string, path: string, credentials: boolean, report: Report): void {
  const { protocol, hostname } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:')
    report(path, 'warning', `No page of ${origin} can be opened here: it is left out of the run.`);
  if (protocol === 'http:' && credentials && !isLoopbackHost(hostname))
    report(
      path,
      'warning',
      `${origin} is not encrypted: whoever sits on the network can act as that origin and read with the user's credentials. Use https.`,
    );
}

function lintMethods(methods: readonly string[], path: string, credentials: boolean, report: Report): void {
  for (const [index, method] of methods.entries()) {
    const at = `${path}[${index}]`;
    if (method === '*') {
      if (credentials)
        report(at, 'error', '"*" is no wildcard where credentials are included. List the methods.');
      else report(at, 'error', 'Name the methods that are to be tried; "*" cannot be sent.');
    } else if (!isToken(method)) report(at, 'error', `"${method}" is no method name.`);
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
  credentials: boolean,
  report: Report,
  more: (name: string, lower: string, at: string) => void,
): void {
  for (const [index, name] of names.entries()) {
    const at = `${path}[${index}]`;
    if (name === '*') {
      if (credentials)
        report(at, 'error', '"*" is no wildcard where credentials are included. List the header names.');
    } else if (!isToken(name)) report(at, 'error', `"${name}" is no header name.`);
    else more(name, name.toLowerCase(), at);
  }
}

function lintRequestHeaders(
  names: readonly string[],
  path: string,
  credentials: boolean,
  report: Report,
): void {
  lintHeaderNames(names, path, credentials, report, (name, lower, at) => {
    if (isForbiddenRequestHeader(name, ''))
      report(at, 'error', `Script can never set ${name}. Leave it out.`);
    else if (lower.startsWith('access-control-allow-') || lower === 'access-control-expose-headers')
      report(at, 'error', `${name} is a response header. Leave it out of the request headers.`);
  });
}

function lintExposed(names: readonly string[], path: string, credentials: boolean, report: Report): void {
  lintHeaderNames(names, path, credentials, report, (name, lower, at) => {
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
  [Key in Exclude<keyof ParsedPolicy, 'resources' | 'errors' | 'unrouted'>]?: ParsedPolicy[Key] | undefined;
};

function lintAllowances(own: Allowances, whole: ParsedPolicy, path: string, report: Report): void {
  const credentials = own.credentials ?? whole.credentials;
  const origins = own.origins ?? (own.credentials === undefined ? undefined : whole.origins);
  if (origins !== undefined) {
    const list = Array.isArray(origins) ? origins : [origins];
    for (const [index, origin] of list.entries())
      lintOrigin(origin, `${path}.origins${Array.isArray(origins) ? `[${index}]` : ''}`, credentials, report);
    if (list.length > 1 && list.includes('*'))
      report(`${path}.origins`, 'error', '"*" allows every origin already: write it alone, or list origins.');
  }
  if (own.methods) lintMethods(own.methods, `${path}.methods`, credentials, report);
  if (own.requestHeaders)
    lintRequestHeaders(own.requestHeaders, `${path}.requestHeaders`, credentials, report);
  if (own.exposedHeaders) lintExposed(own.exposedHeaders, `${path}.exposedHeaders`, credentials, report);
  lintMaxAge(own.maxAge, `${path}.maxAge`, report);
  const allowed = (own.requestHeaders ?? whole.requestHeaders).map(name => name.toLowerCase());
  for (const [name, value] of Object.entries(own.headers ?? {})) {
    const at = `${path}.headers.${name}`;
    if (!isToken(name)) report(at, 'error', `"${name}" is no header name.`);
    else if (isForbiddenRequestHeader(name, ''))
      report(at, 'error', `Script can never set ${name}. Leave it out.`);
    else if (isSafelistedRequestHeader(name, value) || allowed.includes(name.toLowerCase())) continue;
    else if (!allowed.includes('*') || name.toLowerCase() === 'authorization')
      report(at, 'error', `The policy does not allow ${name}: add it to requestHeaders.`);
  }
  if (Object.keys(own.cookies ?? {}).length > 0 && !credentials)
    report(`${path}.cookies`, 'error', 'Cookies are sent with credentials only: set credentials to true.');
}

/** Everything that is wrong with a configuration beyond its shape. */
export function lint(config: ParsedConfig): Issue[] {
  const issues: Issue[] = [];
  const report: Report = (path, severity, message) => issues.push({ path, severity, message });
  lintTarget(config, report);
  const { policy } = config;
  lintAllowances(policy, policy, 'policy', report);
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
    const methods = resource.methods ?? policy.methods;
    if (resource.body !== undefined && methods.every(method => method === 'GET' || method === 'HEAD'))
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
        if (!methods.includes(method))
          report(`${path}.status.${method}`, 'error', `${method} is not among the methods of the resource.`);
  }
  return issues;
}

function lintTarget(config: ParsedConfig, report: Report): void {
  const { target } = config;
  if (target.command !== undefined && target.module !== undefined)
    report('target', 'error', 'command and module exclude each other: keep the one that starts the server.');
  if (target.command === undefined && target.module === undefined && target.url === undefined)
    report('target', 'error', 'Say how to reach the server: command, module, or the url of one that runs.');
  if (target.url !== undefined) {
    const filled = target.url.replaceAll('{port}', '1');
    const url = serialized(filled) === null ? null : new URL(filled);
    if (!url || !/^https?:$/.test(url.protocol))
      report('target.url', 'error', 'Write an http or https URL, for example http://localhost:{port}.');
    else if (url.pathname !== '/' || url.search || url.hash)
      report('target.url', 'error', 'Only scheme, host and port belong here; paths belong to the resources.');
    if (target.url.includes('{port}') && target.command === undefined && target.module === undefined)
      report('target.url', 'error', '{port} is filled in for a command or a module only: write the port.');
  }
}

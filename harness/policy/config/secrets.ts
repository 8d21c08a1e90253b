/** What of a configuration is secret: the values that let its requests in, and those that its server was given. */
import { collectCommandSecrets } from '../../wire/command-secrets.ts';
import { isOpenHeader, isSecretParameter, redactBody, redactText, redactUrl } from '../../wire/redact.ts';
import { Secrets } from '../../wire/secrets.ts';
import type { ParsedConfig } from './schema.ts';

/** A value that no name calls secret and that nobody types by hand. */
const OPAQUE = /^(?=.*\d)(?=.*[A-Za-z])[\w~+/.=-]{16,}$/;

/**
 * Every value that a configuration declares and that must not be published: headers (but Accept and the like),
 * cookies, bodies, tokens in paths and URLs, passwords in its command and environment.
 */
export function secretsOf(config: ParsedConfig): Secrets {
  const { policy, target } = config;
  const secrets = new Secrets();
  const open = openWords(policy);
  const collect = (value: string) => {
    if (!open.has(value.toLowerCase())) secrets.add(value);
    return value;
  };
  const errors = policy.errors.filter(one => typeof one !== 'string');
  const login = policy.login ? [policy.login] : [];
  for (const part of [policy, ...policy.resources, ...errors, ...login]) collectSent(part, collect);
  for (const path of pathsOf(config)) collectQuery(path, collect);
  for (const { body } of [...policy.resources, ...errors, ...login])
    if (body !== undefined) collectBody(body, collect);
  if (target.command !== undefined) collectCommandSecrets(target.command, collect);
  for (const [name, value] of Object.entries(target.env)) {
    if (isSecretParameter(name)) collect(value);
    else redactText(value, collect);
  }
  return secrets;
}

type Pairs = Readonly<Record<string, string>>;

type Collect = (value: string) => string;

/** What goes out with requests. */
function collectSent(
  {
    headers = {},
    cookies = {},
  }: { readonly headers?: Pairs | undefined; readonly cookies?: Pairs | undefined },
  collect: Collect,
): void {
  for (const [name, value] of Object.entries(headers)) if (!isOpenHeader(name)) collect(value);
  for (const value of Object.values(cookies)) collect(value);
}

function pathsOf({ policy, target }: ParsedConfig): string[] {
  return [
    ...policy.resources.map(({ path }) => path),
    ...policy.errors.map(one => (typeof one === 'string' ? one : one.path)),
    policy.unrouted,
    policy.login?.path,
    target.url,
    target.publicUrl,
    'path' in target.ready && target.ready.path,
  ].filter(path => typeof path === 'string');
}

/** What the policy says openly: without these words no report could say what it is about. */
function openWords(policy: ParsedConfig['policy']): ReadonlySet<string> {
  const words = [policy, ...policy.resources].flatMap(
    ({ origins, methods = [], requestHeaders = [], exposedHeaders = [] }) => [
      ...[origins ?? []].flat().filter(origin => typeof origin === 'string'),
      ...methods,
      ...requestHeaders,
      ...exposedHeaders,
    ],
  );
  return new Set([...words, ...policy.resources.map(({ path }) => path)].map(word => word.toLowerCase()));
}

function collectQuery(url: string, collect: Collect): void {
  redactUrl(url, value => {
    collect(value);
    return collect(decodedOr(value));
  });
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  for (const pair of query.split('&')) {
    const value = pair.slice(pair.indexOf('=') + 1);
    if (OPAQUE.test(value)) collect(value);
  }
}

function decodedOr(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The whole of a body, and the texts in it: a server may send each of them back. */
function collectBody(body: string, collect: Collect): void {
  collect(body);
  redactBody(body, collect);
  const visit = (value: unknown): void => {
    if (typeof value === 'string') collect(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  try {
    visit(JSON.parse(body));
  } catch {
    for (const [, value] of new URLSearchParams(body)) collect(value);
  }
}

/** Logs in as the policy says, once before a run. */
import { asBrowser } from '../lab/as-browser.ts';
import type { ParsedLogin } from '../policy/config/schema.ts';
import type { LoginSession } from '../policy/plan.ts';
import { ask } from '../wire/ask.ts';
import { type Exchange, headerValues } from '../wire/exchange.ts';
import type { Upstream } from '../wire/gateway.ts';
import { CliError, EXIT } from './exit.ts';

export interface LoginTarget {
  /** The URL of the login as browsers know it. */
  readonly url: string;
  readonly upstream: Upstream;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** A body that is larger than what an exchange keeps is not a login's. */
function tokenOf(body: string, path: string): string | undefined {
  try {
    const value = path
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], JSON.parse(body));
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `name=value` of each Set-Cookie; the last of a name counts, as in a browser. */
function cookiesOf({ response }: Exchange): Record<string, string> {
  return Object.fromEntries(
    headerValues(response?.headers ?? [], 'set-cookie').flatMap(line => {
      const [pair = ''] = line.split(';');
      const equals = pair.indexOf('=');
      return equals > 0 ? [[pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()]] : [];
    }),
  );
}

/** Why a login did not go through; undefined if it did. */
function whyRefused({ response, note }: Exchange, wanted: number | undefined): string | undefined {
  if (!response) return `was not answered: ${note ?? 'no answer'}`;
  const { status } = response;
  if (wanted === undefined ? status < 400 : status === wanted) return undefined;
  const instead = wanted === undefined ? '' : ` instead of ${wanted}`;
  return `was answered with ${status}${instead}; check its body and headers`;
}

/**
 * @returns the cookies and the token's header that go with every request of the run
 * @throws CliError that says what the login was answered with, never its secrets
 */
export async function logIn(login: ParsedLogin, target: LoginTarget): Promise<LoginSession> {
  const { path, method, headers, body, contentType, status, token, header, scheme } = login;
  const exchange = await ask(
    asBrowser({
      method,
      url: target.url,
      headers: [
        // Its answer is read here, and not by a browser.
        ['Accept-Encoding', 'identity'],
        ...(body === undefined ? [] : [['Content-Type', contentType] as const]),
        ...Object.entries(headers),
      ],
      ...(body !== undefined && { body: Buffer.from(body).toString('latin1') }),
    }),
    target,
  );
  const fail = (what: string): never => {
    throw new CliError(`policy.login: ${method} ${path} ${what}`, EXIT.target);
  };
  const wrong = whyRefused(exchange, status);
  if (wrong !== undefined) return fail(wrong);
  const cookies = cookiesOf(exchange);
  const value = token === undefined ? undefined : tokenOf(exchange.response?.body ?? '', token);
  if (token !== undefined && value === undefined)
    return fail(`was answered without a text at "${token}" in its JSON; check policy.login.token`);
  if (Object.keys(cookies).length === 0 && value === undefined)
    return fail('set no cookie; name the token in its answer with policy.login.token');
  return {
    cookies,
    setCookie: headerValues(exchange.response?.headers ?? [], 'set-cookie'),
    headers: value === undefined ? {} : { [header]: scheme === '' ? value : `${scheme} ${value}` },
  };
}

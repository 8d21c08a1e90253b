/** Takes the secrets out of exchanges that are to be stored, and leaves names, number, order and shape. */
import type { Exchange, HeaderLine } from './exchange.ts';

// Names whose whole value is a secret, after an optional scheme word.
const SECRET_HEADERS = new Set([
  'authorization',
  'proxy-authorization',
  'x-amz-security-token',
  'x-shopify-access-token',
  'x-forwarded-access-token',
  'x-goog-iap-jwt-assertion',
  'cf-access-jwt-assertion',
  'ocp-apim-subscription-key',
  'x-vault-token',
  'private-token',
  'job-token',
  'x-gitlab-token',
  'apikey',
]);

// …and the shapes that such names usually have: X-Api-Key, X-Auth-Token, X-CSRF-Token, X-Session-Id, Client-Secret.
const SECRET_HEADER_SHAPE =
  /(?:^|[-_])(?:api[-_]?key|access[-_]?key|token|jwt|secret|password|passwd|credentials?|session(?:[-_]?id)?|signature)$/;

// The CORS protocol's own headers name headers, they carry no values: "Access-Control-Allow-Credentials: true".
const NEVER_SECRET = /^access-control-/;

const URL_HEADERS = new Set(['location', 'content-location', 'referer', 'refresh', 'link']);

// Some names are secret with any prefix (`X-Amz-Signature`, `user[password]`), others only alone (`country_code` is none).
const SECRET_PARAMETER =
  /^(?:(?:.*[-_.[])?(?:token|jwt|api_?key|access_?key|signature|secret|password|passwd|credentials?)\]?|(?:access|id|refresh|auth|csrf|session)_?token|client_?secret|key|sig|auth|authorization|pwd|code|session|session_?id|sid|ticket|otp|samlresponse|samlrequest|assertion)$/i;

const FILLED = /^\[redacted \d+ bytes?\]$/;

function filler(secret: string): string {
  // An empty value has no secret, and what was redacted before keeps its first count.
  if (secret === '' || FILLED.test(secret)) return secret;
  return `[redacted ${secret.length} byte${secret.length === 1 ? '' : 's'}]`;
}

/** `Bearer xyz` keeps its scheme; a value of one word is all secret. */
function credentials(value: string): string {
  const scheme = /^([A-Za-z][A-Za-z0-9-]{0,30}) +(?=\S)/.exec(value);
  if (!scheme || FILLED.test(value)) return filler(value);
  return `${scheme[1]} ${filler(value.slice(scheme[0].length))}`;
}

function cookie(value: string): string {
  return value
    .split(';')
    .map(pair => assignment(pair))
    .join(';');
}

function setCookie(value: string): string {
  const semicolon = value.indexOf(';');
  const end = semicolon < 0 ? value.length : semicolon;
  return assignment(value.slice(0, end)) + value.slice(end);
}

/** `name=value` with the value replaced; without a `=`, the whole is a value (RFC 6265bis §5.6). */
function assignment(pair: string): string {
  const equals = pair.indexOf('=');
  const from = equals < 0 ? pair.length - pair.trimStart().length : equals + 1;
  return pair.slice(0, from) + filler(pair.slice(from));
}

/**
 * A text with the secrets of the URLs in it replaced: user and password before a host, and the values of query and
 * fragment parameters whose names say that they are secret.
 */
export function redactUrl(text: string): string {
  return text
    .replace(
      /([A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/|^\/\/)([^/?#\s@]+)@/g,
      (_all, scheme: string, user: string) => {
        return `${scheme}${user.split(':').map(filler).join(':')}@`;
      },
    )
    .replace(
      /([?&#;])([^=&#;?\s]{1,200})=(\[redacted \d+ bytes?\]|[^&#;\s<>"]+)/g,
      (all, mark: string, name: string, value: string) => {
        return SECRET_PARAMETER.test(name) ? `${mark}${name}=${filler(value)}` : all;
      },
    );
}

/** One header line without its secret. */
export function redactHeader(line: HeaderLine): HeaderLine {
  const [name, value] = line;
  const key = name.trim().toLowerCase();
  if (key === 'cookie') return [name, cookie(value)];
  if (key === 'set-cookie') return [name, setCookie(value)];
  if (NEVER_SECRET.test(key)) return line;
  if (SECRET_HEADERS.has(key) || SECRET_HEADER_SHAPE.test(key)) return [name, credentials(value)];
  return URL_HEADERS.has(key) ? [name, redactUrl(value)] : line;
}

/** Kept bodies are data of the case, but a form or a JSON answer may hold the token that it hands out. */
function redactBody(body: string): string {
  return body
    .replace(
      /"([^"\\]{1,200})"(\s*:\s*)"((?:[^"\\]|\\.)*)"?/g,
      (all, name: string, colon: string, value: string) => {
        return SECRET_PARAMETER.test(name) ? `"${name}"${colon}"${filler(value)}"` : all;
      },
    )
    .replace(
      /(^|&)([^=&\s]{1,200})=(\[redacted \d+ bytes?\]|[^&\s]+)/g,
      (all, mark: string, name: string, value: string) => {
        return SECRET_PARAMETER.test(name) ? `${mark}${name}=${filler(value)}` : all;
      },
    );
}

function redactLines(lines: readonly HeaderLine[]): HeaderLine[] {
  return lines.map(redactHeader);
}

function withoutBodySecrets<T extends { readonly body?: string }>(message: T): T {
  return message.body === undefined ? message : { ...message, body: redactBody(message.body) };
}

/**
 * An exchange without credentials, fit for a record that may be published: values of Cookie, Set-Cookie,
 * Authorization and other secret headers, user and password in URLs, tokens in queries, forms and JSON. Names, order,
 * schemes and lengths stay, so that the evidence still shows what was sent. Redacting twice changes nothing more.
 */
export function redactExchange(exchange: Exchange): Exchange {
  const { request, response } = exchange;
  return {
    ...exchange,
    request: withoutBodySecrets({
      ...request,
      url: redactUrl(request.url),
      headers: redactLines(request.headers),
    }),
    response:
      response &&
      withoutBodySecrets({
        ...response,
        headers: redactLines(response.headers),
        ...(response.interim
          ? { interim: response.interim.map(i => ({ ...i, headers: redactLines(i.headers) })) }
          : {}),
        ...(response.trailers ? { trailers: redactLines(response.trailers) } : {}),
      }),
  };
}

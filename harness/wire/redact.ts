/** Takes the secrets out of exchanges that are to be stored, and leaves names, number, order and shape. */
import type { Exchange, HeaderLine } from './exchange.ts';

// What a name with a secret value has in it: X-Api-Key, X-Custom-Auth, csrfToken, PHPSESSID, Client-Secret, DB_PASSWORD.
const SECRET_WORD =
  /auth(?!or(?:s|ed|ity)?(?:$|[-_]))|token|jwt|secret|passw|passwd|pwd|passphrase|credential|session|sessid|signature|assertion|cookie|key(?:$|[-_\]\d])/i;

// Such names whose values say how to authenticate, or which headers and credentials are allowed, and keep nothing secret.
const NEVER_SECRET =
  /^(?:access-control-.*|www-authenticate|proxy-authenticate|sec-websocket-.*|sec-fetch-.*|public-key-pins.*|key)$/i;

/** Whether a header, an environment variable or another named value is secret, by its name. */
export const isSecretName = (name: string): boolean => !NEVER_SECRET.test(name) && SECRET_WORD.test(name);

/** Whether a header has nothing secret in it, whatever a policy sends there. */
export const isOpenHeader = (name: string): boolean =>
  /^(?:accept(?:-.*)?|content-(?:type|language)|user-agent|cache-control|pragma|range|if-.*|origin|referer|host|forwarded|x-forwarded-(?:for|host|proto|port)|x-requested-with|dnt|save-data|prefer|priority)$/i.test(
    name,
  );

const URL_HEADERS = new Set(['location', 'content-location', 'referer', 'refresh', 'link']);

// Of parameters and fields: those words, and names that are secret only where they stand alone (`country_code` is none).
const SECRET_PARAMETER = /^(?:key|sig|code|sid|ticket|otp|pin|samlresponse|samlrequest|refresh)$/i;
// They tell about a token and are none.
const ABOUT_TOKEN = /(?:type|length|expir\w*|expires?_?in|_?at|name|count|max|url|uri|endpoint)$/i;

// Of signed URLs: what vouches for the address, whatever signs it.
const SIGNS_URL = /^(?:hmac|mac|hdnts|hdnea)$/i;
const SIGNS_URL_IF_LONG = /^(?:st|policy)$/i;
const LONG = 16;

const isUrlSecret = (name: string, value: string): boolean =>
  isSecretParameter(name) || SIGNS_URL.test(name) || (SIGNS_URL_IF_LONG.test(name) && value.length >= LONG);

// An error's or a process's `code`: a name in capitals, or a short number. It is the very thing to be read in a log.
const ERROR_CODE = /^(?:E[A-Z]{2,15}|E2BIG|E[A-Z]*(?:_[A-Z0-9]+)+|-?\d{1,3})$/;

/** Whether a query parameter, a form field or a JSON member is secret, by its name. */
export const isSecretParameter = (name: string): boolean =>
  SECRET_PARAMETER.test(name) || (isSecretName(name) && !ABOUT_TOKEN.test(name));

const FILLED = /^\[redacted \d+ bytes?\]$/;

/** What stands in a secret's place: its length, which is evidence too. */
export function filler(secret: string): string {
  // An empty value has no secret, and what was redacted before keeps its first count.
  if (secret === '' || FILLED.test(secret)) return secret;
  return `[redacted ${secret.length} byte${secret.length === 1 ? '' : 's'}]`;
}

/** Says what stands in a secret's place; one that collects secrets gives them back unchanged. */
export type Fill = (secret: string) => string;

/** `Bearer xyz` keeps its scheme; a value of one word is all secret. */
function credentials(value: string, fill: Fill): string {
  const scheme = /^([A-Za-z][A-Za-z0-9-]{0,30}) +(?=\S)/.exec(value);
  if (!scheme || FILLED.test(value)) return fill(value);
  return `${scheme[1]} ${fill(value.slice(scheme[0].length))}`;
}

function cookie(value: string, fill: Fill): string {
  return value
    .split(';')
    .map(pair => assignment(pair, fill))
    .join(';');
}

function setCookie(value: string, fill: Fill): string {
  const semicolon = value.indexOf(';');
  const end = semicolon < 0 ? value.length : semicolon;
  return assignment(value.slice(0, end), fill) + value.slice(end);
}

/** A challenge says how to authenticate, but a parameter of it may be named as a secret is (RFC 9110, 11.6.1). */
function challenge(value: string, fill: Fill): string {
  return value.replace(
    /([\w!#$%&'*+.^`|~-]{1,60})(\s*=\s*)(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g,
    (all, name: string, equals: string, quoted: string | undefined, token: string | undefined) => {
      if (!isSecretParameter(name)) return all;
      return quoted === undefined
        ? `${name}${equals}${fill(token ?? '')}`
        : `${name}${equals}"${fill(quoted)}"`;
    },
  );
}

/** `name=value` with the value replaced; without a `=`, the whole is a value (RFC 6265bis §5.6). */
function assignment(pair: string, fill: Fill): string {
  const equals = pair.indexOf('=');
  const from = equals < 0 ? pair.length - pair.trimStart().length : equals + 1;
  return pair.slice(0, from) + fill(pair.slice(from));
}

/**
 * A text with the secrets of the URLs in it replaced: user and password before a host, and the values of query and
 * fragment parameters whose names say that they are secret.
 */
export function redactUrl(text: string, fill: Fill = filler): string {
  // Most texts have neither, and to look for them takes long.
  const named = text.includes('@')
    ? text.replace(
        /([A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/|^\/\/)([^/?#\s@]+)@/g,
        (_all, scheme: string, user: string) => `${scheme}${user.split(':').map(fill).join(':')}@`,
      )
    : text;
  if (!named.includes('=')) return named;
  return named.replace(
    /([?&#;])([^=&#;?\s]{1,200})=(\[redacted \d+ bytes?\]|[^&#;\s<>"'`]+)/g,
    (all, mark: string, name: string, value: string) =>
      isUrlSecret(name, value) ? `${mark}${name}=${fill(value)}` : all,
  );
}

/** One header line without its secret. */
export function redactHeader(line: HeaderLine, fill: Fill = filler): HeaderLine {
  const [name, value] = line;
  const key = name.trim().toLowerCase();
  if (key === 'cookie') return [name, cookie(value, fill)];
  if (key === 'set-cookie') return [name, setCookie(value, fill)];
  if (key === 'www-authenticate' || key === 'proxy-authenticate') return [name, challenge(value, fill)];
  if (isSecretName(key) || key === 'apikey') return [name, credentials(value, fill)];
  return URL_HEADERS.has(key) ? [name, redactUrl(value, fill)] : line;
}

/** Kept bodies are data of the case, but a form or a JSON answer may hold the token that it hands out. */
export function redactBody(body: string, fill: Fill = filler): string {
  return body
    .replace(
      /"([^"\\]{1,200})"(\s*:\s*)"((?:[^"\\]|\\.)*)"?/g,
      (all, name: string, colon: string, value: string) =>
        isSecretParameter(name) ? `"${name}"${colon}"${fill(value)}"` : all,
    )
    .replace(
      /(^|&)([^=&\s]{1,200})=(\[redacted \d+ bytes?\]|[^&\s]+)/g,
      (all, mark: string, name: string, value: string) =>
        isSecretParameter(name) ? `${mark}${name}=${fill(value)}` : all,
    );
}

const NAMED_VALUE =
  /(["']?)([A-Za-z_][\w.-]{1,60})\1(\s*[:=]\s*)(["']?)(?!\[redacted )((?:Bearer|Basic|Token|Digest)\s+)?([^\s"',;&<>)\]}]+)/gi;

/**
 * A text that somebody else wrote, such as a line of a server's log, with what looks like a secret replaced: URLs'
 * passwords and tokens, `name=value` and `name: value` whose name says so, credentials after their scheme, JSON Web
 * Tokens.
 */
export function redactText(text: string, fill: Fill = filler): string {
  return redactUrl(text, fill)
    .replace(
      NAMED_VALUE,
      (all, quote, name: string, colon, open, scheme: string | undefined, value: string) =>
        isSecretParameter(name) && !(/^code$/i.test(name) && ERROR_CODE.test(value))
          ? `${quote}${name}${quote}${colon}${open}${scheme ?? ''}${fill(value)}`
          : all,
    )
    .replace(
      /\b(Bearer|Basic)(\s+)([A-Za-z0-9._~+/=-]{6,})/gi,
      (_all, scheme: string, space: string, value: string) => `${scheme}${space}${fill(value)}`,
    )
    .replace(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, token => fill(token));
}

function withoutBodySecrets<T extends { readonly body?: string }>(message: T, fill: Fill): T {
  return message.body === undefined ? message : { ...message, body: redactBody(message.body, fill) };
}

/**
 * An exchange without credentials, fit for a record that may be published: values of Cookie, Set-Cookie,
 * Authorization and other secret headers, user and password in URLs, tokens in queries, forms and JSON. Names, order,
 * schemes and lengths stay, so that the evidence still shows what was sent. Redacting twice changes nothing more.
 */
export function redactExchange(exchange: Exchange, fill: Fill = filler): Exchange {
  const { request, response } = exchange;
  const lines = (list: readonly HeaderLine[]) => list.map(line => redactHeader(line, fill));
  return {
    ...exchange,
    request: withoutBodySecrets(
      { ...request, url: redactUrl(request.url, fill), headers: lines(request.headers) },
      fill,
    ),
    response:
      response &&
      withoutBodySecrets(
        {
          ...response,
          headers: lines(response.headers),
          ...(response.interim && {
            interim: response.interim.map(one => ({ ...one, headers: lines(one.headers) })),
          }),
          ...(response.trailers && { trailers: lines(response.trailers) }),
        },
        fill,
      ),
  };
}

/**
 * Reads a curl command, as people write it and as browsers copy it ("Copy as cURL", for bash and for Windows), as the
 * request that a page would make. The libraries that exist bring a native parser or lose what matters here ($'…',
 * --json, --url), so the words are split here and the flags read by node-style rules.
 * Longer than other files: one command, and all of its flags that matter.
 */

import { get } from '../standard/header-list.ts';
import { isConditional, isSetByBrowser, requestedNames, UNSAFE_VALUE } from './browser-headers.ts';

/** The request in a curl command. */
export interface CurlRequest {
  readonly url: string;
  readonly method: string;
  /** As given, in order; without those that only a browser sets. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Isomorphic text. */
  readonly body?: string;
  /** The command carries cookies or a user name: a page would need credentials: 'include'. */
  readonly credentials: boolean;
  /** The Origin header of the command, if it has one: the page. */
  readonly origin?: string;
  /** Of a call of fetch(); curl has none. */
  readonly mode?: string;
  /** It is a preflight written by hand: method and headers are those that it asks permission for. */
  readonly preflightOnly?: true;
  readonly insecure: boolean;
  /** What a page could not do alike, or what was left out: whole sentences. */
  readonly notes: readonly string[];
}

/** The text is not a curl command that can be read. The message says what to write. */
export class CurlError extends Error {
  override readonly name = 'CurlError';
}

/** Flags that take a value, by their long name. Those that mean nothing to a page are listed so that their value is skipped. */
const WITH_VALUE: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  F: 'form',
  u: 'user',
  b: 'cookie',
  A: 'user-agent',
  e: 'referer',
  o: 'output',
  m: 'max-time',
  T: 'upload-file',
  x: 'proxy',
  c: 'cookie-jar',
  w: 'write-out',
  r: 'range',
  E: 'cert',
  K: 'config',
  D: 'dump-header',
  z: 'time-cond',
  y: 'speed-time',
  Y: 'speed-limit',
  C: 'continue-at',
  Q: 'quote',
  P: 'ftp-port',
  U: 'proxy-user',
  t: 'telnet-option',
};
/** The other flags of curl 8 that take a value (`curl --help all`): none of them changes what CORS asks. */
const SKIPPED_WITH_VALUE = `
  abstract-unix-socket alt-svc aws-sigv4 cert-type create-file-mode crlfile curves delegation
  dns-interface dns-ipv4-addr dns-ipv6-addr doh-url egd-file engine etag-compare etag-save
  expect100-timeout ftp-account ftp-alternative-to-user ftp-method ftp-ssl-ccc-mode
  happy-eyeballs-timeout-ms hostpubmd5 hostpubsha256 hsts keepalive-time key-type krb libcurl
  local-port login-options mail-auth mail-from mail-rcpt max-filesize netrc-file output-dir
  parallel-max pinnedpubkey proto proto-default proto-redir proxy-cacert proxy-capath proxy-cert
  proxy-cert-type proxy-ciphers proxy-crlfile proxy-key proxy-key-type proxy-pass
  proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword
  proxy-tlsuser proxy1.0 pubkey random-file rate retry-max-time sasl-authzid service-name socks4
  socks4a socks5 socks5-gssapi-service socks5-hostname tftp-blksize tls13-ciphers tlsauthtype
  tlspassword tlsuser preproxy variable ech haproxy-clientip ip-tos vlan-priority keepalive-cnt
  trace-config
`;
const LONG_WITH_VALUE = new Set([
  ...SKIPPED_WITH_VALUE.trim().split(/\s+/),
  ...Object.values(WITH_VALUE),
  'data-raw',
  'data-ascii',
  'data-binary',
  'data-urlencode',
  'json',
  'url',
  'oauth2-bearer',
  'connect-timeout',
  'resolve',
  'connect-to',
  'cacert',
  'capath',
  'key',
  'pass',
  'retry',
  'retry-delay',
  'max-redirs',
  'interface',
  'form-string',
  'url-query',
  'limit-rate',
  'dns-servers',
  'unix-socket',
  'proxy-header',
  'proxy-user',
  'ciphers',
  'tls-max',
  'request-target',
  'trace',
  'trace-ascii',
  'stderr',
  'noproxy',
]);
const SHORT_PLAIN: Readonly<Record<string, string>> = { I: 'head', G: 'get', k: 'insecure', L: 'location' };

/** A copied command names what it accepts; one that somebody wrote may mean it. Neither changes what CORS asks. */
const isKept = (name: string): boolean => /^accept$/i.test(name) || !isSetByBrowser(name);

const COPY = 'in the Network panel choose "Copy as cURL"';

/**
 * @param command the whole command, with or without the leading "curl"
 * @throws CurlError if there is no URL, a quote is not closed, or a flag lacks its value
 */
export function readCurl(command: string): CurlRequest {
  if (/\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|New-Object)\b|^\s*\$\w+\s*=/i.test(command))
    throw new CurlError(`this is PowerShell, and not a curl command: ${COPY}`);
  const words = splitWords(command.replace(/^\ufeff/, ''));
  if (/^(?:\$|>|#)$/.test(words[0] ?? '')) words.shift();
  // "sudo -u me curl", "time curl".
  if (BEFORE_CURL.test(words[0] ?? '')) words.splice(0, Math.max(0, words.findIndex(isCurl)));
  // "TOKEN=… curl", as people write it in a shell.
  while (/^\w+=/.test(words[0] ?? '')) words.shift();
  if (isCurl(words[0] ?? '')) words.shift();
  else if (/^[a-z]+$/.test(words[0] ?? '') && words.length > 1 && words[0] !== 'localhost')
    throw new CurlError(`this is not a curl command: it begins with "${words[0]}"; ${COPY}`);
  const flags = readFlags(words);
  const url = flags.urls[0];
  if (url === undefined) throw new CurlError('the curl command has no URL');
  const notes = [...flags.notes];
  if (flags.urls.length > 1) notes.push(`Only the first of ${flags.urls.length} URLs is looked at.`);
  return request(flags, withScheme(url), notes);
}

const isCurl = (word: string): boolean => /(?:^|[\\/])curl(?:\.exe)?$/.test(word);

/** Programs that run the command which follows them. */
const BEFORE_CURL = /^(?:sudo|doas|env|time|command|exec|nohup)$/;

interface Flags {
  readonly urls: string[];
  readonly values: Map<string, string[]>;
  readonly set: Set<string>;
  readonly notes: string[];
}

function readFlags(words: readonly string[]): Flags {
  const flags: Flags = { urls: [], values: new Map(), set: new Set(), notes: [] };
  const take = (name: string, value: string | undefined) => {
    if (value === undefined)
      throw new CurlError(`the curl flag ${name.length === 1 ? '-' : '--'}${name} has no value`);
    if (name === 'url') flags.urls.push(value);
    else flags.values.set(name, [...(flags.values.get(name) ?? []), value]);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    // What follows is no argument of curl.
    if (/^[12&]?>/.test(word)) break;
    if (word.startsWith('--')) {
      const name = word.slice(2);
      const [long] = name.split('=', 1) as [string];
      if (name.includes('='))
        throw new CurlError(
          `curl knows no flag that is joined to its value by "=": write --${long} and its value as two words`,
        );
      if (LONG_WITH_VALUE.has(name)) take(name, words[++at]);
      else flags.set.add(name);
    } else if (word.startsWith('-') && word.length > 1) {
      at += readShort(word.slice(1), words[at + 1], flags, take);
    } else flags.urls.push(word);
  }
  return flags;
}

/** Short flags stand together, and the last may have its value attached. @returns how many further words were used */
function readShort(
  letters: string,
  next: string | undefined,
  flags: Flags,
  take: (name: string, value: string | undefined) => void,
): number {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string;
    const name = WITH_VALUE[letter];
    if (name !== undefined) {
      const attached = letters.slice(at + 1);
      take(name, attached === '' ? next : attached);
      return attached === '' ? 1 : 0;
    }
    flags.set.add(SHORT_PLAIN[letter] ?? letter);
  }
  return 0;
}

/** The URL without its user name and password, which curl takes for those of -u. */
function withoutUser(url: string): { readonly url: string; readonly hasUser: boolean } {
  const bare = url.replace(/^([^/?#]+:\/\/)[^/?#]*@/, '$1');
  return { url: bare, hasUser: bare !== url };
}

function request({ values, set }: Flags, given: string, notes: string[]): CurlRequest {
  const { url, hasUser } = withoutUser(given);
  const all = (name: string) => values.get(name) ?? [];
  const lines = all('header').flatMap(line => headerOf(line, notes));
  const ofLine = (name: string) => get(lines, name) ?? undefined;
  const data = bodyOf(values, notes);
  const body = set.has('get') ? undefined : data;
  const form = all('form').length + all('form-string').length > 0;
  if (form)
    notes.push('The form fields (-F) are looked at as multipart/form-data, which needs no preflight.');
  const origin = ofLine('origin');
  const insecure = set.has('insecure');
  const method = all('request').at(-1);
  const asked = ofLine('access-control-request-method');
  if (method === 'OPTIONS' && asked !== undefined) {
    const names = requestedNames(ofLine('access-control-request-headers'));
    const headers = names.map((name): [string, string] => [name, UNSAFE_VALUE]);
    const common = { url, method: asked, headers, credentials: false, insecure, notes };
    return { ...common, preflightOnly: true, ...(origin !== undefined && { origin }) };
  }
  const usual = set.has('head') ? 'HEAD' : body !== undefined || form ? 'POST' : 'GET';
  const cached = ofCache(lines, notes);
  return {
    url: data !== undefined && body === undefined ? withQuery(url, data) : url,
    method: method ?? usual,
    headers: [
      ...lines.filter(([name]) => isKept(name) && !cached.includes(name)),
      ...impliedHeaders(values, body !== undefined, ofLine),
    ],
    ...(body !== undefined && { body }),
    credentials:
      hasUser || [...all('cookie'), ...all('user'), ofLine('cookie')].some(value => value !== undefined),
    ...(origin !== undefined && { origin }),
    insecure,
    notes,
  };
}

/** A command copied from a browser has the headers that its cache added, too. */
function ofCache(lines: readonly (readonly [string, string])[], notes: string[]): readonly string[] {
  if (!lines.some(([name]) => /^sec-(?:fetch|ch)-/i.test(name))) return [];
  const names = lines.map(([name]) => name).filter(isConditional);
  if (names.length > 0)
    notes.push(
      `${names.join(', ')} is taken for one that the browser's cache added, which needs no preflight; if script sets it, add --header.`,
    );
  return names;
}

const withQuery = (url: string, query: string): string => `${url}${url.includes('?') ? '&' : '?'}${query}`;

/** Headers that flags other than -H stand for. */
function impliedHeaders(
  values: Flags['values'],
  hasBody: boolean,
  given: (name: string) => string | undefined,
): [string, string][] {
  const headers: [string, string][] = [];
  const json = values.has('json');
  if (hasBody && given('content-type') === undefined)
    headers.push(['Content-Type', json ? 'application/json' : 'application/x-www-form-urlencoded']);
  if (json && given('accept') === undefined) headers.push(['Accept', 'application/json']);
  for (const token of values.get('oauth2-bearer') ?? []) headers.push(['Authorization', `Bearer ${token}`]);
  for (const range of values.get('range') ?? []) headers.push(['Range', `bytes=${range}`]);
  return headers;
}

function headerOf(line: string, notes: string[]): [string, string][] {
  if (line.startsWith('@')) {
    notes.push(`The headers in the file ${line.slice(1)} are not looked at.`);
    return [];
  }
  const colon = line.indexOf(':');
  // "Name;" sends an empty header, "Name:" removes one of curl's own.
  if (colon < 0) return line.endsWith(';') ? [[line.slice(0, -1), '']] : [];
  const value = line.slice(colon + 1).trim();
  return value === '' ? [] : [[line.slice(0, colon).trim(), value]];
}

function bodyOf(values: ReadonlyMap<string, readonly string[]>, notes: string[]): string | undefined {
  const parts = ['json', 'data', 'data-ascii', 'data-binary', 'data-raw', 'data-urlencode'].flatMap(name =>
    (values.get(name) ?? []).map(value => bodyPart(name, value, notes)),
  );
  return parts.length === 0 ? undefined : parts.join(values.has('json') ? '' : '&');
}

function bodyPart(flag: string, value: string, notes: string[]): string {
  if (flag === 'data-raw' || !value.startsWith('@'))
    return flag === 'data-urlencode' ? encoded(value) : value;
  notes.push(
    `The body in the file ${value.slice(1)} is taken for an empty one: only its presence matters to CORS.`,
  );
  return '';
}

function encoded(value: string): string {
  const equals = value.indexOf('=');
  if (equals < 0) return encodeURIComponent(value);
  return `${value.slice(0, equals + 1).replace(/^=/, '')}${encodeURIComponent(value.slice(equals + 1))}`;
}

const withScheme = (url: string): string => (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`);

/** Where one command ends in a shell, outside of quotes: `;`, a pipeline, `&&`, or `&` before a space. */
const ENDS = /[;|]|&(?=[&\s]|$)/y;

/**
 * Words as bash splits them, $'…' included; and as cmd.exe does, whose escape character is ^. Those of other commands
 * that follow are left out.
 */
function splitWords(command: string): string[] {
  const windows = /\^\s*\r?\n|\^"/.test(command);
  const text = windows
    ? command.replace(/\^\s*\r?\n/g, ' ').replace(/\^(.)/gs, '$1')
    : command.replace(/\\\r?\n/g, ' ');
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at++;
      continue;
    }
    ENDS.lastIndex = at;
    // What cmd.exe escapes stands bare here.
    if (!windows && ENDS.test(text)) break;
    const part = quoted(text, at) ?? { text: char, next: at + 1 };
    word = (word ?? '') + part.text;
    at = part.next;
  }
  if (word !== null) words.push(word);
  return words;
}

interface Part {
  readonly text: string;
  readonly next: number;
}

/** A quoted part that begins at `at`, or an escaped character; null for any other. */
function quoted(text: string, at: number): Part | null {
  const char = text[at];
  if (char === "'") return upTo(text, at + 1, "'");
  if (char === '$' && text[at + 1] === "'") return escapedString(text, at + 2);
  if (char === '"') return doubleQuoted(text, at + 1);
  if (char === '\\' && at + 1 < text.length) return { text: text[at + 1] as string, next: at + 2 };
  return null;
}

function upTo(text: string, start: number, quote: string): Part {
  const end = text.indexOf(quote, start);
  if (end < 0) throw new CurlError(`a quote (${quote}) in the curl command is not closed`);
  return { text: text.slice(start, end), next: end + 1 };
}

function doubleQuoted(text: string, start: number): Part {
  let out = '';
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') return { text: out, next: at + 1 };
    if (char === '\\' && /["\\$`]/.test(text[at + 1] ?? '')) out += text[++at] as string;
    else out += char;
  }
  throw new CurlError('a quote (") in the curl command is not closed');
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
  0: '\0',
};

/** The inside of $'…'. */
function escapedString(text: string, start: number): Part {
  let out = '';
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string;
    if (char === "'") return { text: out, next: at + 1 };
    if (char !== '\\') {
      out += char;
      continue;
    }
    const code = /^(?:u([0-9a-f]{1,4})|U([0-9a-f]{1,8})|x([0-9a-f]{1,2}))/i.exec(text.slice(at + 1, at + 10));
    if (code) {
      out += String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? (code[3] as string), 16));
      at += code[0].length;
    } else {
      const next = text[++at] ?? '';
      out += ESCAPES[next] ?? next;
    }
  }
  throw new CurlError("a quote ($') in the curl command is not closed");
}

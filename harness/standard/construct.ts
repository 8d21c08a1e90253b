/** The Request constructor (Fetch, 5.4): what script passes becomes a request, or an exception. */
import { extractBody } from './body.ts';
import { isByteString, isHeaderValue, isLowercaseToken, isToken, normalizeValue, shown } from './bytes.ts';
import { appendAll, contains, get, type Header, type HeaderList } from './header-list.ts';
import { isForbiddenMethod, isMethod, isSafelistedMethod, normalizeMethod } from './methods.ts';
import { sameOrigin } from './origin.ts';
import { includesCredentials } from './redirect.ts';
import { isReferrerPolicy } from './referrer.ts';
import { isForbiddenRequestHeader, isNoCorsSafelisted } from './request-headers.ts';
import { SPEC, type SpecLink } from './spec.ts';
import type { Trace } from './trace.ts';
import type { FetchRequest, RequestBody, ScriptRequest } from './types.ts';
import { parseUrl } from './url.ts';

/** An exception that the call throws, or rejects with. */
export class ScriptError {
  readonly name: string;
  readonly message: string;
  readonly section: SpecLink;

  constructor(name: string, message: string, section: SpecLink) {
    this.name = name;
    this.message = message;
    this.section = section;
  }
}

const MODES = new Set(['cors', 'no-cors', 'same-origin', 'navigate']);
const CREDENTIALS = new Set(['omit', 'same-origin', 'include']);
const CACHES = new Set(['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached']);
const REDIRECTS = new Set(['follow', 'error', 'manual']);

function typeError(message: string, section: SpecLink = SPEC.requestConstructor): ScriptError {
  return new ScriptError('TypeError', message, section);
}

/** @throws {ScriptError} a TypeError where the constructor throws one */
export function constructRequest(script: ScriptRequest, trace: Trace): FetchRequest {
  const mode = enumerated('mode', MODES, script.mode ?? 'cors');
  const credentials = enumerated('credentials', CREDENTIALS, script.credentials ?? 'same-origin');
  const cache = enumerated('cache', CACHES, script.cache ?? 'default');
  const redirect = enumerated('redirect', REDIRECTS, script.redirect ?? 'follow');
  if (!isReferrerPolicy(script.referrerPolicy ?? '')) {
    throw typeError(`${script.referrerPolicy} is no referrer policy`, SPEC.enumeration);
  }
  const given = validateHeaders(script.headers ?? []);
  const url = parse(script.url, script.client.url);
  if (includesCredentials(url)) throw typeError('the URL has a user name or password');
  const referrer = referrerOf(script);
  if (mode === 'navigate') throw typeError('mode navigate is not for script');
  if (cache === 'only-if-cached' && mode !== 'same-origin') {
    throw typeError('cache mode only-if-cached needs mode same-origin');
  }
  const method = methodOf(script.method ?? 'GET');
  if (mode === 'no-cors' && !isSafelistedMethod(method)) {
    throw typeError(`mode no-cors allows GET, HEAD and POST, not ${shown(method)}`);
  }
  const headers: Header[] = [];
  append(headers, given, mode === 'no-cors', trace);
  let body: RequestBody | null = null;
  let useCorsPreflight = false;
  if (script.body !== undefined) {
    if (method === 'GET' || method === 'HEAD') throw typeError(`a ${method} request has no body`);
    if (typeof script.body === 'object' && 'stream' in script.body && script.keepalive) {
      throw typeError('a stream cannot be the body of a keepalive request', SPEC.bodyExtract);
    }
    const extracted = extractBody(script.body);
    body = extracted.body;
    if (extracted.type !== null && !contains(headers, 'content-type')) {
      append(headers, [['Content-Type', extracted.type]], mode === 'no-cors', trace);
    }
    if (!body.replayable) {
      if (mode === 'no-cors') throw typeError('a stream cannot be the body of a no-cors request');
      useCorsPreflight = true;
    }
  }
  return {
    client: script.client,
    origin: script.client.origin,
    method,
    urls: [url],
    headers,
    body,
    mode,
    credentials,
    cache,
    redirect,
    integrity: script.integrity ?? '',
    keepalive: script.keepalive ?? false,
    useCorsPreflight,
    useUrlCredentials: false,
    referrer,
    referrerPolicy: script.referrerPolicy ?? '',
    tainting: 'basic',
    site: 'same-origin',
  };
}

/** Web IDL: nothing but a member of the enumeration will do. */
function enumerated(name: string, members: ReadonlySet<string>, value: string): string {
  if (!members.has(value)) throw typeError(`${value} is no ${name}`, SPEC.enumeration);
  return value;
}

function parse(url: string, base: string): URL {
  const parsed = parseUrl(url, base);
  if (!parsed) throw typeError('the URL cannot be parsed');
  return parsed;
}

function methodOf(method: string): string {
  if (!isMethod(method)) throw typeError(`${shown(method)} is no method`);
  if (isForbiddenMethod(method)) throw typeError(`${method} is a forbidden method`, SPEC.forbiddenMethod);
  return normalizeMethod(method);
}

function referrerOf({ referrer, client }: ScriptRequest): string {
  if (referrer === undefined) return 'client';
  if (referrer === '') return 'no-referrer';
  const url = parse(referrer, client.url);
  const isClient = url.protocol === 'about:' && url.pathname === 'client';
  return isClient || !sameOrigin(url.origin, client.origin) ? 'client' : url.href;
}

/** Headers.append() on an object of its own: nothing is forbidden yet, but names and values must be valid. */
function validateHeaders(headers: HeaderList): HeaderList {
  const valid: Header[] = [];
  let lowercase = true;
  for (const header of headers) {
    const [name, value] = header;
    const normalized = normalizeValue(value);
    const plain = isLowercaseToken(name);
    if (!(plain || isToken(name)) || !isHeaderValue(normalized)) throw whyInvalid(name, value);
    lowercase &&= plain;
    valid.push(normalized === value ? header : [name, normalized]);
  }
  return lowercase ? valid : appendAll(valid);
}

/** Web IDL looks first, at both; then the name is looked at, then the value. */
function whyInvalid(name: string, value: string): ScriptError {
  if (!isByteString(name) || !isByteString(value)) {
    return typeError('a header has a character that is no byte', SPEC.byteString);
  }
  return isToken(name)
    ? typeError('a header value has NUL, LF or CR', SPEC.headerValue)
    : typeError(`${shown(name)} is no header name`, SPEC.headerName);
}

/** Fetch, "append" to the request's own Headers object, whose guard ignores what script may not set. */
function append(kept: Header[], headers: HeaderList, noCors: boolean, trace: Trace): void {
  for (const header of headers) {
    const [name, value] = header;
    if (isForbiddenRequestHeader(name, value)) {
      trace.note('header.forbidden', name);
    } else if (noCors && !isNoCorsSafelisted(name, combined(kept, name, value))) {
      trace.note('header.no-cors', name);
    } else kept.push(header);
  }
}

/** Only the four no-CORS-safelisted names ever stay, and 128 bytes bound their values: the list stays short. */
function combined(kept: readonly Header[], name: string, value: string): string {
  const before = get(kept, name.toLowerCase());
  return before === null ? value : `${before}, ${value}`;
}

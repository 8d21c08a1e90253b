/** The Request constructor (Fetch, 5.4): what script passes becomes a request, or an exception. */
import { type BodyWithType, extractBody } from './body.ts';
import {
  abbreviated,
  isByteString,
  isHeaderValue,
  isLowercaseToken,
  isToken,
  normalizeValue,
} from './bytes.ts';
import { appendAll, contains, get, type Header, type HeaderList, sortAndCombine } from './header-list.ts';
import { isForbiddenMethod, isMethod, isSafelistedMethod, normalizeMethod } from './methods.ts';
import { sameOrigin } from './origin.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import { includesCredentials } from './redirect.ts';
import { isReferrerPolicy } from './referrer.ts';
import { isForbiddenRequestHeader, isNoCorsSafelisted } from './request-headers.ts';
import { SPEC, type SpecLink } from './spec.ts';
import type { Trace } from './trace.ts';
import type { Client, FetchRequest, RequestBody, ScriptBody, ScriptRequest } from './types.ts';
import { parseFixedUrl } from './url.ts';

/** An exception that the call throws, or rejects with. */
export class ScriptException {
  readonly name: string;
  readonly message: string;
  readonly section: SpecLink;
  /** An XMLHttpRequest had been opened by then. */
  readonly opened: boolean;
  /** It came out of a Headers object that script made first, and not out of fetch(). */
  byHeaders = false;

  constructor(name: string, message: string, section: SpecLink, opened = false) {
    this.name = name;
    this.message = message;
    this.section = section;
    this.opened = opened;
  }
}

const MODES = new Set(['cors', 'no-cors', 'same-origin', 'navigate']);
const CREDENTIALS = new Set(['omit', 'same-origin', 'include']);
const CACHES = new Set(['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached']);
const REDIRECTS = new Set(['follow', 'error', 'manual']);

function typeError(message: string, section: SpecLink = SPEC.requestConstructor): ScriptException {
  return new ScriptException('TypeError', message, section);
}

/** @throws {ScriptException} a TypeError where the constructor throws one */
export function constructRequest(
  script: ScriptRequest,
  trace: Trace,
  quirks: Quirks = NO_QUIRKS,
): FetchRequest {
  const made = headersObject(script);
  const { mode, credentials, cache, redirect } = options(script);
  const given = made ?? validateHeaders(script.headers ?? []);
  const url = parse(script.url, script.client.url);
  if (includesCredentials(url)) throw typeError('the URL has a user name or password');
  const referrer = referrerOf(script);
  if (mode === 'navigate') throw typeError('mode navigate is not for script');
  if (cache === 'only-if-cached' && mode !== 'same-origin') {
    throw typeError('cache mode only-if-cached needs mode same-origin');
  }
  const method = methodOf(script.method ?? 'GET');
  const guard = { noCors: mode === 'no-cors', trace, quirks };
  if (guard.noCors && !isSafelistedMethod(method)) {
    throw typeError(`mode no-cors allows GET, HEAD and POST, not ${abbreviated(method)}`);
  }
  const headers: Header[] = [];
  append(headers, given, guard);
  const body = bodyOf(script, method, headers, guard);
  const all = quirks.authorHeaders ? quirks.authorHeaders(headers, script) : headers;
  return {
    initiator: 'fetch',
    client: script.client,
    origin: script.client.origin,
    method,
    firstMethod: method,
    urls: [url],
    headers: all,
    firstHeaders: [],
    body,
    mode,
    credentials,
    cache,
    redirect,
    integrity: script.integrity ?? '',
    keepalive: script.keepalive ?? false,
    useCorsPreflight: body !== null && !body.replayable,
    useUrlCredentials: false,
    referrer,
    referrerPolicy: script.referrerPolicy ?? '',
    tainting: 'basic',
    site: 'same-origin',
    unsafeAtFirst: null,
  };
}

/** The members of RequestInit that are enumerations, in the order in which Web IDL reads them. */
function options(script: ScriptRequest): Pick<FetchRequest, 'mode' | 'credentials' | 'cache' | 'redirect'> {
  const read = {
    mode: enumerated('mode', MODES, script.mode ?? 'cors'),
    credentials: enumerated('credentials', CREDENTIALS, script.credentials ?? 'same-origin'),
    cache: enumerated('cache', CACHES, script.cache ?? 'default'),
    redirect: enumerated('redirect', REDIRECTS, script.redirect ?? 'follow'),
  };
  if (!isReferrerPolicy(script.referrerPolicy ?? '')) {
    throw typeError(`${script.referrerPolicy} is no referrer policy`, SPEC.enumeration);
  }
  return read;
}

/** The guard of the request's Headers object. */
interface Guard {
  readonly noCors: boolean;
  readonly trace: Trace;
  readonly quirks: Quirks;
}

/** The constructor's steps on the body, which may add its Content-Type to `headers`. */
function bodyOf(script: ScriptRequest, method: string, headers: Header[], guard: Guard): RequestBody | null {
  if (script.body === undefined) return null;
  if (method === 'GET' || method === 'HEAD') throw typeError(`a ${method} request has no body`);
  const { body, type } = extracted(script.body, script, guard.quirks);
  if (type !== null && !contains(headers, 'content-type')) {
    const noCors = guard.noCors && !guard.quirks.bodyTypeUnguarded;
    append(headers, [['Content-Type', type]], { ...guard, noCors });
  }
  if (!body.replayable && guard.noCors) {
    throw typeError('a stream cannot be the body of a no-cors request');
  }
  return body;
}

function extracted(body: ScriptBody, { keepalive }: ScriptRequest, { streams }: Quirks): BodyWithType {
  if (typeof body === 'object' && 'stream' in body) {
    if (streams === 'refused') {
      throw new ScriptException('NotSupportedError', 'a stream is not supported as a body', SPEC.bodyExtract);
    }
    if (streams === 'text') return extractBody('[object ReadableStream]');
    if (keepalive) {
      throw typeError('a stream cannot be the body of a keepalive request', SPEC.bodyExtract);
    }
  }
  return extractBody(body);
}

/** Web IDL: nothing but a member of the enumeration will do. */
function enumerated(name: string, members: ReadonlySet<string>, value: string): string {
  if (!members.has(value)) throw typeError(`${value} is no ${name}`, SPEC.enumeration);
  return value;
}

function parse(url: string, base: string): URL {
  const parsed = parseFixedUrl(url, base);
  if (!parsed) throw typeError('the URL cannot be parsed');
  return parsed;
}

function methodOf(method: string): string {
  if (!isMethod(method)) throw typeError(`${abbreviated(method)} is no method`);
  if (isForbiddenMethod(method)) throw typeError(`${method} is a forbidden method`, SPEC.forbiddenMethod);
  return normalizeMethod(method);
}

/** An about:blank document has the base URL of its creator (HTML, "fallback base URL"). */
const baseOf = ({ url, creatorUrl }: Client): string =>
  url === 'about:blank' && creatorUrl !== undefined ? creatorUrl : url;

function referrerOf({ referrer, client }: ScriptRequest): string {
  if (referrer === undefined) return 'client';
  if (referrer === '') return 'no-referrer';
  const url = parse(referrer, baseOf(client));
  const isClient = url.protocol === 'about:' && url.pathname === 'client';
  return isClient || !sameOrigin(url.origin, client.origin) ? 'client' : url.href;
}

/** new Headers() and append(), and what Web IDL takes the object for as fetch() reads it; null where script makes none. */
function headersObject({ headers = [], headersAs }: ScriptRequest): HeaderList | null {
  if (headersAs !== 'object') return null;
  try {
    return sortAndCombine(validateHeaders(headers));
  } catch (error) {
    if (error instanceof ScriptException) error.byHeaders = true;
    throw error;
  }
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
function whyInvalid(name: string, value: string): ScriptException {
  if (!isByteString(name) || !isByteString(value)) {
    return typeError('a header has a character that is no byte', SPEC.byteString);
  }
  return isToken(name)
    ? typeError('a header value has NUL, LF or CR', SPEC.headerValue)
    : typeError(`${abbreviated(name)} is no header name`, SPEC.headerName);
}

/** Fetch, "append" to the request's own Headers object, whose guard ignores what script may not set. */
function append(kept: Header[], headers: HeaderList, { noCors, trace, quirks }: Guard): void {
  for (const header of headers) {
    const [name, value] = header;
    if (isForbiddenRequestHeader(name, value)) {
      trace.note('header.forbidden', name);
    } else if (noCors && !isNoCorsSafelisted(name, combined(kept, name, value), quirks)) {
      trace.note('header.no-cors', name);
    } else kept.push(header);
  }
}

/** Only the four no-CORS-safelisted names ever stay, and 128 bytes bound their values: the list stays short. */
function combined(kept: readonly Header[], name: string, value: string): string {
  const before = get(kept, name.toLowerCase());
  return before === null ? value : `${before}, ${value}`;
}

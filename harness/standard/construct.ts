/** The Request constructor (Fetch, 5.4): what script passes becomes a request, or an exception. */
import { extractBody } from './body.ts';
import { hasForbiddenValueByte, isByteString, isToken, normalizeValue, shown } from './bytes.ts';
import { appendAll, contains, get, type Header, type HeaderList } from './header-list.ts';
import { isForbiddenMethod, isMethod, isSafelistedMethod, normalizeMethod } from './methods.ts';
import { sameOrigin } from './origin.ts';
import { includesCredentials } from './redirect.ts';
import { isReferrerPolicy } from './referrer.ts';
import { isForbiddenRequestHeader, isNoCorsSafelisted } from './request-headers.ts';
import { SPEC, type SpecLink } from './spec.ts';
import type { Trace } from './trace.ts';
import type { FetchRequest, RequestBody, ScriptRequest } from './types.ts';

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

const ENUMERATIONS: readonly (readonly [keyof ScriptRequest, ReadonlySet<string>])[] = [
  ['mode', new Set(['cors', 'no-cors', 'same-origin', 'navigate'])],
  ['credentials', new Set(['omit', 'same-origin', 'include'])],
  ['cache', new Set(['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'])],
  ['redirect', new Set(['follow', 'error', 'manual'])],
];

function typeError(message: string, section: SpecLink = SPEC.requestConstructor): ScriptError {
  return new ScriptError('TypeError', message, section);
}

/** @throws {ScriptError} a TypeError where the constructor throws one */
export function constructRequest(script: ScriptRequest, trace: Trace): FetchRequest {
  for (const [key, allowed] of ENUMERATIONS) {
    const value = script[key];
    if (value !== undefined && !allowed.has(String(value))) {
      throw typeError(`${String(value)} is no ${key}`, SPEC.enumeration);
    }
  }
  if (!isReferrerPolicy(script.referrerPolicy ?? '')) {
    throw typeError(`${script.referrerPolicy} is no referrer policy`, SPEC.enumeration);
  }
  const given = validateHeaders(script.headers ?? []);
  const url = parse(script.url, script.client.url);
  if (includesCredentials(url)) throw typeError('the URL has a user name or password');
  const referrer = referrerOf(script);
  const mode = script.mode ?? 'cors';
  if (mode === 'navigate') throw typeError('mode navigate is not for script');
  const cache = script.cache ?? 'default';
  if (cache === 'only-if-cached' && mode !== 'same-origin') {
    throw typeError('cache mode only-if-cached needs mode same-origin');
  }
  const method = methodOf(script.method ?? 'GET');
  if (mode === 'no-cors' && !isSafelistedMethod(method)) {
    throw typeError(`mode no-cors allows GET, HEAD and POST, not ${shown(method)}`);
  }
  let headers = guarded(given, mode === 'no-cors', trace);
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
      headers = [...headers, ...guarded([['Content-Type', extracted.type]], mode === 'no-cors', trace)];
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
    credentials: script.credentials ?? 'same-origin',
    cache,
    redirect: script.redirect ?? 'follow',
    integrity: script.integrity ?? '',
    keepalive: script.keepalive ?? false,
    useCorsPreflight,
    useUrlCredentials: false,
    referrer,
    referrerPolicy: script.referrerPolicy ?? '',
    tainting: 'basic',
  };
}

function parse(url: string, base: string): URL {
  try {
    return new URL(url, base);
  } catch {
    throw typeError('the URL cannot be parsed');
  }
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
  const valid = headers.map((header): Header => {
    const [name, value] = header;
    if (!isByteString(name) || !isByteString(value)) {
      throw typeError('a header has a character that is no byte', SPEC.byteString);
    }
    const normalized = normalizeValue(value);
    if (!isToken(name)) throw typeError(`${shown(name)} is no header name`, SPEC.headerName);
    if (hasForbiddenValueByte(normalized))
      throw typeError('a header value has NUL, LF or CR', SPEC.headerValue);
    return normalized === value ? header : [name, normalized];
  });
  return appendAll(valid);
}

/** Fetch, "append" to the request's own Headers object, whose guard ignores what script may not set. */
function guarded(headers: HeaderList, noCors: boolean, trace: Trace): Header[] {
  const kept: Header[] = [];
  for (const header of headers) {
    const [name, value] = header;
    if (isForbiddenRequestHeader(name, value)) {
      trace.note('header.forbidden', name);
    } else if (noCors && !isNoCorsSafelisted(name, combined(kept, name, value))) {
      trace.note('header.no-cors', name);
    } else kept.push(header);
  }
  return kept;
}

/** Only the four no-CORS-safelisted names ever stay, and 128 bytes bound their values: the list stays short. */
function combined(kept: readonly Header[], name: string, value: string): string {
  const before = get(kept, name.toLowerCase());
  return before === null ? value : `${before}, ${value}`;
}

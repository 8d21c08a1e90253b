/** XMLHttpRequest (XHR Standard): its way of making a request, and the events and exceptions that script gets. */
import { extractBody } from './body.ts';
import {
  byteLowercase,
  decode,
  isByteString,
  isHeaderValue,
  isToken,
  normalizeValue,
  shown,
} from './bytes.ts';
import { ScriptError } from './construct.ts';
import { combineAll, get, type Header, type HeaderList, set, sortAndCombine } from './header-list.ts';
import { isForbiddenMethod, isMethod, normalizeMethod } from './methods.ts';
import { parseMimeType, serializeMimeType } from './mime.ts';
import { includesCredentials } from './redirect.ts';
import { isForbiddenRequestHeader } from './request-headers.ts';
import type { FilteredResponse } from './response.ts';
import { SPEC } from './spec.ts';
import type { Trace } from './trace.ts';
import type { FetchRequest, RequestBody, ScriptRequest } from './types.ts';
import { parseUrl } from './url.ts';

/** @throws {ScriptError} what open(), setRequestHeader() or a setter throws */
export function constructXhr(script: ScriptRequest, trace: Trace): FetchRequest {
  const { client } = script;
  const method = methodOf(script.method ?? 'GET');
  const url = parseUrl(script.url, client.url);
  if (!url) throw new ScriptError('SyntaxError', 'the URL cannot be parsed', SPEC.xhrOpen);
  if (url.host !== '') {
    if (script.user !== undefined) url.username = script.user;
    if (script.password !== undefined) url.password = script.password;
  }
  if (script.sync && client.global !== 'worker' && (script.timeoutMs || script.responseType)) {
    throw new ScriptError(
      'InvalidAccessError',
      'a synchronous request in a window has neither timeout nor responseType',
      SPEC.xhrOpen,
    );
  }
  let headers = authorHeaders(script.headers ?? [], trace);
  let body: RequestBody | null = null;
  if (script.body !== undefined && method !== 'GET' && method !== 'HEAD') {
    const extracted = extractBody(script.body);
    body = extracted.body;
    headers = withContentType(headers, script.body, extracted.type);
  }
  const listening = script.uploadListener === 'before-send';
  if (listening) trace.note('xhr.upload-listener');
  return {
    client,
    origin: client.origin,
    method,
    urls: [url],
    headers,
    body,
    mode: 'cors',
    credentials: script.withCredentials ? 'include' : 'same-origin',
    cache: 'default',
    redirect: 'follow',
    integrity: '',
    keepalive: false,
    useCorsPreflight: listening,
    useUrlCredentials: includesCredentials(url),
    referrer: 'client',
    referrerPolicy: '',
    tainting: 'basic',
    site: 'same-origin',
  };
}

function methodOf(method: string): string {
  if (!isByteString(method)) {
    throw new ScriptError('TypeError', 'the method has a character that is no byte', SPEC.byteString);
  }
  if (!isMethod(method)) throw new ScriptError('SyntaxError', `${shown(method)} is no method`, SPEC.xhrOpen);
  if (isForbiddenMethod(method)) {
    throw new ScriptError('SecurityError', `${method} is a forbidden method`, SPEC.xhrOpen);
  }
  return normalizeMethod(method);
}

function authorHeaders(headers: HeaderList, trace: Trace): Header[] {
  const kept: Header[] = [];
  for (const [name, raw] of headers) {
    if (!isByteString(name) || !isByteString(raw)) {
      throw new ScriptError('TypeError', 'a header has a character that is no byte', SPEC.byteString);
    }
    const value = normalizeValue(raw);
    if (!isToken(name) || !isHeaderValue(value)) {
      throw new ScriptError(
        'SyntaxError',
        `${shown(name)}: no header name or value`,
        SPEC.xhrSetRequestHeader,
      );
    }
    if (isForbiddenRequestHeader(name, value)) {
      trace.note('header.forbidden', name);
    } else kept.push([name, value]);
  }
  return combineAll(kept);
}

/** send(): the Content-Type that the body implies, or the author's with its charset set to UTF-8. */
function withContentType(headers: Header[], body: ScriptRequest['body'], implied: string | null): Header[] {
  const author = get(headers, 'content-type');
  if (author === null) return implied === null ? headers : set(headers, 'Content-Type', implied);
  const isText =
    typeof body === 'string' || (typeof body === 'object' && ('urlencoded' in body || 'bytes' in body));
  const type = isText ? parseMimeType(author) : null;
  const charset = type?.parameters.get('charset');
  if (!type || charset === undefined || charset.toLowerCase() === 'utf-8') return headers;
  type.parameters.set('charset', 'UTF-8');
  return set(headers, 'Content-Type', serializeMimeType(type));
}

/** How an XMLHttpRequest ended. */
export type XhrEnd = 'load' | 'error' | 'timeout' | 'abort';

/** The exception that a synchronous send() throws. */
export const XHR_EXCEPTIONS = {
  error: 'NetworkError',
  timeout: 'TimeoutError',
  abort: 'AbortError',
} as const;

/** Collects events in the order in which the XHR Standard fires them. */
export class XhrEvents {
  readonly fired: string[] = [];
  readonly #listening: boolean;
  readonly #sync: boolean;
  #uploadComplete: boolean;

  constructor(request: FetchRequest, sync: boolean) {
    this.#listening = request.useCorsPreflight;
    this.#sync = sync;
    this.#uploadComplete = request.body === null;
    this.fired.push('readystatechange:1');
    if (sync) return;
    this.fired.push('loadstart');
    if (!this.#uploadComplete && this.#listening) this.fired.push('upload.loadstart');
  }

  /** processRequestEndOfBody: it also runs for a request without a body. */
  sent(): void {
    if (this.#sync) return;
    this.#uploadComplete = true;
    if (this.#listening) this.fired.push('upload.progress', 'upload.load', 'upload.loadend');
  }

  /** processResponse, up to the body. */
  headersReceived(): void {
    if (!this.#sync) this.fired.push('readystatechange:2');
  }

  /** processBodyChunk. */
  loading(): void {
    if (!this.#sync) this.fired.push('readystatechange:3', 'progress');
  }

  /** Handle response end-of-body, or the request error steps. */
  end(how: XhrEnd): void {
    if (how === 'load') {
      if (!this.#sync) this.fired.push('progress');
      this.fired.push('readystatechange:4', 'load', 'loadend');
      return;
    }
    if (this.#sync) return;
    this.fired.push('readystatechange:4');
    if (!this.#uploadComplete && this.#listening) this.fired.push(`upload.${how}`, 'upload.loadend');
    this.fired.push(how, 'loadend');
  }
}

/** getAllResponseHeaders(): sorted by the upper-cased name, in lower case, combined. */
export function allResponseHeaders(headers: HeaderList): Header[] {
  const upper = new Map<Header, string>();
  for (const header of sortAndCombine(headers)) upper.set(header, header[0].toUpperCase());
  return [...upper.keys()].sort((a, b) => ((upper.get(a) as string) < (upper.get(b) as string) ? -1 : 1));
}

/** responseText: decoded by the charset of Content-Type, else as UTF-8. */
export function responseText({ body, headers }: FilteredResponse): string {
  if (body === null) return '';
  const type = get(headers, 'content-type');
  const charset = type === null ? undefined : parseMimeType(type)?.parameters.get('charset');
  return decode(body, charset === undefined ? 'utf-8' : byteLowercase(charset));
}

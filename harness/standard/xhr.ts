/** XMLHttpRequest (XHR Standard): its way of making a request, and the events and exceptions that script gets. */
import { extractBody } from './body.ts';
import {
  abbreviated,
  byteLowercase,
  decode,
  isByteString,
  isHeaderValue,
  isToken,
  normalizeValue,
} from './bytes.ts';
import { ScriptException } from './construct.ts';
import {
  combineAll,
  contains,
  get,
  type Header,
  type HeaderList,
  set,
  sortAndCombine,
} from './header-list.ts';
import { isForbiddenMethod, isMethod, normalizeMethod } from './methods.ts';
import { extractMimeType, parseMimeType, serializeMimeType } from './mime.ts';
import { NO_QUIRKS, type Quirks } from './quirks.ts';
import { includesCredentials } from './redirect.ts';
import { isForbiddenRequestHeader } from './request-headers.ts';
import type { FilteredResponse } from './response.ts';
import { SPEC } from './spec.ts';
import type { Trace } from './trace.ts';
import type { FetchRequest, RequestBody, ScriptRequest } from './types.ts';
import { parseUrl } from './url.ts';

/** @throws {ScriptException} what open(), setRequestHeader() or a setter throws */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the steps of open() and setRequestHeader(), in the Standard's order
export function constructXhr(script: ScriptRequest, trace: Trace, quirks: Quirks = NO_QUIRKS): FetchRequest {
  const { client } = script;
  const method = methodOf(script.method ?? 'GET');
  const url = parseUrl(script.url, client.url);
  if (!url) throw new ScriptException('SyntaxError', 'the URL cannot be parsed', SPEC.xhrOpen);
  if (url.host !== '') {
    if (script.user !== undefined) url.username = script.user;
    if (script.password !== undefined) url.password = script.password;
  }
  if (script.sync && client.global !== 'worker' && (script.timeoutMs || script.responseType)) {
    throw new ScriptException(
      'InvalidAccessError',
      'a synchronous request in a window has neither timeout nor responseType',
      SPEC.xhrTimeout,
      true,
    );
  }
  let headers = authorHeaders(script.headers ?? [], trace);
  if (quirks.authorHeaders) headers = quirks.authorHeaders(headers, script);
  const author = headers;
  let body: RequestBody | null = null;
  if (script.body !== undefined && method !== 'GET' && method !== 'HEAD') {
    const extracted = extractBody(script.body);
    body = quirks.unmeasured?.(false, script) ? { ...extracted.body, unmeasured: true } : extracted.body;
    headers = withContentType(headers, script, {
      implied: impliedType(extracted.type, script, quirks),
      quirks,
    });
  }
  if (body === null && script.body !== undefined && quirks.typeOfUnsentBody?.(script.body)) {
    headers = withContentType(headers, script, { implied: extractBody(script.body).type, quirks });
  }
  const listening = script.uploadListener === 'before-send';
  const forced = quirks.listenerForces?.(listening, script) ?? listening;
  if (forced) trace.note('xhr.upload-listener');
  return {
    initiator: 'xmlhttprequest',
    ...(script.sync && { synchronous: true as const }),
    client,
    origin: client.origin,
    method,
    firstMethod: method,
    urls: [url],
    ...(body !== null && !contains(author, 'content-type') && { typeImplied: true as const }),
    headers,
    firstHeaders: [],
    body,
    mode: 'cors',
    credentials: script.withCredentials ? 'include' : 'same-origin',
    cache: 'default',
    redirect: 'follow',
    integrity: '',
    keepalive: false,
    useCorsPreflight: forced,
    useUrlCredentials: includesCredentials(url),
    referrer: 'client',
    referrerPolicy: '',
    tainting: 'basic',
    site: 'same-origin',
    unsafeAtFirst: null,
  };
}

function methodOf(method: string): string {
  if (!isByteString(method)) {
    throw new ScriptException('TypeError', 'the method has a character that is no byte', SPEC.byteString);
  }
  if (!isMethod(method))
    throw new ScriptException('SyntaxError', `${abbreviated(method)} is no method`, SPEC.xhrOpen);
  if (isForbiddenMethod(method)) {
    throw new ScriptException('SecurityError', `${method} is a forbidden method`, SPEC.xhrOpen);
  }
  return normalizeMethod(method);
}

function authorHeaders(headers: HeaderList, trace: Trace): Header[] {
  const kept: Header[] = [];
  for (const [name, raw] of headers) {
    if (!isByteString(name) || !isByteString(raw)) {
      throw new ScriptException(
        'TypeError',
        'a header has a character that is no byte',
        SPEC.byteString,
        true,
      );
    }
    const value = normalizeValue(raw);
    if (!isToken(name) || !isHeaderValue(value)) {
      throw new ScriptException(
        'SyntaxError',
        `${abbreviated(name)}: no header name or value`,
        SPEC.xhrSetRequestHeader,
        true,
      );
    }
    if (isForbiddenRequestHeader(name, value)) {
      trace.note('header.forbidden', name);
    } else kept.push([name, value]);
  }
  return combineAll(kept);
}

function impliedType(type: string | null, script: ScriptRequest, quirks: Quirks): string | null {
  return type !== null && quirks.impliedType ? quirks.impliedType(type, script) : type;
}

/** send(): the Content-Type that the body implies, or the author's with its charset set to UTF-8. */
function withContentType(
  headers: Header[],
  script: ScriptRequest,
  { implied, quirks }: { readonly implied: string | null; readonly quirks: Quirks },
): Header[] {
  const author = get(headers, 'content-type');
  if (author === null) return implied === null ? headers : set(headers, 'Content-Type', implied);
  if (!isText(script.body)) return headers;
  const value = inUtf8(author, script, quirks);
  return value === author ? headers : set(headers, 'Content-Type', value);
}

const isText = (body: ScriptRequest['body']): boolean =>
  typeof body === 'string' || (typeof body === 'object' && ('urlencoded' in body || 'bytes' in body));

/** A media type whose charset, if it has one, says UTF-8. */
function inUtf8(author: string, script: ScriptRequest, { charsetSet }: Quirks): string {
  const type = parseMimeType(author);
  const charset = type?.parameters.get('charset');
  if (!type || charset === undefined) return author;
  let standard = author;
  if (charset.toLowerCase() !== 'utf-8') {
    type.parameters.set('charset', 'UTF-8');
    standard = serializeMimeType(type);
  }
  return charsetSet ? charsetSet(standard, author, script) : standard;
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

  constructor(
    request: FetchRequest,
    { sync, listening }: { readonly sync: boolean; readonly listening: boolean },
  ) {
    this.#listening = listening;
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

/** The response as text, by responseType: bytes one character each, JSON as its own text; empty if it is null. */
export function responseBody(response: FilteredResponse, type = ''): string {
  const { body } = response;
  if (body === null) return '';
  if (type === 'arraybuffer' || type === 'blob') return body;
  return type === 'json' ? jsonOf(body) : responseText(body, response.headers);
}

function jsonOf(body: string): string {
  try {
    const value: unknown = JSON.parse(decode(body));
    return value === null ? '' : JSON.stringify(value);
  } catch {
    return '';
  }
}

/** Encoding Standard, "BOM sniff". */
const BOMS: readonly (readonly [bytes: string, encoding: string])[] = [
  ['\xef\xbb\xbf', 'utf-8'],
  ['\xfe\xff', 'utf-16be'],
  ['\xff\xfe', 'utf-16le'],
];

/** responseText: decoded by the body's byte order mark, else by the charset of Content-Type, else as UTF-8. */
function responseText(body: string, headers: HeaderList): string {
  const marked = BOMS.find(([bytes]) => body.startsWith(bytes));
  if (marked) return decode(body, marked[1]);
  const charset = extractMimeType(headers)?.parameters.get('charset');
  return decode(body, charset === undefined ? 'utf-8' : byteLowercase(charset));
}

/** EventSource (HTML, 9.2 Server-sent events): the request it makes, and whether it opens. */
import { ScriptException } from './construct.ts';
import { extractMimeType } from './mime.ts';
import { includesCredentials } from './redirect.ts';
import type { FilteredResponse } from './response.ts';
import { SPEC } from './spec.ts';
import type { FetchRequest, ScriptRequest } from './types.ts';
import { parseUrl } from './url.ts';

/** @throws {ScriptException} a SyntaxError where the constructor throws one */
export function constructEventSource({ client, url, withCredentials }: ScriptRequest): FetchRequest {
  const parsed = parseUrl(url, client.url);
  if (!parsed) throw new ScriptException('SyntaxError', 'the URL cannot be parsed', SPEC.eventSource);
  return {
    initiator: 'other',
    client,
    origin: client.origin,
    method: 'GET',
    firstMethod: 'GET',
    urls: [parsed],
    headers: [['Accept', 'text/event-stream']],
    firstHeaders: [],
    body: null,
    mode: 'cors',
    credentials: withCredentials ? 'include' : 'same-origin',
    cache: 'no-store',
    redirect: 'follow',
    integrity: '',
    keepalive: false,
    useCorsPreflight: false,
    useUrlCredentials: includesCredentials(parsed),
    referrer: 'client',
    referrerPolicy: '',
    tainting: 'basic',
    site: 'same-origin',
    unsafeAtFirst: null,
  };
}

/** Whether the response announces the connection: status 200 and the right type. Anything else is an error event. */
export function opens({ status, headers }: FilteredResponse): boolean {
  return status === 200 && extractMimeType(headers)?.essence === 'text/event-stream';
}

/** EventSource (HTML, 9.2 Server-sent events): the request it makes, and whether it opens. */
import { ScriptError } from './construct.ts';
import { get } from './header-list.ts';
import { parseMimeType } from './mime.ts';
import type { FilteredResponse } from './response.ts';
import { SPEC } from './spec.ts';
import type { FetchRequest, ScriptRequest } from './types.ts';

/** @throws {ScriptError} a SyntaxError where the constructor throws one */
export function constructEventSource({ client, url, withCredentials }: ScriptRequest): FetchRequest {
  if (!URL.canParse(url, client.url)) {
    throw new ScriptError('SyntaxError', 'the URL cannot be parsed', SPEC.eventSource);
  }
  return {
    client,
    origin: client.origin,
    method: 'GET',
    urls: [new URL(url, client.url)],
    headers: [['Accept', 'text/event-stream']],
    body: null,
    mode: 'cors',
    credentials: withCredentials ? 'include' : 'same-origin',
    cache: 'no-store',
    redirect: 'follow',
    integrity: '',
    keepalive: false,
    useCorsPreflight: false,
    useUrlCredentials: false,
    referrer: 'client',
    referrerPolicy: '',
    tainting: 'basic',
  };
}

/** Whether the response announces the connection: status 200 and the right type. Anything else is an error event. */
export function opens({ status, headers }: FilteredResponse): boolean {
  const type = parseMimeType(get(headers, 'content-type') ?? '');
  return status === 200 && type?.essence === 'text/event-stream';
}

/** EventSource (HTML, 9.2 Server-sent events): the request it makes, and whether it opens. */
import { ScriptError } from './construct.ts';
import { get } from './header-list.ts';
import { essenceOf } from './mime.ts';
import type { FilteredResponse } from './response.ts';
import { SPEC } from './spec.ts';
import type { FetchRequest, ScriptRequest } from './types.ts';
import { parseUrl } from './url.ts';

/** @throws {ScriptError} a SyntaxError where the constructor throws one */
export function constructEventSource({ client, url, withCredentials }: ScriptRequest): FetchRequest {
  const parsed = parseUrl(url, client.url);
  if (!parsed) throw new ScriptError('SyntaxError', 'the URL cannot be parsed', SPEC.eventSource);
  return {
    client,
    origin: client.origin,
    method: 'GET',
    urls: [parsed],
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
    site: 'same-origin',
  };
}

/** Whether the response announces the connection: status 200 and the right type. Anything else is an error event. */
export function opens({ status, headers }: FilteredResponse): boolean {
  return status === 200 && essenceOf(get(headers, 'content-type') ?? '') === 'text/event-stream';
}

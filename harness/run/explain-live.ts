/** Sends the model's requests from Node, and brings back the answers as raw header lines. */
import http from 'node:http';
import https from 'node:https';
import { asBrowser } from '../lab/as-browser.ts';
import type { Header, WireReply, WireSend } from '../standard/types.ts';
import { ask } from '../wire/ask.ts';
import { upstreamOf } from '../wire/server-link.ts';

export interface LiveRequestOptions {
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Takes any certificate. */
  readonly insecure: boolean;
}

const PLAIN: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused; start the server, or mend the port',
  ECONNRESET: 'the connection was reset before an answer came',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; add --insecure to look past it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed; add --insecure to look past it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified; add --insecure to look past it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name; add --insecure to look past it',
  CERT_HAS_EXPIRED: 'its certificate has expired; add --insecure to look past it',
};

/** Sends one request; redirects are left to the model, the body is not waited for. Never rejects. */
export function sendLive(sent: WireSend, options: LiveRequestOptions): Promise<WireReply> {
  const send = asBrowser(sent);
  // Node writes every method in capitals; pages send patch as patch.
  return send.method === send.method.toUpperCase() ? sendByNode(send, options) : sendAsIs(send, options);
}

async function sendAsIs(send: WireSend, { timeoutMs, insecure }: LiveRequestOptions): Promise<WireReply> {
  const { method, url, headers, body } = send;
  const upstream = upstreamOf(url);
  const { response, note = 'the connection ended' } = await ask(
    { method, url, headers, ...(body !== null && { body }) },
    { upstream: { ...upstream, tls: upstream.tls && { insecure } }, timeoutMs },
  );
  if (response === null) {
    const code = Object.keys(PLAIN).find(one => note.includes(one));
    return { kind: 'failure', reason: code === undefined ? note : (PLAIN[code] as string) };
  }
  const { status, reason } = response;
  return { kind: 'response', status, ...(reason && { reason }), headers: response.headers };
}

function sendByNode(send: WireSend, { timeoutMs, insecure }: LiveRequestOptions): Promise<WireReply> {
  const url = new URL(send.url);
  const headers: [string, string][] = [
    ['Host', url.host],
    ['Connection', 'close'],
  ];
  for (const [name, value] of send.headers) headers.push([name, value]);
  return new Promise(resolve => {
    const failed = (reason: string) => resolve({ kind: 'failure', reason });
    let request: http.ClientRequest;
    try {
      request = (url.protocol === 'https:' ? https : http).request(url, {
        method: send.method,
        headers: headers.flat(),
        agent: false,
        insecureHTTPParser: true,
        timeout: timeoutMs,
        rejectUnauthorized: !insecure,
      });
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
      return;
    }
    const deadline = setTimeout(() => {
      failed(`no answer within ${timeoutMs} ms`);
      request.destroy();
    }, timeoutMs);
    request.on('close', () => clearTimeout(deadline));
    request.on('error', (error: NodeJS.ErrnoException) => failed(PLAIN[error.code ?? ''] ?? error.message));
    request.on('response', response => {
      resolve({
        kind: 'response',
        status: response.statusCode ?? 0,
        reason: response.statusMessage ?? '',
        headers: pairs(response.rawHeaders),
      });
      response.on('error', () => undefined);
      request.destroy();
    });
    request.on('upgrade', (_response, socket) => {
      failed('the server answered with 101 and another protocol');
      socket.destroy();
    });
    request.end(send.body === null ? undefined : Buffer.from(send.body, 'latin1'));
  });
}

function pairs(raw: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([raw[at] as string, raw[at + 1] as string]);
  return headers;
}

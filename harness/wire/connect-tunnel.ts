/** CONNECT (RFC 9110 §9.3.6): the gateway answers for the host itself, with TLS or, where the client speaks none, in plain. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { WireOrigin } from './authority.ts';
import { parseAuthority, RefusedRequest, refusal, wireOrigin } from './authority.ts';
import type { CertificateAuthority } from './certificates.ts';
import { headerValues } from './exchange.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { RequestHead } from './http1.ts';
import { ProxyConnection } from './proxy-connection.ts';
import { reset } from './server-link.ts';

/** The first byte of a TLS connection: a handshake record (RFC 8446 §5.1). No HTTP method begins with it. */
const TLS_HANDSHAKE = 0x16;

/**
 * Serves a CONNECT request. Chromium and Firefox send one even for `ws://`, to port 80: what is inside is told by
 * the first byte, not by the port.
 * @param rest bytes that came with the request, behind its head
 */
export async function openTunnel(
  { core, authority }: { readonly core: GatewayCore; readonly authority: CertificateAuthority },
  socket: Socket,
  head: RequestHead,
  rest: Buffer,
): Promise<void> {
  // A lost connection is noticed by whoever serves it, and by the close that follows.
  socket.on('error', () => {});
  socket.pause();
  try {
    const { plain, secure } = tunnelOrigins(head);
    const secureRoute = core.route(secure);
    if (secureRoute === null && core.route(plain) === null) {
      throw new RefusedRequest(`${secure.origin} is not part of this run`);
    }
    const context = secureRoute === null ? null : await authority.context(secure.host);
    if (socket.destroyed) return;
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const first = rest.length > 0 ? rest : await firstChunk(socket);
    if (first === null) {
      socket.destroy();
      return;
    }
    socket.pause();
    socket.unshift(first);
    if (first[0] !== TLS_HANDSHAKE) {
      new ProxyConnection(core, socket, socket, plain, null);
      socket.resume();
      return;
    }
    if (context === null) {
      core.refused(secure.origin, 'not part of this run');
      socket.destroy();
      return;
    }
    const stream = new TLSSocket(socket, {
      isServer: true,
      secureContext: context,
      ALPNProtocols: ['http/1.1'],
    });
    serveSecure(core, stream, socket, secure);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    core.refused(`CONNECT ${head.target}`, error.message);
    socket.resume();
    socket.end(refusal(error));
    socket.once('end', () => socket.destroy());
  }
}

function serveSecure(core: GatewayCore, stream: TLSSocket, socket: Socket, origin: WireOrigin): void {
  const failed = (): void => reset(stream, socket);
  stream.on('error', failed);
  stream.once('secure', () => {
    // Typed as absent by @types/node on the server's side; there it is what the client sent, or false.
    const named = (stream as TLSSocket & { servername?: string | false | null }).servername;
    // RFC 6066 leaves a trailing dot out of the name; not every engine does.
    if (named && undotted(named.toLowerCase()) !== undotted(origin.host)) {
      core.refused(origin.origin, `the TLS handshake names ${named}`);
      failed();
      return;
    }
    stream.off('error', failed);
    new ProxyConnection(core, stream, socket, origin, null);
  });
}

const undotted = (host: string): string => host.replace(/\.$/, '');

function tunnelOrigins(head: RequestHead): { plain: WireOrigin; secure: WireOrigin } {
  const { host, port } = parseAuthority(head.target);
  if (port === null) throw new RefusedRequest('CONNECT needs a port');
  for (const value of headerValues(head.headers, 'host')) {
    const named = parseAuthority(value);
    if (named.host !== host || (named.port ?? port) !== port) {
      throw new RefusedRequest(`Host names ${value}, CONNECT ${head.target}`);
    }
  }
  return { plain: wireOrigin('http', host, port), secure: wireOrigin('https', host, port) };
}

/** The next bytes, or null where the connection ends first. */
function firstChunk(socket: Socket): Promise<Buffer | null> {
  return new Promise(resolve => {
    const settle = (chunk: Buffer | null): void => {
      socket.off('data', onData);
      socket.off('end', onGone);
      socket.off('close', onGone);
      socket.pause();
      resolve(chunk);
    };
    const onData = (chunk: Buffer): void => settle(chunk);
    const onGone = (): void => settle(null);
    socket.on('data', onData);
    socket.on('end', onGone);
    socket.on('close', onGone);
    socket.resume();
  });
}

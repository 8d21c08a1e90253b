/** Who a proxied request is for, told from the CONNECT authority, the request target and the Host line together. */
import { type HeaderLine, headerValues } from './exchange.ts';
import type { Http1Error, RequestHead } from './http1.ts';

/** An origin as a browser names it. */
export interface WireOrigin {
  readonly scheme: 'http' | 'https';
  /** Lower case; IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** The origin's serialisation: the default port is left out. */
  readonly origin: string;
}

/** A request that contradicts itself about where it goes, or is no proxy request at all. */
export class RefusedRequest extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusedRequest';
  }
}

const DEFAULT_PORT = { http: 80, https: 443 } as const;
// What a URL host may still hold after parsing: attackers' origins use much of it, so only delimiters are kept out.
const AUTHORITY = /^(\[[0-9a-fA-F:.]+\]|[^\s/?#@:[\]\\]+)(?::(\d{1,5}))?$/;

/** An origin from its parts, in its canonical form. */
export function wireOrigin(scheme: 'http' | 'https', host: string, port: number): WireOrigin {
  const name = host.toLowerCase();
  const suffix = port === DEFAULT_PORT[scheme] ? '' : `:${port}`;
  return { scheme, host: name, port, origin: `${scheme}://${name}${suffix}` };
}

/**
 * Splits `host[:port]`.
 * @throws RefusedRequest where it is none, or carries credentials
 */
export function parseAuthority(authority: string): { host: string; port: number | null } {
  const [, host, port] = AUTHORITY.exec(authority) ?? [];
  if (host === undefined || Number(port ?? 1) > 65_535 || Number(port ?? 1) < 1) {
    throw new RefusedRequest(`"${authority}" is not a host with an optional port`);
  }
  return { host: host.toLowerCase(), port: port === undefined ? null : Number(port) };
}

/** What to relay, and where. */
export interface Destination {
  readonly origin: WireOrigin;
  /** The origin-form request target for the server (RFC 9112 §3.2.1), or `*`. */
  readonly target: string;
}

/**
 * Where a request goes.
 * @param tunnel the origin of the CONNECT tunnel it came through, or null for one sent to the proxy itself
 * @throws RefusedRequest where target, Host and tunnel do not name one and the same origin
 */
export function destinationOf(head: RequestHead, tunnel: WireOrigin | null): Destination {
  const absolute = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#\\]*)((?:[/?][^#]*)?)$/.exec(head.target);
  let origin = tunnel;
  let target = head.target;
  if (absolute) {
    const [, scheme = '', authority = '', rest = ''] = absolute;
    const from = originOfAbsolute(scheme.toLowerCase(), authority, tunnel);
    if (tunnel !== null && from.origin !== tunnel.origin) {
      throw new RefusedRequest(`a request for ${from.origin} came through the tunnel to ${tunnel.origin}`);
    }
    origin = from;
    target = rest.startsWith('/') ? rest : rest === '' && head.method === 'OPTIONS' ? '*' : `/${rest}`;
  } else if (!(head.target.startsWith('/') || (head.target === '*' && head.method === 'OPTIONS'))) {
    throw new RefusedRequest('the request target is neither a path nor an absolute URL');
  }
  if (origin === null)
    throw new RefusedRequest('not a proxy request: the request target is not an absolute URL');
  checkHost(head, origin);
  return { origin, target };
}

function originOfAbsolute(scheme: string, authority: string, tunnel: WireOrigin | null): WireOrigin {
  const plain = scheme === 'http' || scheme === 'ws';
  const secure = scheme === 'https' || scheme === 'wss';
  if (!plain && !(secure && tunnel !== null)) {
    throw new RefusedRequest(`an absolute ${scheme}: target needs a CONNECT tunnel`);
  }
  // Some engines leave the URL's user and password in the target; a server without a proxy never sees them there.
  const { host, port } = parseAuthority(authority.slice(authority.lastIndexOf('@') + 1));
  const kind = plain ? 'http' : 'https';
  return wireOrigin(kind, host, port ?? DEFAULT_PORT[kind]);
}

/** Exactly one Host line, naming the origin the request goes to (RFC 9112 §3.2). */
function checkHost(head: RequestHead, origin: WireOrigin): void {
  const unreadable = [...head.oddities].filter(o => o !== 'bare-lf' && o !== 'empty-lines-before');
  if (unreadable.length > 0)
    throw new RefusedRequest(`the request head is ambiguous (${unreadable.join(', ')})`);
  const [value, ...more] = headerValues(head.headers, 'host');
  if (value === undefined || more.length > 0)
    throw new RefusedRequest('the request needs exactly one Host line');
  const { host, port } = parseAuthority(value);
  const named = wireOrigin(origin.scheme, host, port ?? DEFAULT_PORT[origin.scheme]);
  if (named.origin !== origin.origin) {
    throw new RefusedRequest(`Host names ${named.origin}, the request goes to ${origin.origin}`);
  }
}

/**
 * The lines that a proxy adds which ends TLS for a server that speaks plain HTTP. Without them, servers redirect to the
 * URL that was asked for, or make links with http:.
 */
export function forwardedLines({ scheme, host, port }: WireOrigin, tls: unknown): HeaderLine[] {
  if (scheme !== 'https' || tls) return [];
  return [
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-Host', port === DEFAULT_PORT.https ? host : `${host}:${port}`],
    ['X-Forwarded-Proto', 'https'],
  ];
}

/**
 * A request head's bytes as its server would have got them without a proxy: origin-form target, and Proxy-Connection
 * (which browsers send a proxy in the place of Connection) as Connection, or dropped where Connection is there too.
 * Everything else stays as it was, byte by byte.
 * @param added lines that go behind the others
 */
export function directHead(head: RequestHead, target: string, added: readonly HeaderLine[] = []): Buffer {
  const hasProxyLine = headerValues(head.headers, 'proxy-connection').length > 0;
  if (head.target === target && !hasProxyLine && added.length === 0) return head.raw;
  const text = head.raw.toString('latin1');
  const begin = text.indexOf(head.startLine);
  const firstLine = `${head.method} ${target} HTTP/1.${head.version - 10}`;
  let rest = text.slice(begin + head.startLine.length);
  if (hasProxyLine) {
    let keepAsConnection = headerValues(head.headers, 'connection').length === 0;
    rest = rest.replace(/\nProxy-(Connection)(:[^\n]*)(?=\n)/gi, (_line, name: string, value: string) => {
      const kept = keepAsConnection ? `\n${name}${value}` : '';
      keepAsConnection = false;
      return kept;
    });
  }
  const lines = added
    .filter(([name]) => headerValues(head.headers, name).length === 0)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const end = rest.endsWith('\r\n') ? -2 : -1;
  return Buffer.from(firstLine + rest.slice(0, end) + lines.join('') + rest.slice(end), 'latin1');
}

/** The proxy's own answer to what it does not relay. */
export function refusal(error: RefusedRequest | Http1Error): Buffer {
  const status =
    error instanceof RefusedRequest
      ? '403 Forbidden'
      : error.reason === 'head-too-large'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request';
  const body = `cors-conformance gateway: ${error.message}\n`;
  return Buffer.from(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body, 'latin1')}\r\nConnection: close\r\n\r\n${body}`,
    'latin1',
  );
}

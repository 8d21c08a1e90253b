/**
 * The places a case can name. Every place is one of eight listening sockets under one of the loopback host
 * names, so that a place decides scheme, host and port, and with them same-origin, same-site and cross-site.
 */

export const SERVERS = ['site', 'otherSite', 'target', 'otherTarget'] as const;
export type ServerName = (typeof SERVERS)[number];

interface Place {
  readonly server: ServerName;
  readonly secure: boolean;
  readonly host: string;
}

const place = (server: ServerName, secure: boolean, host: string): Place => ({ server, secure, host });

/**
 * `localhost` on two ports is cross-origin but same-site; another host name is cross-site.
 */
export const PLACES = {
  site: place('site', false, 'localhost'),
  'other-site': place('otherSite', false, 'localhost'),
  'secure-site': place('site', true, 'localhost'),
  'secure-other-site': place('otherSite', true, 'localhost'),
  'cross-site': place('site', false, 'site.localhost'),
  'secure-cross-site': place('site', true, 'site.localhost'),
  'ipv4-site': place('site', false, '127.0.0.1'),
  'ipv6-site': place('site', false, '[::1]'),
  'idn-site': place('site', false, 'xn--bcher-kva.localhost'),
  'dotted-site': place('site', false, 'localhost.'),
  target: place('target', false, 'localhost'),
  'other-target': place('otherTarget', false, 'localhost'),
  'secure-target': place('target', true, 'localhost'),
  'secure-other-target': place('otherTarget', true, 'localhost'),
  'cross-site-target': place('target', false, 'target.localhost'),
  'secure-cross-site-target': place('target', true, 'target.localhost'),
  'ipv4-target': place('target', false, '127.0.0.1'),
  'ipv6-target': place('target', false, '[::1]'),
} as const satisfies Record<string, Place>;

export type PlaceName = keyof typeof PLACES;
export const PLACE_NAMES = Object.keys(PLACES) as [PlaceName, ...PlaceName[]];

/** Where each server listens: its http and its https port. */
export type Ports = Readonly<Record<ServerName, { readonly http: number; readonly https: number }>>;

/** For cases that name no place: no port is ever asked for. */
export const NO_PORTS = Object.freeze({}) as Ports;

/** The serialized origin of a place (HTML, "serialization of an origin"); the ports are never default ports. */
export function originOf(name: PlaceName, ports: Ports): string {
  const { server, secure, host } = PLACES[name];
  return `${secure ? 'https' : 'http'}://${host}:${ports[server][secure ? 'https' : 'http']}`;
}

/** Ports for texts about a case: a run chooses its own, so these only tell the servers apart. */
export const EXAMPLE_PORTS: Ports = {
  site: { http: 8001, https: 8441 },
  otherSite: { http: 8002, https: 8442 },
  target: { http: 9001, https: 9441 },
  otherTarget: { http: 9002, https: 9442 },
};

/** What the origin checks share: parts of an attacker's origin, held against the origin that it was made from. */
import { isLoopbackHost } from '../../standard/origin.ts';
import type { Attacker, OriginParts } from '../attacker.ts';
import { baseDomain, isSharedSuffix } from '../config/origins.ts';

/** A host name with labels: neither an address nor this machine. */
export const isNamed = ({ host }: OriginParts): boolean =>
  !host.startsWith('[') && !/^[\d.]+$/.test(host) && !isLoopbackHost(host);

/** The host is a registrable domain itself, as far as that can be told, or stands directly under a shared suffix. */
export const isBase = ({ host }: Pick<OriginParts, 'host'>): boolean => {
  const base = baseDomain(host);
  return host === base || isSharedSuffix(base);
};

/** The origin with another host. */
export const withHost = ({ scheme, port }: OriginParts, host: string): string => `${scheme}://${host}${port}`;

export const hostOf = (origin: string): string => /^[^/]+\/\/([^/]*)$/.exec(origin)?.[1] ?? origin;

export const sameScheme = (a: string, b: string): boolean => a.split('://')[0] === b.split('://')[0];

/** The declared origin that an attacker was made from; itself if there is none. */
export const sourceOf = ({ from, origin }: Attacker): string => from ?? origin;

/** Whether `other` ends as the host does, so that a matcher that compares ends lets it in, whatever its scheme. */
export function endsLike(other: Attacker, end: string, self: Attacker, letIn: ReadonlySet<string>): boolean {
  if (!other.origin.endsWith(end)) return false;
  // With the scheme compared, another scheme is a hole by itself; a made-up one shows whether it is.
  return sameScheme(other.origin, self.origin) || letIn.has(`app://${hostOf(sourceOf(self))}`);
}

/** Whether `other` is a name below the host, with the same scheme. */
export const below = (other: Attacker, host: string, self: Attacker): boolean =>
  sameScheme(other.origin, self.origin) && hostOf(other.origin).endsWith(`.${host}`);

import { baseDomain } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { hostOf, isNamed, sameScheme, sourceOf, withHost } from './origin-helpers.ts';

const WHY = "it asks whether the allowed name contains the origin's, the wrong way round";

/**
 * Parts of a host's name. The first two are parts of the whole origin, too, and begin as it does; the others are found
 * by a server that compares hosts alone, or ends.
 */
const partsOfHost = (host: string): string[] => [
  host.slice(0, -1),
  host.slice(0, host.lastIndexOf('.')),
  host.slice(1),
  baseDomain(host).slice(1),
];

export default originCheck({
  kind: 'part',
  must: 'A name that is a part of an allowed one cannot read',
  text: "the server asks whether an allowed name contains the origin's, the wrong way round.",
  who: origin => `Any website whose name is a part of an allowed one, such as ${origin},`,
  attackers: ({ around }) =>
    around
      .filter(parts => isNamed(parts) && parts.host.includes('.'))
      .flatMap(parts => {
        const { host, scheme, origin, port } = parts;
        const bare = port === '' ? [] : partsOfHost(host).map(part => `${scheme}://${part}`);
        return [...partsOfHost(host).map(part => withHost(parts, part)), ...bare].map(part => ({
          origin: part,
          why: WHY,
          from: origin,
        }));
      }),
  // The same host by another scheme is no part of the allowed one: that hole is one by itself.
  covers: (other, self) =>
    sameScheme(other.origin, sourceOf(self)) && hostOf(sourceOf(self)).includes(hostOf(other.origin)),
});

import { baseDomain } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { isNamed, withHost } from './origin-helpers.ts';

export default originCheck({
  kind: 'part',
  must: 'A name that is a part of an allowed one cannot read',
  text: "the server asks whether an allowed name contains the origin's, the wrong way round.",
  who: origin => `Any website whose name is a part of an allowed one, such as ${origin},`,
  attackers: ({ around }) =>
    around
      .filter(parts => isNamed(parts) && baseDomain(parts.host).includes('.'))
      .map(parts => ({
        origin: withHost(parts, baseDomain(parts.host).slice(1)),
        why: "it asks whether the allowed name contains the origin's, the wrong way round",
        from: parts.origin,
      })),
});

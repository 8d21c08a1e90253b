import { baseDomain } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { below, hostOf, isBase, isNamed, withHost } from './origin-helpers.ts';

/** The domain whose names are all trusted: the registrable one, or what is above an origin that is one. */
const parentOf = (host: string): string => {
  const base = baseDomain(host);
  return host === base ? host.split('.').slice(1).join('.') : base;
};

export default originCheck({
  kind: 'sibling',
  must: 'Another name under the same domain cannot read',
  text: 'the server trusts every name under the domain.',
  who: origin => `Every name under ${parentOf(hostOf(origin))}, also one that was taken over,`,
  attackers: ({ around }) =>
    around
      .filter(parts => isNamed(parts) && parentOf(parts.host) !== '' && !(isBase(parts) && parts.pattern))
      .map(parts => ({
        origin: withHost(parts, `evil.${parentOf(parts.host)}`),
        why: `it trusts every name under ${parentOf(parts.host)}, also one that was taken over or runs foreign script`,
        from: parts.origin,
      })),
  covers: (other, self) =>
    below(other, hostOf(self.origin).slice('evil.'.length), self) ||
    // Often the domain itself comes with its names.
    self.origin.replace('evil.', '') === other.origin,
});

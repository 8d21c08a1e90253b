import { originCheck } from './origin-check.ts';
import { below, hostOf, isNamed, sourceOf, withHost } from './origin-helpers.ts';

export default originCheck({
  kind: 'subdomain',
  must: 'A name under an allowed one cannot read',
  text: 'the server trusts every name under an allowed one.',
  who: origin => `Every name under ${hostOf(origin).replace(/^evil\./, '')}, also one that was taken over,`,
  attackers: ({ around }) =>
    around
      .filter(parts => isNamed(parts) && !parts.pattern)
      .map(parts => ({
        origin: withHost(parts, `evil.${parts.host}`),
        why: `it trusts every name under ${parts.host}, also one that was taken over or runs foreign script`,
        from: parts.origin,
      })),
  covers: (other, self) => below(other, hostOf(sourceOf(self)), self),
});

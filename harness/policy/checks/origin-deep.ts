import { originCheck } from './origin-check.ts';
import { isNamed, withHost } from './origin-helpers.ts';

export default originCheck({
  kind: 'deep',
  must: 'A name with more labels than the pattern allows cannot read',
  text: 'a wildcard stands for more labels than the policy says.',
  who: origin => `A name with more labels than the pattern allows, such as ${origin},`,
  attackers: ({ around }) =>
    around
      .filter(parts => isNamed(parts) && parts.pattern)
      .map(parts => ({
        origin: withHost(parts, `evil.${parts.host}`),
        why: 'its wildcard stands for more labels than the policy says',
        from: parts.origin,
      })),
});

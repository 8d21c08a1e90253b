import { originCheck } from './origin-check.ts';
import { endsLike, hostOf, isBase, isNamed, sourceOf, withHost } from './origin-helpers.ts';

export default originCheck({
  kind: 'label-suffix',
  must: 'A name that ends with an allowed one, without a dot before it, cannot read',
  text: 'the server compares only how the origin ends, without the dot before a name.',
  who: origin => `Any website whose name ends with an allowed one, such as ${origin},`,
  attackers: ({ around }) =>
    around
      .filter(parts => isNamed(parts) && !isBase(parts))
      .map(parts => ({
        origin: withHost(parts, `evil${parts.host}`),
        why: `it compares only how the origin ends: "evil${parts.host}" is another name`,
        from: parts.origin,
      })),
  covers: (other, self, letIn) => endsLike(other, hostOf(sourceOf(self)), self, letIn),
});

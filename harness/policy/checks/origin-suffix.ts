import type { Attacker } from '../attacker.ts';
import { baseDomain } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { endsLike, hostOf, isBase, isNamed, sourceOf, withHost } from './origin-helpers.ts';
import { HOSTING } from './origin-hosting.ts';

/** The last label of the name, with its dot. */
const topOf = ({ origin }: Attacker): string =>
  /\.[^.:]*$/.exec(hostOf(origin).replace(/:\d+$/, ''))?.[0] ?? '';

export default originCheck({
  kind: 'suffix',
  must: 'A site whose name ends with an allowed domain cannot read',
  text: 'the server compares only how the origin ends.',
  who: origin => `Any website whose name ends with an allowed domain, such as ${origin},`,
  attackers: ({ around }) =>
    around.filter(isNamed).map(parts => {
      const name = `evil${isBase(parts) ? parts.host : baseDomain(parts.host)}`;
      return {
        origin: withHost(parts, name),
        why: `it compares only how the origin ends: "${name}" is another name`,
        from: parts.origin,
      };
    }),
  covers: (other, self, letIn) =>
    endsLike(other, hostOf(self.origin).slice('evil'.length), self, letIn) ||
    // What ends with the domain may itself stand for another declared origin of that domain.
    endsLike(other, baseDomain(hostOf(sourceOf(self))), self, letIn) ||
    // Where the end of every name is enough, hosts for everybody end so, too: all of those that do.
    (other.kind === 'hosting' &&
      other.origin.endsWith(topOf(self)) &&
      HOSTING.every(host => !host.endsWith(topOf(self)) || letIn.has(host))) ||
    // A part that is enough shows how little of the end is compared.
    (other.kind === 'part' && hostOf(sourceOf(self)).endsWith(hostOf(other.origin))),
});

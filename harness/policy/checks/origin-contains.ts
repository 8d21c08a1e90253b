import { baseDomain } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { hostOf, sourceOf } from './origin-helpers.ts';

export default originCheck({
  kind: 'contains',
  must: 'A site whose name contains an allowed one cannot read',
  text: 'the server looks for an allowed name anywhere in the origin.',
  who: origin => `Any website that puts an allowed name into its own, such as ${origin},`,
  attackers: ({ around, evil }) =>
    around.map(({ origin, scheme, host, port }) => ({
      origin: `${scheme}://x-${host}.${evil}${port}`,
      why: `it looks for "${host}" anywhere in the origin`,
      from: origin,
    })),
  covers: (other, self, letIn) => {
    const host = hostOf(sourceOf(self)).replace(/:\d+$/, '');
    if (other.origin.includes(host) || other.origin.includes(baseDomain(host))) return true;
    // Where a part of the name is enough, no dot of it says anything.
    const isPart = (origin: string): boolean =>
      host.includes(hostOf(origin)) && !host.endsWith(`.${hostOf(origin)}`);
    return ['part', 'dot'].includes(other.kind) && [...letIn].some(isPart);
  },
});

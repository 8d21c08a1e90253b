import { isLoopbackHost } from '../../standard/origin.ts';
import { originCheck } from './origin-check.ts';
import { sourceOf } from './origin-helpers.ts';

export default originCheck({
  kind: 'prefix',
  must: 'A site whose name begins with an allowed one cannot read',
  text: 'the server compares only how the origin begins.',
  who: origin => `Any website whose name begins with an allowed one, such as ${origin},`,
  attackers: ({ around, evil }) =>
    around
      .filter(({ host }) => !isLoopbackHost(host))
      .map(({ origin, scheme, host, port }) => ({
        origin: `${scheme}://${host}.${evil}${port}`,
        why: `it compares only how the origin begins: what follows "${host}" is not checked`,
        from: origin,
      })),
  // What is let in although it stops before the allowed one does shows how little of the beginning is compared.
  covers: (other, self, letIn) =>
    [sourceOf(self), ...letIn].some(
      start => sourceOf(self).startsWith(start) && other.origin.startsWith(start),
    ),
});

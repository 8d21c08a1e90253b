import { isLoopbackHost } from '../../standard/origin.ts';
import { originCheck } from './origin-check.ts';
import { hostOf, sameScheme, sourceOf } from './origin-helpers.ts';

export default originCheck({
  kind: 'scheme',
  must: 'An allowed name with another scheme cannot read',
  text: 'the server does not compare the scheme: whoever sits on the network can act as that origin.',
  who: origin => `Whoever sits on the network, as ${origin},`,
  attackers: ({ around }) =>
    around.flatMap(({ origin, scheme, host, port }) => {
      const other = (name: string, why: string) => ({
        origin: `${name}://${host}${port}`,
        why,
        from: origin,
      });
      return [
        // Nobody on the network can act as the visitor's own machine.
        ...(scheme === 'https' && !isLoopbackHost(host)
          ? [
              other(
                'http',
                'it does not compare the scheme: whoever sits on the network can act as that origin',
              ),
            ]
          : []),
        other('app', 'it does not compare the scheme'),
      ];
    }),
  covers: (other, self) =>
    !sameScheme(other.origin, sourceOf(self)) && hostOf(other.origin) === hostOf(sourceOf(self)),
});

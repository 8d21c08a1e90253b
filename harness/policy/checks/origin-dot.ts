import { originCheck } from './origin-check.ts';
import { isNamed, withHost } from './origin-helpers.ts';

export default originCheck({
  kind: 'dot',
  must: 'A name with another character in place of a dot cannot read',
  text: 'a dot in a pattern is not escaped and matches any character.',
  who: origin => `A website that registers ${origin}`,
  attackers: ({ around }) =>
    around.filter(isNamed).flatMap(parts =>
      [...parts.host].flatMap((letter, index) =>
        letter === '.'
          ? [
              {
                origin: withHost(parts, `${parts.host.slice(0, index)}x${parts.host.slice(index + 1)}`),
                why: 'a dot in its pattern is not escaped and matches any character',
                from: parts.origin,
              },
            ]
          : [],
      ),
    ),
});

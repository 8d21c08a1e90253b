import { originCheck } from './origin-check.ts';
import { isNamed, withHost } from './origin-helpers.ts';

export default originCheck({
  kind: 'trailing-dot',
  must: 'An allowed name with a trailing dot cannot read',
  text: 'the server takes a name with a trailing dot for the same origin.',
  who: origin => `A page on ${origin}`,
  attackers: ({ around }) =>
    around.filter(isNamed).map(parts => ({
      origin: withHost(parts, `${parts.host}.`),
      why: 'it takes the name with a trailing dot for the same origin; browsers do not',
      from: parts.origin,
    })),
});

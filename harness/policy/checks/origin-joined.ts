import { baseDomain } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { isNamed, withHost } from './origin-helpers.ts';

export default originCheck({
  kind: 'joined',
  must: 'A name that joins two allowed ones cannot read',
  text: 'the server mixes the beginning of one allowed origin with the end of another.',
  who: origin => `A website whose name joins two allowed ones, such as ${origin},`,
  attackers: ({ declared }) =>
    declared.flatMap((first, index) => {
      const second = declared[index + 1];
      if (!second || !isNamed(first) || baseDomain(first.host) === baseDomain(second.host)) return [];
      const [label] = baseDomain(second.host).split('.');
      return [
        {
          origin: withHost(first, `${label}${first.host}`),
          why: 'it mixes the beginning of one allowed origin with the end of another',
          from: `${first.origin} and ${second.origin}`,
        },
      ];
    }),
});

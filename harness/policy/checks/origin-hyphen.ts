import type { OriginParts } from '../attacker.ts';
import { isSharedSuffix } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { hostOf, isBase, isNamed, sourceOf, withHost } from './origin-helpers.ts';

/** The first label of a host, and what follows it. */
function split(host: string): { label: string; rest: string } {
  const dot = host.indexOf('.');
  return { label: host.slice(0, dot), rest: host.slice(dot + 1) };
}

/** Whether strangers can have names beside the host, or register them. */
const isOpen = ({ host }: Pick<OriginParts, 'host'>): boolean => isSharedSuffix(split(host).rest);

export default originCheck({
  kind: 'hyphen',
  must: "A name that has an allowed one's label and a hyphen in it cannot read",
  text: 'a pattern for previews takes any name that is joined to an allowed one by a hyphen.',
  who: origin => `Whoever can have a name such as ${origin}`,
  attackers: ({ declared }) =>
    declared
      .filter(parts => isNamed(parts) && parts.host.includes('.'))
      .flatMap(parts => {
        const { label, rest } = split(parts.host);
        const whose = isOpen(parts) ? 'anybody can have' : 'other teams can have';
        return [`${label}-evil`, `evil-${label}`].map(name => ({
          origin: withHost(parts, `${name}.${rest}`),
          why: `it takes names that are joined to "${label}" by a hyphen, which ${whose} under ${rest}`,
          from: parts.origin,
        }));
      }),
  // Under a domain of one's own nobody else gives names.
  isMild: attacker => {
    const host = hostOf(sourceOf(attacker)).replace(/:\d+$/, '');
    return !isBase({ host }) && !isOpen({ host });
  },
});

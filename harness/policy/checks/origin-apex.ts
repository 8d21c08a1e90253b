import { baseDomain, isSharedSuffix } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { hostOf, isBase, isNamed, withHost } from './origin-helpers.ts';

const above = (host: string): string => host.slice(host.indexOf('.') + 1);

export default originCheck({
  kind: 'apex',
  must: 'The domain itself, of which only the names under it are allowed, cannot read',
  text: 'the server trusts the domain itself, above the names that are declared.',
  who: origin => `The domain ${hostOf(origin)} itself, above the names that are declared,`,
  attackers: ({ around, declared }) => [
    ...around
      .filter(parts => parts.pattern && isNamed(parts) && !isSharedSuffix(above(parts.host)))
      .map(parts => ({
        origin: withHost(parts, above(parts.host)),
        why: 'its wildcard also stands for no name at all',
        from: parts.origin,
      })),
    ...declared
      .filter(parts => isNamed(parts) && !isBase(parts))
      .map(parts => ({
        origin: withHost(parts, baseDomain(parts.host)),
        why: 'it trusts the domain above the names that are declared',
        from: parts.origin,
      })),
  ],
});

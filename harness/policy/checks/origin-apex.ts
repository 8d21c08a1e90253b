import { baseDomain, isSharedSuffix } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { hostOf, isBase, isNamed, withHost } from './origin-helpers.ts';

const above = (host: string): string => host.slice(host.indexOf('.') + 1);

export default originCheck({
  kind: 'apex',
  must: 'The domain above the declared names, and its www, cannot read',
  text: 'the server trusts the domain above the names that are declared, or its www.',
  who: origin =>
    hostOf(origin).startsWith('www.')
      ? `The site ${hostOf(origin)}, which is not declared,`
      : `The domain ${hostOf(origin)} itself, above the names that are declared,`,
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
    ...declared
      .filter(parts => isNamed(parts) && !isSharedSuffix(baseDomain(parts.host)))
      .map(parts => ({
        origin: withHost(parts, `www.${baseDomain(parts.host)}`),
        why: 'it also trusts the www of the domain',
        from: parts.origin,
      })),
  ],
});

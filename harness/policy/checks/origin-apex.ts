import { isSharedSuffix } from '../config/origins.ts';
import { originCheck } from './origin-check.ts';
import { hostOf, isNamed, withHost } from './origin-helpers.ts';

const above = (host: string): string => host.slice(host.indexOf('.') + 1);

export default originCheck({
  kind: 'apex',
  must: 'The domain itself, of which only the names under it are allowed, cannot read',
  text: 'a wildcard for the names under a domain lets in the domain itself.',
  who: origin => `The domain ${hostOf(origin)} itself, above the names that are declared,`,
  attackers: ({ around }) =>
    around
      .filter(parts => parts.pattern && isNamed(parts) && !isSharedSuffix(above(parts.host)))
      .map(parts => ({
        origin: withHost(parts, above(parts.host)),
        why: 'its wildcard also stands for no name at all',
        from: parts.origin,
      })),
});

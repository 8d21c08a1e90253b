/** What has been asked without an Origin, asked by a page once more: a cache may have kept the answer in between. */
import type { Ask } from '../attempts.ts';
import { pageProbe } from '../page-probe.ts';
import { originsOf } from '../plan.ts';

/** Caches in front of a server keep none of these, whatever else they leave unread. */
const NOT_KEPT = /(?:^|,)\s*(?:no-store|private)\b/i;

export const AGAIN = 'again';

export const againAsk: Ask = {
  id: AGAIN,
  what: 'a declared page, once more after the resource was asked without an Origin',
  attempts: () => ({}),
  followUps: (plan, seen) =>
    plan.resources.flatMap(resource => {
      const [origin] = originsOf(resource);
      const { name } = resource;
      // Only what the page could read before can have been lost since.
      if (origin === undefined || seen.header(name, origin, 'access-control-allow-origin') === null)
        return [];
      if (NOT_KEPT.test(seen.header(name, origin, 'cache-control') ?? '')) return [];
      return [
        pageProbe(plan, resource, {
          ask: AGAIN,
          must: 'A request without Origin must not change what a declared page gets after it',
          method: 'GET',
          origin,
        }),
      ];
    }),
};

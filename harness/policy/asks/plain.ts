/** Requests that no page makes: without an Origin, and preflights that carry what none does. */
import { type Ask, cookieLine, infoOf } from '../attempts.ts';
import { slug } from '../config/read.ts';
import { safeMethodOf, urlFor } from '../plan.ts';

export const noOriginAsk: Ask = {
  id: 'no-origin',
  what: 'the resource without an Origin',
  attempts: plan => ({
    probes: plan.resources.flatMap(resource => {
      const method = safeMethodOf(resource);
      if (!method) return [];
      const own = { ask: 'no-origin', origin: null, method, credentials: resource.credentials };
      return [
        {
          id: `no-origin/${slug(`${resource.name} plain`)}`,
          about: infoOf(resource, own),
          must: 'A request without Origin is not a CORS request and must be served as usual',
          request: {
            method,
            url: urlFor(plan, resource.path),
            headers: [...resource.headers, ...cookieLine(resource)],
          },
        },
      ];
    }),
  }),
};

/** Tells a server that refuses an origin from one that asks for a login. */
export const plainOptionsAsk: Ask = {
  id: 'plain-options',
  what: 'OPTIONS without an Origin',
  attempts: plan => ({
    probes: plan.resources.map(resource => ({
      id: `plain-options/${slug(resource.name)}`,
      about: infoOf(resource, { ask: 'plain-options', origin: null, method: 'OPTIONS', credentials: false }),
      must: 'OPTIONS without an Origin shows whether the server asks for a login first',
      request: { method: 'OPTIONS', url: urlFor(plan, resource.path), headers: [['Accept', '*/*']] },
    })),
  }),
};

/** Tells a server that looks for a key or a session before it answers OPTIONS. */
export const guardedPreflightAsk: Ask = {
  id: 'guarded-preflight',
  what: 'a preflight that was refused, with the declared headers and cookies',
  attempts: () => ({}),
  followUps: (plan, seen) =>
    plan.resources.flatMap(resource => {
      const refused = seen.refusedPreflight(resource.name);
      const carried = [...resource.headers, ...cookieLine(resource)];
      if (refused === undefined || carried.length === 0) return [];
      const own = { ask: 'guarded-preflight', origin: null, method: 'OPTIONS', credentials: false };
      return [
        {
          id: `guarded-preflight/${slug(resource.name)}`,
          about: infoOf(resource, own),
          must: 'A refused preflight, with what preflights do not carry, shows whether the server asks for that first',
          request: {
            method: 'OPTIONS',
            url: urlFor(plan, resource.path),
            headers: [...refused, ...carried],
          },
        },
      ];
    }),
};

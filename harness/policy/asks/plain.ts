/** Requests without an Origin: what the server answers when CORS has no say. */
import { type Ask, cookieOf, infoOf } from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { safeMethodOf, urlFor } from '../plan.ts';

const cookieLine = (resource: PolicyResource) => {
  const cookie = cookieOf(resource);
  return cookie === undefined ? [] : [['Cookie', cookie] as const];
};

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

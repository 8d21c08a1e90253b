/** Declared request headers: each one alone, and all of them together. */
import { type Ask, CHECK_LINKS, infoOf, type PageAttempt, pageFor, requestOf, step } from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { ANY_HEADER, sampleValue } from '../names.ts';
import { originsOf, type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';

/** The declared headers that are not sent with every request anyway, as names that can be sent. */
export const ownHeaders = (resource: PolicyResource): string[] =>
  resource.requestHeaders
    .map(name => (name === '*' ? ANY_HEADER : name))
    .filter(name => !resource.headers.some(([own]) => own.toLowerCase() === name.toLowerCase()));

function attempt(plan: PolicyPlan, resource: PolicyResource, names: readonly string[]): PageAttempt {
  const [origin = 'null'] = originsOf(resource);
  const method = safeMethodOf(resource) ?? (resource.methods[0] as string);
  const { credentials } = resource;
  const headers = names.map(name => [name, sampleValue(name)] as const);
  const words = names.length === 1 ? names[0] : 'all declared headers';
  return {
    case: {
      id: `header/${slug(`${resource.name} ${names.length === 1 ? names[0] : 'all'}`)}`,
      title: `${method} ${resource.path} with ${words} is readable by ${origin}`,
      spec: [CHECK_LINKS.preflight],
      ...pageFor(origin),
      steps: [
        step(requestOf(resource, urlFor(plan, resource.path), { method, credentials, headers }), {
          outcome: 'readable',
          actual: 'sent',
        }),
      ],
    },
    about: infoOf(resource, { ask: 'header', origin, method, credentials }, headers),
  };
}

export const headersAsk: Ask = {
  id: 'header',
  what: 'every declared request header alone, and all of them together',
  attempts: plan => ({
    cases: plan.resources.flatMap(resource => {
      const names = ownHeaders(resource);
      const sets = [...names.map(name => [name]), ...(names.length > 1 ? [names] : [])];
      return sets.map(set => attempt(plan, resource, set));
    }),
  }),
};

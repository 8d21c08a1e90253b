/** Error answers: the page has to learn what went wrong. */
import { type Ask, CHECK_LINKS, infoOf, type PageAttempt, pageFor, requestOf, step } from '../attempts.ts';
import { type ErrorRequest, type PolicyResource, slug } from '../config/read.ts';
import { originsOf, type PolicyPlan, urlFor } from '../plan.ts';

function attempt(plan: PolicyPlan, first: PolicyResource, error: ErrorRequest): PageAttempt {
  const [origin = 'null'] = originsOf(first);
  const { path, method, body, status, declared } = error;
  const { credentials } = first;
  const { body: _body, ...bodiless } = first;
  const resource: PolicyResource = {
    ...bodiless,
    name: 'errors',
    path,
    headers: error.headers,
    contentType: error.contentType,
    ...(body !== undefined && { body }),
  };
  return {
    case: {
      id: `error/${slug(method === 'GET' ? path : `${method} ${path}`)}`,
      title: `The error answer of ${method} ${path} is readable by ${origin}`,
      spec: [CHECK_LINKS.check],
      ...pageFor(origin),
      steps: [
        step(requestOf(resource, urlFor(plan, path), { method, credentials }), {
          outcome: 'readable',
          ...(status !== undefined && { status }),
        }),
      ],
    },
    about: infoOf(resource, {
      ask: 'errors',
      origin,
      method,
      credentials,
      ...(!declared && { unasked: true }),
      ...(status !== undefined && { expects: status }),
    }),
  };
}

export const errorsAsk: Ask = {
  id: 'errors',
  what: 'the declared errors, and a path that no route serves',
  attempts: plan => ({
    cases: plan.errors.map(error => attempt(plan, plan.resources[0] as PolicyResource, error)),
  }),
};

/** Every declared origin, method and credentials mode: it must work. */
import type { Expectation } from '../../case/schema.ts';
import {
  type Ask,
  CHECK_LINKS,
  hasBody,
  infoOf,
  type PageAttempt,
  pageFor,
  requestOf,
  step,
} from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { originsOf, type PolicyPlan, urlFor } from '../plan.ts';

/** What the page must see of a declared request. */
export function readableBy(resource: PolicyResource, method: string, credentials: boolean): Expectation {
  const status = resource.status(method, credentials);
  const final = status !== undefined && (status < 300 || status > 399);
  return { outcome: 'readable', actual: 'sent', ...(final && { status }) };
}

interface Variant {
  readonly origin: string;
  readonly method: string;
  readonly credentials: boolean;
  readonly body: boolean;
}

/** With and without credentials and a body; the first origin stands for the others in what does not depend on it. */
function variantsOf(resource: PolicyResource): Variant[] {
  const modes = resource.credentials ? [false, true] : [false];
  return originsOf(resource).flatMap((origin, index) =>
    resource.methods.flatMap(method =>
      modes.flatMap(credentials => {
        const body = hasBody(resource, method);
        const bare = body && index === 0 && credentials === resource.credentials;
        return [body, ...(bare ? [false] : [])].map(one => ({ origin, method, credentials, body: one }));
      }),
    ),
  );
}

function attempt(plan: PolicyPlan, resource: PolicyResource, variant: Variant): PageAttempt {
  const { origin, method, credentials, body } = variant;
  const bare = !body && hasBody(resource, method);
  const words = `${credentials ? 'with' : 'without'} credentials${bare ? ' and without a body' : ''}`;
  return {
    case: {
      id: `allowed/${slug(`${resource.name} ${method} ${origin} ${credentials ? 'credentials' : ''} ${bare ? 'no body' : ''}`)}`,
      title: `${method} ${resource.path} is readable by ${origin} ${words}`,
      spec: [CHECK_LINKS.check, ...(credentials ? [CHECK_LINKS.credentials] : [])],
      ...pageFor(origin),
      steps: [
        step(
          requestOf(resource, urlFor(plan, resource.path), { method, credentials, body }),
          bare ? { outcome: 'readable', actual: 'sent' } : readableBy(resource, method, credentials),
        ),
      ],
    },
    about: infoOf(resource, { ask: 'allowed', origin, method, credentials, body }),
  };
}

export const declaredAsk: Ask = {
  id: 'allowed',
  what: 'every declared origin, method and credentials mode, with and without the body',
  attempts: plan => ({
    cases: plan.resources.flatMap(resource =>
      variantsOf(resource).map(variant => attempt(plan, resource, variant)),
    ),
  }),
};

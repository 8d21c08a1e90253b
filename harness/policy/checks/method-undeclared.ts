import { RANKS } from '../../verdict/finding.ts';
import type { Attempts, PageAttempt, WireProbe } from '../attempts.ts';
import { type Ask, CHECK_LINKS, infoOf, pageFor, preflightLines, requestOf, step } from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { CHANGING_METHODS, unsafeHeaderNames } from '../names.ts';
import { originsOf, type PolicyPlan, urlFor } from '../plan.ts';
import type { PolicyCheck } from './check.ts';
import { passedIn } from './undeclared-helpers.ts';

/** Safe by RFC 4918, known to every HTTP parser, and never sent without a preflight. */
const SAFE_CUSTOM_METHOD = 'PROPFIND';

const ID = 'undeclared-method';

function page(plan: PolicyPlan, resource: PolicyResource, origin: string): PageAttempt {
  const { credentials, path, name } = resource;
  const method = SAFE_CUSTOM_METHOD;
  return {
    case: {
      id: `${ID}/${slug(name)}`,
      title: `${method} ${path}, which the policy does not declare, is blocked`,
      spec: [CHECK_LINKS.preflight],
      ...pageFor(origin),
      steps: [
        step(requestOf(resource, urlFor(plan, path), { method, credentials }), {
          outcome: 'blocked',
          blockedAt: 'preflight',
          actual: 'not sent',
        }),
      ],
    },
    about: infoOf(resource, { ask: ID, origin, method, credentials }),
  };
}

function probe(plan: PolicyPlan, resource: PolicyResource, origin: string, method: string): WireProbe {
  const { credentials, path, name } = resource;
  const headers = unsafeHeaderNames(resource.headers);
  return {
    id: `${ID}/${slug(`${name} ${method}`)}`,
    about: { ...infoOf(resource, { ask: ID, origin, method, credentials }), headers },
    must: 'A method that the policy does not declare must not pass the preflight',
    request: {
      method: 'OPTIONS',
      url: urlFor(plan, path),
      headers: preflightLines({ origin, method, headers }),
    },
  };
}

function attemptsFor(plan: PolicyPlan, resource: PolicyResource): Attempts {
  const [origin] = originsOf(resource);
  if (origin === undefined || resource.anyMethod) return {};
  const declared = new Set([...resource.methods, ...resource.allowedMethods]);
  return {
    cases: declared.has(SAFE_CUSTOM_METHOD) ? [] : [page(plan, resource, origin)],
    probes: CHANGING_METHODS.filter(method => !declared.has(method)).map(method =>
      probe(plan, resource, origin, method),
    ),
  };
}

const ask: Ask = {
  id: ID,
  what: 'methods that the policy does not declare, in preflights',
  attempts: plan => {
    const all = plan.resources.map(resource => attemptsFor(plan, resource));
    return {
      cases: all.flatMap(({ cases }) => cases ?? []),
      probes: all.flatMap(({ probes }) => probes ?? []),
    };
  },
};

const check: PolicyCheck = {
  id: 'method-undeclared',
  must: 'Preflights allow no other methods than those declared',
  severity: 'note',
  rank: RANKS.beyond,
  text: 'The preflight allows methods that the policy does not declare. If pages may use them, declare them in policy.methods.',
  spec: CHECK_LINKS.preflight,
  fixes: 'methods',
  asks: [ask.id],
  ask,
  needsPreflight: true,
  headline: ({ where }) => `Preflights allow ${where}, which the policy does not declare`,
  untried: ({ resources }) =>
    resources.every(({ anyMethod }) => anyMethod) ? 'the policy allows any method' : undefined,
  symptoms: evidence =>
    passedIn(evidence, ask.id).map(({ trial, symptom }) => {
      const { methods = [], allowedMethods = [] } = evidence.resource(trial.about.resource) ?? {};
      const own = [...methods, ...allowedMethods].join(', ');
      // One list for every path holds what other resources declare, too.
      return {
        ...symptom,
        send: () =>
          `Send "Access-Control-Allow-Methods: ${own}" with preflights of ${trial.about.path}. If one list is to hold for every path, declare its methods in policy.methods instead.`,
      };
    }),
};

export default check;

import { RANKS } from '../../verdict/finding.ts';
import type { Attempts } from '../attempts.ts';
import { type Ask, CHECK_LINKS, infoOf, pageFor, preflightLines, requestOf, step } from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { UNDECLARED_HEADER, unsafeHeaderNames } from '../names.ts';
import { originsOf, type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';
import type { PolicyCheck } from './check.ts';
import { passedIn } from './undeclared-helpers.ts';

const ID = 'undeclared-header';
const MUST = 'A request header that the policy does not declare must not pass the preflight';

/** From a page if the resource has a method that changes nothing, else as a preflight alone. */
function attemptsFor(plan: PolicyPlan, resource: PolicyResource): Attempts {
  const [origin] = originsOf(resource);
  if (origin === undefined || resource.requestHeaders.includes('*')) return {};
  const { credentials, path, name } = resource;
  const safe = safeMethodOf(resource);
  const method = safe ?? (resource.methods[0] as string);
  const url = urlFor(plan, path);
  const headers = [[UNDECLARED_HEADER, '1']] as const;
  const about = infoOf(resource, { ask: ID, origin, method, credentials }, headers);
  if (safe === undefined) {
    const names = [...unsafeHeaderNames(resource.headers), UNDECLARED_HEADER].sort();
    const request = { method: 'OPTIONS', url, headers: preflightLines({ origin, method, headers: names }) };
    return {
      probes: [{ id: `${ID}/${slug(name)}`, about: { ...about, headers: names }, must: MUST, request }],
    };
  }
  return {
    cases: [
      {
        case: {
          id: `${ID}/${slug(name)}`,
          title: `${method} ${path} with a request header that the policy does not declare is blocked`,
          spec: [CHECK_LINKS.preflight],
          ...pageFor(origin),
          steps: [
            step(requestOf(resource, url, { method, credentials, headers }), {
              outcome: 'blocked',
              blockedAt: 'preflight',
              actual: 'not sent',
            }),
          ],
        },
        about,
      },
    ],
  };
}

const ask: Ask = {
  id: ID,
  what: 'a request header that the policy does not declare',
  attempts: plan => {
    const all = plan.resources.map(resource => attemptsFor(plan, resource));
    return {
      cases: all.flatMap(({ cases }) => cases ?? []),
      probes: all.flatMap(({ probes }) => probes ?? []),
    };
  },
};

const check: PolicyCheck = {
  id: 'header-undeclared',
  must: 'Preflights allow no other request headers than those declared',
  severity: 'note',
  rank: RANKS.beyond,
  text: 'The preflight allows request headers that the policy does not declare. If pages may send any header, declare "*" in policy.requestHeaders.',
  spec: CHECK_LINKS.preflight,
  fixes: 'headers',
  asks: [ask.id],
  ask,
  needsPreflight: true,
  headline: ({ where }) => `Preflights of ${where} allow request headers that the policy does not declare`,
  untried: ({ resources }) =>
    resources.every(({ requestHeaders }) => requestHeaders.includes('*'))
      ? 'the policy allows any request header'
      : undefined,
  symptoms: evidence =>
    passedIn(evidence, ask.id).map(({ trial, symptom }) => ({ ...symptom, place: trial.about.path })),
};

export default check;

import { extractTokens, FAILURE } from '../../standard/header-list.ts';
import { remembered } from '../../standard/remember.ts';
import { isForbiddenRequestHeader } from '../../standard/request-headers.ts';
import { RANKS } from '../../verdict/finding.ts';
import type { Attempts, WireProbe } from '../attempts.ts';
import { type Ask, CHECK_LINKS, infoOf, pageFor, preflightLines, requestOf, step } from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { UNDECLARED_HEADER, unsafeHeaderNames } from '../names.ts';
import { originsOf, type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';
import { type Symptom, symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { nameList } from './expose-helpers.ts';
import { passedIn, reasonsFor } from './undeclared-helpers.ts';

const ID = 'undeclared-header';
const MUST = 'A request header that the policy does not declare must not pass the preflight';

/** Names that many lists have: a server that answers with what was asked for alone shows them only if asked. */
const USUAL = ['authorization', 'content-type', 'x-requested-with'];

/** Without a method that carries a body, its type is nothing that a page sends. */
const WITH_BODY = ['POST', 'PUT', 'PATCH'];

/** What pages may set without asking, at least some values, and what they cannot set at all: lists often name it in vain. */
function meansNothing(name: string, { methods }: PolicyResource): boolean {
  if (name === 'content-type') return !methods.some(method => WITH_BODY.includes(method));
  if (['accept', 'accept-language', 'content-language', 'range'].includes(name)) return true;
  return name === '*' || name.startsWith('access-control-') || isForbiddenRequestHeader(name, '');
}

/** Lower-case names that any resource of the policy declares: one layer answers the preflights of all of them. */
const declaredIn = remembered(
  ({ resources }: PolicyPlan): ReadonlySet<string> =>
    new Set(
      resources.flatMap(({ requestHeaders, headers, body, contentType }) => [
        ...requestHeaders.map(name => name.toLowerCase()),
        ...unsafeHeaderNames([
          ...headers,
          ...(body === undefined ? [] : [['Content-Type', contentType] as const]),
        ]),
      ]),
    ),
);

/** The usual names that are not declared, each in a preflight of its own. */
function usualProbes(plan: PolicyPlan, resource: PolicyResource, origin: string): WireProbe[] {
  const { credentials, path, name, methods } = resource;
  const method = safeMethodOf(resource) ?? (methods[0] as string);
  const declared = declaredIn(plan);
  return USUAL.filter(one => !declared.has(one) && !meansNothing(one, resource)).map(one => {
    const headers = [...unsafeHeaderNames(resource.headers), one].sort();
    return {
      id: `${ID}/${slug(`${name} ${one}`)}`,
      about: { ...infoOf(resource, { ask: ID, origin, method, credentials }), headers },
      must: MUST,
      request: {
        method: 'OPTIONS',
        url: urlFor(plan, path),
        headers: preflightLines({ origin, method, headers }),
      },
    };
  });
}

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
      probes: [
        { id: `${ID}/${slug(name)}`, about: { ...about, headers: names }, must: MUST, request },
        ...usualProbes(plan, resource, origin),
      ],
    };
  }
  return {
    probes: usualProbes(plan, resource, origin),
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
  what: 'request headers that the policy does not declare: one that nobody knows, and usual ones in preflights',
  attempts: plan => {
    const all = plan.resources.map(resource => attemptsFor(plan, resource));
    return {
      cases: all.flatMap(({ cases }) => cases ?? []),
      probes: all.flatMap(({ probes }) => probes ?? []),
    };
  },
};

/** The undeclared names that the answer to a preflight lists, spelt as there; none if pages cannot use it. */
function listedBeyond(trial: Trial, resource: PolicyResource, plan: PolicyPlan): string[] {
  const { preflight } = trial;
  if (!preflight?.response) return [];
  const usable = reasonsFor(trial, preflight).some(reason => reason === null || reason.id === 'header');
  const names = extractTokens(preflight.response.headers, 'access-control-allow-headers');
  if (!usable || names === FAILURE || names === null) return [];
  const declared = declaredIn(plan);
  return names.filter(name => {
    const lower = name.toLowerCase();
    return lower !== UNDECLARED_HEADER && !declared.has(lower) && !meansNothing(lower, resource);
  });
}

/** Names that a resource's preflights list beyond the policy, each told where it was first seen. */
function listed(evidence: PolicyEvidence, resource: PolicyResource): Symptom[] {
  const seen = new Map<string, string>();
  const telling = evidence
    .of(ID)
    .filter(({ about }) => about.resource === resource.name)
    .flatMap(trial => {
      const names = listedBeyond(trial, resource, evidence.plan);
      const isNew = names.some(name => !seen.has(name.toLowerCase()));
      for (const name of names) if (!seen.has(name.toLowerCase())) seen.set(name.toLowerCase(), name);
      return isNew ? [{ trial, names }] : [];
    });
  const all = nameList(seen.values());
  return telling.map(({ trial, names }) => ({
    ...symptomOf(trial, trial.preflight),
    place: resource.path,
    credentials: false,
    names: names.map(name => name.toLowerCase()),
    why: `It allows ${all} as well`,
    detail: `Allowed as well: ${all}.`,
  }));
}

const check: PolicyCheck = {
  id: 'header-undeclared',
  must: 'Preflights allow no other request headers than those declared',
  severity: 'note',
  rank: RANKS.beyond,
  text: 'The preflight allows request headers that the policy does not declare. If pages may send them, declare them in policy.requestHeaders; "*" stands for any header.',
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
  symptoms: evidence => {
    const any = passedIn(evidence, ID).filter(({ trial }) => trial.about.headers.includes(UNDECLARED_HEADER));
    const open = new Set(any.map(({ trial }) => trial.about.resource));
    return [
      ...any.map(({ trial, symptom }) => ({ ...symptom, place: trial.about.path })),
      ...evidence.plan.resources
        .filter(({ name, requestHeaders }) => !open.has(name) && !requestHeaders.includes('*'))
        .flatMap(resource => listed(evidence, resource)),
    ];
  },
};

export default check;

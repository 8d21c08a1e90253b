/** Origins that the policy does not declare: none of them may read. Safe methods and preflights are used, and a declared POST. */
import { isSafelistedMethod } from '../../standard/methods.ts';
import { remembered } from '../../standard/remember.ts';
import type { Attacker } from '../attacker.ts';
import { attackersFor, LOOK_ALIKES } from '../attackers.ts';
import {
  type Ask,
  CHECK_LINKS,
  cookieOf,
  infoOf,
  type PageAttempt,
  pageFor,
  preflightLines,
  requestOf,
  step,
  type WireProbe,
} from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { CHANGING_METHODS, SAFE_METHODS, unsafeHeaderNames } from '../names.ts';
import { originsOf, type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';

/** Those that ask twice, without credentials and with them: a server may answer a Cookie otherwise. */
const ESSENTIAL = new Set([
  'unrelated-1',
  'null-1',
  'prefix-1',
  'suffix-1',
  'label-suffix-1',
  'subdomain-1',
  'dot-1',
]);

/** Any site; and the pages of anybody. */
const ANY_SITE = 'unrelated-1';
const STRANGERS: readonly string[] = [ANY_SITE, 'null-1'];

/**
 * For further resources with the same origins: a route can have its own matcher, but rarely its own kind of mistake.
 * What explains an essential one is asked with it: the same mistake must have the same name on every route.
 */
const FURTHER = new Set([...STRANGERS, ...LOOK_ALIKES]);

/** What is left over from development stands in the list of one route as often as in that of another. */
const LEFTOVER = 'http://localhost:3000';

interface Attacked {
  readonly resource: PolicyResource;
  readonly attackers: readonly Attacker[];
}

/**
 * Each resource with the attackers that are tried on it. Several questions ask it of the same plan, and a plan may have
 * thousands of resources: those with the same origins have the same attackers.
 */
const attacked = remembered((plan: PolicyPlan): Attacked[] => {
  const further = new Map<string, readonly Attacker[]>();
  return plan.resources.map(resource => {
    const declared = resource.rules.map(rule => rule.declared).join(' ');
    const few = further.get(declared);
    if (few) return { resource, attackers: few };
    const attackers = attackersFor(resource.rules, plan.base);
    further.set(
      declared,
      attackers.filter(one => FURTHER.has(one.id) || one.origin === LEFTOVER),
    );
    return { resource, attackers };
  });
});

interface PageAttack {
  readonly resource: PolicyResource;
  readonly attacker: Attacker;
  readonly method: string;
  /** What tells the case from others, beside the attacker. */
  readonly name: string;
  /** What must not be readable. */
  readonly what: string;
  /** The credentials modes, in turn; the last one is with them. */
  readonly modes?: readonly boolean[];
  /** Of an error: the status that the policy declares. */
  readonly expects?: number | undefined;
}

function pageAttempt(plan: PolicyPlan, attack: PageAttack): PageAttempt {
  const { resource, attacker, method, name, what, modes = [true], expects } = attack;
  const { id, origin } = attacker;
  const url = urlFor(plan, resource.path);
  return {
    case: {
      id: `attacker/${slug(`${name} ${id}`)}`,
      title: `${what} is not readable by ${origin}`,
      spec: [CHECK_LINKS.check],
      ...pageFor(origin),
      steps: modes.map(credentials =>
        step(requestOf(resource, url, { method, credentials }), { outcome: 'blocked' }),
      ),
    },
    about: infoOf(resource, {
      ask: 'attackers',
      origin,
      method,
      credentials: true,
      attacker,
      ...(expects !== undefined && { expects }),
    }),
  };
}

/**
 * A declared POST from any site, as a form sends it: without a preflight, so that no preflight decides. What the policy
 * declares is sent, once more; a server that keeps its policy may refuse it.
 */
function simplePost(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): PageAttempt[] {
  if (attacker.id !== ANY_SITE || !resource.methods.includes('POST')) return [];
  const form: PolicyResource = { ...resource, headers: [], contentType: 'text/plain' };
  const what = `POST ${resource.path}`;
  return [
    pageAttempt(plan, { resource: form, attacker, method: 'POST', name: `${resource.name} post`, what }),
  ];
}

/** A declared error from any site and from null: error answers often come from another layer, with its own headers. */
function errorPages(plan: PolicyPlan): PageAttempt[] {
  const [first] = attacked(plan);
  if (!first) return [];
  const attackers = first.attackers.filter(({ id }) => STRANGERS.includes(id));
  const asked = plan.errors.filter(({ method, declared }) => declared && ['GET', 'HEAD'].includes(method));
  return asked.flatMap(({ path, method, headers, status: expects }) => {
    const resource: PolicyResource = { ...first.resource, name: 'errors', path, headers };
    const what = `The error answer of ${method} ${path}`;
    return attackers.map(attacker =>
      pageAttempt(plan, { resource, attacker, method, name: `errors ${method} ${path}`, what, expects }),
    );
  });
}

/** What a page of the attacker asks of a resource by a safe method. */
function page(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): PageAttempt[] {
  const method = safeMethodOf(resource);
  if (!method) return [];
  const what = `${method} ${resource.path}`;
  const modes = ESSENTIAL.has(attacker.id) ? [false, true] : [true];
  return [pageAttempt(plan, { resource, attacker, method, name: resource.name, what, modes })];
}

const MUST = 'An origin that the policy does not declare must not be allowed';

/** With a cookie that every server sees, whatever an engine does with third-party cookies. */
function withCookie(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): WireProbe[] {
  const method = safeMethodOf(resource);
  if (!method || !['unrelated', 'null'].includes(attacker.kind)) return [];
  const { id, origin } = attacker;
  return [
    {
      id: `attacker-cookie/${slug(`${resource.name} ${id}`)}`,
      about: infoOf(resource, { ask: 'attacker-cookies', origin, method, credentials: true, attacker }),
      must: MUST,
      request: {
        method,
        url: urlFor(plan, resource.path),
        headers: [
          ...resource.headers,
          ['Origin', origin],
          ['Cookie', cookieOf(resource) ?? 'cors-conformance=1'],
        ],
      },
    },
  ];
}

/** With the URL of a page that has a declared origin in its query: by `unsafe-url` a page can have all of it sent. */
function withReferer(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): WireProbe[] {
  const method = safeMethodOf(resource);
  const declared = originsOf(resource).find(origin => /^https?:/.test(origin));
  if (!method || declared === undefined || attacker.id !== ANY_SITE) return [];
  const { id, origin } = attacker;
  const why = 'it looks for an allowed origin anywhere in the Referer, whose query is up to the page';
  return [
    {
      id: `attacker-referer/${slug(`${resource.name} ${id}`)}`,
      about: infoOf(resource, {
        ask: 'attacker-referer',
        origin,
        method,
        credentials: true,
        attacker: { ...attacker, why },
      }),
      must: MUST,
      request: {
        method,
        url: urlFor(plan, resource.path),
        headers: [...resource.headers, ['Origin', origin], ['Referer', `${origin}/?${declared}/`]],
      },
    },
  ];
}

/** The method that stands for those that change data, if attackers of this kind are asked by preflights. */
function declaredChange(resource: PolicyResource, attacker: Attacker): string[] {
  const method = resource.methods.find(one => !SAFE_METHODS.includes(one));
  const alone = safeMethodOf(resource) === undefined;
  return method !== undefined && (alone || ['unrelated', 'null'].includes(attacker.kind)) ? [method] : [];
}

/** Methods that change data and are not declared: one layer may answer all preflights, and let anybody in. */
const undeclaredChanges = (resource: PolicyResource, attacker: Attacker): string[] =>
  STRANGERS.includes(attacker.id) && !resource.anyMethod
    ? CHANGING_METHODS.filter(method => !resource.methods.includes(method))
    : [];

/** As preflights for methods that change data; the requests themselves are never sent. */
function preflights(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): WireProbe[] {
  const own = unsafeHeaderNames(resource.headers);
  return [
    ...declaredChange(resource, attacker).map(method => {
      const simple = own.length === 0 && isSafelistedMethod(method);
      const headers = simple ? unsafeHeaderNames([['content-type', resource.contentType]]) : own;
      return preflight(plan, resource, { attacker, method, headers });
    }),
    ...undeclaredChanges(resource, attacker).map(method =>
      preflight(plan, resource, { attacker, method, headers: [], unasked: true }),
    ),
  ];
}

interface AttackerPreflight {
  readonly attacker: Attacker;
  readonly method: string;
  readonly headers: readonly string[];
  readonly unasked?: true;
}

function preflight(plan: PolicyPlan, resource: PolicyResource, question: AttackerPreflight): WireProbe {
  const { attacker, method, headers, unasked } = question;
  const { id, origin } = attacker;
  const own = { ask: 'attacker-preflights', origin, method, credentials: true, attacker };
  return {
    id: `attacker-preflight/${slug(`${resource.name} ${id}${unasked ? ` ${method}` : ''}`)}`,
    about: { ...infoOf(resource, { ...own, ...(unasked && { unasked }) }), headers },
    must: MUST,
    request: {
      method: 'OPTIONS',
      url: urlFor(plan, resource.path),
      headers: preflightLines({ origin, method, headers }),
    },
  };
}

type Make<T> = (plan: PolicyPlan, resource: PolicyResource, attacker: Attacker) => T[];

const forEach = <T>(plan: PolicyPlan, make: Make<T>): T[] =>
  attacked(plan).flatMap(({ resource, attackers }) =>
    attackers.flatMap(attacker => make(plan, resource, attacker)),
  );

export const attackersAsk: Ask = {
  id: 'attackers',
  what: 'origins that the policy does not declare: any site, null, and look-alikes of the declared ones',
  attempts: plan => ({
    cases: [...forEach(plan, page), ...forEach(plan, simplePost), ...errorPages(plan)],
  }),
};

export const attackerCookiesAsk: Ask = {
  id: 'attacker-cookies',
  what: 'any site and null, with a cookie of the user',
  attempts: plan => ({ probes: forEach(plan, withCookie) }),
};

export const attackerRefererAsk: Ask = {
  id: 'attacker-referer',
  what: "any site, with a declared origin in the query of the page's URL, sent as Referer",
  attempts: plan => ({ probes: forEach(plan, withReferer) }),
};

export const attackerPreflightsAsk: Ask = {
  id: 'attacker-preflights',
  what: 'undeclared origins, as preflights for methods that change data',
  attempts: plan => ({ probes: forEach(plan, preflights) }),
};

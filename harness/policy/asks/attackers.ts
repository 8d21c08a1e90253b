/** Pages of origins that the policy does not declare: none of them may read. Safe methods are used, and a declared POST. */

import { wordList } from '../../case/words.ts';
import type { Attacker } from '../attacker.ts';
import {
  type Ask,
  CHECK_LINKS,
  hasBody,
  infoOf,
  type PageAttempt,
  pageFor,
  requestOf,
  step,
  withoutPreflight,
} from '../attempts.ts';
import { type ErrorRequest, type PolicyResource, slug } from '../config/read.ts';
import { unsafeHeaderNames } from '../names.ts';
import { type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';
import { ANY_SITE, attacked, forEachAttacker, STRANGERS } from './attacked.ts';

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
  /** Headers that the policy sends and this request does not. */
  readonly without?: readonly string[];
}

function pageAttempt(plan: PolicyPlan, attack: PageAttack): PageAttempt {
  const { resource, attacker, method, name, what, modes = [true], expects, without = [] } = attack;
  const { id, origin } = attacker;
  const url = urlFor(plan, resource.path);
  const left = without.length > 0 ? ` without ${wordList(without)}` : '';
  return {
    case: {
      id: `attacker/${slug(`${name} ${id}`)}`,
      title: `${what}${left} is not readable by ${origin}`,
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
      ...(without.length > 0 && { without }),
    }),
  };
}

/** As the policy says; and without what needs permission, since a refused preflight says nothing of a plain request. */
function withAndWithoutPreflight(plan: PolicyPlan, attack: PageAttack): PageAttempt[] {
  const plain = withoutPreflight(attack.resource);
  return [
    pageAttempt(plan, attack),
    ...(plain ? [pageAttempt(plan, { ...attack, ...plain, name: `${attack.name} plain` })] : []),
  ];
}

/** A POST as a form sends it: without a preflight, so that no preflight decides. What the policy declares is its body. */
function formOf(resource: PolicyResource): Pick<PageAttack, 'resource' | 'without'> {
  const { resource: plain, without } = withoutPreflight(resource) ?? { resource, without: [] };
  const { contentType } = resource;
  const typed = hasBody(resource, 'POST') && unsafeHeaderNames([['content-type', contentType]]).length > 0;
  return typed
    ? {
        resource: { ...plain, contentType: 'text/plain' },
        without: [...without, `Content-Type: ${contentType}`],
      }
    : { resource: plain, without };
}

/** A declared POST as a form; a server that keeps its policy may refuse it. */
const forms = (plan: PolicyPlan): PageAttempt[] =>
  attacked(plan)
    .filter(({ resource }) => resource.methods.includes('POST'))
    .flatMap(({ resource, forms: attackers }) =>
      attackers.map(attacker => {
        const { name, path } = resource;
        const what = `POST ${path}`;
        return pageAttempt(plan, {
          ...formOf(resource),
          attacker,
          method: 'POST',
          name: `${name} post`,
          what,
        });
      }),
    );

function errorPage(plan: PolicyPlan, like: PolicyResource, error: ErrorRequest, attacker: Attacker) {
  const { path, method, headers, body, contentType, status: expects } = error;
  const { body: _body, ...bodiless } = like;
  const resource: PolicyResource = {
    ...bodiless,
    name: 'errors',
    path,
    headers,
    contentType,
    ...(body !== undefined && { body }),
  };
  const what = `The error answer of ${method} ${path}`;
  const attack = { resource, attacker, method, name: `errors ${method} ${path}`, what, expects };
  if (method !== 'POST') return withAndWithoutPreflight(plan, attack);
  return [pageAttempt(plan, { ...attack, ...formOf(resource) })];
}

/**
 * A declared error from any site and from null: error answers often come from another layer, with its own headers. One
 * of a POST comes from any site alone, as a form.
 */
function errorPages(plan: PolicyPlan): PageAttempt[] {
  const [first] = attacked(plan);
  if (!first) return [];
  const from = (ids: readonly string[]) => first.attackers.filter(({ id }) => ids.includes(id));
  return plan.errors
    .filter(({ method, declared }) => declared && ['GET', 'HEAD', 'POST'].includes(method))
    .flatMap(error =>
      from(error.method === 'POST' ? [ANY_SITE] : STRANGERS).flatMap(attacker =>
        errorPage(plan, first.resource, error, attacker),
      ),
    );
}

/** What a page of the attacker asks of a resource by a safe method; strangers by each, as another layer may answer HEAD. */
function page(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): PageAttempt[] {
  const method = safeMethodOf(resource);
  if (!method) return [];
  const attack = { resource, attacker, method, name: resource.name, what: `${method} ${resource.path}` };
  const modes = ESSENTIAL.has(attacker.id) ? [false, true] : [true];
  const isHeadToo = method === 'GET' && resource.methods.includes('HEAD') && STRANGERS.includes(attacker.id);
  const head = { ...attack, method: 'HEAD', name: `${resource.name} head`, what: `HEAD ${resource.path}` };
  return [
    ...withAndWithoutPreflight(plan, { ...attack, modes }),
    ...(isHeadToo ? withAndWithoutPreflight(plan, head) : []),
  ];
}

export const attackersAsk: Ask = {
  id: 'attackers',
  what: 'origins that the policy does not declare: any site, null, and look-alikes of the declared ones; where a request needs a preflight, also without the headers that it needs it for',
  attempts: plan => ({
    cases: [...forEachAttacker(plan, page), ...forms(plan), ...errorPages(plan)],
  }),
};

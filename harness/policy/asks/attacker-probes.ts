/** Plain requests and preflights of origins that the policy does not declare, where a page would show no more. */
import { isSafelistedMethod } from '../../standard/methods.ts';
import type { HeaderLine } from '../../wire/exchange.ts';
import type { Attacker } from '../attacker.ts';
import {
  type Ask,
  cookieLine,
  cookieOf,
  hasBody,
  infoOf,
  preflightLines,
  type SeenAnswers,
  type WireProbe,
  withoutPreflight,
} from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { CHANGING_METHODS, SAFE_METHODS, unsafeHeaderNames } from '../names.ts';
import { originsOf, type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';
import { ANY_SITE, forEachAttacker, STRANGERS } from './attacked.ts';

const MUST = 'An origin that the policy does not declare must not be allowed';

interface Own {
  readonly ask: string;
  /** What tells the probe from others, beside the resource and the attacker. */
  readonly word: string;
  readonly method: string;
  readonly lines: readonly HeaderLine[];
  readonly without?: readonly string[];
}

function plainProbe(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker, own: Own): WireProbe {
  const { ask, word, method, lines, without } = own;
  const { id, origin } = attacker;
  return {
    id: `${word}/${slug(`${resource.name} ${id}`)}`,
    about: infoOf(resource, {
      ask,
      origin,
      method,
      credentials: true,
      attacker,
      ...(without && { without }),
    }),
    must: MUST,
    request: {
      method,
      url: urlFor(plan, resource.path),
      headers: [...resource.headers, ['Origin', origin], ...lines],
    },
  };
}

/** What a question adds to a request of an attacker; null if it does not ask this one. */
type Adds = (resource: PolicyResource, attacker: Attacker) => (Pick<Own, 'lines'> & { why?: string }) | null;

interface Plain {
  readonly id: string;
  readonly word: string;
  readonly what: string;
  readonly adds: Adds;
}

const isNamedIn = (names: readonly string[], name: string): boolean =>
  names.some(one => one.toLowerCase() === name.toLowerCase());

/**
 * A question by plain requests, which no page makes with headers that need permission unless a preflight gave it: they
 * are asked without those headers, and with them once a preflight has let the same page pass.
 */
function plainAsk({ id: ask, word, what, adds }: Plain): Ask {
  const make = (plan: PolicyPlan, resource: PolicyResource, attacker: Attacker, permitted: boolean) => {
    const method = safeMethodOf(resource);
    const adding = adds(resource, attacker);
    if (!method || !adding) return [];
    const { why = attacker.why, lines } = adding;
    const told = { ...attacker, why };
    const plain = withoutPreflight(resource);
    if (permitted) {
      const more = plain ? lines.filter(([name]) => !isNamedIn(plain.without, name)) : [];
      const own = { ask, word: `${word}-permitted`, method, lines: more };
      return plain ? [plainProbe(plan, resource, told, own)] : [];
    }
    const added = lines.map(([name]) => name);
    const without = plain?.without.filter(name => !isNamedIn(added, name)) ?? [];
    return [
      plainProbe(plan, plain?.resource ?? resource, told, {
        ask,
        word,
        method,
        lines,
        ...(without.length > 0 && { without }),
      }),
    ];
  };
  return {
    id: ask,
    what,
    attempts: plan => ({
      probes: forEachAttacker(plan, (...about) => make(...about, false)),
    }),
    followUps: (plan, seen) =>
      forEachAttacker(plan, (...about) => make(...about, true)).filter(({ about }) =>
        seen.isPermitted(about),
      ),
  };
}

/** Of what is sent as Authorization browsers add this by themselves, to requests that need no preflight for it. */
const isLoginByHttp = ([name, value]: HeaderLine): boolean =>
  /^authorization$/i.test(name) && /^(?:basic|digest|negotiate|ntlm)\b/i.test(value);

/** With a cookie that every server sees, whatever an engine does with third-party cookies. */
export const attackerCookiesAsk = plainAsk({
  id: 'attacker-cookies',
  word: 'attacker-cookie',
  what: 'any site and null, with what browsers keep of the user: a cookie, and a login by HTTP',
  adds: (resource, { kind }) =>
    ['unrelated', 'null'].includes(kind)
      ? {
          lines: [
            ['Cookie', cookieOf(resource) ?? 'cors-conformance=1'],
            ...resource.headers.filter(isLoginByHttp),
          ],
        }
      : null,
});

/** With the URL of a page that has a declared origin in its query: by `unsafe-url` a page can have all of it sent. */
export const attackerRefererAsk = plainAsk({
  id: 'attacker-referer',
  word: 'attacker-referer',
  what: "any site, with a declared origin in the query of the page's URL, sent as Referer",
  adds: (resource, { id, origin }) => {
    const declared = originsOf(resource).find(one => /^https?:/.test(one));
    if (declared === undefined || id !== ANY_SITE) return null;
    const why = 'it looks for an allowed origin anywhere in the Referer, whose query is up to the page';
    return { lines: [['Referer', `${origin}/?${declared}/`]], why };
  },
});

/** A part of what accepts ranges: another layer may answer it, and one range needs no preflight. */
function parts(plan: PolicyPlan, seen: SeenAnswers): WireProbe[] {
  return forEachAttacker(plan, (_, resource, attacker) => {
    const [origin] = originsOf(resource);
    if (!STRANGERS.includes(attacker.id) || origin === undefined || !resource.methods.includes('GET'))
      return [];
    if (!/bytes/i.test(seen.header(resource.name, origin, 'accept-ranges') ?? '')) return [];
    const plain = withoutPreflight(resource);
    const told = { ...attacker, why: `${attacker.why}, where only a part is asked for (Range)` };
    return [
      plainProbe(plan, plain?.resource ?? resource, told, {
        ask: 'attacker-range',
        word: 'attacker-range',
        method: 'GET',
        lines: [['Range', 'bytes=0-0'], ...cookieLine(resource)],
        ...(plain && { without: plain.without }),
      }),
    ];
  });
}

export const attackerRangeAsk: Ask = {
  id: 'attacker-range',
  what: 'any site and null, for a part of a resource that accepts ranges',
  attempts: () => ({}),
  followUps: parts,
};

/**
 * Declared methods that change data: another layer than the one that serves safe methods may answer their preflights. One
 * stands for all of them, except for strangers.
 */
function declaredChanges(resource: PolicyResource, attacker: Attacker): readonly string[] {
  const methods = resource.methods.filter(method => !SAFE_METHODS.includes(method));
  return STRANGERS.includes(attacker.id) ? methods : methods.slice(0, 1);
}

/** Methods that change data and are not declared: one layer may answer all preflights, and let anybody in. */
const undeclaredChanges = (resource: PolicyResource, attacker: Attacker): string[] =>
  STRANGERS.includes(attacker.id) && !resource.anyMethod
    ? CHANGING_METHODS.filter(method => !resource.methods.includes(method))
    : [];

interface AttackerPreflight {
  readonly attacker: Attacker;
  readonly method: string;
  readonly headers: readonly string[];
  readonly unasked?: true;
  readonly without?: readonly string[];
  /** Tells the probe from that of the method that stands for all. */
  readonly named?: true;
}

/** What a declared method that changes data is asked with: the policy's headers; and no more than its body calls for. */
function headerSets(
  resource: PolicyResource,
  method: string,
): Pick<AttackerPreflight, 'headers' | 'without'>[] {
  const own = unsafeHeaderNames(resource.headers);
  const isSimple = isSafelistedMethod(method);
  const bare = isSimple ? unsafeHeaderNames([['content-type', resource.contentType]]) : [];
  const { without } = withoutPreflight(resource) ?? {};
  if (!without) return [{ headers: bare }];
  const asks = !isSimple || (hasBody(resource, method) && bare.length > 0);
  return [{ headers: own }, ...(asks ? [{ headers: bare, without }] : [])];
}

/** As preflights for methods that change data; the requests themselves are never sent. */
function preflights(plan: PolicyPlan, resource: PolicyResource, attacker: Attacker): WireProbe[] {
  // Where requests show how a look-alike is matched, its preflight is asked once.
  const isOnce = safeMethodOf(resource) !== undefined && !STRANGERS.includes(attacker.id);
  return [
    ...declaredChanges(resource, attacker).flatMap((method, index) =>
      headerSets(resource, method)
        .slice(0, isOnce ? 1 : undefined)
        .map(set =>
          preflight(plan, resource, { attacker, method, ...set, ...(index > 0 && { named: true }) }),
        ),
    ),
    ...undeclaredChanges(resource, attacker).map(method =>
      preflight(plan, resource, { attacker, method, headers: [], unasked: true, named: true }),
    ),
  ];
}

function preflight(plan: PolicyPlan, resource: PolicyResource, question: AttackerPreflight): WireProbe {
  const { attacker, method, headers, unasked, without, named } = question;
  const { id, origin } = attacker;
  const own = { ask: 'attacker-preflights', origin, method, credentials: true, attacker };
  const words = [resource.name, id, ...(named ? [method] : []), ...(without ? ['plain'] : [])];
  return {
    id: `attacker-preflight/${slug(words.join(' '))}`,
    about: {
      ...infoOf(resource, { ...own, ...(unasked && { unasked }), ...(without && { without }) }),
      headers,
    },
    must: MUST,
    request: {
      method: 'OPTIONS',
      url: urlFor(plan, resource.path),
      headers: preflightLines({ origin, method, headers }),
    },
  };
}

export const attackerPreflightsAsk: Ask = {
  id: 'attacker-preflights',
  what: 'undeclared origins, as preflights for methods that change data',
  attempts: plan => ({ probes: forEachAttacker(plan, preflights) }),
};

/**
 * Preflights for what is declared, without the requests that they ask for: every method, with no header, with each
 * one, with all, and with the pairs that servers treat apart. They change nothing, so nothing is left out.
 */
import { isSafelistedMethod } from '../../standard/methods.ts';
import { type Ask, infoOf, preflightLines, type WireProbe } from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { CHANGING_METHODS, unsafeHeaderNames } from '../names.ts';
import { originsOf, type PolicyPlan, urlFor } from '../plan.ts';
import { ownHeaders } from './headers.ts';

/** Headers that servers treat apart from the others: they stand in pairs with each other one. */
const TELLING = ['authorization', 'content-type'];

function headerSets(resource: PolicyResource): string[][] {
  const sent = unsafeHeaderNames(resource.headers);
  const names = [...new Set([...ownHeaders(resource).map(name => name.toLowerCase()), ...sent])].sort();
  const pairs = names.flatMap((a, index) =>
    names.slice(index + 1).flatMap(b => (TELLING.includes(a) || TELLING.includes(b) ? [[a, b]] : [])),
  );
  const sets = [[], ...names.map(name => [name]), names, ...pairs];
  return [...new Map(sets.map(set => [set.join(), set])).values()];
}

interface Question {
  readonly origin: string;
  readonly method: string;
  readonly headers: readonly string[];
}

function probe(plan: PolicyPlan, resource: PolicyResource, question: Question): WireProbe {
  const { origin, method, headers } = question;
  const { credentials } = resource;
  const own = { ask: 'preflights', origin, method, credentials };
  return {
    id: `preflight/${slug(`${resource.name} ${method} ${origin} ${headers.join(' ')}`)}`,
    about: { ...infoOf(resource, own), headers },
    must: 'A preflight for what is declared must pass',
    request: {
      method: 'OPTIONS',
      url: urlFor(plan, resource.path),
      headers: preflightLines(question),
    },
  };
}

function questionsFor(resource: PolicyResource): Question[] {
  const [first, ...others] = originsOf(resource);
  const sets = headerSets(resource);
  const all = sets.reduce((a, b) => (b.length > a.length ? b : a));
  const methods = [...new Set([...resource.methods, ...(resource.anyMethod ? CHANGING_METHODS : [])])];
  const needed = (method: string, headers: readonly string[]) =>
    !isSafelistedMethod(method) || headers.length > 0;
  return methods.flatMap(method => [
    ...sets
      .filter(headers => first !== undefined && needed(method, headers))
      .map(headers => ({ origin: first as string, method, headers })),
    ...others.flatMap(origin =>
      [[], all]
        .filter((headers, index, both) => needed(method, headers) && both.indexOf(headers) === index)
        .map(headers => ({ origin, method, headers })),
    ),
  ]);
}

export const preflightsAsk: Ask = {
  id: 'preflights',
  what: 'preflights for every declared method with no header, each header, all and the telling pairs',
  attempts: plan => ({
    probes: plan.resources.flatMap(resource =>
      questionsFor(resource).map(question => probe(plan, resource, question)),
    ),
  }),
};

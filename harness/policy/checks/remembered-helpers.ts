/** Tells a server that remembers the last Origin from a cache: by URLs that none knows, in turn, and side by side. */
import type { Ask, SeenAnswers, WireProbe } from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { pageProbe } from '../page-probe.ts';
import { isOpenable, originsOf, type PolicyPlan, safeMethodOf } from '../plan.ts';
import type { Trial } from '../trial.ts';
import { unknownUrl } from './unknown-url.ts';

export const REMEMBERED = 'remembered';

/** What looks as if a cache had made it for another origin, by a URL that none knows. */
export const UNCACHED = 'uncached';

/** Two declared origins of web pages; undefined if there are not so many. */
function twoOrigins(resource: PolicyResource): readonly [string, string] | undefined {
  const [first, second] = originsOf(resource).filter(origin => origin !== 'null' && isOpenable(origin));
  return first === undefined || second === undefined ? undefined : [first, second];
}

/** An answer names a declared origin that did not ask; or the one that did, and only by a URL that no cache knows. */
function isSuspect(seen: SeenAnswers, resource: PolicyResource): boolean {
  const naming = (ask: string) =>
    seen
      .allowedBy(ask)
      .filter(
        ({ about, allowOrigin }) =>
          about.resource === resource.name &&
          allowOrigin !== null &&
          originsOf(resource).includes(allowOrigin),
      );
  return (
    [...naming('no-origin'), ...naming('allowed')].some(one => one.allowOrigin !== one.about.origin) ||
    naming(UNCACHED).some(one => one.allowOrigin === one.about.origin)
  );
}

/** In turn, with nothing else meanwhile: what a request without Origin gets after either of the two. */
const turnsOf = ([first, second]: readonly [string, string]): readonly (string | null)[] => [
  first,
  null,
  second,
  null,
];

/** Side by side. */
const PAIRS = 3;

const idOf = (name: string, word: string): string => `${REMEMBERED}/${slug(`${name} ${word}`)}`;

/** @param word what tells it from the others, in its URL too: no cache can answer it */
const probe = (plan: PolicyPlan, resource: PolicyResource, word: string, origin: string | null): WireProbe =>
  pageProbe(plan, resource, {
    ask: REMEMBERED,
    must: 'Whom an answer allows must not depend on an earlier request',
    method: safeMethodOf(resource) ?? 'GET',
    origin,
    word,
    url: unknownUrl(plan, resource.path, slug(`${REMEMBERED} ${word}`)),
  });

function probesFor(plan: PolicyPlan, resource: PolicyResource, seen: SeenAnswers): WireProbe[] {
  const origins = twoOrigins(resource);
  if (!origins || safeMethodOf(resource) === undefined || !isSuspect(seen, resource)) return [];
  return [
    ...turnsOf(origins).map((origin, turn) => ({
      ...probe(plan, resource, `turn ${turn}`, origin),
      alone: true as const,
    })),
    ...Array.from({ length: PAIRS }, (_, pair) =>
      origins.map((origin, one) => probe(plan, resource, `pair ${pair} ${one}`, origin)),
    ).flat(),
  ];
}

/** Asked only of a server that has named a declared origin to somebody else. */
export const rememberedAsk: Ask = {
  id: REMEMBERED,
  what: 'two declared origins in turn and side by side, by URLs that no cache knows, if an answer named one that did not ask',
  attempts: () => ({}),
  followUps: (plan, seen) => plan.resources.flatMap(resource => probesFor(plan, resource, seen)),
};

/** Answers that name the origin of another request: those that no page asked for, and those that fail a page. */
export interface Remembered {
  readonly unasked: readonly Trial[];
  readonly failing: readonly Trial[];
}

/** What shows that the server remembers origins; undefined if nothing does. */
export function rememberedIn(evidence: PolicyEvidence, name: string): Remembered | undefined {
  const resource = evidence.resource(name);
  const origins = resource && twoOrigins(resource);
  if (!origins) return undefined;
  const trials = evidence.of(REMEMBERED).filter(({ about }) => about.resource === name);
  const turn = (n: number) => trials.find(({ id }) => id === idOf(name, `turn ${n}`));
  const [afterFirst, afterSecond] = [turn(1), turn(3)];
  const [first, second] = origins;
  const follows = afterFirst?.allowOrigin === first && afterSecond?.allowOrigin === second;
  // One that never gets its own name is not taken for another one: it is left out.
  const known = [turn(0), turn(2)].flatMap(trial =>
    trial && trial.allowOrigin === trial.about.origin ? [trial.about.origin] : [],
  );
  const failing = trials.filter(
    ({ about, allowOrigin }) =>
      known.includes(about.origin) &&
      allowOrigin !== about.origin &&
      origins.some(one => one === allowOrigin),
  );
  if (!follows && failing.length === 0) return undefined;
  return { unasked: follows ? [afterFirst, afterSecond] : [], failing };
}

export const remembersOrigins = (evidence: PolicyEvidence, name: string): boolean =>
  rememberedIn(evidence, name) !== undefined;

/** From drafts of changes to changes: one line for one cause, the worst first. */

import { variesByOrigin } from '../standard/vary.ts';
import {
  CHANGE_SEVERITIES,
  type Change,
  type ChangeRequest,
  type ChangeSeverity,
  type Effect,
  LEVELS,
  type Level,
  type Who,
} from './change.ts';
import { ASKING_ORIGIN, SERVER } from './facts.ts';
import { type HeaderChange, listMeaning, succeeded } from './header-changes.ts';
import { joinMeanings, statusMeanings } from './sentences.ts';
import {
  CORS_LISTS,
  headerTransition,
  joinTransitions,
  listDifference,
  transitionText,
} from './transitions.ts';

/** A change as one request of one engine shows it. */
export interface Draft extends Omit<Change, 'id' | 'severity' | 'requests' | 'engines' | 'transitions'> {
  readonly request: { readonly id: string; readonly title: string };
  /** Null for a plain request. */
  readonly engine: string | null;
  readonly credentials: boolean;
  readonly path: string;
  /** A page sent it, and was blocked before and after. */
  readonly blockedEitherWay?: boolean;
}

/** Headers of which one change may have several values. */
const LISTS: ReadonlySet<string> = new Set([...CORS_LISTS, 'access-control-max-age']);

/** Values of Access-Control-Allow-Origin that mean the same whoever asks. */
const OWN_VALUES: ReadonlySet<string> = new Set([ASKING_ORIGIN, SERVER, '*', '']);

/** How a Vary changed, as far as caches go by it; null if they take no notice. */
function varyTransition({ before, after }: HeaderChange): string | null {
  const copied = (value: string | null) => /x-cors-conformance/.test(value ?? '');
  if (copied(before) !== copied(after)) return copied(after) ? 'copies' : 'copied';
  if (variesByOrigin(before) !== variesByOrigin(after))
    return variesByOrigin(after) ? 'gains-origin' : 'loses-origin';
  return null;
}

/** How a value changed, without what follows the single request. */
export function transitionOf(change: HeaderChange): string {
  const { name, before, after } = change;
  const vary = name === 'vary' ? varyTransition(change) : null;
  if (vary !== null) return vary;
  if (before === null) return 'added';
  if (after === null) return 'removed';
  // Which of the statuses that succeed it is makes no other cause of it.
  if (name === 'status' && succeeded(before) !== succeeded(after))
    return succeeded(after) ? `${before}-to-2xx` : `2xx-to-${after}`;
  if (name === 'access-control-allow-origin') return `${originKind(before)}-to-${originKind(after)}`;
  return LISTS.has(name) || name === 'vary' ? 'changed' : `${before}-to-${after}`;
}

/** Which other value it is makes no other cause of it: it follows the origin that asks. */
const originKind = (value: string): string => (OWN_VALUES.has(value) ? value : 'another');

const causeKey = (change: HeaderChange): string => `${change.name}:${transitionOf(change)}`;

/** True if the id of a change says all of how it changed: no list, and no value that is only called another one. */
export function idTellsAll({ effect, cause }: Pick<Change, 'effect' | 'cause'>): boolean {
  if (effect === 'exposed') return false;
  if (cause === null || cause.name === 'status') return true;
  return transitionOf(cause) === `${cause.before}-to-${cause.after}`;
}

/** Effects that are told apart by what the page sees. */
const BY_VIEW: ReadonlySet<Effect> = new Set(['status', 'preflights']);

function keyOf({ effect, who, cause, seen, level, output }: Draft): string {
  if (effect === 'header') return [level, cause ? causeKey(cause) : ''].join(':');
  // What lets an opaque origin in as well as any other is one cause.
  const parts = [effect, who === 'null' ? 'unlisted' : who, cause ? causeKey(cause) : ''];
  if (BY_VIEW.has(effect) && seen) parts.push(`${seen.before}-to-${seen.after}`);
  if (output) parts.push(output.at(-1) ?? '');
  return parts.join(':');
}

/** Whom it is that may do more, or less, decides. */
function severityOf(level: Level, effect: Effect, who: Who): ChangeSeverity {
  if (level !== 'page') return level;
  const foreign = who === 'unlisted' || who === 'null';
  if (effect === 'fails') return 'closed';
  if (foreign) return effect === 'reads' || effect === 'carried-out' ? 'unlisted' : 'page';
  return effect === 'no-longer-reads' || effect === 'alternates' || effect === 'cache-blocked'
    ? 'closed'
    : 'page';
}

/** What is good news for everyone whom the policy lists. */
const WELCOME: ReadonlySet<Effect> = new Set([
  'reads',
  'recovers',
  'starts',
  'no-longer-alternates',
  'cache-read',
]);

const isServerError = (cause: HeaderChange | null): boolean =>
  cause?.name === 'status' && [cause.before, cause.after].some(status => /^5/.test(status ?? ''));

function rankOf(change: Change, credentials: boolean): number {
  const { severity, effect, cause } = change;
  const base = CHANGE_SEVERITIES.indexOf(severity) * 100;
  // A request that is now carried out comes before a page that can do less.
  if (severity !== 'unlisted' && effect === 'carried-out') return 50;
  switch (severity) {
    case 'unlisted':
      return base + (effect === 'reads' ? 0 : 20) + (credentials ? 0 : 10);
    case 'closed':
      return base + (effect === 'fails' ? 0 : 10);
    case 'page':
      return base + rankInPage(change);
    case 'wire':
      // A server that fails comes before what else the wire shows.
      return base + (isServerError(cause) ? 0 : 10);
    case 'form':
      return base;
  }
}

/** Who may do more is told before how answers look, and what is good news for everyone comes last. */
function rankInPage({ effect, who }: Change): number {
  if (who === 'unlisted' || who === 'null' || WELCOME.has(effect)) return effect === 'reads' ? 10 : 30;
  return 20;
}

/** True if what a page notices concerns those who sent the other request, too. */
function concerns(page: Who, who: Who): boolean {
  if (page === 'everyone' || page === who || who === 'none') return true;
  return isForeign(page) && isForeign(who);
}

const isForeign = (who: Who): boolean => who === 'unlisted' || who === 'null' || who === 'others';

/**
 * Leaves out what a change of a higher level shows by the same cause: exactly that transition, at the same path, of the
 * same askers. What has no effect is left out wherever the same header counts.
 */
function unshown(drafts: readonly Draft[]): Draft[] {
  const shown = new Map<string, Who[]>();
  const exactKey = ({ path }: Draft, cause: HeaderChange) => JSON.stringify([path, headerTransition(cause)]);
  const counting = new Set<string>();
  for (const draft of drafts) {
    const { level, cause, who } = draft;
    if (!cause || level === 'form') continue;
    counting.add(causeKey(cause));
    if (level !== 'page') continue;
    const key = exactKey(draft, cause);
    shown.set(key, [...(shown.get(key) ?? []), who]);
  }
  return drafts.filter(draft => {
    const { level, effect, cause, who } = draft;
    if (effect !== 'header' || !cause) return true;
    if (level === 'form') return !counting.has(causeKey(cause));
    // What a cache does is nothing that the change of a page says.
    if (cause.name === 'vary') return true;
    return !shown.get(exactKey(draft, cause))?.some(page => concerns(page, who));
  });
}

const unique = (items: readonly string[]): string[] => [...new Set(items)];

function requestsOf(drafts: readonly Draft[]): ChangeRequest[] {
  const found = new Map<string, ChangeRequest>();
  for (const { request, engine } of drafts) {
    const engines = [...(found.get(request.id)?.engines ?? []), ...(engine === null ? [] : [engine])];
    found.set(request.id, { ...request, engines: unique(engines) });
  }
  return [...found.values()];
}

/** What the drafts of one change mean together. */
function meaningsOf(group: readonly [Draft, ...Draft[]]): string[] {
  const [{ level, effect, who: first, cause }] = group;
  if (level === 'wire' && effect === 'header' && cause?.name === 'status')
    return statusMeanings(group.flatMap(one => (one.cause ? [{ ...one.cause, who: one.who }] : [])));
  if (level === 'wire' && effect === 'header' && cause !== null && CORS_LISTS.includes(cause.name))
    return listMeanings(group);
  const about = level === 'page' ? group.filter(({ who }) => who === first) : group;
  return joinMeanings(
    about.map(({ meaning }) => meaning),
    // What only the wire shows is all there is to see of it.
    level === 'wire' ? Number.POSITIVE_INFINITY : 2,
  );
}

/** Whatever came and went of a list in any of the requests. */
function listMeanings(group: readonly Draft[]): string[] {
  const causes = group.flatMap(({ cause }) => (cause ? [cause] : []));
  const differences = causes.map(listDifference);
  const come = unique(differences.flatMap(one => one.come));
  const gone = unique(differences.flatMap(one => one.gone));
  const [first] = causes;
  return first && come.length + gone.length > 0
    ? [listMeaning(first.name, { come, gone })]
    : joinMeanings(
        group.map(({ meaning }) => meaning),
        2,
      );
}

/** Joins drafts by their cause. */
export function changesOf(all: readonly Draft[]): Change[] {
  const drafts = unshown(all).sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  const groups = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = keyOf(draft);
    groups.set(key, [...(groups.get(key) ?? []), draft]);
  }
  const changes = [...groups].map(([id, group]) => {
    const [{ request, engine, credentials, path, blockedEitherWay, ...first }] = group as [Draft, ...Draft[]];
    const meanings = meaningsOf(group as [Draft, ...Draft[]]);
    // Only if it holds for every request of the change.
    if (first.level === 'wire' && group.every(one => one.blockedEitherWay))
      meanings.push('A page is blocked either way.');
    const change: Change = {
      ...first,
      id,
      severity: severityOf(first.level, first.effect, first.who),
      meaning: meanings.join(' '),
      requests: requestsOf(group),
      transitions: joinTransitions(
        group.map(one => ({ transition: transitionText(one), requests: [one.request.id] })),
      ),
      engines: unique(group.flatMap(one => (one.engine === null ? [] : [one.engine]))),
    };
    return {
      change,
      rank: rankOf(
        change,
        group.some(one => one.credentials),
      ),
    };
  });
  return changes.sort((a, b) => a.rank - b.rank).map(({ change }) => change);
}

/** Two servers side by side: what became different, how much it means, and why. Pure. */
import { changesOf, type Draft } from './causes.ts';
import { type Change, counts, type Effect, type Who } from './change.ts';
import { answerFacts } from './facts.ts';
import { classifyHeaderChange, type PathTraits } from './header-changes.ts';
import {
  type AnswerPair,
  answerPairs,
  decidesToo,
  decisionOf,
  headerChanges,
  type PageEffect,
  pageEffects,
  plainAnswers,
  statusChange,
} from './page-changes.ts';
import { type BySide, SIDES, type Side } from './plan.ts';
import { type Counterparts, counterpartsOf, refusedSide, statusesOf } from './refusals.ts';
import {
  alternatesOf,
  differs,
  engineOf,
  exchangesOf,
  isPage,
  type PageRunPair,
  pageFacts,
  type Run,
  repeatsOf,
  type ServerEnd,
  unstableSides,
} from './runs.ts';
import { endMeaning, meaningOf } from './sentences.ts';
import { type AnyoneReads, anyoneReads, traitsOf } from './traits.ts';

/** A server that does not answer the same request alike each time. */
export interface Unstable {
  readonly title: string;
  readonly engine: string;
  readonly sides: readonly Side[];
  /** True if only one of the two is so, and not just once. */
  readonly counts: boolean;
}

export interface ServerComparison {
  readonly changes: readonly Change[];
  readonly unstable: readonly Unstable[];
}

/** What is known about all runs while one of them is looked at. */
interface Context {
  readonly traits: (path: string) => BySide<PathTraits>;
  readonly anyone: AnyoneReads;
  /** The effects of single requests: by engine, path, shape and kind of origin. */
  readonly effects: ReadonlyMap<string, ReadonlySet<Effect>>;
  readonly counterparts: Counterparts;
}

const placeOf = (run: PageRunPair, kind: string, shape = run.probe.shape): string =>
  JSON.stringify([run.engine, run.probe.path, shape, kind]);

function contextOf(runs: readonly Run[]): Context {
  const effects = new Map<string, Set<Effect>>();
  for (const run of runs) {
    if (!isPage(run) || run.probe.interpretation !== 'single') continue;
    const place = placeOf(run, run.probe.originKind);
    const known = effects.get(place) ?? new Set();
    effects.set(place, known);
    for (const { effect } of pageEffects(run)) known.add(effect);
  }
  return {
    traits: traitsOf(runs),
    anyone: anyoneReads(runs),
    effects,
    counterparts: counterpartsOf(runs),
  };
}

/**
 * Compares what two servers did.
 * @param runs every probe, once per engine
 * @param again those of them that differed, sent again, once or more often: what differs only once is no change
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the kinds of difference in the order in which they matter
export function compareServers(runs: readonly Run[], again: readonly Run[] = []): ServerComparison {
  const later = repeatsOf(again);
  const alternates = alternatesOf(runs);
  const context = contextOf(runs);
  const drafts: Draft[] = [];
  const unstable: Unstable[] = [];
  for (const run of runs) {
    if (!differs(run)) continue;
    const alternating = alternates(run);
    const isRepeat = isPage(run) && run.probe.interpretation === 'repeat';
    // What else differs comes and goes with that.
    if (alternating.length === 1 && !isRepeat) continue;
    const rounds = later(run);
    const restless = isRepeat && alternating.length === 1 ? [] : unstableSides(run, rounds);
    if (restless.length === 0 && alternating.length < 2) drafts.push(...draftsOf(run, context));
    else
      unstable.push({
        title: run.probe.title,
        engine: engineOf(run) ?? 'wire',
        sides: alternating.length > 0 ? alternating : restless,
        counts: alternating.length === 0 && restless.length === 1 && rounds.some(differs),
      });
  }
  return { changes: changesOf(drafts), unstable };
}

function draftsOf(run: Run, context: Context): Draft[] {
  const ended = endedDraft(run, context);
  if (ended) return [ended];
  if (!isPage(run)) {
    const answers = plainAnswers(run.exchanges, run.probe.timed === true);
    return headerDrafts(run, context, answers);
  }
  const effects = effectsOf(run, context);
  const repeated = isRepeated(run, context);
  const pages = effects
    .filter(effect => !repeated || !isRepetition(run, effect, context))
    .map(effect => pageDraft(run, effect, context));
  const restless = effects.some(({ effect }) => effect.endsWith('alternates'));
  // The single request that is repeated tells the rest; what a state or a cache brings along tells nothing more.
  return repeated || restless || run.probe.interpretation === 'second'
    ? pages
    : [...pages, ...wireDrafts(run, pages, context)];
}

/** What a page notices, and what is carried out although no page can tell. */
function effectsOf(run: PageRunPair, { counterparts }: Context): PageEffect[] {
  const effects = pageEffects(run);
  const isRefusal = effects.every(({ effect }) => effect === 'status');
  const isSingle = run.probe.interpretation === 'single';
  if (!isSingle || !isRefusal || refusedSide(run, counterparts) !== 'before') return effects;
  const { before, after } = statusesOf(run);
  return [
    {
      effect: 'carried-out',
      seen: { before: `refused with ${before}`, after: `answered with ${after}` },
    },
  ];
}

/** What the answers show besides what the page notices. */
function wireDrafts(run: PageRunPair, pages: readonly Draft[], context: Context): Draft[] {
  const told = new Set(pages.map(({ cause }) => cause && JSON.stringify(cause)));
  const [request] = run.probe.case.steps;
  return answerPairs(run).flatMap(answers =>
    headerDrafts(run, context, answers).filter(({ level, cause }) => {
      if (pages.length === 0 || !cause) return true;
      if (level !== 'wire' || told.has(JSON.stringify(cause))) return false;
      return !(
        request &&
        pages.some(({ effect, credentials }) => decidesToo(cause, answers, effect, { request, credentials }))
      );
    }),
  );
}

const common = (run: Run) => ({
  request: { id: run.probe.id, title: run.probe.title },
  path: run.probe.path,
  engine: engineOf(run),
  credentials: isPage(run) && run.probe.credentials,
  evidence: { before: exchangesOf(run, 'before'), after: exchangesOf(run, 'after') },
});

/** A server that one side's request ends. */
function endedDraft(run: Run, context: Context): Draft | null {
  const { ended } = run;
  const sides = SIDES.filter(side => ended?.[side]);
  const [side] = sides;
  if (sides.length !== 1 || side === undefined) return null;
  const effect = side === 'after' ? 'fails' : 'recovers';
  const end = ended?.[side] as ServerEnd;
  return {
    ...common(run),
    level: 'page',
    effect,
    who: run.probe.originKind === 'none' ? 'none' : whoOf(run, effect, context),
    seen: {
      before: side === 'before' ? end.how : 'goes on',
      after: side === 'after' ? end.how : 'goes on',
    },
    cause: null,
    meaning: endMeaning(effect, end),
    output: end.output,
  };
}

/** The request of which a probe with a longer story is a repetition. */
const REPEATED: Readonly<Record<string, string>> = {
  repeat: 'get',
  'count-preflights': 'put',
  second: 'get',
};

/** True if the single request that this probe repeats is asked, too. */
const isRepeated = (run: PageRunPair, { effects }: Context): boolean =>
  effects.has(placeOf(run, run.probe.originKind, REPEATED[run.probe.interpretation] ?? ''));

/** True if the effect is one of the single request that this probe repeats. */
function isRepetition(run: PageRunPair, { effect }: PageEffect, { effects }: Context): boolean {
  const shape = REPEATED[run.probe.interpretation];
  if (shape === undefined || effect === 'preflights') return false;
  const single = effects.get(placeOf(run, run.probe.originKind, shape));
  const about = ['reads', 'no-longer-reads', 'carried-out', 'no-longer-sent', 'status', 'exposed'] as const;
  const isCache = effect === 'cache-read' || effect === 'cache-blocked';
  return isCache
    ? single?.has('reads') === true || single?.has('no-longer-reads') === true
    : about.some(one => one === effect) && single?.has(effect) === true;
}

function pageDraft(run: PageRunPair, { effect, seen }: PageEffect, context: Context): Draft {
  const { method, credentials } = run.probe;
  const isRefusal = effect === 'carried-out' && seen.before.startsWith('refused');
  const { cause, why } = isRefusal ? { cause: statusChange(run) } : decisionOf(run, effect);
  const who = whoOf(run, effect, context);
  return {
    ...common(run),
    level: 'page',
    effect,
    who,
    seen,
    cause,
    meaning: meaningOf({
      ...{ effect, who, method, credentials, seen, cause },
      readable: pageFacts(run).after.some(step => step.readable),
    }),
    ...(why && { why }),
  };
}

/** Whom a change concerns: everyone, if that is what the policy says. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the kinds of difference in the order in which they matter
function whoOf(run: Run, effect: Effect, context: Context): Who {
  const { originKind } = run.probe;
  if (!isPage(run)) return originKind;
  const { path, credentials } = run.probe;
  const counterpart = (kind: string) => context.effects.get(placeOf(run, kind));
  const shared = (kind: string) => counterpart(kind)?.has(effect) === true;
  const wasOpen = context.anyone('before', path, credentials);
  if (originKind === 'listed') {
    const other = counterpart('unlisted');
    const isOpen = wasOpen || (!credentials && context.anyone('after', path, false) && allowsAll(run));
    return isOpen && (other === undefined || other.has(effect)) ? 'everyone' : 'listed';
  }
  const opens = effect === 'reads' || effect === 'carried-out';
  if (wasOpen && (opens || shared('listed'))) return 'everyone';
  // What everyone could read without credentials was meant for everyone, or the policy was a mistake: who knows.
  if (wasOpen && !credentials && effect === 'no-longer-reads') return 'others';
  return opens && !credentials && allowsAll(run) && shared('listed') ? 'everyone' : originKind;
}

/** True if the later answer to the request itself allows everyone, without credentials. */
const allowsAll = (run: PageRunPair): boolean =>
  exchangesOf(run, 'after').some(
    exchange =>
      exchange.role === 'actual' && answerFacts(exchange).headers['access-control-allow-origin'] === '*',
  );

function headerDrafts(run: Run, context: Context, answers: AnswerPair): Draft[] {
  const { path, originKind } = run.probe;
  const blockedEitherWay =
    isPage(run) && SIDES.every(side => pageFacts(run)[side].every(step => !step.readable));
  const refused = isPage(run) && refusedSide(run, context.counterparts) !== null;
  const around = { ...answers, path: context.traits(path), originKind, blockedEitherWay, refused };
  return headerChanges(answers).map(change => {
    const { level, meaning } = classifyHeaderChange(change, around);
    return {
      ...common(run),
      level,
      effect: 'header',
      who: originKind,
      seen: null,
      cause: change,
      meaning,
      blockedEitherWay,
    };
  });
}

/** True if a page, a cache or a browser can tell the two apart. */
export const isChanged = ({ changes, unstable }: ServerComparison): boolean =>
  changes.some(counts) || unstable.some(one => one.counts);

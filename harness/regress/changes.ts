/** Two servers side by side: what became different, how much it means, and why. Pure. */
import type { StepObservation } from '../case/observation.ts';
import type { Scene } from '../case/script.ts';
import { explain } from '../standard/explain.ts';
import type { Explanation } from '../verdict/record.ts';
import { replay } from '../verdict/replay.ts';
import type { Exchange, Role } from '../wire/exchange.ts';
import {
  type AnswerFacts,
  answerFacts,
  CORS_HEADERS,
  type StepFacts,
  seenByPage,
  stepFacts,
} from './facts.ts';
import { type PageProbe, type Probe, type Question, SIDES, type Side, type Standing } from './probes.ts';
import { type HeaderChange, type Weight, weigh } from './weigh.ts';

/** page: script sees it. wire: only the wire shows it. form: it stands on the wire and changes nothing. */
export const LEVELS = ['page', 'wire', 'form'] as const;
export type Level = (typeof LEVELS)[number];

/** A probe as one engine, or nobody but the harness, sent it to both servers. */
export type Run =
  | {
      readonly probe: PageProbe;
      readonly engine: string;
      readonly scene: Scene;
      readonly steps: readonly StepObservation[];
    }
  | { readonly probe: Question; readonly exchanges: Readonly<Record<Side, Exchange>> };

export interface Change {
  readonly level: Level;
  /** opened: what could not be read now can. closed: the other way round. */
  readonly direction: 'opened' | 'closed' | 'other';
  /** What a page notices. Null below the level of pages. */
  readonly seen: Readonly<Record<Side, string>> | null;
  readonly headers: readonly HeaderChange[];
  /** From whom the requests came: listed origins, unlisted ones, null, or without Origin. */
  readonly standing: Standing;
  /** The requests in which it shows. */
  readonly requests: readonly { readonly id: string; readonly words: string }[];
  /** The engines in which it shows; empty for plain questions. */
  readonly engines: readonly string[];
  readonly note?: string;
  /** Why the side that is blocked is. */
  readonly why?: Explanation;
}

/** A server that does not answer the same request alike each time. */
export interface Unsteady {
  readonly words: string;
  readonly engine: string;
  readonly sides: readonly Side[];
  /** True where only one of the two is so, and not just once. */
  readonly counts: boolean;
}

export interface Comparison {
  readonly changes: readonly Change[];
  readonly unsteady: readonly Unsteady[];
}

type PageRun = Extract<Run, { steps: unknown }>;
type Faced = { readonly run: PageRun; readonly facts: Readonly<Record<Side, readonly StepFacts[]>> };

const isPage = (run: Run): run is PageRun => 'steps' in run;

/** Tells the runs of one probe in one engine from all others. */
export const runKey = (run: Run): string => JSON.stringify([run.probe.id, isPage(run) ? run.engine : null]);

function factsOf(run: PageRun): Faced {
  const steps = run.steps.map(stepFacts);
  const of = (side: Side) => steps.filter((_, i) => run.probe.sides[i] === side);
  return { run, facts: { before: of('before'), after: of('after') } };
}

/** What a side did, in a form that is equal for equal behaviour. */
function behaviour(run: Run, side: Side): string {
  return JSON.stringify(isPage(run) ? factsOf(run).facts[side] : answerFacts(run.exchanges[side]));
}

/** True where the two servers did not do the same. */
const differs = (run: Run): boolean => behaviour(run, 'before') !== behaviour(run, 'after');

/**
 * True where a second look is needed: the two differ, and if only on the wire, then on the model or by a plain
 * question. What is on the wire does not depend on the browser.
 */
export function isDoubtful(run: Run): boolean {
  if (!differs(run)) return false;
  if (!isPage(run) || run.engine === 'model') return true;
  const seen = seenOf(factsOf(run));
  return seen.before !== seen.after;
}

const firstOf = (steps: readonly StepFacts[], role: Role): AnswerFacts | undefined =>
  steps.flatMap(step => step.answers).find(answer => answer.role === role);

function headerChanges(before: AnswerFacts, after: AnswerFacts): HeaderChange[] {
  const changes: HeaderChange[] = [];
  const add = (name: HeaderChange['name'], a: string | null, b: string | null) => {
    if (a !== b) changes.push({ on: before.role, name, before: a, after: b });
  };
  add('end', before.broken ?? null, after.broken ?? null);
  const text = (status: number | null) => (status === null ? null : String(status));
  add('status', text(before.status), text(after.status));
  for (const name of CORS_HEADERS) add(name, before.headers[name] ?? null, after.headers[name] ?? null);
  return changes;
}

interface Answers {
  readonly before: AnswerFacts;
  readonly after: AnswerFacts;
}

/** The answers that both servers gave to the same kind of request. */
function pairs({ facts }: Faced): Answers[] {
  return (['preflight', 'actual'] as const).flatMap(role => {
    const [before, after] = SIDES.map(side => firstOf(facts[side], role));
    return before && after ? [{ before, after }] : [];
  });
}

const count = (steps: readonly StepFacts[]): number => steps.filter(step => step.readable).length;

function directionOf({ facts }: Faced): Change['direction'] {
  const [before, after] = [count(facts.before), count(facts.after)];
  if (before === after) return 'other';
  return before < after ? 'opened' : 'closed';
}

/** Why the blocked side is blocked, by the Standard. */
function whyOf({ run, facts }: Faced): Explanation | undefined {
  const { probe, steps, scene } = run;
  if (probe.reading !== 'single') return undefined;
  const side = facts.after[0]?.readable ? 'before' : 'after';
  if (facts[side][0]?.readable) return undefined;
  const observed = steps[probe.sides.indexOf(side)];
  const [replayed] = observed ? replay(scene, [observed]).steps : [];
  if (!replayed || replayed.difference !== undefined) return undefined;
  return explain(replayed.prediction)[0];
}

/** Whether Access-Control-Allow-Origin depends on Origin, by path. */
function variations(runs: readonly Run[]): (path: string) => Readonly<Record<Side, boolean>> {
  const values: Record<Side, Map<string, Set<string>>> = { before: new Map(), after: new Map() };
  const note = (path: string, side: Side, exchange: Exchange) => {
    if (exchange.role === 'preflight' || exchange.response === null) return;
    const lines = exchange.response.headers.filter(
      ([name]) => name.toLowerCase() === 'access-control-allow-origin',
    );
    const known = values[side].get(path) ?? new Set();
    values[side].set(path, known.add(lines.map(([, value]) => value).join()));
  };
  for (const run of runs) {
    const { path } = run.probe;
    if (!isPage(run)) {
      if (run.probe.method === 'GET') for (const side of SIDES) note(path, side, run.exchanges[side]);
      continue;
    }
    for (const [i, step] of run.steps.entries())
      for (const exchange of step.exchanges)
        if (exchange.request.method === 'GET') note(path, run.probe.sides[i] as Side, exchange);
  }
  const varies = (side: Side, path: string) => (values[side].get(path)?.size ?? 0) > 1;
  return path => ({ before: varies('before', path), after: varies('after', path) });
}

function seenOf(one: Faced): Readonly<Record<Side, string>> {
  const { run, facts } = one;
  const brief = directionOf(one) !== 'other';
  return {
    before: seenByPage(facts.before, run.probe.reading, brief),
    after: seenByPage(facts.after, run.probe.reading, brief),
  };
}

/** A matcher with a state of its own: the same request four times, and not the same answer. */
const alternates = (faced: Faced, side: Side): boolean =>
  faced.run.probe.reading === 'repeat' &&
  faced.facts[side].some(step => step.outcome !== faced.facts[side][0]?.outcome);

/** Left out beside a server that answers by turns: what else differs comes and goes with that. */
const BY_TURNS = 'It answers the same request by turns; what else differs is left out.';

/** Which sides answer by turns, in an engine or, for plain questions, in any. */
function turnsOf(faced: readonly Faced[]): (run: Run) => readonly Side[] {
  const known = faced
    .map(one => ({ engine: one.run.engine, sides: SIDES.filter(side => alternates(one, side)) }))
    .filter(({ sides }) => sides.length > 0);
  return run => known.find(({ engine }) => !isPage(run) || engine === run.engine)?.sides ?? [];
}

function laterOf(again: readonly Run[]): (run: Run) => readonly Run[] {
  const rounds = new Map<string, Run[]>();
  for (const run of again) rounds.set(runKey(run), [...(rounds.get(runKey(run)) ?? []), run]);
  return run => rounds.get(runKey(run)) ?? [];
}

const restlessSides = (run: Run, rounds: readonly Run[]): readonly Side[] =>
  SIDES.filter(side => rounds.some(later => behaviour(later, side) !== behaviour(run, side)));

/** Those that were not answered as before: a third look tells what happened once from what comes and goes. */
export function restlessOf(runs: readonly Run[], again: readonly Run[]): Run[] {
  const later = laterOf(again);
  return runs.filter(run => restlessSides(run, later(run)).length > 0);
}

/**
 * Holds the two servers side by side.
 * @param runs every probe, once per engine
 * @param again those of them that differed, sent again, once or more often: what differs only once is no change
 */
export function compareServers(runs: readonly Run[], again: readonly Run[] = []): Comparison {
  const later = laterOf(again);
  const turns = turnsOf(runs.filter(isPage).map(factsOf));
  const varies = variations(runs);
  const drafts: Change[] = [];
  const unsteady: Unsteady[] = [];
  for (const run of runs) {
    if (!differs(run)) continue;
    const byTurns = turns(run);
    const isRepeat = isPage(run) && run.probe.reading === 'repeat';
    if (byTurns.length === 1) {
      if (isRepeat) drafts.push(...draftsOf(run, varies).map(one => ({ ...one, note: BY_TURNS })));
      continue;
    }
    const rounds = later(run);
    const restless = restlessSides(run, rounds);
    if (restless.length === 0 && byTurns.length === 0) drafts.push(...draftsOf(run, varies));
    else
      unsteady.push({
        words: run.probe.words,
        engine: isPage(run) ? run.engine : 'wire',
        sides: byTurns.length > 0 ? byTurns : restless,
        counts: byTurns.length === 0 && restless.length === 1 && rounds.some(differs),
      });
  }
  return { changes: settle(drafts), unsteady };
}

function draftsOf(run: Run, varies: ReturnType<typeof variations>): Change[] {
  const surroundings = varies(run.probe.path);
  if (isPage(run)) return pageDrafts(factsOf(run), surroundings);
  const { before, after } = run.exchanges;
  const answers = { before: answerFacts(before), after: answerFacts(after) };
  return wireDrafts(run.probe, [], surroundings, answers);
}

const requestOf = ({ id, words }: Probe) => ({ id, words });

function pageDrafts(one: Faced, varies: Readonly<Record<Side, boolean>>): Change[] {
  const { probe, engine } = one.run;
  const seen = seenOf(one);
  const answers = pairs(one);
  if (seen.before === seen.after) {
    if (probe.reading !== 'single') return [];
    return answers.flatMap(pair => wireDrafts(probe, [engine], varies, pair));
  }
  const why = whyOf(one);
  return [
    {
      level: 'page',
      direction: directionOf(one),
      seen,
      headers: answers.flatMap(({ before, after }) => headerChanges(before, after)),
      standing: probe.standing,
      requests: [requestOf(probe)],
      engines: [engine],
      ...(why && { why }),
    },
  ];
}

function wireDrafts(
  probe: Probe,
  engines: readonly string[],
  varies: Readonly<Record<Side, boolean>>,
  answers: Answers,
): Change[] {
  return headerChanges(answers.before, answers.after).map(change => {
    const { level, note }: Weight = weigh(change, { ...answers, varies });
    return {
      level,
      direction: 'other',
      seen: null,
      headers: [change],
      standing: probe.standing,
      requests: [requestOf(probe)],
      engines,
      ...(note !== undefined && { note }),
    };
  });
}

const keyOf = (change: HeaderChange): string => JSON.stringify(change);

/** Joins what is the same, first over engines and then over requests, and leaves out what a higher level shows. */
function settle(drafts: readonly Change[]): Change[] {
  const shownAt = (level: Level) =>
    new Set(drafts.flatMap(change => (change.level === level ? change.headers.map(keyOf) : [])));
  const [inPages, onWire] = [shownAt('page'), shownAt('wire')];
  const shown = ({ level, headers }: Change) =>
    headers.every(
      one => (level !== 'page' && inPages.has(keyOf(one))) || (level === 'form' && onWire.has(keyOf(one))),
    );
  const left = drafts.filter(change => change.level === 'page' || !shown(change));
  const perRequest = join(left, change => [change.requests]);
  const joined = join(perRequest, change => [change.level === 'page' ? change.engines : null]);
  const rank = ({ level, direction, standing }: Change) =>
    LEVELS.indexOf(level) * 10 +
    (standing === 'listed' ? (direction === 'closed' ? 1 : 2) : direction === 'opened' ? 0 : 3);
  return joined.sort((a, b) => rank(a) - rank(b));
}

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];

function join(changes: readonly Change[], also: (change: Change) => unknown[]): Change[] {
  const groups = new Map<string, Change>();
  for (const change of changes) {
    const { level, direction, seen, headers, note } = change;
    const standing = level === 'page' ? change.standing === 'listed' : null;
    const key = JSON.stringify([level, direction, seen, headers, note, standing, ...also(change)]);
    const known = groups.get(key);
    groups.set(
      key,
      known
        ? {
            ...known,
            engines: union(known.engines, change.engines),
            requests: [
              ...known.requests,
              ...change.requests.filter(one => !known.requests.some(({ id }) => id === one.id)),
            ],
          }
        : change,
    );
  }
  return [...groups.values()];
}

/** True where a page, a cache or a browser can tell the two releases apart. */
export const isChanged = ({
  changes,
  unsteady,
}: {
  readonly changes: readonly { readonly level: Level }[];
  readonly unsteady: readonly { readonly counts: boolean }[];
}): boolean => changes.some(({ level }) => level !== 'form') || unsteady.some(({ counts }) => counts);

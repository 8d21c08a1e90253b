/** Two servers side by side: what became different, how much it means, and why. Pure. */
import { explain } from '../standard/explain.ts';
import type { Explanation } from '../verdict/record.ts';
import { replay } from '../verdict/replay.ts';
import type { Exchange, Role } from '../wire/exchange.ts';
import { type AnswerFacts, answerFacts, CORS_HEADERS, type StepFacts } from './facts.ts';
import { type Probe, SIDES, type Side } from './plan.ts';
import {
  differs,
  directionOf,
  engineOf,
  type Faced,
  factsOf,
  isPage,
  laterOf,
  type Run,
  restlessSides,
  seenOf,
  turnsOf,
} from './runs.ts';
import { type Change, type Level, settle } from './settle.ts';
import { type HeaderChange, type Weight, weigh } from './weigh.ts';

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

/** Left out beside a server that answers by turns: what else differs comes and goes with that. */
const BY_TURNS = 'It answers the same request by turns; what else differs is left out.';

/**
 * Holds the two servers side by side.
 * @param runs every probe, once per engine
 * @param again those of them that differed, sent again, once or more often: what differs only once is no change
 */
export function compareServers(runs: readonly Run[], again: readonly Run[] = []): Comparison {
  const later = laterOf(again);
  const turns = turnsOf(runs);
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
        engine: engineOf(run) ?? 'wire',
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

/** True where a page, a cache or a browser can tell the two releases apart. */
export const isChanged = ({
  changes,
  unsteady,
}: {
  readonly changes: readonly { readonly level: Level }[];
  readonly unsteady: readonly { readonly counts: boolean }[];
}): boolean => changes.some(({ level }) => level !== 'form') || unsteady.some(({ counts }) => counts);

/** What pages notice of a probe's two servers, one draft of a change per thing noticed. */
import { explain } from '../standard/explain.ts';
import { replay } from '../verdict/replay.ts';
import type { RequestRole } from '../wire/exchange.ts';
import type { Effect, SideExplanation } from './change.ts';
import { type AnswerFacts, answerFacts, CORS_HEADERS, type PageView, type StepFacts } from './facts.ts';
import { allowsAsking, type HeaderChange, succeeded } from './header-changes.ts';
import { type BySide, SIDES, type Side } from './plan.ts';
import { alternatingSides, exchangesOf, type PageRunPair, pageFacts, viewsOf } from './runs.ts';
import { listDifference } from './transitions.ts';

/** Something that a page notices, before it is known to whom it matters. */
export interface PageEffect {
  readonly effect: Effect;
  readonly seen: BySide<string>;
}

const readable = (steps: readonly StepFacts[]): number => steps.filter(step => step.readable).length;

const carriedOut = (run: PageRunPair, side: Side): number =>
  exchangesOf(run, side).filter(({ role }) => role === 'actual').length;

/** The effects of a run, the most important first; none if no page notices a difference. */
export function pageEffects(run: PageRunPair): PageEffect[] {
  const facts = pageFacts(run);
  const views = viewsOf(run, facts);
  const seen = (key: keyof PageView) => ({ before: views.before[key], after: views.after[key] });
  const differs = (key: keyof PageView) => views.before[key] !== views.after[key];
  const alternating = alternatingSides(run);
  if (alternating.length === 1)
    return [
      {
        effect: alternating[0] === 'after' ? 'alternates' : 'no-longer-alternates',
        seen: seen('outcome'),
      },
    ];
  if (differs('outcome')) {
    const effect = outcomeEffect(run, facts);
    return effect ? [{ effect, seen: seen('outcome') }] : [];
  }
  const effects: PageEffect[] = [];
  if (differs('status')) effects.push({ effect: 'status', seen: seen('status') });
  if (differs('exposed')) effects.push({ effect: 'exposed', seen: seen('exposed') });
  if (differs('preflights')) effects.push({ effect: 'preflights', seen: seen('preflights') });
  return effects;
}

function outcomeEffect(run: PageRunPair, facts: BySide<readonly StepFacts[]>): Effect | null {
  const last = (side: Side) => (run.probe.interpretation === 'second' ? facts[side].slice(-1) : facts[side]);
  const [had, has] = [readable(last('before')), readable(last('after'))];
  if (run.probe.interpretation === 'second')
    return had === has ? null : had < has ? 'cache-read' : 'cache-blocked';
  if (had !== has) return had < has ? 'reads' : 'no-longer-reads';
  const [sent, sends] = [carriedOut(run, 'before'), carriedOut(run, 'after')];
  if (sent === sends) return null;
  return sent < sends ? 'carried-out' : 'no-longer-sent';
}

const firstOf = (steps: readonly StepFacts[], role: RequestRole): AnswerFacts | undefined =>
  steps.flatMap(step => step.answers).find(answer => answer.role === role);

export interface AnswerPair {
  readonly before: AnswerFacts;
  readonly after: AnswerFacts;
}

/** The answers that both servers gave to the same kind of request. */
export function answerPairs(run: PageRunPair): AnswerPair[] {
  const facts = pageFacts(run);
  return (['preflight', 'actual'] as const).flatMap(role => {
    const [before, after] = SIDES.map(side => firstOf(facts[side], role));
    return before && after ? [{ before, after }] : [];
  });
}

/** What differs between two answers. */
export function headerChanges({ before, after }: AnswerPair): HeaderChange[] {
  const changes: HeaderChange[] = [];
  const add = (name: HeaderChange['name'], a: string | null, b: string | null) => {
    if (a !== b) changes.push({ on: before.role, name, before: a, after: b });
  };
  const text = (status: number | null) => (status === null ? null : String(status));
  const time = ({ slow }: AnswerFacts) => (slow ? 'over 2 s' : null);
  add('end', before.broken ?? null, after.broken ?? null);
  add('time', time(before), time(after));
  // Where one side did not answer, all that the other one said differs for that reason.
  if (before.status === null || after.status === null) return changes;
  add('status', text(before.status), text(after.status));
  for (const name of CORS_HEADERS) add(name, before.headers[name] ?? null, after.headers[name] ?? null);
  return changes;
}

/** By the step at which the Standard stops: what in the answer decided. */
const DECIDERS: Readonly<Record<string, HeaderChange['name']>> = {
  'cors.allow-origin-missing': 'access-control-allow-origin',
  'cors.allow-origin-differs': 'access-control-allow-origin',
  'cors.allow-origin-wildcard-with-credentials': 'access-control-allow-origin',
  'cors.allow-credentials-missing': 'access-control-allow-credentials',
  'cors.allow-credentials-differs': 'access-control-allow-credentials',
  'preflight.status': 'status',
  'preflight.redirect': 'status',
  'preflight.method': 'access-control-allow-methods',
  'preflight.header': 'access-control-allow-headers',
  'network-failure': 'end',
};

interface Stop {
  readonly decider: HeaderChange['name'] | null;
  readonly why: SideExplanation;
}

/** Why one side is blocked, by the Standard; undefined if it is not, or the engine did otherwise. */
function stopOf(run: PageRunPair, side: Side): Stop | undefined {
  const observed = run.steps[run.probe.sides.indexOf(side)];
  if (!observed) return undefined;
  const [replayed] = replay(run.scene, [observed]).steps;
  if (!replayed || replayed.difference !== undefined) return undefined;
  const stop = replayed.prediction.trace.findLast(({ result }) => result === 'stop');
  const [explained] = explain(replayed.prediction);
  if (!stop || !explained) return undefined;
  return { decider: DECIDERS[stop.id] ?? null, why: { side, ...explained } };
}

export interface Decision {
  readonly cause: HeaderChange | null;
  readonly why?: SideExplanation;
}

/** Which header decides, if the Standard does not say. */
const BY_EFFECT: Readonly<Partial<Record<Effect, readonly HeaderChange['name'][]>>> = {
  exposed: ['access-control-expose-headers'],
  preflights: ['access-control-max-age'],
  status: ['status'],
  'cache-read': ['vary', 'access-control-allow-origin'],
  'cache-blocked': ['vary', 'access-control-allow-origin'],
};
const LIKELY: readonly HeaderChange['name'][] = [
  'end',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'status',
  'access-control-allow-methods',
  'access-control-allow-headers',
];

/** Which change of the answers decides about an effect, and why. */
export function decisionOf(run: PageRunPair, effect: Effect): Decision {
  const all = answerPairs(run).flatMap(headerChanges);
  const blocked: Side = effect === 'reads' || effect === 'carried-out' ? 'before' : 'after';
  const isOutcome = ['reads', 'carried-out', 'no-longer-reads', 'no-longer-sent'].includes(effect);
  const stop = isOutcome && run.probe.interpretation === 'single' ? stopOf(run, blocked) : undefined;
  const wanted = [
    ...(stop?.decider ? [stop.decider] : []),
    ...(BY_EFFECT[effect] ?? (isOutcome || /alternates/.test(effect) ? LIKELY : [])),
  ];
  // The page sees the status of the answer to its own request only.
  const here = effect === 'status' ? all.filter(({ on }) => on === 'actual') : all;
  const cause = wanted
    .map(name => here.find(change => change.name === name))
    .find(change => change !== undefined);
  return { cause: cause ?? null, ...(stop && { why: stop.why }) };
}

/** What a refused request decides: nothing but its status. */
export const statusChange = (run: PageRunPair): HeaderChange | null =>
  answerPairs(run)
    .flatMap(headerChanges)
    .find(({ on, name }) => on === 'actual' && name === 'status') ?? null;

const OUTCOMES: ReadonlySet<Effect> = new Set(['reads', 'carried-out', 'no-longer-reads', 'no-longer-sent']);

/**
 * True if a header is one more reason for what the page notices already in the same answer: by itself it would stop the
 * request on one side, and it says nothing about other requests.
 */
export function decidesToo(
  change: HeaderChange,
  answers: AnswerPair,
  effect: Effect,
  {
    request,
    credentials,
  }: { readonly request: PageRunPair['probe']['case']['steps'][number]; readonly credentials: boolean },
): boolean {
  if (!OUTCOMES.has(effect)) return false;
  const { name, before, after } = change;
  const isPreflight = change.on === 'preflight';
  const items = () => Object.values(listDifference(change)).flat();
  switch (name) {
    case 'access-control-allow-origin':
      return allowsAsking(answers.before) !== allowsAsking(answers.after);
    case 'access-control-allow-credentials':
      return credentials && (before === 'true') !== (after === 'true');
    case 'status':
      return isPreflight && succeeded(before) !== succeeded(after);
    case 'access-control-allow-methods':
      return isPreflight && 'request' in request && items().every(item => item === request.request.method);
    case 'access-control-allow-headers': {
      const own =
        'request' in request ? (request.request.headers ?? []).map(([one]) => one.toLowerCase()) : [];
      return isPreflight && items().every(item => own.includes(item));
    }
    default:
      return false;
  }
}

/** The facts of a plain probe's answers. */
export const plainAnswers = (
  exchanges: BySide<Parameters<typeof answerFacts>[0]>,
  timed: boolean,
): AnswerPair => ({
  before: answerFacts(exchanges.before, timed),
  after: answerFacts(exchanges.after, timed),
});

/** The record turned the way people read it: one row per case, one column per engine, grouped by suite. */
import type { Explanation } from '../harness/standard/explain.ts';
import type { Check, EngineRecord, Result, RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { isUnexpected, STATUSES, type Status, statusOf } from './status.ts';

export interface CaseRow {
  readonly case: Result['case'];
  readonly expected: Result['expected'];
  readonly results: ReadonlyMap<RunEngineName, Result>;
}

export interface SuiteRows {
  readonly id: string;
  readonly rows: readonly CaseRow[];
}

/** Suites and cases in the order of the record. */
export function suitesOf(record: RunRecord): SuiteRows[] {
  type Row = CaseRow & { results: Map<RunEngineName, Result> };
  const suites = new Map<string, Map<string, Row>>();
  for (const result of record.results) {
    const rows = suites.get(result.case.suite) ?? new Map<string, Row>();
    suites.set(result.case.suite, rows);
    const row = rows.get(result.case.id) ?? {
      case: result.case,
      expected: result.expected,
      results: new Map<RunEngineName, Result>(),
    };
    rows.set(result.case.id, row);
    row.results.set(result.engine, result);
  }
  return [...suites].map(([id, rows]) => ({ id, rows: [...rows.values()] }));
}

/** The engines of a record in its order, including those that only results name. */
export function engineNames(record: RunRecord): RunEngineName[] {
  return [...new Set([...record.engines, ...record.results.map(r => ({ name: r.engine }))].map(e => e.name))];
}

export { engineTitle } from '../harness/case/engine-name.ts';

/** Version, build, channel, system and driver of an engine, without what the others already say. */
export function provenanceOf(engine: EngineRecord): string[] {
  if (engine.name === 'model') return [engine.build];
  const parts = [engine.version, engine.build, engine.channel, engine.os, engine.driver].filter(
    part => part !== '',
  );
  return parts.filter(
    (part, n) => !parts.some(other => other !== part && other.includes(part)) && parts.indexOf(part) === n,
  );
}

/** `readable`, `blocked: preflight`, … */
export function outcomeWord(outcome: Result['expected']): string {
  return outcome.blockedAt ? `${outcome.outcome}: ${outcome.blockedAt}` : outcome.outcome;
}

/** What a cell says: the outcome as script saw it, or why there is none. */
export function cellWord(result: Result): string {
  const status = statusOf(result);
  if (!result.observed || status === 'harness-error') return STATUSES[status].word;
  return outcomeWord(result.observed);
}

/** Where the outcome alone is right: the first check that is not met. */
export function unmetBesides(result: Result): string | null {
  if (!result.observed || outcomeWord(result.observed) !== outcomeWord(result.expected)) return null;
  return failedChecks(result)[0]?.id ?? null;
}

/** What to change on the server for this step; null where the server is not at fault. */
export function fixOf(result: Pick<Result, 'fault'>, step: Explanation): string | null {
  return result.fault === 'engine' ? null : (step.fix ?? null);
}

export function failedChecks(result: Result): Check[] {
  return result.checks.filter(check => !check.ok);
}

/** The shortest account of a result that is not a plain pass, as one sentence or part of one. */
export function storyOf(result: Result): string {
  const status = statusOf(result);
  if (status === 'stale') {
    return result.deviation
      ? `no longer happens: ${result.deviation.what}`
      : 'a known deviation no longer happens';
  }
  if ((status === 'known' || status === 'unlisted') && result.deviation) return result.deviation.what;
  const [check, ...more] = failedChecks(result);
  if (check && !result.reason) {
    const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
    return `${check.id}: expected ${check.expected || '(nothing)'}, observed ${check.observed || '(nothing)'}${rest}`;
  }
  return result.reason ?? result.case.because ?? STATUSES[status].word;
}

const FAULTS: Readonly<Record<NonNullable<Result['fault']>, string>> = {
  server: 'the server: a browser that follows the Standard must do this with its answer',
  engine: 'the browser: the Standard asks for something else with the same answer',
  none: 'none: server and browser did what the Standard allows',
};

/** Whose fault a failure is, in words, or null if that was not examined. */
export function faultWords(result: Pick<Result, 'fault'>): string | null {
  return result.fault ? FAULTS[result.fault] : null;
}

/** Results of one case that share status and story: one message names all their engines. */
export interface ResultDetails {
  readonly row: CaseRow;
  readonly status: Status;
  readonly engines: readonly RunEngineName[];
  readonly story: string;
  /** The first of them; the others differ in bytes and times only. */
  readonly result: Result;
}

export function storiesOf(rows: readonly CaseRow[], wanted: (status: Status) => boolean): ResultDetails[] {
  const stories: ResultDetails[] = [];
  for (const row of rows) {
    const byStory = new Map<
      string,
      { status: Status; engines: RunEngineName[]; story: string; result: Result }
    >();
    for (const [engine, result] of row.results) {
      const status = statusOf(result);
      if (!wanted(status)) continue;
      const story = storyOf(result);
      const key = JSON.stringify([status, story, result.fault]);
      const known = byStory.get(key);
      if (known) known.engines.push(engine);
      else byStory.set(key, { status, engines: [engine], story, result });
    }
    for (const story of byStory.values()) stories.push({ row, ...story });
  }
  return stories;
}

/**
 * Differences that are not listed for an engine's build: first what no entry describes, then what an entry describes
 * that is listed for other builds.
 */
export function unlistedStories(rows: readonly CaseRow[]): {
  readonly fresh: readonly ResultDetails[];
  readonly asElsewhere: readonly ResultDetails[];
} {
  const stories = storiesOf(rows, status => status === 'unlisted');
  return {
    fresh: stories.filter(({ result }) => result.deviation === undefined),
    asElsewhere: stories.filter(({ result }) => result.deviation !== undefined),
  };
}

/** Everything unexpected: wrong results first, then stale entries, then what could not be judged. */
export function unexpectedStories(rows: readonly CaseRow[]): ResultDetails[] {
  const order: readonly Status[] = ['fail', 'stale', 'harness-error'];
  return storiesOf(rows, isUnexpected).sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
}

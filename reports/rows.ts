/** The record turned the way people read it: one row per case, one column per engine, grouped by suite. */
import type {
  Check,
  EngineRecord,
  Explanation,
  Result,
  RunEngineName,
  RunRecord,
} from '../harness/verdict/record.ts';
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

const TITLES: Readonly<Record<RunEngineName, string>> = {
  chromium: 'Chromium',
  firefox: 'Firefox',
  webkit: 'WebKit',
  model: 'Model',
};

export function engineTitle(name: RunEngineName): string {
  return TITLES[name];
}

/** Version, build, channel, system and driver of an engine, without what the others already say. */
export function provenanceOf(engine: EngineRecord): string[] {
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
  if (!result.observed || status === 'harness-error' || status === 'blocked') return STATUSES[status].word;
  return outcomeWord(result.observed);
}

/** Where the outcome alone is right: the first check that is not met. */
export function unmetBesides(result: Result): string | null {
  if (!result.observed || outcomeWord(result.observed) !== outcomeWord(result.expected)) return null;
  return failedChecks(result)[0]?.id ?? null;
}

/** What to change on the server for this step; null where the server is not at fault. */
export function fixOf(result: Pick<Result, 'fault'>, step: Explanation): string | null {
  return result.fault === 'engine' || result.fault === 'harness' ? null : (step.fix ?? null);
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
  if (status === 'known' && result.deviation) return result.deviation.what;
  const [check, ...more] = failedChecks(result);
  if (check && !result.reason) {
    const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
    return `${check.id}: expected ${check.expected || '(nothing)'}, observed ${check.observed || '(nothing)'}${rest}`;
  }
  return result.reason ?? result.case.because ?? STATUSES[status].word;
}

const FAULTS: Readonly<Record<NonNullable<Result['fault']>, string>> = {
  server: 'the server: by the Standard its answer leads to just this',
  engine: 'the browser: by the Standard the same answer leads to something else',
  harness: 'the tool itself, not the server and not the browser',
  none: "nobody's: both behaved as the Standard allows",
};

/** Whose fault a failure is, in words, or null where nobody looked. */
export function faultWords(result: Pick<Result, 'fault'>): string | null {
  return result.fault ? FAULTS[result.fault] : null;
}

/** Results of one case that share status and story: one message names all their engines. */
export interface Story {
  readonly row: CaseRow;
  readonly status: Status;
  readonly engines: readonly RunEngineName[];
  readonly story: string;
  /** The first of them; the others differ in bytes and times only. */
  readonly result: Result;
}

export function storiesOf(rows: readonly CaseRow[], wanted: (status: Status) => boolean): Story[] {
  const stories: Story[] = [];
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

/** Everything unexpected: wrong results first, then stale entries, then what could not be judged. */
export function unexpectedStories(rows: readonly CaseRow[]): Story[] {
  const order: readonly Status[] = ['fail', 'stale', 'harness-error', 'blocked'];
  return storiesOf(rows, isUnexpected).sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
}

/** Two runs side by side: what was added, removed, fixed, broken, or fails for another reason. Pure. */
import type { Finding } from './finding.ts';
import { withoutUrls } from './observed-text.ts';
import type { EngineRecord, Result, RunEngineName, RunRecord, VerdictName } from './record.ts';

/**
 * What became of one case in one engine. `lost`: it had a verdict and now has none (harness trouble, not run);
 * `gained`: the other way round. `changed`: no better and no worse, but not for the same reason as before.
 */
export const CHANGE_KINDS = ['regressed', 'lost', 'changed', 'fixed', 'gained', 'removed', 'added'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface ComparedResult {
  readonly verdict: VerdictName;
  /** What was seen, or why there is no verdict, in a few words. */
  readonly did: string;
}

export interface ResultChange {
  readonly kind: ChangeKind;
  readonly suite: string;
  readonly case: string;
  readonly title: string;
  readonly engine: RunEngineName;
  readonly before: ComparedResult | null;
  readonly after: ComparedResult | null;
}

export interface EngineChange {
  readonly name: RunEngineName;
  /** Version and build, or null where it was not in that run or did not start. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface RunComparison {
  /** In the order of CHANGE_KINDS, within it in the order of the runs. */
  readonly changes: readonly ResultChange[];
  /** How many results both runs have, with or without a verdict. */
  readonly compared: number;
  /** How many of them are the same. */
  readonly unchanged: number;
  /** Engines that are not the same build in both. */
  readonly engines: readonly EngineChange[];
  /**
   * Open findings at places where the other run has none of the kind; `accepted`: what a baseline accepts by now but
   * did not before, and so is still there.
   */
  readonly findings: {
    readonly added: readonly Finding[];
    readonly accepted: readonly Finding[];
    readonly removed: readonly Finding[];
  };
}

const judged = (result: Result): boolean =>
  result.verdict === 'pass' || result.verdict === 'fail' || result.verdict === 'info';

const words = (outcome: { outcome: string; blockedAt?: string | undefined }): string =>
  outcome.blockedAt ? `${outcome.outcome}: ${outcome.blockedAt}` : outcome.outcome;

/**
 * What a result shows, as a text that is equal for equal behaviour: outcome and what every unmet check saw. Ports,
 * run paths and times are new in every run and no behaviour.
 */
export function behaviourOf(result: Result): string {
  const unmet = result.checks.filter(check => !check.ok);
  const seen = unmet.map(check => [check.id, withoutUrls(check.observed)]);
  return JSON.stringify([result.observed && words(result.observed), seen]);
}

function sideOf(result: Result): ComparedResult {
  const { verdict, observed, checks, reason } = result;
  if (!judged(result)) return { verdict, did: reason ?? verdict };
  const unmet = checks.find(check => !check.ok);
  const seen = observed ? words(observed) : verdict;
  return { verdict, did: unmet ? `${seen} (${unmet.id}: ${unmet.observed || 'nothing'})` : seen };
}

/** Null where the two are the same. */
function kindOf(before: Result, after: Result): ChangeKind | null {
  if (judged(before) !== judged(after)) return judged(before) ? 'lost' : 'gained';
  if (!judged(before)) return null;
  const [wasWrong, isWrong] = [before.verdict === 'fail', after.verdict === 'fail'];
  if (wasWrong !== isWrong) return isWrong ? 'regressed' : 'fixed';
  return behaviourOf(before) === behaviourOf(after) ? null : 'changed';
}

const keyOf = ({ case: { suite, id }, engine }: Result): string => JSON.stringify([suite, id, engine]);
/** A finding joins places; each of them can come and go by itself. */
const placesOf = ({ id, resource, places }: Finding): string[] =>
  (places ?? [resource]).map(place => JSON.stringify([id, place]));

function changeOf(kind: ChangeKind, before: Result | undefined, after: Result | undefined): ResultChange[] {
  const about = after ?? before;
  if (!about) return [];
  return [
    {
      kind,
      suite: about.case.suite,
      case: about.case.id,
      title: about.case.title,
      engine: about.engine,
      before: before ? sideOf(before) : null,
      after: after ? sideOf(after) : null,
    },
  ];
}

const buildOf = (engine: EngineRecord | undefined): string | null =>
  engine === undefined || engine.notRun !== undefined ? null : `${engine.version} (${engine.build})`;

function engineChanges(before: RunRecord, after: RunRecord): EngineChange[] {
  const names = [...new Set([...before.engines, ...after.engines].map(engine => engine.name))];
  const build = (record: RunRecord, name: string) =>
    buildOf(record.engines.find(engine => engine.name === name));
  return names
    .map(name => ({ name, before: build(before, name), after: build(after, name) }))
    .filter(change => change.before !== change.after);
}

const open = (record: RunRecord): Finding[] => (record.findings ?? []).filter(finding => !finding.accepted);

export function compareRuns(before: RunRecord, after: RunRecord): RunComparison {
  const earlier = new Map(before.results.map(result => [keyOf(result), result]));
  const later = new Map(after.results.map(result => [keyOf(result), result]));
  const changes: ResultChange[] = [];
  let compared = 0;
  for (const [key, result] of later) {
    const old = earlier.get(key);
    if (!old) {
      changes.push(...changeOf('added', undefined, result));
      continue;
    }
    compared += 1;
    const kind = kindOf(old, result);
    if (kind) changes.push(...changeOf(kind, old, result));
  }
  const unchanged = compared - changes.filter(({ kind }) => kind !== 'added').length;
  for (const [key, result] of earlier)
    if (!later.has(key)) changes.push(...changeOf('removed', result, undefined));
  const known = new Set(open(before).flatMap(placesOf));
  const left = new Set((after.findings ?? []).flatMap(placesOf));
  return {
    changes: changes.sort((a, b) => CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind)),
    compared,
    unchanged,
    engines: engineChanges(before, after),
    findings: {
      added: open(after).filter(finding => placesOf(finding).some(place => !known.has(place))),
      accepted:
        after.findings?.filter(
          finding => finding.accepted === true && placesOf(finding).some(place => known.has(place)),
        ) ?? [],
      removed: open(before).filter(finding => placesOf(finding).some(place => !left.has(place))),
    },
  };
}

/** True where something got worse: a case regressed, or there is a new finding that is more than a note. */
export function isWorse({ changes, findings }: RunComparison): boolean {
  return (
    changes.some(({ kind }) => kind === 'regressed') ||
    findings.added.some(({ severity }) => severity !== 'note')
  );
}

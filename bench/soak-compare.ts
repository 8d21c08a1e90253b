/** What two runs of the same thing must have in common, and whether a series of measurements grows. */
import type { RunRecord } from '../harness/verdict/record.ts';

/** What a run says, by what it says it about. */
export type SoakAnswers = Readonly<Record<string, string>>;

/** The verdict of each case in each engine, with the outcome and the checks that it rests on. */
export const toldOfRun = ({ results }: RunRecord): SoakAnswers =>
  Object.fromEntries(
    results.map(({ engine, case: about, verdict, observed, checks }) => [
      `${engine} ${about.suite}:${about.id}`,
      [verdict, observed?.outcome ?? 'nothing', ...checks.filter(({ ok }) => !ok).map(({ id }) => id)].join(
        ' ',
      ),
    ]),
  );

/** Every finding with what it accuses whom of, and what became of every check. */
export const toldOfVerify = ({ findings = [], checks = [] }: RunRecord): SoakAnswers =>
  Object.fromEntries([
    ...findings.map(
      ({ id, severity, rank, headline, engines, origins = [], places = [], letIn = [] }) =>
        [
          `finding ${id}`,
          JSON.stringify([
            severity,
            rank,
            headline,
            ...[engines, origins, places, letIn].map(list => [...list].sort()),
          ]),
        ] as const,
    ),
    ...checks.map(({ id, state }) => [`check ${id}`, state] as const),
  ]);

/** One line for each thing of which two runs say something else, or only one says anything. */
export function differences(first: SoakAnswers, later: SoakAnswers): string[] {
  const about = [...new Set([...Object.keys(first), ...Object.keys(later)])].sort();
  return about.flatMap(what =>
    first[what] === later[what]
      ? []
      : [`${what}: ${first[what] ?? '(missing)'} → ${later[what] ?? '(missing)'}`],
  );
}

/** Bytes that a third may have more than the one before it without being called growth. */
const TOLERATED = 4 * 1024 * 1024;
const FEWEST = 6;

/** How many bytes the last third of a series has more than the middle one, by their medians; the first third warms up. */
export function growth(bytes: readonly number[]): number {
  if (bytes.length < FEWEST) return 0;
  const third = Math.floor(bytes.length / 3);
  return median(bytes.slice(-third)) - median(bytes.slice(-2 * third, -third));
}

/** True if a series goes on growing after it has warmed up. */
export const grows = (bytes: readonly number[]): boolean => growth(bytes) > TOLERATED;

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** What the recorded runs of all cases in releases of engines showed: the form of engine-releases.json. */
import type { RunRecord } from '../verdict/record.ts';

/** One release, as it ran. */
export interface RecordedRelease {
  readonly engine: string;
  readonly version: string;
  readonly build: string;
  /** How many cases gave a verdict, and how many of them differed from the Standard. */
  readonly cases: number;
  readonly differ: number;
}

export interface RecordedReleases {
  /** The day of the last run. */
  readonly recorded: string;
  /** Oldest first. */
  readonly releases: readonly RecordedRelease[];
  /** The cases that differed from the Standard somewhere, with the releases: "92-103 109". */
  readonly differs: Readonly<Record<string, string>>;
}

const major = (version: string): number => Number.parseInt(version, 10);

/** @returns what the records of runs come to; of two records of one release, the later one counts */
export function releasesOf(records: readonly RunRecord[]): RecordedReleases {
  const byMajor = new Map<number, RunRecord>();
  for (const record of [...records].sort((a, b) => (a.run.started < b.run.started ? -1 : 1)))
    byMajor.set(major(record.engines[0]?.version ?? ''), record);
  const sorted = [...byMajor].sort(([a], [b]) => a - b);
  const differing = sorted.map(([, record]) => new Set(differingCases(record)));
  const ids = [...new Set(differing.flatMap(set => [...set]))].sort();
  const majors = sorted.map(([number]) => number);
  return {
    recorded: (
      records
        .map(({ run }) => run.started)
        .sort()
        .at(-1) ?? ''
    ).slice(0, 10),
    releases: sorted.map(([, { engines, results }], index) => ({
      engine: 'chromium',
      version: engines[0]?.version ?? '',
      build: /[\\/]|^headless shell /.test(engines[0]?.build ?? '')
        ? 'headless shell, from npm'
        : (engines[0]?.build ?? ''),
      cases: results.filter(({ checks }) => checks.length > 0).length,
      differ: differing[index]?.size ?? 0,
    })),
    differs: Object.fromEntries(
      ids.map(id => [id, rangesOf(majors, number => differing[majors.indexOf(number)]?.has(id) ?? false)]),
    ),
  };
}

/** The Standard asks for it, and the engine does something else. */
const differingCases = ({ results }: RunRecord): string[] =>
  results.filter(({ verdict }) => verdict === 'fail').map(one => one.case.id);

/** Neighbouring releases of a list as ranges. */
function rangesOf(majors: readonly number[], has: (major: number) => boolean): string {
  const ranges: [number, number][] = [];
  let open = false;
  for (const number of majors) {
    const last = ranges.at(-1);
    if (has(number)) {
      if (open && last) last[1] = number;
      else ranges.push([number, number]);
    }
    open = has(number);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}

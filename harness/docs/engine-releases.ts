/** What the recorded runs of all cases in releases of engines showed: the form of engine-releases.json. */
import { familyOf } from '../case/engine-name.ts';
import { rangesOf } from '../verdict/deviations.ts';
import type { RunRecord } from '../verdict/record.ts';

/** One release, as it ran. */
export interface RecordedRelease {
  readonly engine: string;
  readonly version: string;
  readonly build: string;
  /** How many cases there were. */
  readonly of: number;
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

/** One release with the cases in which it differed. */
interface Tried {
  readonly release: RecordedRelease;
  readonly differing: ReadonlySet<string>;
}

/**
 * @param before what was recorded earlier: releases that did not run again stay as they are
 * @returns what the records of runs come to; of two runs of one release, the later one counts
 */
export function releasesOf(records: readonly RunRecord[], before?: RecordedReleases): RecordedReleases {
  const byMajor = new Map<number, Tried>((before ? triedOf(before) : []).map(one => [majorOf(one), one]));
  for (const record of [...records].sort((a, b) => (a.run.started < b.run.started ? -1 : 1)))
    for (const one of chromiumIn(record)) byMajor.set(majorOf(one), one);
  const sorted = [...byMajor.values()].sort((a, b) => majorOf(a) - majorOf(b));
  const ids = [...new Set(sorted.flatMap(({ differing }) => [...differing]))].sort();
  const days = records.map(({ run }) => run.started.slice(0, 10));
  return {
    recorded: [before?.recorded ?? '', ...days].sort().at(-1) ?? '',
    releases: sorted.map(({ release }) => release),
    differs: Object.fromEntries(ids.map(id => [id, rangesIn(sorted, id)])),
  };
}

const majorOf = ({ release }: Tried): number => major(release.version);

/** True where a release was recorded, and with as many cases as there are now. */
export const isRecorded = ({ releases }: RecordedReleases, release: number, cases: number): boolean =>
  releases.some(({ version, of }) => major(version) === release && of === cases);

function triedOf({ releases, differs }: RecordedReleases): Tried[] {
  return releases.map(release => {
    const holding = Object.entries(differs).filter(([, ranges]) =>
      rangesOf(ranges).some(([from, to]) => major(release.version) >= from && major(release.version) <= to),
    );
    return { release, differing: new Set(holding.map(([id]) => id)) };
  });
}

/** The releases of Chromium that a run was of. */
function chromiumIn({ engines, results }: RunRecord): Tried[] {
  return engines
    .filter(({ name, notRun }) => familyOf(name) === 'chromium' && notRun === undefined)
    .map(({ name, version, build }) => {
      const own = results.filter(({ engine }) => engine === name);
      // The Standard asks for it, and the engine does something else.
      const differing = new Set(own.filter(({ verdict }) => verdict === 'fail').map(one => one.case.id));
      return {
        release: {
          engine: 'chromium',
          version,
          build: /[\\/]|^headless shell /.test(build) ? 'headless shell, from npm' : build,
          of: own.length,
          cases: own.filter(({ checks }) => checks.length > 0).length,
          differ: differing.size,
        },
        differing,
      };
    });
}

/** Neighbouring releases of the list as ranges. */
function rangesIn(tried: readonly Tried[], id: string): string {
  const ranges: [number, number][] = [];
  let open = false;
  for (const one of tried) {
    const number = majorOf(one);
    const has = one.differing.has(id);
    const last = ranges.at(-1);
    if (has) {
      if (open && last) last[1] = number;
      else ranges.push([number, number]);
    }
    open = has;
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}

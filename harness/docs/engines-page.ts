/** docs/engines.md: what each engine does differently today, since when, and what changed in Chromium. */
import { deviations, SUBJECTS } from '../../suites/deviations.ts';
import { suites } from '../../suites/index.ts';
import { DOM_FAMILIES, engineTitle, isDomFamily } from '../case/engine-name.ts';
import { type Deviation, isOf, namedIn, rangesOf } from '../verdict/deviations.ts';
import type { RecordedRelease, RecordedReleases } from './engine-releases.ts';
import type { DocPages } from './pages.ts';

const cell = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('|', '\\|')
    .replaceAll('*', '\\*')
    .replace(/\s+/g, ' ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');

const majorOf = ({ version }: RecordedRelease): number => Number.parseInt(version, 10);

/** The releases of Chromium that a deviation was seen in, as ranges. */
const seenIn = ({ versions = '' }: Deviation) => rangesOf(versions);

const holds = (versions: string, major: number): boolean =>
  rangesOf(versions).some(([from, to]) => major >= from && major <= to);

/** What has no number in the page: in all releases from the first on. */
function sinceWords(deviation: Deviation, majors: readonly number[]): string {
  if (deviation.engine !== 'chromium') return '';
  const [from = 0] = seenIn(deviation).at(-1) ?? [];
  const index = majors.indexOf(from);
  if (index <= 0) return '';
  const before = majors[index - 1] as number;
  return before === from - 1 ? ` since ${from}` : ` since ${before + 1}–${from}`;
}

/** One row for each sentence: engines that do the same share it. */
function rowsOf(list: readonly Deviation[], majors: readonly number[]): string[][] {
  return [...new Set(list.map(({ what }) => what))].map(what => {
    const same = list.filter(one => one.what === what);
    const where = same.map(one => `[${engineTitle(one.engine)}](${one.link})${sinceWords(one, majors)}`);
    return [cell(what), where.join('<br>'), casesOf(same)];
  });
}

function casesOf(list: readonly Deviation[]): string {
  const patterns = [...new Set(list.flatMap(({ cases }) => cases))];
  const shown = patterns.slice(0, 2).map(pattern => `\`${pattern}\``);
  return patterns.length > 2 ? `${shown.join(' ')} and ${patterns.length - 2} more` : shown.join(' ');
}

const HEAD = ['what happens instead', 'where', 'cases'];

function todaySections(list: readonly Deviation[], majors: readonly number[]): string[] {
  return SUBJECTS.flatMap(({ title, deviations: subject }) => {
    const today = subject.filter(one => list.includes(one));
    return today.length === 0 ? [] : [`### ${title}`, table(HEAD, rowsOf(today, majors))];
  });
}

/** What begins and ends between two releases that were tried one after the other. */
function changeSections(list: readonly Deviation[], majors: readonly number[]): string[] {
  const pairs = majors.slice(1).map((release, index) => [majors[index] as number, release] as const);
  return pairs.reverse().flatMap(([before, release]) => {
    const shown = list.filter(({ build }) => build === undefined);
    const gone = shown.filter(one => seenIn(one).some(([, to]) => to === before));
    const come = shown.filter(one => seenIn(one).some(([from]) => from === release));
    if (gone.length + come.length === 0) return [];
    const title =
      before === release - 1 ? `Chromium ${release}` : `Between Chromium ${before} and ${release}`;
    const line = (word: string) => (one: Deviation) => `- ${word} ${cell(one.what)} [More](${one.link})`;
    return [
      `### ${title}`,
      [...gone.map(line('*Until then:*')), ...come.map(line('*From then on:*'))].join('\n'),
    ];
  });
}

/** How many cases of a release differ that do so no longer, and that no entry names. */
function unlisted({ differs, releases }: RecordedReleases, release: RecordedRelease): number {
  const newest = majorOf(releases.at(-1) ?? release);
  const engine = { name: 'chromium', os: '', driver: '', channel: '', ...release };
  const known = deviations.filter(one => isOf({ ...one, build: /(?:)/ }, engine));
  const suiteOf = (id: string): string =>
    suites.find(({ cases }) => cases.some(one => one.id === id))?.id ?? '';
  return Object.entries(differs).filter(
    ([id, ranges]) =>
      holds(ranges, majorOf(release)) &&
      !holds(ranges, newest) &&
      namedIn(known, suiteOf(id), id).length === 0,
  ).length;
}

/** @param recorded what `npm run engine-releases` wrote */
export function enginesPage(recorded: RecordedReleases): DocPages {
  const { releases } = recorded;
  const majors = releases.map(majorOf);
  const newest = majors.at(-1) ?? 0;
  const browsers = deviations.filter(({ engine }) => !isDomFamily(engine));
  const ofChromium = browsers.filter(({ engine }) => engine === 'chromium');
  const today = browsers.filter(one => one.engine !== 'chromium' || holds(one.versions ?? '', newest));
  const count = (engine: string) => today.filter(one => one.engine === engine).length;
  const dom = DOM_FAMILIES.flatMap(family => {
    const own = deviations.filter(({ engine }) => engine === family);
    return own.length === 0
      ? []
      : [`### ${family} ${own[0]?.versions ?? ''}`, table(HEAD, rowsOf(own, majors))];
  });
  const blocks = [
    '# What each engine does differently',
    `Where browsers leave the Fetch Standard and what it builds on, found by running every case. Generated by \`npm run docs\` from
\`suites/deviations\`, which every run is held against: what is listed here and no longer happens fails the run. Each link
leads to the bug, to the discussion, to the engine's source, or to the step of the Standard that the engine leaves.`,
    `Listed: ${count('chromium')} deviations of Chromium ${newest}, ${count('firefox')} of Firefox, ${count('webkit')} of WebKitGTK. Chromium was held against ${releases.length} of its
releases, ${majors[0]} to ${newest}; without a number, a deviation is in all of them. "since 142–143" means: not in 141, in 143, and 142
was not to be had. To see one with its bytes: \`npx cors-conformance run --only CASE --engine chromium,firefox\`.`,
    '## Today',
    ...todaySections(today, majors),
    '## What changed in Chromium from release to release',
    `The newest first. A change that no entry of \`suites/deviations\` tells of is not here; the table below counts those. ${newest} is the
whole browser, the others are the headless shell: what changed in ${newest} may come of that.`,
    ...changeSections(ofChromium, majors),
    '## The releases of Chromium that were tried',
    `All cases in each, as many as there were then, last on ${recorded.recorded}, recorded by \`npm run engine-releases\`. The headless shell has no dialogs and one HTTP cache
for all sites; the rest of its network code is Chromium's. Not listed: what differed in a release, does so no longer, and is in no entry.`,
    table(
      ['release', 'build', 'cases', 'differ', 'not listed'],
      releases.map(one => [
        one.version,
        cell(one.build),
        one.cases === one.of ? String(one.of) : `${one.cases} of ${one.of}`,
        String(one.differ),
        String(unlisted(recorded, one)),
      ]),
    ),
    ...(dom.length === 0
      ? []
      : [
          '## Libraries that imitate a browser',
          `Front-end tests often run in these. They are engines too (\`--engine jsdom,happy-dom\`), but no run includes them by itself. Where
they go by rules of their own, every check that differs is recorded case by case: nothing else may differ there.`,
          ...dom,
        ]),
  ];
  return { 'docs/engines.md': `${blocks.join('\n\n')}\n` };
}

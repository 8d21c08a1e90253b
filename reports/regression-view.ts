/** What a comparison of two servers has to say, as data: the renderers only lay it out. */

import { wordList } from '../harness/case/words.ts';
import type { Level } from '../harness/regress/change.ts';
import type { RegressChange, RegressRecord } from '../harness/regress/record.ts';
import { acceptedPartText } from './accepted-part.ts';
import { isServers, regressionSentence } from './regression-sentence.ts';
import { engineTitle } from './rows.ts';
import { count, duration } from './words.ts';

type HeaderChange = NonNullable<RegressChange['cause']>;

/** How a change is meant to strike the eye. */
export type ChangeTone = 'alarm' | 'bad' | 'changed' | 'good' | 'caution' | 'quiet';

export interface ChangeView {
  readonly change: RegressChange;
  readonly tone: ChangeTone;
  readonly title: string;
  /** "in every engine", "on the wire". */
  readonly where: string;
  readonly meaning: string;
  readonly requests: readonly string[];
  /** The header that decides, with its values on both sides; absent if the title says it already. */
  readonly header?: { readonly place: string; readonly before: string; readonly after: string };
  readonly why?: string;
  readonly spec?: string;
  /** Why it is intended. */
  readonly accepted?: string;
  /** What of it is accepted and what not, if it is some of it. */
  readonly acceptedInPart?: string;
  /** The last lines of a server that ended. */
  readonly output: readonly string[];
}

export interface LevelView {
  readonly level: Level;
  readonly title: string;
  readonly changes: readonly ChangeView[];
  /** How many more there are than are shown. */
  readonly more: number;
}

export interface RegressionView {
  readonly title: string;
  readonly about: string;
  /** What a reader has to know before the changes: engines that did not run, what was assumed, other packages that differ. */
  readonly notes: readonly string[];
  /** Why the comparison shows nothing. */
  readonly gaps: readonly string[];
  readonly levels: readonly LevelView[];
  readonly inconsistent: readonly { readonly request: string; readonly by: string }[];
  readonly unfinished: readonly string[];
  /** Accepted changes that no longer happen. */
  readonly stale: readonly string[];
  readonly sentence: string;
  readonly outcome: RegressRecord['outcome'];
}

const TITLES: Readonly<Record<Level, string>> = {
  page: 'What a page notices',
  wire: 'What only caches and the wire show',
  form: 'Differences without effect',
};

/** At most this many are named; the record has them all. */
const MOST_REQUESTS = 8;
const MOST_CHANGES = 60;
const MOST_PACKAGES = 8;

const headerName = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());

function place({ on, name }: HeaderChange): string {
  const message = on === 'preflight' ? 'preflight' : 'response';
  if (name === 'status') return `status of the ${message}`;
  if (name === 'end') return `end of the ${message}`;
  if (name === 'time') return `time of the ${message}`;
  return `${headerName(name)} of the ${message}`;
}

const ENDS: Readonly<Record<string, string>> = {
  'no-answer': 'no answer',
  cut: 'cut off',
  malformed: 'no valid HTTP',
};

function value(name: HeaderChange['name'], text: string | null): string {
  if (name === 'end') return text === null ? 'whole' : (ENDS[text] ?? text);
  return text === null ? 'absent' : text === '' ? 'empty' : text;
}

const ranEngines = ({ engines }: RegressRecord) => engines.filter(({ notRun }) => notRun === undefined);

type EngineName = RegressRecord['engines'][number]['name'];

const nameOf = (name: EngineName): string => (name === 'model' ? 'the model' : engineTitle(name));

function enginesText(record: RegressRecord, names: readonly string[]): string {
  if (names.length === 0) return 'on the wire';
  if (names.length > 1 && names.length === ranEngines(record).length) return 'in every engine';
  return `in ${wordList(names.map(name => nameOf(name as EngineName)))}`;
}

/** What is good news for those whom the policy lists. */
const GOOD = new Set(['reads', 'recovers', 'starts', 'no-longer-alternates', 'cache-read']);

function toneOf({ severity, level, effect, who }: RegressChange): ChangeTone {
  if (level !== 'page') return level === 'wire' ? 'caution' : 'quiet';
  if (severity === 'unlisted') return 'alarm';
  if (severity === 'closed') return 'bad';
  const shut = effect === 'no-longer-reads' || effect === 'no-longer-sent';
  if ((who === 'unlisted' || who === 'null') && shut) return 'good';
  return GOOD.has(effect) ? 'good' : 'changed';
}

const SEEN: Readonly<Record<string, string>> = {
  status: 'status ',
  preflights: 'preflights seen ',
  exposed: 'readable headers ',
};

function titleOf({ seen, cause, effect, requests }: RegressChange): string {
  if (seen) {
    const what = SEEN[effect] ?? '';
    return `${what}${seen.before || 'none'} → ${seen.after || 'none'}`;
  }
  if (!cause) return requests[0]?.title ?? effect;
  return `${place(cause)}: ${value(cause.name, cause.before)} → ${value(cause.name, cause.after)}`;
}

function requestsOf({ requests }: RegressChange): string[] {
  const shown = requests.slice(0, MOST_REQUESTS).map(({ title }) => title);
  const more = requests.length - shown.length;
  return more > 0 ? [...shown, `and ${count(more, 'more request')}`] : shown;
}

function changeView(record: RegressRecord, change: RegressChange): ChangeView {
  const { cause, seen, why, accepted, output = [], engines, requests } = change;
  return {
    change,
    tone: accepted === undefined ? toneOf(change) : 'quiet',
    title: titleOf(change),
    where: requests.length === 0 ? '' : enginesText(record, engines),
    meaning: change.meaning,
    requests: requestsOf(change),
    ...(seen &&
      cause && {
        header: {
          place: place(cause),
          before: value(cause.name, cause.before),
          after: value(cause.name, cause.after),
        },
      }),
    ...(why && { why: `${why.side === 'before' ? 'Before: ' : 'Now: '}${why.text}` }),
    ...(why?.spec !== undefined && { spec: why.spec }),
    ...(accepted !== undefined && { accepted }),
    ...(change.acceptedInPart && { acceptedInPart: acceptedPartText(change.acceptedInPart) }),
    output,
  };
}

function levelView(record: RegressRecord, level: Level): LevelView {
  const here = record.changes.filter(change => change.level === level);
  const shown = here.slice(0, MOST_CHANGES);
  return {
    level,
    title: `${TITLES[level]} (${here.length})`,
    changes: shown.map(change => changeView(record, change)),
    more: here.length - shown.length,
  };
}

function sideWords({ sides, counts }: RegressRecord['unstable'][number]): string {
  if (sides.length === 2) return 'on both sides';
  return `on the ${sides[0] === 'before' ? 'earlier' : 'later'} side${counts ? '' : ', once'}`;
}

/** What was compared: "@fastify/cors 10.1.0 → 11.0.0 with fastify 5.12.8". */
function comparisonTitle(record: RegressRecord): string {
  const { subject, sides, differing } = record;
  const { before, after } = sides;
  const arrow = `${before.label} → ${after.label}`;
  if (isServers(record)) return arrow;
  const moved = new Set(differing.map(one => one.package));
  const others = subject.others
    .filter(one => !moved.has(one.package) && !subject.along.includes(one.package))
    .map(one => `${one.package} ${one.version}`);
  const names = [subject.name, ...subject.along].join(', ');
  return `${names} ${arrow}${others.length > 0 ? ` with ${wordList(others)}` : ''}`;
}

function notesOf(record: RegressRecord): string[] {
  const { engines, asked, differing, sides, subject } = record;
  const missing = engines
    .filter(({ notRun }) => notRun !== undefined)
    .map(
      ({ name, notRun, fix }) =>
        `${engineTitle(name)} did not run: ${notRun}${fix ? `; to get it: ${fix}` : ''}`,
    );
  const assumed = asked.assumed.map(what =>
    what === 'origins'
      ? `Nothing names an origin, so ${wordList(asked.origins)} was assumed; --origin names one.`
      : `Nothing names a path, so ${wordList(asked.paths)} was assumed; --path names one.`,
  );
  const shown = differing
    .slice(0, MOST_PACKAGES)
    .map(one => `${one.package} ${one.before ?? 'absent'} → ${one.after ?? 'absent'}`);
  const more = differing.length > MOST_PACKAGES ? ` and ${differing.length - MOST_PACKAGES} more` : '';
  const same = sides.before.version === sides.after.version && sides.before.label === sides.after.label;
  const packages =
    shown.length === 0
      ? []
      : [
          same
            ? `${subject.name} is the same on both sides: what differs comes from ${wordList(shown)}${more}.`
            : `Besides ${subject.name}, these packages differ between the sides, and a change may come from them: ${wordList(shown)}${more}.`,
        ];
  return [...missing, ...assumed, ...packages];
}

export function regressionView(record: RegressRecord): RegressionView {
  const ran = ranEngines(record).map(({ name, version }) =>
    name === 'model' ? nameOf(name) : `${nameOf(name)} ${version}`,
  );
  const to = isServers(record) ? 'server' : 'release';
  return {
    title: comparisonTitle(record),
    about: `${count(record.asked.requests, 'request')} to each ${to}${ran.length > 0 ? `, from ${wordList(ran)}` : ''}, in ${duration(record.run.durationMs)}`,
    notes: notesOf(record),
    gaps: record.gaps.map(({ text }) => text),
    levels: (['page', 'wire', 'form'] as const)
      .map(level => levelView(record, level))
      .filter(({ changes }) => changes.length > 0),
    inconsistent: record.unstable.map(item => ({ request: item.title, by: sideWords(item) })),
    unfinished: record.unfinished.map(({ engine, title, reason }) => `${engine}: ${title}: ${reason}`),
    stale: record.stale.map(
      ({ id, reason, note }) =>
        `${id} (it was accepted because: ${reason})${note === undefined ? '' : `: ${note}`}`,
    ),
    sentence: regressionSentence(record),
    outcome: record.outcome,
  };
}

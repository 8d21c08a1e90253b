/** Known deviations: engines that are known to differ from the Standard, each with what happens and a link. */

import { type EngineFamily, familyOf } from '../case/engine-name.ts';
import { nameMatcher, namesFor } from '../case/select.ts';
import type { Quirks } from '../standard/quirks.ts';
import { keptIn, remembered } from '../standard/remember.ts';
import type { Check, EngineRecord } from './record.ts';

export interface Deviation {
  readonly id: string;
  readonly engine: Exclude<EngineFamily, 'model'>;
  /** Case ids or patterns: where it is known to show. */
  readonly cases: readonly string[];
  /** Versions it was seen in: "153", "150-156", "92-112 117-156"; any if omitted. Compared by major version. */
  readonly versions?: string;
  /** Only builds or drivers that match this. */
  readonly build?: RegExp;
  /**
   * The builds of these versions that it was held against by running every case, as `build` matches them; all if
   * omitted. On others it explains what it explains, and is not stale if it does not show.
   */
  readonly heldAgainst?: RegExp;
  /**
   * The change to the model that reproduces the engine. A result is explained only if the model with all changes of
   * the engine predicts exactly what was seen, so write it as narrow as the engine is: a flag of `Quirks`, or a
   * function that returns what the engine makes of what the Standard says. A new step of the model that an engine
   * takes otherwise needs a new member of `Quirks`, and one line where the model takes that step.
   */
  readonly asIf?: Quirks;
  /**
   * For cases that the model cannot run, and for what it does not look at (spelling of names, connections): the failing
   * checks it explains, by id (`*` at the end stands for the rest), with what is observed instead where that is fixed.
   */
  readonly checks?: Readonly<Record<string, string | true>>;
  /**
   * For cases in which an engine goes by rules of its own: by case id, all checks that fail, with what is observed
   * instead. Neither one more nor one less: whatever else differs in such a case is a regression. What the engine's
   * other deviations account for is not among them. Addresses are placeholders, as in a case: `{url}`, `{nonce}`.
   */
  readonly seen?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** One sentence: what happens instead. */
  readonly what: string;
  /** The bug, the spec issue or the engine's source; else the Standard's step that the engine leaves. */
  readonly link: string;
}

/** Every result asks every deviation: each one's patterns are compiled once. */
const matcherOf = remembered(({ cases }: Deviation) => nameMatcher(cases));

/** Those of a list that name a case. */
export function namedIn(list: readonly Deviation[], suite: string, caseId: string): Deviation[] {
  const names = namesFor(suite, caseId);
  return list.filter(deviation => matcherOf(deviation)(names));
}

/** What builds are told apart by. */
const buildText = ({ build, channel, driver, os }: EngineRecord): string =>
  `${build} ${channel} ${driver} ${os}`;

const majorOf = ({ version }: Pick<EngineRecord, 'version'>): number => Number.parseInt(version, 10);

/** True where a deviation is of this very engine: its name, its version and its build. */
export function isOf(deviation: Deviation, engine: EngineRecord): boolean {
  if (deviation.engine !== familyOf(engine.name)) return false;
  if (deviation.build && !deviation.build.test(buildText(engine))) return false;
  if (!deviation.versions) return true;
  const major = majorOf(engine);
  return rangesOf(deviation.versions).some(([from, to]) => major >= from && major <= to);
}

/** The list of each engine, by what its record says. */
const listsOf = remembered((_list: readonly Deviation[]) => new Map<string, readonly Deviation[]>());

/** Each result asks, and always of the same record. */
const textOf = remembered((engine: EngineRecord) => JSON.stringify(engine));

/** The deviations of this very engine: the same list whenever it is asked for. */
export const ofEngine = (list: readonly Deviation[], engine: EngineRecord): readonly Deviation[] =>
  keptIn(listsOf(list), textOf(engine), () => list.filter(deviation => isOf(deviation, engine)));

/**
 * True where the list was held against this very build: what it does not name there is a regression. On any other
 * build it is only a difference that nobody has looked at.
 */
export function isCovered(engine: EngineRecord, list: readonly Deviation[]): boolean {
  const text = buildText(engine);
  return ofEngine(list, engine).some(({ heldAgainst }) => heldAgainst?.test(text) ?? true);
}

/** The same build under the nearest version that the list speaks of; undefined if it knows no other. */
export function nearestListed(engine: EngineRecord, list: readonly Deviation[]): EngineRecord | undefined {
  const major = majorOf(engine);
  const bounds = list
    .filter(one => one.engine === familyOf(engine.name) && one.versions !== undefined)
    .flatMap(one => rangesOf(one.versions as string).flat());
  const [nearest] = [...new Set(bounds)].sort((a, b) => Math.abs(a - major) - Math.abs(b - major) || b - a);
  return nearest === undefined || list.some(one => isOf(one, engine))
    ? undefined
    : { ...engine, version: String(nearest) };
}

/** @returns the first and the last of each range of "92-112 117-156 160" */
export const rangesOf = (versions: string): (readonly [from: number, to: number])[] =>
  versions.split(' ').map(range => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return [from, to];
  });

/** True where a deviation explains a failed check. */
export function explains({ checks }: Pick<Deviation, 'checks'>, check: Check): boolean {
  return Object.entries(checks ?? {}).some(([id, observed]) => {
    const same = id.endsWith('*') ? check.id.startsWith(id.slice(0, -1)) : check.id === id;
    return same && (observed === true || observed === check.observed);
  });
}

/**
 * Whether a result is exactly what a deviation has recorded of its case.
 *
 * @param fill puts the addresses of this run in the place of placeholders
 * @returns undefined if nothing is recorded of the case
 */
export function isAsSeen(
  { seen }: Deviation,
  caseId: string,
  failed: readonly Check[],
  fill: (text: string) => string,
): boolean | undefined {
  const recorded = seen?.[caseId];
  if (!recorded) return undefined;
  const entries = Object.entries(recorded);
  return (
    entries.length === failed.length &&
    entries.every(([id, text]) =>
      failed.some(check => check.id === id && (text === check.observed || fill(text) === check.observed)),
    )
  );
}

/** Which findings about a server a baseline accepts, and what of it no longer holds. */
import { type Baseline, type FindingEntry, isResultEntry, type Stale } from './baseline.ts';
import { type Finding, placesOf } from './finding.ts';
import { engineNameSchema } from './record.ts';

const isEngineName = (value: string): boolean => engineNameSchema.safeParse(value).success;

interface Part {
  readonly places: readonly string[];
  readonly accepted: boolean;
  /** What of it the baseline does not accept at places that it names. */
  readonly beyond?: readonly string[];
}

/** A finding at some of its places. */
function at(finding: Finding, { places, accepted, beyond = [] }: Part): Finding {
  const news = `the baseline accepts less there: ${beyond.join(', ')} is new`;
  return {
    ...finding,
    resource: places.join(', '),
    places: [...places],
    ...(accepted && { accepted: true }),
    ...(beyond.length > 0 && {
      why: finding.why === undefined ? capitalized(news) : `${finding.why}; ${news}`,
    }),
  };
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What of a finding at a place no entry accepts; undefined if no entry names the place. */
function beyondAt(finding: Finding, place: string, entries: readonly FindingEntry[]): string[] | undefined {
  const known = entries.filter(one => one.finding === finding.id && one.places.includes(place));
  if (known.length === 0) return undefined;
  if (known.some(({ exactly }) => exactly?.[place] === undefined)) return [];
  const accepted = new Set(known.flatMap(({ exactly }) => exactly?.[place] ?? []));
  return (finding.exactly?.[place] ?? []).filter(one => !accepted.has(one));
}

/** What a run can say of what the baseline accepts and it did not find. */
export interface Concluded {
  /** Part of what was to be asked gave no result: then nothing is called stale. */
  readonly partial?: boolean;
  /** Ids of checks that came to no conclusion of their own: what is accepted of them may still be there. */
  readonly untold?: ReadonlySet<string>;
  /** The engines that ran; left out: every one that an entry names. */
  readonly engines?: readonly string[];
}

/** What of an entry is gone: places, and at places that are left what exactly was accepted there. */
function staleIn(entry: FindingEntry, findings: readonly Finding[], { untold, engines }: Concluded): Stale[] {
  if (untold?.has(entry.finding)) return [];
  const own = findings.filter(({ id }) => id === entry.finding);
  const isAbsent = (value: string) =>
    engines !== undefined && isEngineName(value) && !engines.includes(value);
  return entry.places.flatMap(place => {
    const here = own.filter(finding => placesOf(finding).includes(place));
    const accepted = entry.exactly?.[place] ?? [];
    const inEngines = accepted.filter(isEngineName);
    if (inEngines.length > 0 && inEngines.every(isAbsent)) return [];
    const seen = new Set(here.flatMap(finding => finding.exactly?.[place] ?? []));
    const gone = accepted.filter(value => !seen.has(value) && !isAbsent(value));
    const what = `finding ${entry.finding} at ${place}`;
    if (here.length === 0) return [{ what, reason: entry.reason }];
    return gone.length === 0 ? [] : [{ what: `${what}: ${gone.join(', ')}`, reason: entry.reason }];
  });
}

/**
 * Sorts out the findings that the baseline accepts. One that shows at accepted and at new places becomes two.
 * @param concluded what the run came to: what it says nothing of is not called stale
 */
export function acceptFindings(
  findings: readonly Finding[],
  { accept }: Baseline,
  concluded: Concluded = {},
): { readonly findings: Finding[]; readonly stale: Stale[] } {
  const entries = accept.filter((entry): entry is FindingEntry => !isResultEntry(entry));
  const sorted = findings.flatMap(finding => {
    const beyond = new Map(placesOf(finding).map(place => [place, beyondAt(finding, place, entries)]));
    const fresh = [...beyond].filter(([, more]) => more?.length !== 0);
    const accepted = [...beyond].filter(([, more]) => more?.length === 0);
    const placed = (some: typeof fresh) => some.map(([place]) => place);
    const news = [...new Set(fresh.flatMap(([, more]) => more ?? []))];
    return [
      ...(fresh.length > 0 ? [at(finding, { places: placed(fresh), accepted: false, beyond: news })] : []),
      ...(accepted.length > 0 ? [at(finding, { places: placed(accepted), accepted: true })] : []),
    ];
  });
  const stale = concluded.partial ? [] : entries.flatMap(entry => staleIn(entry, findings, concluded));
  return { findings: sorted, stale };
}

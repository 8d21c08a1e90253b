/**
 * What somebody has looked at and accepted: results and findings that are known not to be as expected. A run fails
 * on what is new, and on what the baseline lists although it is gone. Every entry says why.
 */
import { z } from 'zod';
import { type Finding, placesOf } from './finding.ts';
import { otherVersion } from './format-version.ts';
import { withoutUrls } from './observed-text.ts';
import { engineNameSchema, type Result } from './record.ts';

export const BASELINE_SCHEMA = 'cors-conformance/baseline/2';
/** It kept no values: what it accepts may have become worse. */
const FIRST_BASELINE_SCHEMA = 'cors-conformance/baseline/1';

const reason = z.string().min(1).describe('Why it is accepted: for the next one who reads it.');

const resultEntry = z
  .strictObject({
    case: z.string().min(1),
    suite: z.string().optional().describe('Only where the id stands in more than one suite.'),
    engines: z.array(engineNameSchema).min(1),
    checks: z
      .array(z.string())
      .min(1)
      .describe('The ids of the checks that may fail. Any other one still fails.'),
    reason,
    seen: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        'What was observed instead, by check, URLs left out: another value still fails. Left out: any. For the reader alone in version 1.',
      ),
  })
  .describe('A result that is not as the case expects.');

const findingEntry = z
  .strictObject({
    finding: z.string().min(1).describe("The finding's id."),
    places: z.array(z.string()).min(1).describe('Where it is accepted. At any other place it is new.'),
    exactly: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .describe(
        'What is accepted there, by place: origins, header names, values. Anything else there is new. Left out: whatever it is.',
      ),
    reason,
  })
  .describe('A finding about a server.');

export const baselineSchema = z.strictObject({
  schema: z.enum([BASELINE_SCHEMA, FIRST_BASELINE_SCHEMA]),
  accept: z.array(z.union([resultEntry, findingEntry])),
});

export type Baseline = z.infer<typeof baselineSchema>;
export type BaselineEntry = Baseline['accept'][number];
type ResultEntry = z.infer<typeof resultEntry>;
export type FindingEntry = z.infer<typeof findingEntry>;

export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/**
 * @param text a baseline file
 * @param name how messages call it
 * @throws BaselineError naming what is wrong and where
 */
export function parseBaseline(text: string, name: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BaselineError(`${name} is no JSON: ${(error as Error).message}`);
  }
  const isFirst = (value as { schema?: unknown } | null)?.schema === FIRST_BASELINE_SCHEMA;
  const other = isFirst
    ? undefined
    : otherVersion(value, BASELINE_SCHEMA, '--update-baseline writes the file anew');
  if (other) throw new BaselineError(`${name}: ${other}`);
  const parsed = baselineSchema.safeParse(value);
  if (parsed.success) return isFirst ? withoutSeen(parsed.data) : parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.map(String).join('.') || 'the file';
  throw new BaselineError(
    `${name}: ${at}: ${issue?.message}. An entry is { finding, places, reason } or { case, engines, checks, reason }; --update-baseline writes the file anew.`,
  );
}

const withoutSeen = ({ schema, accept }: Baseline): Baseline => ({
  schema,
  accept: accept.map(entry => {
    if (!isResultEntry(entry)) return entry;
    const { seen: _, ...rest } = entry;
    return rest;
  }),
});

/** An entry, or a part of one, that no longer holds. */
export interface Stale {
  /** "case simple-get in webkit" or "finding vary-missing at /items". */
  readonly what: string;
  readonly reason: string;
}

export const isResultEntry = (entry: BaselineEntry): entry is ResultEntry => 'case' in entry;

const failedChecks = (result: Result): string[] =>
  result.checks.filter(check => !check.ok).map(check => check.id);

/** What the failing checks of a result showed. */
const seenIn = ({ checks }: Result): Record<string, string> =>
  Object.fromEntries(checks.filter(({ ok }) => !ok).map(({ id, observed }) => [id, withoutUrls(observed)]));

/** Whether each failing check is listed, and showed what was seen then. */
function isAccepted(result: Result, { checks, seen }: ResultEntry): boolean {
  return Object.entries(seenIn(result)).every(
    ([id, observed]) =>
      checks.includes(id) && (seen?.[id] === undefined || withoutUrls(seen[id]) === observed),
  );
}

/**
 * Sorts out the results that the baseline accepts. What gave no verdict is left as it is: neither accepted nor stale.
 * @returns the results, `outcome` set anew where an entry speaks of them, and the entries that no longer hold
 */
export function acceptResults(
  results: readonly Result[],
  { accept }: Baseline,
): { readonly results: Result[]; readonly stale: Stale[] } {
  const entries = accept.filter(isResultEntry);
  const stale: Stale[] = [];
  const judged = results.map((result): Result => {
    const entry = entries.find(
      one =>
        one.case === result.case.id &&
        (one.suite === undefined || one.suite === result.case.suite) &&
        one.engines.includes(result.engine),
    );
    if (!entry || !['pass', 'fail', 'info'].includes(result.verdict)) return result;
    const failed = failedChecks(result);
    const gone = entry.checks.filter(id => !failed.includes(id));
    const deviation = { id: 'baseline', what: entry.reason, link: '' };
    if (gone.length > 0) {
      const checks = failed.length === 0 ? '' : `, check ${gone.join(', ')}`;
      stale.push({ what: `case ${entry.case} in ${result.engine}${checks}`, reason: entry.reason });
      return { ...result, outcome: 'stale', deviation };
    }
    if (result.outcome !== 'regression' && result.outcome !== 'unlisted') return result;
    return isAccepted(result, entry) ? { ...result, outcome: 'expected', deviation } : result;
  });
  return { results: judged, stale };
}

export interface ToAccept {
  readonly results?: readonly Result[];
  readonly findings?: readonly Finding[];
}

/**
 * A baseline of everything that is not as expected today. Reasons of the one before are kept.
 * @param reason for what is new, until somebody writes a better one
 */
export function makeBaseline(now: ToAccept, before: Baseline | null, reason: string): Baseline {
  const reasons = new Map<string, string>();
  for (const entry of before?.accept ?? []) {
    if (isResultEntry(entry))
      for (const name of entry.engines) reasons.set(`${entry.case} ${name}`, entry.reason);
    else for (const place of entry.places) reasons.set(`${entry.finding} ${place}`, entry.reason);
  }
  return {
    schema: BASELINE_SCHEMA,
    accept: [
      ...findingEntries(now.findings ?? [], reasons, reason),
      ...resultEntries(now.results ?? [], reasons, reason),
    ],
  };
}

/** Entries of one finding that share a reason stand together. */
function findingEntries(
  findings: readonly Finding[],
  reasons: ReadonlyMap<string, string>,
  reason: string,
): FindingEntry[] {
  const entries = new Map<string, FindingEntry>();
  for (const finding of findings)
    for (const place of placesOf(finding)) {
      const why = reasons.get(`${finding.id} ${place}`) ?? reason;
      const entry = entries.get(`${finding.id} ${why}`) ?? { finding: finding.id, places: [], reason: why };
      if (!entry.places.includes(place)) entry.places.push(place);
      const exactly = finding.exactly?.[place];
      if (exactly)
        entry.exactly = {
          ...entry.exactly,
          [place]: [...new Set([...(entry.exactly?.[place] ?? []), ...exactly])],
        };
      entries.set(`${finding.id} ${why}`, entry);
    }
  return [...entries.values()].sort((a, b) => (a.finding < b.finding ? -1 : 1));
}

/** Engines that fail the same checks of a case for the same reason stand together. */
function resultEntries(
  results: readonly Result[],
  reasons: ReadonlyMap<string, string>,
  reason: string,
): ResultEntry[] {
  const entries = new Map<string, ResultEntry>();
  for (const result of results) {
    const accepted = result.deviation?.id === 'baseline' && result.outcome === 'expected';
    const failed = failedChecks(result);
    const open = result.outcome === 'regression' || result.outcome === 'unlisted';
    if (result.verdict !== 'fail' || failed.length === 0 || !(accepted || open)) continue;
    const why = reasons.get(`${result.case.id} ${result.engine}`) ?? reason;
    const seen = seenIn(result);
    const key = JSON.stringify([result.case.suite, result.case.id, seen, why]);
    const entry = entries.get(key) ?? {
      case: result.case.id,
      suite: result.case.suite,
      engines: [],
      checks: failed,
      reason: why,
      seen,
    };
    entry.engines.push(result.engine);
    entries.set(key, entry);
  }
  return [...entries.values()].sort((a, b) => (a.case < b.case ? -1 : 1));
}

/** As it stands in a file. */
export const baselineText = (baseline: Baseline): string => `${JSON.stringify(baseline, null, 2)}\n`;

/** Looks for the release of Chromium in which a case first came out otherwise, by halves: one case a try. */
import { suites } from '../../suites/index.ts';
import type { Case, Suite } from '../case/schema.ts';
import { search } from '../regress/search.ts';
import { chromiumVersions, resolveChromium } from '../release/chromium.ts';
import { ReleaseError } from '../release/types.ts';
import type { Result } from '../verdict/record.ts';
import { startRunner } from './case-runner.ts';
import { prepareEngines } from './engine-instances.ts';
import { CliError, EXIT } from './exit.ts';

export interface EngineBisection {
  /** The last release in which the case comes out as in GOOD. */
  readonly last: string;
  readonly first: string;
  /** Releases between the two that could not be tried, with the reason. */
  readonly skipped: readonly { readonly version: string; readonly reason: string }[];
  /** How the case came out in both. */
  readonly before: Result;
  readonly after: Result;
  /** How many releases were tried, the two ends included. */
  readonly tries: number;
}

export interface EngineBisectRequest {
  readonly good: string;
  readonly bad: string;
  /** The id of a case of the suites. */
  readonly caseId: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * @throws CliError if there is no such case or release, an end cannot be tried, or the case comes out alike in both
 */
export async function bisectChromium(request: EngineBisectRequest): Promise<EngineBisection> {
  const { good, bad, caseId, signal, say } = request;
  const [suite, theCase] = caseNamed(caseId);
  const versions = await rangeOf(good, bad, signal);
  const results = new Map<string, Result>();
  const failed = new Map<string, string>();
  const attempt = async (version: string): Promise<Result | null> => {
    signal.throwIfAborted();
    const result = await runIn(version, suite, theCase, request);
    say(`chromium@${version}: ${wordsOf(result)}`);
    if (result.verdict === 'harness-error' || result.verdict === 'not-run') {
      failed.set(version, result.reason ?? result.verdict);
      return null;
    }
    results.set(version, result);
    return result;
  };
  const [first, last] = [versions[0] as string, versions.at(-1) as string];
  const before = await attempt(first);
  const after = await attempt(last);
  for (const [version, result] of [
    [first, before],
    [last, after],
  ] as const) {
    if (!result)
      throw new CliError(
        `${caseId} cannot be tried in chromium@${version}: ${failed.get(version)}`,
        EXIT.harness,
      );
  }
  const wanted = fingerprint(before as Result);
  if (wanted === fingerprint(after as Result))
    throw new CliError(
      `${caseId} comes out alike in ${first} and ${last}: ${wordsOf(before as Result)}`,
      EXIT.nothingSelected,
    );
  const found = await search(versions, async version => {
    const result = await attempt(version);
    if (!result) return 'untried';
    return fingerprint(result) === wanted ? 'good' : 'bad';
  });
  return {
    last: found.last,
    first: found.first,
    skipped: found.skipped.map(version => ({ version, reason: failed.get(version) ?? 'not tried' })),
    before: results.get(found.last) as Result,
    after: results.get(found.first) as Result,
    tries: results.size + failed.size,
  };
}

function caseNamed(id: string): [Suite, Case] {
  for (const suite of suites) {
    const theCase = suite.cases.find(one => one.id === id);
    if (theCase) return [suite, theCase];
  }
  throw new CliError(`--case: there is no case "${id}"; \`npx cors-conformance list\` shows their ids`);
}

async function rangeOf(good: string, bad: string, signal: AbortSignal): Promise<string[]> {
  try {
    const versions = await chromiumVersions(signal);
    const [from, to] = [good, bad].map(one => versions.indexOf(resolveChromium(one, versions))) as [
      number,
      number,
    ];
    if (from >= to) throw new CliError(`chromium: ${bad} does not come after ${good}`);
    // Of the builds of a release, the newest stands for it: it is what a major version installs.
    const newest = versions.filter((version, index) => major(version) !== major(versions[index + 1] ?? ''));
    const between = newest.filter(
      version => versions.indexOf(version) > from && versions.indexOf(version) < to,
    );
    return [versions[from] as string, ...between, versions[to] as string];
  } catch (error) {
    if (error instanceof ReleaseError) throw new CliError(error.message);
    throw error;
  }
}

const major = (version: string): string => version.split('.')[0] as string;

async function runIn(
  version: string,
  suite: Suite,
  theCase: Case,
  { say, signal }: EngineBisectRequest,
): Promise<Result> {
  const name = `chromium@${version}`;
  await prepareEngines([name], say, signal);
  const runner = await startRunner(name, { deviations: [] });
  try {
    return await runner.result(suite, theCase);
  } finally {
    await runner.close();
  }
}

/** What makes two results of one case the same: what each check saw. Messages and versions in headers are no part. */
const fingerprint = ({ verdict, checks }: Result): string =>
  JSON.stringify([verdict, checks.map(({ id, observed, ok }) => [id, ok || observed])]);

function wordsOf(result: Result): string {
  const wrong = result.checks.filter(({ ok }) => !ok);
  if (result.reason !== undefined && wrong.length === 0) return `${result.verdict}: ${result.reason}`;
  return wrong.length === 0
    ? 'as the Standard says'
    : wrong.map(({ id, observed }) => `${id} ${observed}`).join(', ');
}

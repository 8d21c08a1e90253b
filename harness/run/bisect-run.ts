/** Looks for the release that first changed something, by halves. */
import { counts } from '../regress/change.ts';
import { isChanged } from '../regress/changes.ts';
import { gapAdvice } from '../regress/exercised.ts';
import type { Probe } from '../regress/plan.ts';
import type { RegressRecord } from '../regress/record.ts';
import { search, type TryResult } from '../regress/search.ts';
import { between, versionsOf } from '../release/versions.ts';
import { type PackageRequest, userError } from './comparison-request.ts';
import type { ComparisonOutcome } from './comparison-run.ts';
import { CliError, EXIT } from './exit.ts';
import { type ComparisonSettings, comparePackages, compareRunning } from './regress-run.ts';
import { Releases, type RunningRelease, StartError } from './releases.ts';

export interface Bisected {
  /** The last release that does as GOOD. */
  readonly last: string;
  readonly first: string;
  /** Releases between the two that could not be tried. */
  readonly skipped: readonly string[];
  /** The two compared, in the engines. */
  readonly record: RegressRecord;
  /** The ids of requests that differ between GOOD and BAD, but not between the two that were found. */
  readonly elsewhere: readonly string[];
}

/**
 * @param ends a release that behaves as it should, and a later one that does not
 * @throws CliError if the script does not run on the first, or the two do not differ
 */
export async function bisectReleases(
  request: PackageRequest,
  [good, bad]: readonly [string, string],
  settings: ComparisonSettings,
): Promise<Bisected> {
  const versions = await rangeOf(request, good, bad, settings.signal);
  const releases = new Releases(request, {
    signal: settings.signal,
    ...(settings.say && { onProgress: settings.say }),
  });
  try {
    const run = new Bisection(request, releases, await releases.start(good, 'before'), settings);
    settings.say?.(`${versions.length} releases after ${good}, up to ${bad}`);
    const ids = await run.difference(versions.at(-1) as string);
    const { last, first, skipped } = await search([good, ...versions], version => run.attempt(version, ids));
    await run.end();
    const record = await comparePackages(request, releases, [last, first], settings);
    settings.signal.throwIfAborted();
    const found = new Set(record.changes.flatMap(({ requests }) => requests.map(({ id }) => id)));
    return {
      last,
      first,
      skipped,
      record,
      elsewhere: ids === null ? [] : [...ids].filter(id => !found.has(id)),
    };
  } finally {
    await releases.end();
  }
}

async function rangeOf(
  { pkg }: PackageRequest,
  good: string,
  bad: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return between(await versionsOf(pkg, signal), good, bad);
  } catch (error) {
    throw userError(error);
  }
}

class Bisection {
  readonly #request: PackageRequest;
  readonly #releases: Releases;
  readonly #reference: RunningRelease;
  readonly #settings: ComparisonSettings;
  readonly #good: string;

  constructor(
    request: PackageRequest,
    releases: Releases,
    reference: RunningRelease,
    settings: ComparisonSettings,
  ) {
    this.#request = request;
    this.#releases = releases;
    this.#reference = reference;
    this.#settings = settings;
    this.#good = reference.release.label;
  }

  /**
   * What is looked for.
   * @returns the ids of requests that differ; null if the script does not start on the later release
   * @throws CliError if nothing differs
   */
  async difference(bad: string): Promise<ReadonlySet<string> | null> {
    let whole: ComparisonOutcome;
    try {
      whole = await this.#compare(bad, this.#request.wanted);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.#say(`${bad}: the script does not start: looking for the first release on which it does not`);
      return null;
    }
    const ids = new Set(whole.changes.filter(counts).flatMap(({ requests }) => requests.map(({ id }) => id)));
    if (ids.size === 0 && whole.gaps.length > 0)
      throw new CliError(
        `nothing was compared that CORS decides. ${[...whole.gaps.map(({ text }) => text), ...gapAdvice(whole.gaps)].join(' ')}`,
        EXIT.notExercised,
      );
    if (ids.size === 0)
      throw new CliError(
        `${this.#request.pkg.name} ${this.#good} and ${bad} do not differ in what was asked: nothing to look for`,
        EXIT.nothingSelected,
      );
    this.#say(`${bad}: differs in ${ids.size} request${ids.size === 1 ? '' : 's'}`);
    return ids;
  }

  /** @param ids as difference() gives them */
  async attempt(version: string, ids: ReadonlySet<string> | null): Promise<TryResult> {
    try {
      if (ids === null) {
        await this.#releases.stop(await this.#releases.start(version, 'after'));
        this.#say(`${version}: starts`);
        return 'good';
      }
      const compared = await this.#compare(version, ({ id }) => ids.has(id));
      const differs = isChanged(compared);
      this.#say(`${version}: ${differs ? 'differs' : `as ${this.#good}`}`);
      return differs ? 'bad' : 'good';
    } catch (error) {
      this.#settings.signal.throwIfAborted();
      if (!(error instanceof CliError)) throw error;
      if (ids === null && error instanceof StartError) {
        this.#say(`${version}: does not start`);
        return 'bad';
      }
      const why = error instanceof StartError ? error.reason : error.message.split('\n')[0];
      this.#say(`${version}: left out: ${why}`);
      return 'untried';
    }
  }

  end(): Promise<void> {
    return this.#releases.stop(this.#reference);
  }

  async #compare(version: string, wanted: (probe: Probe) => boolean): Promise<ComparisonOutcome> {
    const tried = await this.#releases.start(version, 'after');
    try {
      const { say, hooks, ...settings } = this.#settings;
      return await compareRunning(
        {
          servers: { before: this.#reference, after: tried },
          candidates: this.#request.candidates,
          wanted,
          onStart: (_, running) => this.#releases.adopt(running),
        },
        { ...settings, engines: ['model'] },
      );
    } finally {
      await this.#releases.stop(tried);
    }
  }

  #say(line: string): void {
    this.#settings.say?.(line);
  }
}

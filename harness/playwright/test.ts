/** Our Playwright Test: a worker-wide engine with its lab, and the one way to run a case. */
import { _baseTest as base, type TestInfo } from '@playwright/test';
import type { Case, Suite } from '../case/schema.ts';
import { waitOf } from '../case/select.ts';
import type { EngineName } from '../engine/types.ts';
import type { CaseRunner, RunnerOptions } from '../run/case-runner.ts';
import { plannedCases, runOptions } from '../run/options.ts';
import { RunEnded } from '../run/run-ended.ts';
import type { Deviation } from '../verdict/deviations.ts';
import type { Result } from '../verdict/record.ts';
import { type AttachedResults, RESULT_ATTACHMENT } from './attachment.ts';
import { unlessInterrupted } from './interrupted.ts';

/** A verdict that was not expected. */
class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** The harness or the engine failed. */
class HarnessError extends Error {
  override readonly name = 'HarnessError';
}

/** What a spec file runs. An object, because Playwright takes an array of two for a value with its options. */
export interface Cases {
  readonly suites: readonly Suite[];
  readonly deviations: readonly Deviation[];
  /** Rows that cannot show through a proxy, with the reason. */
  readonly notThroughGateway?: Readonly<Record<string, string>>;
}

export interface RunnerFixtures {
  readonly cases: Cases;
  readonly runner: CaseRunner;
}

const WORKER_MS = 180_000;

/** Without Playwright's page and context: they would set up something around every test, and no case uses them. */
export const caseTest = base.extend<object, RunnerFixtures>({
  cases: [
    { suites: [], deviations: [] },
    { scope: 'worker', option: true },
  ],
  runner: [
    async ({ cases: { suites, deviations, notThroughGateway } }, use, workerInfo) => {
      const { stepMs, throughGateway, at } = runOptions();
      const name = workerInfo.project.name;
      const options = {
        deviations,
        ...(stepMs !== undefined && { stepMs }),
        ...(throughGateway && { throughGateway, at, ...(notThroughGateway && { notThroughGateway }) }),
      };
      const runner = await start(name, options);
      const planned = plannedCases(name);
      runner.prefetch(
        suites.flatMap(suite => suite.cases.filter(one => planned.has(`${suite.id}:${one.id}`))),
      );
      await use(runner);
      await runner.close();
    },
    { scope: 'worker', timeout: WORKER_MS, box: true },
  ],
});

async function start(name: string, options: RunnerOptions): Promise<CaseRunner> {
  if (name === 'model') return (await import('../run/model-runner.ts')).startModelRunner();
  return (await import('../run/case-runner.ts')).startRunner(name as EngineName, options);
}

/** Runs a case, attaches its result, and throws only for what is not expected. */
export async function runCase(
  runner: CaseRunner,
  suite: Suite,
  theCase: Case,
  testInfo: TestInfo,
): Promise<Result> {
  allow(testInfo, [theCase]);
  const result = await unlessInterrupted(testInfo, wait => wait(runner.result(suite, theCase)));
  await attach(testInfo, { results: [result], engine: runner.engine });
  if (result.verdict === 'not-run' || result.verdict === 'not-applicable') caseTest.skip(true, result.reason);
  if (result.outcome !== 'expected') throw unexpected(result);
  return result;
}

/** Runs all cases of a suite in one test and attaches the results of those that ended. Never throws for a verdict. */
export async function runSuite(runner: CaseRunner, suite: Suite, testInfo: TestInfo): Promise<void> {
  allow(testInfo, suite.cases);
  const results: Result[] = [];
  await unlessInterrupted(testInfo, async wait => {
    for (const one of suite.cases) {
      try {
        results.push(await wait(runner.result(suite, one)));
      } catch (error) {
        if (!(error instanceof RunEnded)) throw error;
      }
    }
  });
  await attach(testInfo, { results, engine: runner.engine });
}

/** The time limit counts from when the waits of the cases, which overlap, are over. */
function allow(testInfo: TestInfo, cases: readonly Case[]): void {
  testInfo.setTimeout(testInfo.timeout + Math.max(...cases.map(waitOf)));
}

function attach(testInfo: TestInfo, results: AttachedResults): Promise<void> {
  return testInfo.attach(RESULT_ATTACHMENT, {
    body: JSON.stringify(results),
    contentType: 'application/json',
  });
}

function unexpected(result: Result): Error {
  if (result.verdict === 'harness-error') return new HarnessError(result.reason);
  if (result.outcome === 'stale') {
    return new ConformanceError(
      `the known deviation "${result.deviation?.id}" no longer happens: remove it, or narrow its versions`,
    );
  }
  const failed = result.checks.filter(check => !check.ok);
  const unlisted =
    result.outcome === 'unlisted' ? 'differs from the Standard; not listed for this build\n' : '';
  return new ConformanceError(
    unlisted + failed.map(c => `${c.id}: expected ${c.expected}, observed ${c.observed}`).join('\n'),
  );
}

/** Playwright's reporter for us: it collects the results that tests attached, shows progress, and writes the record. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { becauseOfLimits } from '../process/limits.ts';
import { REPORTS } from '../process/reports-folder.ts';
import { codeOf, EXIT } from '../run/exit.ts';
import { withLost } from '../run/lost-cases.ts';
import { makeRecord } from '../run/make-record.ts';
import { codeFile, planFile, RUN_DIR_VARIABLE, runOptions } from '../run/options.ts';
import { Progress } from '../run/progress.ts';
import { secretsOfRun } from '../run/run-secrets.ts';
import { startNow } from '../run/run-start.ts';
import { allSuites, caseFileSuites } from '../run/selected-suites.ts';
import { writeRun } from '../run/write-run.ts';
import type { EngineRecord, Result, RunRecord } from '../verdict/record.ts';
import { type AttachedResults, RESULT_ATTACHMENT } from './attachment.ts';

export default class ConformanceReporter implements Reporter {
  readonly #started = startNow();
  readonly #results: Result[] = [];
  readonly #engines = new Map<string, EngineRecord>();
  readonly #progress = new Progress(
    runOptions().quiet ? { write: () => true } : process.stderr,
    resolve(runOptions().out ?? REPORTS),
  );
  #order = new Map<string, number>();
  #dir: string | undefined;
  #failed = false;
  #plan: Readonly<Record<string, readonly string[]>> = {};
  readonly #reasons = new Map<string, string>();
  #shards: RunRecord['run']['shards'];

  printsToStdio(): boolean {
    return true;
  }

  onBegin({ shard }: FullConfig, suite: Suite): void {
    if (shard) this.#shards = { of: shard.total, has: [shard.current] };
    this.#dir = mkdtempSync(join(os.tmpdir(), 'cors-conformance-'));
    // Workers are forked after this, with this environment: it is how they find the plan.
    process.env[RUN_DIR_VARIABLE] = this.#dir;
    const plan: Record<string, string[]> = {};
    for (const test of suite.allTests()) {
      for (const id of casesOf(test)) {
        plan[projectOf(test)] ??= [];
        plan[projectOf(test)]?.push(id);
        if (!this.#order.has(id)) this.#order.set(id, this.#order.size);
      }
    }
    this.#plan = plan;
    writeFileSync(planFile() as string, JSON.stringify(plan));
    this.#progress.begin(
      Object.fromEntries(Object.entries(plan).map(([name, cases]) => [name, cases.length])),
    );
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const attachment = result.attachments.findLast(({ name }) => name === RESULT_ATTACHMENT);
    if (!attachment?.body) {
      if (result.status !== 'interrupted' && result.status !== 'skipped') this.#trouble(test, result.errors);
      return;
    }
    const { engine, results } = JSON.parse(attachment.body.toString('utf8')) as AttachedResults;
    this.#engines.set(engine.name, engine);
    this.#results.push(...results);
    this.#progress.step(projectOf(test), results);
  }

  /** A test that ended without a result: the harness itself failed. */
  #trouble(test: TestCase, errors: readonly TestError[]): void {
    this.#failed = true;
    const [first = ''] = (errors[0]?.message ?? 'no reason was given').split('\n');
    const why = `${first}${becauseOfLimits()}`;
    this.#reasons.set(projectOf(test), why);
    this.#progress.say(`harness trouble in ${projectOf(test)}, ${test.title}: ${why}`);
  }

  onError(error: TestError): void {
    this.#failed = true;
    this.#progress.say(error.message ?? error.value ?? 'an error without a message');
  }

  async onEnd(run: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    this.#progress.end();
    if (this.#dir) rmSync(this.#dir, { recursive: true, force: true });
    try {
      const record = await this.#record(run.status === 'interrupted');
      writeRun(record, {
        out: resolve(runOptions().out ?? REPORTS),
        onlyDifferences: runOptions().onlyDifferences === true,
        baseline: runOptions().baseline,
        quiet: runOptions().quiet === true,
        json: runOptions().json === true,
        secrets: secretsOfRun(caseFileSuites(runOptions()), runOptions()),
      });
      const code = codeFile();
      // Whoever sent the signal, and to which process.
      const interrupted = record.run.interrupted ? EXIT.interrupted : undefined;
      if (code) writeFileSync(code, String(interrupted ?? codeOf(record, runOptions())));
    } catch (error) {
      // Playwright swallows what a reporter throws.
      process.stderr.write(`the results could not be written: ${(error as Error).message}\n`);
      return { status: 'failed' };
    }
    const passes = ['expected', ...(runOptions().unlisted === 'ok' ? ['unlisted'] : [])];
    const bad = this.#failed || this.#results.some(({ outcome }) => !passes.includes(outcome));
    return bad && run.status === 'passed' ? { status: 'failed' } : undefined;
  }

  async #record(interrupted: boolean): Promise<RunRecord> {
    const planned = Object.values(this.#plan).reduce((sum, cases) => sum + cases.length, 0);
    const came = { engines: [...this.#engines.values()], results: this.#results };
    // Under Playwright's own command line a run may leave tests out, as after a failure.
    const whole = runOptions().underCli && !interrupted && this.#results.length < planned;
    const record = makeRecord({
      started: this.#started,
      ...(whole
        ? withLost({ plan: this.#plan, reasons: this.#reasons, suites: await allSuites() }, came)
        : came),
      order: result => this.#order.get(`${result.case.suite}:${result.case.id}`) ?? 0,
      options: runOptions(),
    });
    const { length: done } = this.#results;
    return {
      ...record,
      run: {
        ...record.run,
        ...(interrupted && { interrupted: { done, of: Math.max(done, planned) } }),
        ...(this.#shards && { shards: this.#shards }),
      },
    };
  }
}

const projectOf = (test: TestCase): string => test.parent.project()?.name ?? '';
const casesOf = (test: TestCase): string[] =>
  test.annotations.flatMap(({ type, description }) => (type === 'case' && description ? [description] : []));

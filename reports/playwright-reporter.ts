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
import { planFile, RUN_DIR_VARIABLE, runOptions } from '../harness/playwright/options.ts';
import { type AttachedResults, RESULT_ATTACHMENT } from '../harness/playwright/protocol.ts';
import type { EngineRecord, Result, RunRecord } from '../harness/verdict/record.ts';
import { redactResult } from '../harness/verdict/redact.ts';
import { makeRecord } from './make-record.ts';
import { Progress } from './progress.ts';
import { writeRun } from './write-run.ts';

export default class ConformanceReporter implements Reporter {
  readonly #started = new Date();
  readonly #results: Result[] = [];
  readonly #engines = new Map<string, EngineRecord>();
  readonly #progress = new Progress(process.stderr);
  #order = new Map<string, number>();
  #dir: string | undefined;
  #failed = false;

  printsToStdio(): boolean {
    return true;
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#dir = mkdtempSync(join(os.tmpdir(), 'cors-conformance-'));
    process.env[RUN_DIR_VARIABLE] = this.#dir;
    const plan: Record<string, string[]> = {};
    for (const test of suite.allTests()) {
      for (const id of casesOf(test)) {
        plan[projectOf(test)] ??= [];
        plan[projectOf(test)]?.push(id);
        if (!this.#order.has(id)) this.#order.set(id, this.#order.size);
      }
    }
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
    for (const one of results) this.#results.push(runOptions().keepCredentials ? one : redactResult(one));
    this.#progress.step(projectOf(test), results);
  }

  /** A test that ended without a result: the harness itself failed. */
  #trouble(test: TestCase, errors: readonly TestError[]): void {
    this.#failed = true;
    const why = errors[0]?.message ?? 'no reason was given';
    this.#progress.say(`harness trouble in ${projectOf(test)}, ${test.title}: ${why.split('\n')[0]}`);
  }

  onError(error: TestError): void {
    this.#failed = true;
    this.#progress.say(error.message ?? error.value ?? 'an error without a message');
  }

  async onEnd(run: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    this.#progress.end();
    if (this.#dir) rmSync(this.#dir, { recursive: true, force: true });
    try {
      writeRun(this.#record(), {
        out: resolve(runOptions().out ?? 'cors-report'),
        onlyDifferences: runOptions().onlyDifferences === true,
      });
    } catch (error) {
      // Playwright swallows what a reporter throws.
      process.stderr.write(`the results could not be written: ${(error as Error).message}\n`);
      return { status: 'failed' };
    }
    const bad = this.#failed || this.#results.some(result => result.outcome !== 'expected');
    return bad && run.status === 'passed' ? { status: 'failed' } : undefined;
  }

  #record(): RunRecord {
    return makeRecord({
      started: this.#started,
      results: this.#results,
      engines: [...this.#engines.values()],
      order: result => this.#order.get(`${result.case.suite}:${result.case.id}`) ?? 0,
      options: runOptions(),
    });
  }
}

const projectOf = (test: TestCase): string => test.parent.project()?.name ?? '';
const casesOf = (test: TestCase): string[] =>
  test.annotations.flatMap(({ type, description }) => (type === 'case' && description ? [description] : []));

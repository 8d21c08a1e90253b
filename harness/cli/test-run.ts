/** Runs test files with node:test, each in a process of its own, and counts. */

import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** Much of a browser test is waiting: three files keep two cores busy. */
const AT_ONCE = 3;

export interface TestRunOptions {
  /** The folder that the files are relative to; the tests run in it. */
  readonly root: string;
  /** Milliseconds that one test may take, and one file as a whole. */
  readonly limitMs: number;
  /** Ends the run and its processes. */
  readonly signal?: AbortSignal;
  /** Takes the report for people. */
  readonly output: NodeJS.WritableStream;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Runs the files, a few at a time, and reports them as node's own `spec` reporter does.
 * A test marked as to-do counts as skipped, whatever it did: it claims nothing yet. A file that brings no test, one
 * that cannot be loaded and one that does not end count as failed.
 */
export async function runTestFiles(files: readonly string[], options: TestRunOptions): Promise<TestCounts> {
  // The processes of the files get this process's own flags, whatever it was started with: they need this one.
  process.execArgv = ['--import', import.meta.resolve('tsx')];
  // Set when this very run is started from a test; with it, node would run nothing.
  delete process.env.NODE_TEST_CONTEXT;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const paths = new Set(files.map(file => resolve(options.root, file)));
  const empty: string[] = [];
  const count = (outcome: 'passed' | 'failed', data: TestData) => {
    // Node lets a file that brings no test pass under its own name: that is a forgotten test, not a green one.
    if (outcome === 'passed' && paths.has(data.name)) {
      empty.push(data.name);
      counts.failed++;
      return;
    }
    const notRun = isSet(data.skip) || isSet(data.todo);
    // A suite that fails has a failed test in it, which counts; one that is skipped brings no tests at all.
    if (data.details.type === 'suite' && !notRun) return;
    counts[notRun ? 'skipped' : outcome]++;
  };
  const events = run({
    files: [...paths],
    concurrency: AT_ONCE,
    timeout: options.limitMs,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  events.on('test:pass', data => count('passed', data));
  events.on('test:fail', data => count('failed', data));
  const report = new spec();
  await new Promise<void>((done, fail) => {
    report.once('end', done);
    events.once('error', fail);
    events.pipe(report).pipe(options.output, { end: false });
  });
  for (const path of empty) options.output.write(`${path} brings no test.\n`);
  return counts;
}

/** The part of node:test's events that is read here. */
interface TestData {
  readonly name: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: { readonly type?: string };
}

/** Node gives `skip: true`, `skip: 'why'`, or nothing. */
function isSet(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}

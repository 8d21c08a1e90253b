/** Runs test files with node:test and counts. */

import { setMaxListeners } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';
import { compileFolder } from './compile-folder.ts';
import { type CompiledSources, compileSources } from './compiled-sources.ts';
import type { Loop } from './files.ts';

/** Much of a browser test is waiting: three files keep two cores busy. */
const E2E_AT_ONCE = 3;

/** Some unit tests wait: one process more than processors uses that time, and each costs two seconds of loading. */
const UNIT_PROCESSES = availableParallelism() + 1;

/** What Node 20 gives as the reason of each test that `grep` leaves out; later releases do not mention them. */
const FILTERED = 'test name does not match pattern';

export interface TestRunOptions {
  /** The folder that the files are relative to; the tests run in it. */
  readonly root: string;
  /** `unit` files share processes; each `e2e` file has one to itself. */
  readonly loop: Loop;
  /** Milliseconds that one test may take, and one process as a whole. */
  readonly limitMs: number;
  /** Only tests whose title matches. */
  readonly grep?: RegExp;
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

const NOTHING: TestCounts = { passed: 0, failed: 0, skipped: 0 };

/**
 * Runs the files, a few at a time, and reports them as node's own `spec` reporter does.
 * A test marked as to-do counts as skipped, whatever it did: it claims nothing yet. A file that brings no test, one
 * that cannot be loaded and one that does not end count as failed.
 */
export async function runTestFiles(files: readonly string[], options: TestRunOptions): Promise<TestCounts> {
  const { root, loop, grep, signal, output } = options;
  // The processes of the files get this process's own flags, whatever it was started with: they need this one.
  process.execArgv = ['--enable-source-maps'];
  // Set when this very run is started from a test; with it, node would run nothing.
  delete process.env.NODE_TEST_CONTEXT;
  const paths = files.map(file => resolve(root, file));
  // Every process of a file listens to it.
  if (signal) setMaxListeners(paths.length + 10, signal);
  const work = compileFolder(root, loop);
  try {
    const sources = await compileSources(root, files, work.folder);
    if (signal?.aborted) return NOTHING;
    const counter = new Counter(paths, loop, sources.sourceOf);
    const started = (loop === 'unit' ? groups : ownProcesses)(paths, work.folder, sources);
    await report(started, counter, sources.sourceOf, options);
    // A file whose tests are all left out by their titles looks like one without tests.
    const empty = grep || signal?.aborted ? [] : [...counter.empty];
    for (const path of empty) output.write(`${path} brings no test.\n`);
    return { ...counter.counts, failed: counter.counts.failed + empty.length };
  } catch (error) {
    // What interrupts this process interrupts the compiler, too.
    if (signal?.aborted) return NOTHING;
    throw error;
  } finally {
    work.remove();
  }
}

/** Runs the processes, and passes what happens on to the counter and, as a report, to the output. */
async function report(
  started: readonly string[],
  counter: Counter,
  sourceOf: CompiledSources['sourceOf'],
  { loop, limitMs, grep, signal, output }: TestRunOptions,
): Promise<void> {
  const isProcess = (name: string) => started.includes(name);
  const events = run({
    files: [...started],
    concurrency: loop === 'unit' ? UNIT_PROCESSES : E2E_AT_ONCE,
    timeout: limitMs,
    ...(grep && { testNamePatterns: grep }),
    ...(signal && { signal }),
  });
  events.on('test:pass', data => counter.count('passed', data, isProcess(data.name)));
  events.on('test:fail', data => counter.count('failed', data, isProcess(data.name)));
  const text = new spec();
  await new Promise<void>((done, fail) => {
    text.once('end', done);
    events.once('error', fail);
    events.pipe(withoutFiltered(sourceOf)).pipe(text).pipe(output, { end: false });
  });
}

/**
 * Writes a module per process that loads its share of the files, and gives the paths of the modules.
 * The files are loaded by static imports, all before the first test: Node 20 may abort where modules load while tests run.
 * Where one cannot be loaded, that is a failed test of its name, and the rest is loaded one by one.
 */
function groups(paths: readonly string[], folder: string, { compiled }: CompiledSources): string[] {
  const count = Math.min(paths.length, UNIT_PROCESSES);
  const typescript = writeTypeScript(folder);
  return Array.from({ length: count }, (_, index) => {
    const own = paths.filter((_, position) => position % count === index);
    const files = own.map(path => ({ path, url: pathToFileURL(compiled(path)).href }));
    const name = `group-${index + 1}`;
    writeFileSync(
      join(folder, `${name}-files.js`),
      [...files.map(({ url }) => url), typescript].map(url => `import ${JSON.stringify(url)};\n`).join(''),
    );
    const module = join(folder, `${name}.js`);
    writeFileSync(
      module,
      `import { test } from 'node:test';
      try {
        await import('./${name}-files.js');
      } catch {
        for (const { path, url } of ${JSON.stringify(files)}) {
          try { await import(url); } catch (error) { test(path, () => { throw error; }); }
        }
        await import(${JSON.stringify(typescript)});
      }`,
    );
    return module;
  });
}

/** Lets each file load what the groups load, too, and gives the paths of the modules. */
function ownProcesses(paths: readonly string[], folder: string, { compiled }: CompiledSources): string[] {
  const typescript = writeTypeScript(folder);
  return paths.map(path => {
    const module = compiled(path);
    appendFileSync(module, `\nimport ${JSON.stringify(typescript)};\n`);
    return module;
  });
}

/**
 * Writes a module that loads TypeScript on demand, for what tests import by a computed path, such as a configuration
 * that they wrote. @returns its URL
 */
function writeTypeScript(folder: string): string {
  const module = join(folder, 'typescript.js');
  writeFileSync(
    module,
    `import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};\nregister();\n`,
  );
  return pathToFileURL(module).href;
}

/** Counts tests, and notes which files brought none. */
class Counter {
  readonly counts = { passed: 0, failed: 0, skipped: 0 };
  /** The files of which no test was heard so far. */
  readonly empty: Set<string>;
  readonly #loop: Loop;
  readonly #sourceOf: CompiledSources['sourceOf'];

  constructor(paths: readonly string[], loop: Loop, sourceOf: CompiledSources['sourceOf']) {
    this.empty = new Set(loop === 'unit' ? paths : []);
    this.#loop = loop;
    this.#sourceOf = sourceOf;
  }

  count(outcome: 'passed' | 'failed', data: TestData, isProcess: boolean): void {
    // Node lets a process pass under its file's name if that brings no test: a forgotten test, not a green one.
    if (outcome === 'passed' && isProcess) {
      if (this.#loop === 'e2e') this.empty.add(this.#sourceOf(data.name));
      return;
    }
    for (const path of [data.file, data.name]) if (path) this.empty.delete(this.#sourceOf(path));
    if (data.skip === FILTERED) return;
    const notRun = isSet(data.skip) || isSet(data.todo);
    // A suite that fails has a failed test in it, which counts; one that is skipped brings no tests at all.
    if (data.details.type === 'suite' && !notRun) return;
    this.counts[notRun ? 'skipped' : outcome]++;
  }
}

/**
 * Leaves out of the report what Node 20 says of each test that was not asked for: that it starts, and is skipped.
 * What is called by its compiled file is called by its source.
 */
function withoutFiltered(sourceOf: CompiledSources['sourceOf']): Transform {
  let started: TestEvent | undefined;
  return new Transform({
    objectMode: true,
    transform(told: TestEvent, _encoding, done) {
      const event = calledBySource(told, sourceOf);
      if (event.type === 'test:start') {
        if (started) this.push(started);
        started = event;
      } else if (event.data?.skip === FILTERED) {
        if (event.type === 'test:pass') started = undefined;
      } else {
        if (started && /^test:(?:pass|fail|plan)$/.test(event.type)) {
          this.push(started);
          started = undefined;
        }
        this.push(event);
      }
      done();
    },
  });
}

const calledBySource = ({ type, data }: TestEvent, sourceOf: CompiledSources['sourceOf']): TestEvent => ({
  type,
  ...(data && { data: data.name ? { ...data, name: sourceOf(data.name) } : data }),
});

interface TestEvent {
  readonly type: string;
  readonly data?: TestData;
}

/** The part of node:test's events that is read here. */
interface TestData {
  readonly name: string;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: { readonly type?: string };
}

/** Node gives `skip: true`, `skip: 'why'`, or nothing. */
function isSet(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}

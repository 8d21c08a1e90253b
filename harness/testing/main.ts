/**
 * `npm test`, `npm run test:unit`, `npm run test:e2e` and `npm run check`: what CI asks of the sources. Ends with the
 * line `N passed, N failed`.
 */

import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureEngines } from '../engine/install.ts';
import { EXIT } from '../run/exit.ts';
import { runChecks } from './checks.ts';
import { COMPILED, compileCommand } from './compiled-command.ts';
import { type Loop, loopOf, testFiles, testsReaching } from './files.ts';
import { runTestFiles, type TestCounts } from './run.ts';
import { watchSources } from './watch.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LIMIT_MS = 10 * 60_000;
/** Fewer files are done before the command is compiled for them. */
const WORTH_COMPILING = 6;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const USAGE = `Usage: npm test [-- [OPTIONS] [PART OF A PATH...]]
       npm run test:unit [-- ...]    pure tests: no browser, registry or spawned command
       npm run test:e2e [-- ...]     the other tests
       npm run check                 lint and format, types, unused code

Without arguments, npm test checks the sources and runs all tests, as CI does. With parts of paths, a title or --watch,
it runs tests only: those in files whose path contains one of the parts.

Options:
  -g, --grep PATTERN   only tests whose title matches the regular expression
  -w, --watch          run again what a changed file concerns
  -h, --help           this text

Example: npm test -- harness/engine verdict --grep 'should say'
`;

interface Flags {
  readonly unit: boolean;
  readonly e2e: boolean;
  readonly check: boolean;
  readonly watch: boolean;
  readonly grep?: RegExp;
  readonly parts: readonly string[];
}

/** @param args what stands after `npm test --`. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return EXIT.expected;
  }
  const flags = flagsOf(args);
  if (typeof flags === 'string') {
    process.stderr.write(`${flags} Run: npm test -- --help\n`);
    return EXIT.usage;
  }
  const abort = new AbortController();
  const onSignal = () => abort.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await perform(flags, abort.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

/** @returns the flags, or what is wrong with them in a sentence */
function flagsOf(args: readonly string[]): Flags | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        unit: { type: 'boolean', default: false },
        e2e: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        watch: { type: 'boolean', short: 'w', default: false },
        grep: { type: 'string', short: 'g' },
      },
    });
    const { grep, ...rest } = values;
    return { ...rest, parts: positionals, ...(grep !== undefined && { grep: new RegExp(grep) }) };
  } catch (error) {
    const { message } = error as Error;
    const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
    return unknown ? `Unknown option ${unknown}.` : `${message.replace(/\.?$/, '.')}`;
  }
}

async function perform(flags: Flags, signal: AbortSignal): Promise<number> {
  const loops: Loop[] = flags.unit || flags.e2e ? [] : ['unit', 'e2e'];
  if (flags.unit) loops.push('unit');
  if (flags.e2e) loops.push('e2e');
  const selected = testFiles(ROOT)
    .filter(file => loops.includes(loopOf(file)))
    .filter(file => flags.parts.length === 0 || flags.parts.some(part => file.includes(part)));
  if (selected.length === 0) {
    process.stderr.write(
      `No test file has ${flags.parts.map(part => `"${part}"`).join(' or ')} in its path.\n`,
    );
    return EXIT.nothingSelected;
  }
  if (flags.check)
    return conclude([{ ...(await runChecks(ROOT, process.stdout, signal)), skipped: 0 }], flags, signal);
  if (flags.watch) return watch(selected, flags, signal);
  const everything = loops.length === 2 && flags.parts.length === 0 && !flags.grep;
  const counts: TestCounts[] = [];
  if (everything) counts.push({ ...(await runChecks(ROOT, process.stdout, signal)), skipped: 0 });
  counts.push(...(await runLoops(selected, flags, signal)));
  return conclude(counts, flags, signal);
}

async function runLoops(files: readonly string[], flags: Flags, signal: AbortSignal): Promise<TestCounts[]> {
  const counts: TestCounts[] = [];
  for (const loop of ['unit', 'e2e'] as const) {
    const own = files.filter(file => loopOf(file) === loop);
    if (own.length === 0 || signal.aborted) continue;
    if (loop === 'e2e') await ensureEngines();
    const isMany = loop === 'e2e' && own.length >= WORTH_COMPILING;
    const compiled = isMany ? await compileCommand(ROOT, signal) : undefined;
    if (compiled) process.env[COMPILED] = compiled.program;
    try {
      counts.push(
        await runTestFiles(own, {
          root: ROOT,
          loop,
          limitMs: LIMIT_MS,
          signal,
          output: process.stdout,
          ...(flags.grep && { grep: flags.grep }),
        }),
      );
    } finally {
      compiled?.remove();
    }
  }
  return counts;
}

/** Prints the last line. @returns the exit code */
function conclude(counts: readonly TestCounts[], flags: Flags, signal: AbortSignal): number {
  const sum = (name: keyof TestCounts) => counts.reduce((total, one) => total + one[name], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  if (signal.aborted) process.stdout.write('The tests were interrupted.\n');
  const nothing = flags.grep !== undefined && passed + failed + skipped === 0;
  if (nothing) process.stdout.write(`No test has a title that matches ${flags.grep}.\n`);
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  if (signal.aborted) return EXIT.interrupted;
  if (nothing) return EXIT.nothingSelected;
  return failed > 0 || passed === 0 ? EXIT.unexpected : EXIT.expected;
}

/** Runs the files, then those that a change concerns, until the signal. @returns the exit code of the last run */
async function watch(files: readonly string[], flags: Flags, signal: AbortSignal): Promise<number> {
  let code: number = conclude(await runLoops(files, flags, signal), flags, signal);
  for await (const changed of watchSources(ROOT, signal)) {
    const concerned = [...new Set(changed.flatMap(file => testsReaching(ROOT, file, files)))];
    if (concerned.length === 0) continue;
    process.stdout.write(`\n${changed.join(', ')} changed: ${concerned.join(', ')}\n`);
    code = conclude(await runLoops(concerned, flags, signal), flags, signal);
  }
  return code;
}

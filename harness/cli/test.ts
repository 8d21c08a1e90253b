/**
 * `npm test`: sets up what is missing, then runs every `*.test.ts` of the repository (or those whose path contains
 * one of the arguments), and ends with the line `N passed, N failed`.
 */

import { readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureEngines } from '../engine/install.ts';
import { EXIT } from './exit.ts';
import { runTestFiles } from './test-run.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const NOT_OURS = new Set(['node_modules', 'cors-report', 'test-results']);
const TEST_LIMIT_MS = 10 * 60_000;
const USAGE = `Usage: npm test -- [PART OF A PATH...]

Sets up what is missing (packages, browsers) and runs the tests: all of them, or those in files whose path contains
one of the arguments.

Example: npm test -- harness/engine verdict
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return EXIT.expected;
  }
  const flag = args.find(arg => arg.startsWith('-'));
  if (flag) {
    process.stderr.write(`Unknown option ${flag}. Run: npm test -- --help\n`);
    return EXIT.usage;
  }
  const files = testFiles(ROOT).filter(file => args.length === 0 || args.some(arg => file.includes(arg)));
  if (files.length === 0) {
    process.stderr.write(`No test file has ${args.map(arg => `"${arg}"`).join(' or ')} in its path.\n`);
    return EXIT.nothingSelected;
  }
  await ensureEngines();
  return runTests(files);
}

/** Paths of the test files under `folder`, relative to it and with forward slashes, in a fixed order. */
function testFiles(folder: string): string[] {
  const found: string[] = [];
  const visit = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        if (!NOT_OURS.has(entry.name) && !entry.name.startsWith('.')) visit(join(at, entry.name));
      } else if (entry.name.endsWith('.test.ts')) {
        found.push(relative(folder, join(at, entry.name)).split(sep).join('/'));
      }
    }
  };
  visit(folder);
  return found.sort();
}

/** @returns the exit code */
async function runTests(files: readonly string[]): Promise<number> {
  const abort = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = () => abort.abort();
  for (const name of names) process.on(name, onSignal);
  const { passed, failed, skipped } = await runTestFiles(files, {
    root: ROOT,
    limitMs: TEST_LIMIT_MS,
    signal: abort.signal,
    output: process.stdout,
  });
  for (const name of names) process.off(name, onSignal);
  if (abort.signal.aborted) process.stdout.write('The tests were interrupted.\n');
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  if (abort.signal.aborted) return EXIT.interrupted;
  return failed > 0 || passed === 0 ? EXIT.unexpected : EXIT.expected;
}

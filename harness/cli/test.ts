/**
 * `npm test`: sets up what is missing, then runs every `*.test.ts` of the repository (or those whose path contains
 * one of the arguments), and ends with the line `N passed, N failed`.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureEngines } from '../engine/install.ts';
import { EXIT } from './exit.ts';
import type { TestCounts } from './test-counts.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const NOT_OURS = new Set(['node_modules', 'dist', 'cors-report', 'test-results']);
const TEST_LIMIT_MS = 5 * 60_000;
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

async function runTests(files: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const countsFile = join(folder, 'counts.json');
  const { code, signal } = await node([
    '--import',
    import.meta.resolve('tsx'),
    '--test',
    ...limits(),
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${pathToFileURL(join(ROOT, 'harness', 'cli', 'test-counts.ts')).href}`,
    `--test-reporter-destination=${countsFile}`,
    ...files,
  ]);
  const counts = readCounts(countsFile);
  removeFolder();
  process.off('exit', removeFolder);
  if (signal) process.stdout.write(`The test run was ended by ${signal}.\n`);
  // Node fails a run for reasons that are no test, such as a file that cannot be loaded: never call that green.
  const failed = counts.failed === 0 && code !== 0 ? 1 : counts.failed;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  process.stdout.write(`${counts.passed} passed, ${failed} failed${skipped}\n`);
  if (signal === 'SIGINT') return EXIT.interrupted;
  return failed > 0 || counts.passed === 0 ? EXIT.unexpected : EXIT.expected;
}

/** Node's flags against a test that hangs; the first releases of Node 20 do not know them. */
function limits(): string[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major === 20 && minor < 11) return [];
  return ['--test-concurrency=2', `--test-timeout=${TEST_LIMIT_MS}`];
}

function node(args: readonly string[]): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise(resolve => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
    // The runner ends its test processes itself; this process only waits for it, so that it can tell the outcome.
    const pass = (name: NodeJS.Signals) => void child.kill(name);
    const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const name of names) process.on(name, pass);
    child.once('close', (code, signal) => {
      for (const name of names) process.off(name, pass);
      resolve({ code, signal });
    });
    child.once('error', error => {
      process.stderr.write(`The tests could not be started: ${error.message}\n`);
      resolve({ code: 1, signal: null });
    });
  });
}

function readCounts(file: string): TestCounts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestCounts;
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** Starts Playwright Test underneath and turns what it leaves into an exit code. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type ChildEnd, endWords } from '../process/child.ts';
import { becauseOfLimits } from '../process/limits.ts';
import { newTempFolder } from '../process/temp-folder.ts';
import { newTree } from '../process/tree.ts';
import { CliError, EXIT } from './exit.ts';
import { codeFileBeside, OPTIONS_VARIABLE, type RunOptions } from './options.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Playwright's compiler costs each of its processes a quarter of a second where there is nothing to compile. */
const WITHOUT_COMPILER = { PW_DISABLE_TS_ESM: '1' };

/**
 * Milliseconds in which a worker that was told to stop must show a sign of life. Playwright forgets to tell a worker
 * that it is about to start when an interrupt comes, and would wait five minutes for it.
 */
const SILENT_WORKER_MS = { PWTEST_CHILD_PROCESS_TIMEOUT: '60000' };

/** What compiles the sources instead, in all of Playwright's processes, and takes a third of the time to load them. */
const COMPILER = extname(import.meta.url) === '.js' ? [] : ['--import', import.meta.resolve('tsx')];

/**
 * Runs the given projects.
 * @returns the exit code: Playwright's own is 1 for everything, so the reporter works it out from the record
 * @throws CliError if there is no record
 */
export async function runPlaywright(projects: readonly string[], options: RunOptions): Promise<number> {
  const folder = newTempFolder('run');
  const dir = folder.path;
  const file = join(dir, 'options.json');
  try {
    writeFileSync(file, JSON.stringify(options));
    const cli = playwrightCli();
    const args = [
      ...COMPILER,
      cli,
      'test',
      '-c',
      join(root, `playwright.config${extname(import.meta.url)}`),
      `--output=${join(dir, 'artifacts')}`,
    ];
    for (const project of projects) args.push('--project', project);
    const ended = await spawned(args, {
      ...SILENT_WORKER_MS,
      ...process.env,
      ...WITHOUT_COMPILER,
      [OPTIONS_VARIABLE]: file,
    });
    if (ended === 'interrupted') return EXIT.interrupted;
    const code = codeFileBeside(file);
    if (!existsSync(code))
      throw new CliError(
        `Playwright ${endWords(ended)} before it could write results${becauseOfLimits()}`,
        EXIT.harness,
      );
    return Number(readFileSync(code, 'utf8'));
  } finally {
    await folder.remove();
  }
}

/** @throws CliError if the package that users bring themselves is not there: Yarn does not install it by itself */
function playwrightCli(): string {
  try {
    return createRequire(import.meta.url).resolve('@playwright/test/cli');
  } catch {
    throw new CliError(
      '@playwright/test is not installed; run: npm install --save-dev @playwright/test (or yarn add --dev @playwright/test)',
    );
  }
}

async function spawned(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ChildEnd | 'interrupted'> {
  // In a group of its own: an interrupt from the keyboard reaches Playwright once, through us, and it closes its browsers.
  const tree = newTree();
  const child = await tree.start([process.execPath, ...args], { cwd: root, env, output: 'inherit' });
  let interrupted = false;
  const forward = () => {
    interrupted = true;
    // Playwright writes its report and closes its browsers on SIGINT only.
    child.signal('SIGINT');
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  const ended = await child.closed;
  for (const signal of SIGNALS) process.off(signal, forward);
  await tree.end(0);
  return interrupted ? 'interrupted' : ended;
}

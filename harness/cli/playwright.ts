/** Starts Playwright Test underneath and turns what it leaves into an exit code. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { OPTIONS_VARIABLE, type RunOptions } from '../playwright/options.ts';
import type { RunRecord } from '../verdict/record.ts';
import { EXIT } from './exit.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs the given projects.
 * @returns the exit code: Playwright's own is 1 for everything, so it is worked out from the record
 */
export async function runPlaywright(
  projects: readonly string[],
  options: RunOptions,
  shard?: string,
): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'cors-conformance-cli-'));
  const file = join(dir, 'options.json');
  const results = join(options.out ?? 'cors-report', 'results.json');
  const began = Date.now();
  try {
    writeFileSync(file, JSON.stringify(options));
    const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
    const args = [
      cli,
      'test',
      '-c',
      join(root, 'playwright.config.ts'),
      `--output=${join(dir, 'artifacts')}`,
    ];
    for (const project of projects) args.push('--project', project);
    if (shard !== undefined) args.push('--shard', shard);
    const ended = await spawned(args, { ...process.env, ...loader(), [OPTIONS_VARIABLE]: file });
    if (ended === 'interrupted') return EXIT.interrupted;
    // A record older than this run is somebody else's: the run broke down before it could write one.
    if (!existsSync(results) || statSync(results).mtimeMs < began) return EXIT.harness;
    return codeOf(JSON.parse(readFileSync(results, 'utf8')) as RunRecord, options);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Playwright compiles no TypeScript under node_modules: where this is installed as a package, tsx does. */
function loader(): NodeJS.ProcessEnv {
  if (!root.includes(`${sep}node_modules${sep}`)) return {};
  return { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${import.meta.resolve('tsx')}`.trim() };
}

/** What a record says about a run: a result that is not as expected, else trouble, else success. */
export function codeOf(record: RunRecord, options: Pick<RunOptions, 'missing'> = {}): number {
  const unexpected = record.results.filter(result => result.outcome !== 'expected');
  if (unexpected.some(result => result.verdict !== 'harness-error')) return EXIT.unexpected;
  const known = new Set((options.missing ?? []).map(({ name }) => name));
  const broken = record.engines.some(engine => engine.notRun !== undefined && !known.has(engine.name));
  if (unexpected.length > 0 || broken || record.results.length === 0) return EXIT.harness;
  return EXIT.expected;
}

function spawned(args: readonly string[], env: NodeJS.ProcessEnv): Promise<'ended' | 'interrupted'> {
  return new Promise(resolve => {
    // Detached: an interrupt from the keyboard then reaches Playwright once, through us, and it closes its browsers.
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: 'inherit',
      detached: process.platform !== 'win32',
    });
    let interrupted = false;
    const forward = (signal: NodeJS.Signals) => {
      interrupted = true;
      child.kill(signal === 'SIGTERM' ? 'SIGINT' : signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, forward);
    child.on('close', () => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, forward);
      resolve(interrupted ? 'interrupted' : 'ended');
    });
  });
}

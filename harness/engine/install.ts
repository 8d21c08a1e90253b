/** Gets the engines that are missing, and never hangs over it. */

import { spawn } from 'node:child_process';
import { findEngines } from './find.ts';
import { type Facts, narrowStep, planInstall, type Step } from './plan.ts';
import { downloadsReachable, playwrightCli } from './reachable.ts';
import { onPath, succeeds, thisSystem } from './system.ts';
import { ENGINES, type EngineName, type FoundEngine } from './types.ts';

export interface EnsureOptions {
  /** Which engines are wanted; all three where omitted. */
  readonly names?: readonly EngineName[];
  readonly env?: NodeJS.ProcessEnv;
  /** Takes one line of progress at a time; standard error where omitted. */
  readonly log?: (line: string) => void;
}

/**
 * Looks for the engines and, where some are missing, installs them: by Playwright's download, else by the system's
 * packages. Says what it runs before it runs it. Each step has a time limit and no standard input, so nothing can
 * wait for an answer. `CORS_CONFORMANCE_SKIP_INSTALL=1` makes it look only. Never throws: what could not be got is
 * in the result as not found, with the command that would get it.
 */
export async function ensureEngines(options: EnsureOptions = {}): Promise<FoundEngine[]> {
  const names = options.names ?? ENGINES;
  const env = options.env ?? process.env;
  const log = options.log ?? (line => void process.stderr.write(`${line}\n`));
  const look = () => findEngines({ names, env });
  let found = look();
  const missing = missingOf(found);
  if (missing.length === 0 || !['', '0'].includes(env.CORS_CONFORMANCE_SKIP_INSTALL ?? '')) return found;

  log(`Set-up: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`);
  const facts = await gatherFacts(missing, env);
  if (!facts.downloads) log("Set-up: Playwright's downloads cannot be reached from here.");
  for (const step of planInstall(facts).steps) {
    const narrowed = narrowStep(step, { ...facts, missing: missingOf(found) });
    if (!narrowed) continue;
    await runStep(narrowed, env, log);
    found = look();
  }
  for (const engine of found) {
    if (engine.found) {
      if (missing.includes(engine.name)) log(`Set-up: ${engine.name} is ready: ${engine.label}`);
    } else {
      log(`Set-up: ${engine.name} could not be installed (${engine.reason}). To get it, run: ${engine.fix}`);
    }
  }
  return found;
}

function missingOf(found: readonly FoundEngine[]): EngineName[] {
  // An engine that the user points at by a variable is theirs to put right: no package would change the outcome.
  return found
    .filter(engine => !engine.found && !engine.fix.startsWith('export ') && !engine.fix.startsWith('unset '))
    .map(engine => engine.name);
}

async function gatherFacts(missing: readonly EngineName[], env: NodeJS.ProcessEnv): Promise<Facts> {
  const root = process.getuid?.() === 0;
  const [sudo, downloads] = await Promise.all([
    !root && onPath('sudo', env.PATH) ? succeeds('sudo', ['-n', 'true']) : false,
    downloadsReachable(missing, env),
  ]);
  return {
    system: thisSystem(),
    root,
    sudo,
    apt: onPath('apt-get', env.PATH) !== undefined,
    downloads,
    missing,
  };
}

async function runStep(step: Step, env: NodeJS.ProcessEnv, log: (line: string) => void): Promise<void> {
  const deadline = Date.now() + step.limitMs;
  for (const command of step.commands) {
    log(
      `Set-up: running: ${command.join(' ')} (at most ${Math.ceil((deadline - Date.now()) / 60_000)} minutes)`,
    );
    const failure = await run(command, env, deadline - Date.now(), log);
    if (failure) log(`Set-up: ${command.join(' ')}: ${failure}`);
  }
}

/** The Playwright that this harness uses, whichever one npx would find in the folder where the user stands. */
function programOf(command: readonly string[]): string[] {
  return command[0] === 'npx' ? [process.execPath, playwrightCli(), ...command.slice(2)] : [...command];
}

/** @returns what went wrong, in words; undefined when nothing did */
function run(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  limitMs: number,
  log: (line: string) => void,
): Promise<string | undefined> {
  const [program = '', ...args] = programOf(command);
  return new Promise(resolve => {
    const child = spawn(program, args, {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1' },
      // A process group of its own, so that the time limit ends the helpers of apt and npm as well.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kill = () => {
      try {
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has just ended.
      }
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, limitMs);
    process.once('exit', kill);
    const started = Date.now();
    let shown = 0;
    let last = '';
    const onOutput = (chunk: Buffer) => {
      const lines = chunk
        .toString()
        .split(/[\r\n]+/)
        .filter(line => line.trim() !== '');
      last = lines.at(-1) ?? last;
      // A sign of life every few seconds; the rest of what package managers say helps nobody.
      if (Date.now() - shown < 3_000) return;
      shown = Date.now();
      log(`  ${Math.round((Date.now() - started) / 1_000)} s: ${last.trim().slice(0, 100)}`);
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    const settle = (failure: string | undefined) => {
      clearTimeout(timer);
      process.off('exit', kill);
      resolve(late ? `stopped after ${Math.round(limitMs / 1_000)} s` : failure);
    };
    child.once('error', error => settle(error.message));
    child.once('close', (code, signal) => {
      settle(
        code === 0 ? undefined : `failed (${signal ?? `exit ${code}`})${last ? `: ${last.trim()}` : ''}`,
      );
    });
  });
}

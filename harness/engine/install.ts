/** Gets the engines that are missing, and never hangs over it. */

import { outputOf } from '../process/command.ts';
import { runSetUpCommand } from '../process/set-up-command.ts';
import { findEngines } from './find.ts';
import { type Facts, type InstallStep, narrowStep, planInstall } from './plan.ts';
import { downloadsReachable, playwrightCli } from './reachable.ts';
import { onPath, thisSystem } from './system.ts';
import { ENGINES, type EngineName, type FoundEngine } from './types.ts';

export interface EnsureOptions {
  /** Which engines are wanted; all three where omitted. */
  readonly names?: readonly EngineName[];
  readonly env?: NodeJS.ProcessEnv;
  /** Takes one line of progress at a time; standard error where omitted. */
  readonly log?: (line: string) => void;
  /** What is known of this machine beforehand; the rest is found out. */
  readonly facts?: Partial<Omit<Facts, 'missing'>>;
}

/**
 * Looks for the engines and, where some are missing, installs them: by Playwright's download, else by the system's
 * packages. Says what it runs before it runs it. Each step has a time limit and no standard input, so nothing can
 * wait for an answer. `CORS_CONFORMANCE_SKIP_INSTALL=1` makes it look only. Never throws: what could not be got is
 * in the result as not found, with the command that would get it.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the order of the steps of a set-up is what it is about
export async function ensureEngines(options: EnsureOptions = {}): Promise<FoundEngine[]> {
  const names = options.names ?? ENGINES;
  const env = options.env ?? process.env;
  const log = options.log ?? (line => void process.stderr.write(`${line}\n`));
  const look = () => findEngines({ names, env });
  let found = look();
  const missing = missingOf(found);
  if (missing.length === 0 || !['', '0'].includes(env.CORS_CONFORMANCE_SKIP_INSTALL ?? '')) return found;

  log(`Set-up: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`);
  const facts = await gatherFacts(missing, env, options.facts ?? {});
  if (!facts.downloads) log("Set-up: Playwright's downloads cannot be reached from here.");
  for (const step of planInstall(facts).steps) {
    const narrowed = narrowStep(step, { ...facts, missing: missingOf(found) });
    if (!narrowed) continue;
    await runStep(narrowed, env, log);
    found = look();
  }
  for (const engine of found) {
    if (engine.found) {
      if (missing.some(name => name === engine.family))
        log(`Set-up: ${engine.name} is ready: ${engine.label}`);
    } else {
      log(`Set-up: ${engine.name} could not be installed (${engine.reason}). To get it, run: ${engine.fix}`);
    }
  }
  return found;
}

const works = async (command: readonly string[]) => (await outputOf(command)) !== undefined;

function missingOf(found: readonly FoundEngine[]): EngineName[] {
  // An engine that the user points at by a variable is theirs to put right: no package would change the outcome.
  return found
    .filter(engine => !engine.found && !engine.fix.startsWith('export ') && !engine.fix.startsWith('unset '))
    .flatMap(({ family }) => ENGINES.filter(name => name === family));
}

async function gatherFacts(
  missing: readonly EngineName[],
  env: NodeJS.ProcessEnv,
  known: Partial<Facts>,
): Promise<Facts> {
  const root = known.root ?? process.getuid?.() === 0;
  const [sudo, downloads] = await Promise.all([
    known.sudo ?? (!root && onPath('sudo', env.PATH) ? works(['sudo', '-n', 'true']) : false),
    known.downloads ?? downloadsReachable(missing, env),
  ]);
  const system = known.system ?? thisSystem();
  const apt = known.apt ?? onPath('apt-get', env.PATH) !== undefined;
  return { system, root, sudo, apt, downloads, missing };
}

async function runStep(
  step: InstallStep,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<void> {
  const deadline = performance.now() + step.limitMs;
  for (const command of step.commands) {
    log(
      `Set-up: running: ${command.join(' ')} (at most ${Math.ceil((deadline - performance.now()) / 60_000)} minutes)`,
    );
    const failure = await runSetUpCommand(programOf(command), {
      env,
      limitMs: Math.ceil(deadline - performance.now()),
      log,
    });
    if (failure) log(`Set-up: ${command.join(' ')}: ${failure}`);
  }
}

/** The Playwright that this harness uses, whichever one npx would find in the folder where the user stands. */
function programOf(command: readonly string[]): string[] {
  return command[0] === 'npx' ? [process.execPath, playwrightCli(), ...command.slice(2)] : [...command];
}

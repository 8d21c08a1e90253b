import process from 'node:process';
import type { Command } from 'commander';
import { isChanged } from '../regress/changes.ts';
import { type SearchResult, search } from '../regress/search.ts';
import { between, versionsOf } from '../release/versions.ts';
import { CliError, EXIT } from './exit.ts';
import { interruptible } from './interruptible.ts';
import { addPlanOptions, compareReleases, compareRunning, print, say, selectedProbes } from './regress.ts';
import type { Compared } from './regress-run.ts';
import { type Order, orderOf, type ReleaseFlags, Releases, userError } from './releases.ts';
import { enginesOf, outputFolder } from './run.ts';

interface BisectFlags extends ReleaseFlags {
  engine?: string[];
}

export function register(program: Command): void {
  addPlanOptions(
    program
      .command('bisect')
      .description('find the release of a middleware that first changed what a server does')
      .argument('<package>', 'as for regress')
      .argument('<good>', 'a version that behaves as it should')
      .argument('<bad>', 'a later version that does not'),
  )
    .addHelpText(
      'after',
      `
Releases are tried on the wire, with the model as the browser; the pair that is found is then compared in the engines.

Exit codes: 0 the release was found, 2 usage, 3 the script does not run on GOOD or BAD, 4 an engine or the harness
failed, 5 GOOD and BAD do not differ.

Example:
  npx cors-conformance bisect @fastify/cors 10.0.1 11.3.1 --target server.mjs --only 'put*'`,
    )
    .action(async (name: string, good: string, bad: string, flags: BisectFlags) => {
      process.exitCode = await bisect(name, good, bad, flags);
    });
}

/** @returns the exit code. @throws CliError for what the user can mend */
async function bisect(name: string, good: string, bad: string, flags: BisectFlags): Promise<number> {
  const engines = enginesOf(flags.engine);
  const order = orderOf(name, flags);
  selectedProbes(order);
  const out = outputFolder(flags.out);
  return interruptible(async signal => {
    const versions = await candidates(order, good, bad, signal);
    const releases = new Releases(order, { signal, onProgress: say });
    try {
      const { last, first, skipped } = await searchReleases(order, releases, good, versions, signal);
      const record = await compareReleases(order, releases, [last, first], engines, signal);
      signal.throwIfAborted();
      print(record, out, {});
      const left = skipped.length > 0 ? ` Between them, ${skipped.join(', ')} could not be tried.` : '';
      process.stdout.write(
        `${order.pkg.name} ${first} is the first release that differs; ${last} is the last before it.${left}\n`,
      );
      return EXIT.expected;
    } finally {
      await releases.end();
    }
  });
}

/** The versions after GOOD, up to and including BAD. @throws CliError */
async function candidates(
  { pkg }: Order,
  good: string,
  bad: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return between(await versionsOf(pkg, signal), good, bad);
  } catch (error) {
    throw userError(error);
  }
}

async function searchReleases(
  order: Order,
  releases: Releases,
  good: string,
  versions: readonly string[],
  signal: AbortSignal,
): Promise<SearchResult> {
  const reference = await releases.start(good);
  /** Compares GOOD with a version on the wire. */
  const compare = async (version: string, wanted: Order['wanted']): Promise<Compared> => {
    const tried = await releases.start(version);
    try {
      return await compareRunning(
        { ...order, wanted },
        { before: reference, after: tried },
        ['model'],
        signal,
      );
    } finally {
      await releases.stop(tried);
    }
  };
  const bad = versions.at(-1) as string;
  say(`${versions.length} releases after ${good}, up to ${bad}`);
  const whole = await compare(bad, order.wanted);
  const ids = new Set(
    whole.changes
      .filter(({ level }) => level !== 'form')
      .flatMap(({ requests }) => requests.map(({ id }) => id)),
  );
  if (ids.size === 0)
    throw new CliError(
      `${order.pkg.name} ${good} and ${bad} do not differ in what was asked: nothing to look for`,
      EXIT.nothingSelected,
    );
  say(`${bad}: differs in ${ids.size} requests`);
  const found = await search([good, ...versions], async version => {
    let compared: Compared;
    try {
      compared = await compare(version, probe => ids.has(probe.id));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CliError)) throw error;
      say(`${version}: left out: ${error.message.split('\n')[0]}`);
      return 'untried';
    }
    const differs = isChanged(compared);
    say(`${version}: ${differs ? 'differs' : `as ${good}`}`);
    return differs ? 'bad' : 'good';
  });
  await releases.stop(reference);
  return found;
}

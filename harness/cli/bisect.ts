/** The verb `bisect`: the release of a middleware that first changed what a server does. */
import type { Command } from 'commander';
import { bisectionSentence } from '../../reports/bisection.ts';
import { renderEngineBisection } from '../../reports/engine-bisection.ts';
import { bisectReleases } from '../run/bisect-run.ts';
import { packageRequestOf, selectedProbes } from '../run/comparison-request.ts';
import { prepareEngines, proxiedEnginesOf } from '../run/engine-instances.ts';
import { CliError, EXIT } from '../run/exit.ts';
import { interruptible } from '../run/interruptible.ts';
import { commandOf, type Io } from '../run/io.ts';
import { writeRegression } from '../run/regress-files.ts';
import { addOutputOptions, type OutputFlags, printJson, sayOf } from './output.ts';
import { outputFolder } from './output-folder.ts';
import { addPlanOptions, type PlanFlags } from './plan-options.ts';

interface BisectFlags extends PlanFlags, OutputFlags {
  readonly target?: string;
  readonly case?: string;
}

export function register(program: Command, io: Io): void {
  addPlanOptions(
    addOutputOptions(program.command('bisect'), {
      json: '{ package, first, last, skipped, elsewhere, comparison }; of chromium what was tried and found',
      quiet: 'the release that was found',
    })
      .description('find the release of a middleware, or of Chromium, that first changed something')
      .argument('<package>', 'as for regress, or chromium')
      .argument('<good>', 'a version that behaves as it should')
      .argument('<bad>', 'a later version that does not')
      .option(
        '-t, --target <script>',
        'the server script; it exports its app, or listens on PORT; server.mjs:NAME names the app',
      )
      .option('--case <id>', 'of chromium: the case of the suites that comes out otherwise'),
  )
    .addHelpText(
      'after',
      `
Releases are tried on the wire, with the model as the browser; the pair that is found is then compared in the engines.
If the script does not start on BAD, the first release on which it does not start is looked for.

Exit codes: 0 the release was found, 2 usage, 3 the script does not run on GOOD, 4 an engine or the harness
failed, 5 GOOD and BAD do not differ, 6 nothing was exercised, as for regress.

Releases of Chromium are installed into the user's cache folder; each try runs the one case.

Examples:
  npx cors-conformance bisect @fastify/cors 10.0.1 11.3.1 --target server.mjs --only 'put*'
  npx cors-conformance bisect chromium 103 153 --case redir-authorization-stripped/fetch`,
    )
    .action(async (name: string, good: string, bad: string, flags: BisectFlags) => {
      io.exitCode =
        name === 'chromium'
          ? await bisectEngine(good, bad, flags, io)
          : await bisect(name, [good, bad], flags, io);
    });
}

/** @returns the exit code. @throws CliError for what the user can correct */
async function bisectEngine(good: string, bad: string, flags: BisectFlags, io: Io): Promise<number> {
  const { case: caseId } = flags;
  if (caseId === undefined)
    throw new CliError('bisect chromium needs --case ID: the case that comes out otherwise');
  return interruptible(async signal => {
    const say = sayOf(io, flags);
    const { bisectChromium } = await import('../run/engine-bisect.ts');
    const found = await bisectChromium({ good, bad, caseId, signal, say });
    if (flags.json) printJson(io, found);
    else io.stdout.write(renderEngineBisection(found, caseId));
    return EXIT.expected;
  });
}

/** @returns the exit code. @throws CliError for what the user can correct */
async function bisect(
  name: string,
  ends: readonly [good: string, bad: string],
  flags: BisectFlags,
  io: Io,
): Promise<number> {
  const engines = proxiedEnginesOf(flags.engine);
  await prepareEngines(engines, sayOf(io, flags));
  if (flags.target === undefined) throw new CliError('which server? Add --target SCRIPT');
  const request = await packageRequestOf(name, flags.target, flags);
  selectedProbes(request.candidates, request.wanted);
  const out = outputFolder(flags.out);
  return interruptible(async signal => {
    const say = sayOf(io, flags);
    const settings = {
      engines,
      signal,
      accept: null,
      failOn: 'wire' as const,
      command: commandOf(io),
      say,
    };
    const { record, first, last, skipped, elsewhere } = await bisectReleases(request, ends, settings);
    const form = flags.json || flags.quiet ? 'json' : 'text';
    const comparison = writeRegression(record, { out, io, form });
    if (flags.json) {
      printJson(io, { package: request.pkg.name, first, last, skipped, elsewhere, comparison });
      return EXIT.expected;
    }
    const found = { first, last, skipped, elsewhere };
    io.stdout.write(`${bisectionSentence(request.pkg.name, found, ends)}\n`);
    return EXIT.expected;
  });
}

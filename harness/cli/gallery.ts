import type { Command } from 'commander';
import { renderGallery } from '../../reports/gallery.ts';
import { wantsColor } from '../../reports/terminal.ts';
import { PROXIED_ENGINE_HELP } from '../case/engine-name.ts';
import { REPORTS } from '../process/reports-folder.ts';
import { prepareEngines, proxiedEnginesOf } from '../run/engine-instances.ts';
import { CliError, EXIT } from '../run/exit.ts';
import { runGallery } from '../run/gallery.ts';
import { interruptible } from '../run/interruptible.ts';
import type { Io } from '../run/io.ts';
import { keepProven } from '../run/proven.ts';
import { writeFiles } from '../run/write-files.ts';
import { type GalleryEntry, type GalleryRecord, isProven } from '../stacks/gallery-record.ts';
import { ALL_STACKS, requireStack } from '../stacks/index.ts';
import { POLICY_IDS, type PolicyId } from '../stacks/proof.ts';
import { commaList } from './flags.ts';
import { addOutputOptions, type OutputFlags, sayOf } from './output.ts';
import { outputFolder } from './output-folder.ts';

interface GalleryFlags extends OutputFlags {
  engine?: string[];
  policy?: string[];
  configurationsOnly?: boolean;
  out?: string;
  record?: boolean;
}

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program
      .command('gallery')
      .description(
        "run every stack's real server with the configuration that `configure` writes (repository only)",
      ),
    { json: '{ entries, interrupted }', quiet: 'what is not proven, and the last line' },
  )
    .argument('[stacks...]', 'their names (default: all)')
    .option(
      '-e, --engine <names>',
      `which engines, by comma: ${PROXIED_ENGINE_HELP} (default: model)`,
      commaList,
    )
    .option('--policy <ids>', `which policies, by comma: ${POLICY_IDS.join(', ')} (default: all)`, commaList)
    .option('--configurations-only', 'leave out deliberate mistakes and getting-started pages')
    .option(
      '--record',
      'add what was found to harness/stacks/proven.json after each stack, for configure and `npm run docs`',
    )
    .option('--out <dir>', `the folder for gallery.json (default: ${REPORTS})`)
    .addHelpText(
      'after',
      `
Packages are installed once, in the user's cache folder or in CORS_CONFORMANCE_CACHE.
Exit codes: 0 all proven, 1 a policy is not kept or a mistake not found, 4 a stack that was named is not available,
130 interrupted: what was done until then is told, and recorded.

Example: npm run gallery -- express fastify --engine chromium,firefox,webkit`,
    )
    .action(async (stacks: string[], flags: GalleryFlags) => {
      io.exitCode = await gallery(stacks, flags, io);
    });
}

function policiesOf(names: readonly string[] | undefined): readonly PolicyId[] | undefined {
  const unknown = names?.find(name => !(POLICY_IDS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new CliError(`--policy: "${unknown}" is not one of ${POLICY_IDS.join(', ')}`);
  return names as readonly PolicyId[] | undefined;
}

function stackOrError(name: string) {
  try {
    return requireStack(name);
  } catch (error) {
    throw new CliError((error as Error).message);
  }
}

/** @returns the exit code. @throws CliError for a name that does not exist */
async function gallery(names: readonly string[], flags: GalleryFlags, io: Io): Promise<number> {
  const stacks = names.length > 0 ? names.map(stackOrError) : ALL_STACKS;
  const engines = flags.engine ? proxiedEnginesOf(flags.engine) : (['model'] as const);
  await prepareEngines(engines, sayOf(io, flags));
  const policies = policiesOf(flags.policy);
  const out = outputFolder(flags.out, io.env);
  return interruptible(async signal => {
    const entries: GalleryEntry[] = [];
    const record = (): GalleryRecord => ({
      entries,
      ...(entries.length < stacks.length && { interrupted: { done: entries.length, of: stacks.length } }),
    });
    const asJson = () => `${JSON.stringify(record(), null, 2)}\n`;
    const running = runGallery({
      stacks,
      engines,
      policies,
      configurationsOnly: flags.configurationsOnly,
      signal,
      onProgress: sayOf(io, flags),
      onEntry(entry) {
        entries.push(entry);
        // Until the last stack is done, the file says what it will be if nothing more comes.
        writeFiles(out, { 'gallery.json': asJson() });
        if (flags.record) keepProven({ entries: [entry] });
      },
    });
    // What was done before an interruption is told all the same.
    await running.catch(error => {
      if (!signal.aborted) throw error;
    });
    const color = wantsColor(io.env, io.stdout.isTTY === true);
    io.stdout.write(flags.json ? asJson() : renderGallery(record(), { color, quiet: flags.quiet }));
    if (entries.some(one => one.notRun === undefined && !isProven(one))) return EXIT.unexpected;
    return names.length > 0 && entries.some(one => one.notRun !== undefined) ? EXIT.harness : EXIT.expected;
  });
}

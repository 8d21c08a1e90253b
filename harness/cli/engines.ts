/** `cors-conformance engines`: which engines are here, do they start, and how to get the missing ones. */

import type { Command } from 'commander';
import { findEngines } from '../engine/find.ts';
import { ensureEngines } from '../engine/install.ts';
import { ENGINES, type EngineInfo, type EngineName, type FoundEngine } from '../engine/types.ts';
import { ReleaseError } from '../release/types.ts';
import { installEngine, isInstalledApart } from '../run/engine-instances.ts';
import { CliError, EXIT } from '../run/exit.ts';
import type { Io } from '../run/io.ts';
import { addOutputOptions, type OutputFlags, printJson, sayOf } from './output.ts';

/** One line of the table, and one entry of `--json`. */
export interface EngineLine {
  readonly name: string;
  readonly found: boolean;
  /** Where found: which build; with `--check`, what the running browser said. */
  readonly build?: string;
  readonly version?: string;
  /** Where found: how. */
  readonly where?: string;
  /** Where missing, or found but not starting: why. */
  readonly reason?: string;
  /** The command that gets it. */
  readonly fix?: string;
  /** With `--check`, everything that a record would say of it. */
  readonly info?: EngineInfo;
}

/** Adds the verb. */
export function register(program: Command, io: Io): void {
  const engines = addOutputOptions(
    program
      .command('engines')
      .description('list the browser engines that are here, and the command that gets each missing one'),
    {
      json: 'an array of { name, found, build, where, reason, fix }; with --check also { version, info }',
      quiet: 'those that are missing or do not start, and how many are here',
    },
  )
    .option('--check', 'start each engine and show its true version')
    .addHelpText(
      'after',
      `
Engines are looked for in this order: a WebDriver server named by CORS_CONFORMANCE_GRID_<ENGINE>, the program named
by CORS_CONFORMANCE_CHROMIUM or CORS_CONFORMANCE_FIREFOX, Playwright's own build, the system's browser.

Examples:
  npx cors-conformance engines
  npx cors-conformance engines --check --json
  npx cors-conformance engines install webkit`,
    )
    .action(async (options: OutputFlags & { readonly check?: boolean }) => {
      const lines = await Promise.all(findEngines().map(describeFound));
      const shown = options.check ? await checkAll(findEngines(), lines, sayOf(io, options)) : lines;
      show(shown, options, io);
      if (options.check && shown.some(line => line.found && line.reason)) io.exitCode = EXIT.harness;
    });

  addOutputOptions(engines.command('install'), {
    json: 'an array of { name, found, build, where, reason, fix }; of releases { name, found, version, where }',
    quiet: 'those that could not be had, and how many are here',
  })
    .argument(
      '[names...]',
      `which engines (${ENGINES.join(', ')}), or a release such as chromium@123, jsdom or happy-dom; all three if omitted`,
    )
    .description(
      "install missing engines: Playwright's own builds, else the system's packages; releases of Chromium beside them",
    )
    .addHelpText(
      'after',
      `
Each command is shown before it runs and has a time limit. CORS_CONFORMANCE_SKIP_INSTALL=1 only looks.

Releases of Chromium, jsdom and happy-dom go to the user's cache folder (or CORS_CONFORMANCE_CACHE) and leave the system alone.

Examples:
  npx cors-conformance engines install chromium firefox
  npx cors-conformance engines install chromium@123 chromium@153
  npx cors-conformance engines install jsdom happy-dom@20`,
    )
    .action(async (names: string[], _: OutputFlags, command: Command) => {
      // Flags of the same name are also the parent's, which takes them first.
      const flags = command.optsWithGlobals<OutputFlags>();
      const say = sayOf(io, flags);
      const apart = names.filter(isInstalledApart);
      const lines: EngineLine[] = [];
      for (const name of apart) lines.push(await installApart(name, say));
      const others = names.filter(name => !isInstalledApart(name));
      if (others.length === 0 && apart.length > 0) {
        show(lines, flags, io);
        return;
      }
      const wanted = others.length > 0 ? others.map(engineName) : ENGINES;
      const found = await ensureEngines({ names: wanted, log: say });
      show([...lines, ...(await Promise.all(found.map(describeFound)))], flags, io);
      const missing = found.filter(engine => !engine.found).map(engine => engine.name);
      if (missing.length > 0) {
        throw new CliError(`Not installed: ${missing.join(', ')}. The table says what to run.`, EXIT.harness);
      }
    });
}

function show(lines: readonly EngineLine[], flags: OutputFlags, io: Io): void {
  if (flags.json) {
    printJson(io, lines);
    return;
  }
  const wrong = lines.filter(line => !line.found || line.reason !== undefined);
  const here = `${lines.length - wrong.length} of ${lines.length} engines are here.\n`;
  if (flags.quiet) io.stdout.write((wrong.length > 0 ? renderTable(wrong) : '') + here);
  else io.stdout.write(renderTable(lines));
}

/** @param say told in a few words what takes time */
async function installApart(name: string, say: (what: string) => void): Promise<EngineLine> {
  try {
    const { family, version, place } = await installEngine(name, { onProgress: say });
    return { name, found: true, version, build: `${family} ${version}`, where: place };
  } catch (error) {
    if (error instanceof ReleaseError) throw new CliError(error.message, EXIT.harness);
    throw error;
  }
}

function engineName(text: string): EngineName {
  const name = ENGINES.find(engine => engine === text);
  if (!name) throw new CliError(`Unknown engine "${text}". The engines are: ${ENGINES.join(', ')}.`);
  return name;
}

async function describeFound(engine: FoundEngine): Promise<EngineLine> {
  if (!engine.found) return engine;
  return { name: engine.name, found: true, build: await engine.build(), where: engine.label };
}

/** One after the other: three browsers starting at once are slower, and may be too slow, on a small machine. */
async function checkAll(
  found: readonly FoundEngine[],
  lines: readonly EngineLine[],
  say: (what: string) => void,
): Promise<EngineLine[]> {
  const checked: EngineLine[] = [];
  for (const [index, engine] of found.entries()) {
    const line = lines[index] ?? (await describeFound(engine));
    if (!engine.found) {
      checked.push(line);
      continue;
    }
    say(`Starting ${engine.name} ...`);
    try {
      const running = await engine.launch();
      const { info } = running;
      await running.close();
      checked.push({ ...line, version: info.version, build: info.build, info });
    } catch (error) {
      checked.push({ ...line, reason: `does not start: ${firstLine(error)}` });
    }
  }
  return checked;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** The table for people; ends with a line break. */
export function renderTable(lines: readonly EngineLine[]): string {
  const stateOf = ({ found, reason }: EngineLine) => {
    if (!found) return 'missing';
    return reason ? 'broken' : 'found';
  };
  const rows = lines.map(line => [
    line.name,
    stateOf(line),
    line.version ? `${line.version} (${line.build})` : (line.build ?? line.reason ?? ''),
    line.where ?? `get it: ${line.fix ?? ''}`,
  ]);
  const table = [['ENGINE', 'STATE', 'BUILD', 'WHERE'], ...rows];
  const widths = [0, 1, 2].map(column => Math.max(...table.map(row => row[column]?.length ?? 0)));
  const text = table.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const broken = lines.filter(line => line.found && line.reason).map(line => `${line.name} ${line.reason}`);
  return `${[...text, ...broken].join('\n')}\n`;
}

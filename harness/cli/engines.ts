/** `cors-conformance engines`: which engines are here, do they start, and how to get the missing ones. */

import { type Command, Option } from 'commander';
import { findEngines } from '../engine/find.ts';
import { ensureEngines } from '../engine/install.ts';
import { ENGINES, type EngineInfo, type EngineName, type FoundEngine } from '../engine/types.ts';
import { CliError, EXIT } from './exit.ts';

/** One line of the table, and one entry of `--json`. */
export interface EngineLine {
  readonly name: EngineName;
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
export function register(program: Command): void {
  const engines = program
    .command('engines')
    .description('List the browser engines that are here, and the command that gets each missing one.')
    .option('--check', 'start each engine and show its true version')
    .addOption(new Option('--json', 'print JSON'))
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
    .action(async (options: { check?: boolean; json?: boolean }) => {
      const lines = await Promise.all(findEngines().map(describeFound));
      const shown = options.check ? await checkAll(findEngines(), lines) : lines;
      process.stdout.write(options.json ? `${JSON.stringify(shown, null, 2)}\n` : renderTable(shown));
      if (options.check && shown.some(line => line.found && line.reason)) process.exitCode = EXIT.harness;
    });

  engines
    .command('install')
    .argument('[names...]', `which engines (${ENGINES.join(', ')}); all where omitted`)
    .description("Install missing engines: Playwright's own builds, else the system's packages.")
    .addHelpText(
      'after',
      `
Each command is shown before it runs and has a time limit. CORS_CONFORMANCE_SKIP_INSTALL=1 only looks.

Example:
  npx cors-conformance engines install chromium firefox`,
    )
    .action(async (names: string[]) => {
      const wanted = names.length > 0 ? names.map(engineName) : ENGINES;
      const found = await ensureEngines({ names: wanted });
      process.stdout.write(renderTable(await Promise.all(found.map(describeFound))));
      const missing = found.filter(engine => !engine.found).map(engine => engine.name);
      if (missing.length > 0) {
        throw new CliError(`Not installed: ${missing.join(', ')}. The table says what to run.`, EXIT.harness);
      }
    });
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
async function checkAll(found: readonly FoundEngine[], lines: readonly EngineLine[]): Promise<EngineLine[]> {
  const checked: EngineLine[] = [];
  for (const [index, engine] of found.entries()) {
    const line = lines[index] ?? (await describeFound(engine));
    if (!engine.found) {
      checked.push(line);
      continue;
    }
    process.stderr.write(`Starting ${engine.name} ...\n`);
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
  const rows = lines.map(line => [
    line.name,
    line.found ? (line.reason ? 'broken' : 'found') : 'missing',
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

/** The command line: one file per verb, one place for errors and exit codes. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { CliError, EXIT } from './exit.ts';

interface Verb {
  register(program: Command): void;
}

/** Loaded one by one, so that a verb does not pay for the libraries of another. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  start: () => import('./start.ts'),
  run: () => import('./run.ts'),
  verify: () => import('./verify.ts'),
  explain: () => import('./explain.ts'),
  list: () => import('./list.ts'),
  engines: () => import('./engines.ts'),
  report: () => import('./report.ts'),
  merge: () => import('./merge.ts'),
  compare: () => import('./compare.ts'),
  regress: () => import('./regress.ts'),
  bisect: () => import('./bisect.ts'),
  init: () => import('./init.ts'),
};

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function main(args: readonly string[]): Promise<void> {
  const program = new Command('cors-conformance')
    .description(
      "CORS conformance: real browser engines, the server's wire log, and a verdict explained by the Fetch Standard.",
    )
    .version(version, '-V, --version')
    .showHelpAfterError('(add --help for the options and an example)')
    .exitOverride()
    .addHelpText(
      'after',
      "\nExit codes: 0 as expected · 1 not as expected · 2 usage · 3 target unreachable · 4 harness or browser failure · 5 nothing selected · 130 interrupted\nExample: npx cors-conformance run --engine firefox --only 'simple-*'",
    );
  const named = args.find(arg => !arg.startsWith('-'));
  const load = named === undefined ? undefined : VERBS[named];
  for (const verb of load ? [load] : Object.values(VERBS)) (await verb()).register(program);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError('(add --help for the options and an example)');
  if (args.length === 0) return program.outputHelp();
  await program.parseAsync([...args], { from: 'user' });
}

/** Says what went wrong in one line, and sets the exit code. */
function report(error: unknown): void {
  if (error instanceof CommanderError) {
    // Commander has already printed its message.
    process.exitCode = error.exitCode === 0 ? EXIT.expected : EXIT.usage;
  } else if (error instanceof CliError) {
    process.stderr.write(`cors-conformance: ${error.message}\n`);
    process.exitCode = error.code;
  } else {
    process.stderr.write(
      `cors-conformance: unexpected trouble: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = EXIT.harness;
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  report(error);
}

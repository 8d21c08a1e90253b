/** The command line: one file per verb, one place for errors and exit codes. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { visibleLines } from '../../reports/escape.ts';
import { TempFolderError } from '../process/temp-folder.ts';
import { CliError, EXIT } from '../run/exit.ts';
import { blame, culprit, whatWasThrown } from '../run/foreign-code.ts';
import { type Io, processIo } from '../run/io.ts';
import { WriteError } from '../run/write-files.ts';
import { collectCommandSecrets } from '../wire/command-secrets.ts';
import { redactText, redactUrl } from '../wire/redact.ts';
import { hintForCommand, hintForOption } from './unknown-option.ts';
import { VERBS } from './verbs.ts';

const HINT = '(add --help for the options and an example)';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/**
 * Runs a command line.
 * @param args without the program's name, for example `['run', '--engine', 'model']`
 * @returns the exit code. Never throws: what went wrong is told on `io.stderr`
 */
export async function main(args: readonly string[], given?: Io): Promise<number> {
  const io = given ?? processIo(args);
  // Node would print a stack and end with 1, which means that something is not as expected.
  if (!given) process.on('uncaughtException', error => blame(error) || process.exit(tell(error, io)));
  try {
    for (const arg of args) collectSecrets(arg, io);
    // `help run` is `run --help`, which knows the verb's flags without loading every verb.
    await parse(args[0] === 'help' && args[1] ? [args[1], '--help'] : args, io);
    return io.exitCode;
  } catch (error) {
    return tell(error, io);
  }
}

/** What an argument has of secrets: tokens in URLs, `--token …` in a server's command, a line of a header. */
function collectSecrets(arg: string, { secrets: { collect } }: Io): void {
  if (/^https?:\/\/\S*$/i.test(arg)) redactUrl(arg, collect);
  else {
    redactText(arg, collect);
    collectCommandSecrets(arg, collect);
  }
}

async function parse(args: readonly string[], io: Io): Promise<void> {
  const program = new Command('cors-conformance')
    .description(
      "CORS conformance: real browser engines, the server's wire log, and a verdict explained by the Fetch Standard.",
    )
    .version(version, '-V, --version')
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: text => void io.stdout.write(text),
      writeErr: text => void io.stderr.write(text),
      ...(io.stdout.columns && { getOutHelpWidth: () => io.stdout.columns as number }),
    })
    .addHelpText(
      'after',
      "\nExit codes: 0 as expected · 1 not as expected · 2 usage · 3 target unreachable · 4 harness or browser failure · 5 nothing selected · 6 nothing compared · 130 interrupted\nExample: npx cors-conformance run --engine firefox --only 'simple-*'",
    );
  const [first] = args.filter(arg => !arg.startsWith('-'));
  const verb = first === undefined || !Object.hasOwn(VERBS, first) ? undefined : VERBS[first];
  if (verb) (await verb.load()).register(program, io);
  else for (const [name, { summary }] of Object.entries(VERBS)) program.command(name).description(summary);
  if (args.length === 0) return program.outputHelp();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode !== 0)
      await adviseOn(error, verb && program.commands[0], io);
    throw error;
  }
}

/** What to do about a command line that is wrong, behind Commander's own message. */
async function adviseOn(error: CommanderError, command: Command | undefined, { stderr }: Io): Promise<void> {
  const [, kind, word = ''] = /unknown (option|command) '([^'=]+)/.exec(error.message) ?? [];
  const hint = kind === 'option' ? await hintForOption(word, command) : hintForCommand(word, command);
  if (kind !== undefined && hint !== undefined) stderr.write(`(${visibleLines(hint)})\n`);
  stderr.write(`${HINT}\n`);
}

/** Says what went wrong, with what files and servers sent made visible. @returns the exit code */
function tell(error: unknown, io: Io): number {
  const say = (text: string) => io.stderr.write(`cors-conformance: ${visibleLines(text)}\n`);
  // Commander has already printed its message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.expected : EXIT.usage;
  if (error instanceof CliError) {
    say(error.message);
    return error.code;
  }
  if (error instanceof WriteError) {
    say(error.message);
    return error.isFull ? EXIT.harness : EXIT.usage;
  }
  // The machine is short of something: where in the program that showed helps nobody.
  if (error instanceof TempFolderError || isShortage(error)) {
    const { code, path } = error as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' && path === undefined;
    const advice = full
      ? `; make room in ${tmpdir()}, or set TMPDIR to another folder`
      : ((code && ADVICE[code]) ?? '');
    say(`${error.message}${advice}`);
    return EXIT.harness;
  }
  return tellUnexpected(error, say);
}

function tellUnexpected(error: unknown, say: (text: string) => void): number {
  const file = culprit(error);
  if (file !== undefined) {
    say(`${file}: fails after it gave its configuration: ${whatWasThrown(error)}`);
    return EXIT.usage;
  }
  say(`unexpected failure: ${error instanceof Error ? error.stack : String(error)}`);
  return EXIT.harness;
}

const SHORTAGES = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'EACCES',
  'EPERM',
]);

const ADVICE: Readonly<Record<string, string>> = {
  EMFILE: '; let it have more open files (ulimit -n 1024)',
  ENOMEM: '; free some memory, or run fewer engines at once',
};

/** What the system refuses because there is no room, no right or nothing left. */
function isShortage(error: unknown): error is Error {
  const { code = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return SHORTAGES.has(code);
}

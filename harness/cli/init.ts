/** The verb `init`: writes a configuration for `verify`, from flags or by asking. */
import { existsSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import { createInterface, type Interface } from 'node:readline/promises';
import type { Command } from 'commander';
import { PolicyError, readConfig } from '../policy/read.ts';
import { STACKS, type Stack } from '../policy/schema.ts';
import { CliError } from './exit.ts';
import { type Answers, configOf, jsonText, typescriptText } from './init-text.ts';

interface InitFlags {
  command?: string;
  module?: string;
  url?: string;
  origin?: string[];
  credentials?: boolean;
  path?: string[];
  method?: string[];
  header?: string[];
  expose?: string[];
  maxAge?: string;
  stack?: string;
  file?: string;
  json?: boolean;
  force?: boolean;
}

const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
const collect = (value: string, before: string[] = []): string[] => [...before, ...words(value)];

export function register(program: Command): void {
  program
    .command('init')
    .description('write a commented configuration for verify')
    .option('--command <line>', 'the command that starts the server; {port} is filled in')
    .option('--module <file>', 'or the module that exports its app or handler')
    .option('--url <url>', 'or the URL of one that runs already')
    .option('--origin <origins>', 'allowed origins, by comma', collect)
    .option('--credentials', 'they may read with credentials')
    .option('--path <paths>', 'paths to ask for, by comma (default: /)', collect)
    .option('--method <methods>', 'allowed methods, by comma (default: GET)', collect)
    .option('--header <names>', 'allowed request headers, by comma', collect)
    .option('--expose <names>', 'exposed response headers, by comma', collect)
    .option('--max-age <seconds>', 'for how long a preflight may be remembered')
    .option('--stack <name>', `what answers CORS there: ${STACKS.join(', ')}`)
    .option('--file <file>', 'where to (default: cors.config.ts, or cors.config.json with --json)')
    .option('--json', 'write JSON instead of TypeScript')
    .option('--force', 'overwrite the file')
    .addHelpText(
      'after',
      "\nExample: npx cors-conformance init --command 'node server.js' --origin https://app.example.com --credentials --path /api/items",
    )
    .action(async (flags: InitFlags) => {
      const file = resolve(flags.file ?? (flags.json ? 'cors.config.json' : 'cors.config.ts'));
      const shown = relative(process.cwd(), file) || file;
      if (existsSync(file) && !flags.force)
        throw new CliError(`${shown} exists: name another with --file, or overwrite it with --force`);
      const json = flags.json ?? file.endsWith('.json');
      const complete = flags.origin && (flags.command ?? flags.module ?? flags.url);
      const interactive = process.stdin.isTTY && process.stdout.isTTY;
      if (!complete && !interactive)
        throw new CliError(
          'nobody to ask here: give --origin and one of --command, --module and --url; `npx cors-conformance init --help` shows an example',
        );
      const answers = complete ? fromFlags(flags) : await askFor(flags);
      check(answers);
      try {
        writeFileSync(file, json ? jsonText(answers) : typescriptText(answers), {
          flag: flags.force ? 'w' : 'wx',
        });
      } catch (error) {
        throw new CliError(`${shown} cannot be written: ${(error as Error).message}`);
      }
      process.stdout.write(
        `Wrote ${shown}.\nNext: npx cors-conformance verify ${shown} --dry-run lists every request; without --dry-run it sends them.\n`,
      );
    });
}

function stackOf(name: string | undefined): Stack | undefined {
  if (name === undefined || name === '') return undefined;
  if (!(STACKS as readonly string[]).includes(name))
    throw new CliError(`--stack: "${name}" is not one of ${STACKS.join(', ')}`);
  return name as Stack;
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new CliError(`--max-age: "${text}" is not a whole number of seconds`);
  return Number(text);
}

function fromFlags(flags: InitFlags): Answers {
  const maxAge = secondsOf(flags.maxAge);
  const stack = stackOf(flags.stack);
  return {
    ...(flags.command !== undefined && { command: flags.command }),
    ...(flags.module !== undefined && { module: flags.module }),
    ...(flags.url !== undefined && { url: flags.url }),
    origins: flags.origin ?? [],
    credentials: flags.credentials ?? false,
    paths: flags.path ?? ['/'],
    methods: flags.method ?? ['GET'],
    requestHeaders: flags.header ?? [],
    exposedHeaders: flags.expose ?? [],
    ...(maxAge !== undefined && { maxAge }),
    ...(stack && { stack }),
  };
}

/** What the flags leave open is asked for; an empty answer takes the default. */
async function askFor(flags: InitFlags): Promise<Answers> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const filled: InitFlags = { ...flags };
    if (!(flags.command ?? flags.module ?? flags.url)) {
      const answer = await question(
        terminal,
        'Command that starts the server, or the URL of one that runs',
        'npm start',
      );
      if (/^https?:\/\//.test(answer)) filled.url = answer;
      else filled.command = answer;
    }
    filled.origin ??= words(await question(terminal, 'Origins that may read', 'https://app.example.com'));
    filled.credentials ??= /^y/i.test(
      await question(terminal, 'With cookies or other credentials? y/n', 'n'),
    );
    filled.path ??= words(await question(terminal, 'Paths to ask for', '/'));
    filled.method ??= words(await question(terminal, 'Methods', 'GET'));
    filled.header ??= words(await question(terminal, 'Request headers that script may set', ''));
    filled.expose ??= words(await question(terminal, 'Response headers that script may read', ''));
    filled.maxAge ??= await question(terminal, 'Max-age of preflights in seconds', '');
    return fromFlags(filled);
  } finally {
    terminal.close();
  }
}

async function question(terminal: Interface, text: string, fallback: string): Promise<string> {
  const answer = await terminal.question(`${text}${fallback ? ` [${fallback}]` : ''}: `);
  return answer.trim() || fallback;
}

/** A file that verify would refuse is not written. */
function check(answers: Answers): void {
  try {
    for (const { path, message } of readConfig(configOf(answers)).warnings)
      process.stderr.write(`warning: ${path}: ${message}\n`);
  } catch (error) {
    if (error instanceof PolicyError) throw new CliError(`nothing written:\n${error.message}`);
    throw error;
  }
}

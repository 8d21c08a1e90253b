/** The verb `configure`: the whole configuration of a stack that keeps a policy. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../run/config-file.ts';
import { CliError } from '../run/exit.ts';
import type { Io } from '../run/io.ts';
import { readProject } from '../run/project.ts';
import { provenEntry } from '../run/proven.ts';
import { makeFolder, WriteError, writeFiles } from '../run/write-files.ts';
import { headLines, proofText, withHeads } from '../stacks/configuration-text.ts';
import { corsPolicyOf } from '../stacks/cors-policy.ts';
import { ALL_STACKS, requireStack } from '../stacks/index.ts';
import type { ConfiguredFile, Stack } from '../stacks/types.ts';
import { addOutputOptions, type OutputFlags, printJson, sayOf } from './output.ts';

interface ConfigureFlags extends OutputFlags {
  stack?: string;
  out?: string;
}

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program
      .command('configure')
      .description('print the whole configuration that keeps the policy on a stack, ready to paste'),
    {
      json: '{ stack, proof, proven, files, notes }; with --out also { written }',
      quiet: 'the configuration without what stands above it; with --out only what cannot be kept',
    },
  )
    .argument('[config]', 'the configuration of verify (default: cors.config.ts, .mjs, .js or .json)')
    .option(
      '-s, --stack <name>',
      'which stack (default: the one that the configuration names, else the one that the project depends on)',
    )
    .option('--out <dir>', 'write its files there instead of printing them; none is overwritten')
    .addHelpText(
      'after',
      `
Stacks: ${ALL_STACKS.map(one => one.id).join(', ')}

What a stack cannot keep of the policy stands above its configuration, with what to do about it and what verify will
report. Every stack but those that say so was run with configurations made in this way: see docs/middlewares.md.

Examples:
  npx cors-conformance configure --stack express
  npx cors-conformance configure staging.config.ts --stack nginx --out deploy`,
    )
    .action(async (config: string | undefined, flags: ConfigureFlags) => {
      await configure(config, flags, io);
    });
}

async function configure(named: string | undefined, flags: ConfigureFlags, io: Io): Promise<void> {
  const { file, config, warnings } = await loadConfig(named, { tell: sayOf(io, flags) });
  for (const warning of warnings) io.stderr.write(`warning: ${warning}\n`);
  const folder = resolve(dirname(file), config.target.cwd ?? '.');
  const stack = stackFor(flags.stack ?? config.stack, folder);
  const configuration = stack.configure(corsPolicyOf(config));
  const proven = provenEntry(stack);
  const proof = proofText(stack, proven);
  const { notes } = configuration;
  if (flags.json) {
    const { id, title, docs } = stack;
    const record = { stack: { id, title, docs }, proof, proven: proven ?? null, ...configuration };
    const { files } = withHeads(configuration, headLines(stack.title, proof, notes));
    const paths = flags.out === undefined ? undefined : written(files, resolve(flags.out));
    printJson(io, { ...record, ...(paths && { written: paths }) });
    return;
  }
  const head = flags.quiet && flags.out === undefined ? [] : headLines(stack.title, proof, notes);
  const { files, left } = withHeads(configuration, head);
  for (const line of left) io.stderr.write(`${line}\n`);
  if (flags.out === undefined) io.stdout.write(printed(files));
  else {
    const paths = written(files, resolve(flags.out));
    if (!flags.quiet) io.stdout.write(paths.map(path => `${path}\n`).join(''));
  }
}

/** One file by itself, several under their names. */
const printed = (files: readonly ConfiguredFile[]): string =>
  files.length === 1
    ? (files[0] as ConfiguredFile).text
    : files.map(one => `==> ${one.path} <==\n${one.text}`).join('\n');

function stackFor(name: string | undefined, folder: string): Stack {
  if (name !== undefined) {
    try {
      return requireStack(name);
    } catch (error) {
      throw new CliError(`--stack: ${(error as Error).message}`);
    }
  }
  const [found] = readProject(folder).stacks;
  if (found) return found;
  throw new CliError(
    `no stack is recognised in ${folder}: name one with --stack; there are ${ALL_STACKS.map(one => one.id).join(', ')}`,
  );
}

/** @throws CliError if one of them is there already, or cannot be written */
function written(files: readonly ConfiguredFile[], out: string): string[] {
  const present = files.map(one => join(out, one.path)).find(path => existsSync(path));
  if (present !== undefined)
    throw new CliError(`--out: ${present} is there already: choose another folder, or paste what is printed`);
  try {
    return files.flatMap(({ path, text }) => {
      const at = join(out, path);
      makeFolder(dirname(at));
      return writeFiles(dirname(at), { [basename(at)]: text });
    });
  } catch (error) {
    if (error instanceof WriteError && !error.isFull) throw new CliError(`--out: ${error.message}`);
    throw error;
  }
}

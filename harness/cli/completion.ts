/** The verb `completion`: what a shell needs to complete verbs, flags and their values. */
import { Argument, type Command, type Option } from 'commander';
import { suites } from '../../suites/index.ts';
import { ENGINE_FAMILIES } from '../case/engine-name.ts';
import { CHECKS } from '../policy/checks/index.ts';
import type { Io } from '../run/io.ts';
import { ALL_STACKS } from '../stacks/index.ts';
import {
  type CompletedFlag,
  type CompletedVerb,
  SHELLS,
  type Shell,
  scriptFor,
} from './completion-script.ts';
import { declaredCommand } from './declared-command.ts';
import { addOutputOptions, type OutputFlags, printJson } from './output.ts';
import type { Verb, VerbEntry } from './verbs.ts';

/** @param verbs all verbs, this one among them */
export function register(program: Command, io: Io, verbs: Readonly<Record<string, VerbEntry>>): void {
  addOutputOptions(
    program
      .command('completion')
      .description('print a script with which bash, zsh or fish complete verbs, flags and their values'),
    { json: '{ shell, script }', quiet: 'the script' },
  )
    .addArgument(new Argument('<shell>', 'which shell').choices([...SHELLS]))
    .addHelpText(
      'after',
      `
Examples:
  eval "$(cors-conformance completion bash)"      # in ~/.bashrc
  eval "$(cors-conformance completion zsh)"       # in ~/.zshrc, after compinit
  cors-conformance completion fish > ~/.config/fish/completions/cors-conformance.fish`,
    )
    .action(async (shell: Shell, flags: OutputFlags) => {
      const completed = await Promise.all(
        Object.entries(verbs).map(async ([name, { summary, load }]) => verbOf(name, summary, await load())),
      );
      const script = scriptFor(shell, completed);
      if (flags.json) printJson(io, { shell, script });
      else io.stdout.write(script);
    });
}

/** A verb as its own command declares it: one table for the help, the documentation and the shells. */
function verbOf(name: string, summary: string, module: Verb): CompletedVerb {
  const command = declaredCommand(module);
  return {
    name,
    summary,
    words: [
      ...(command?.commands ?? []).map(one => one.name()),
      ...(command?.registeredArguments ?? []).flatMap(one => one.argChoices ?? []),
    ],
    flags: [...(command?.options ?? []).map(option => flagOf(name, option)), HELP],
  };
}

const HELP: CompletedFlag = { names: ['--help'], summary: 'show the flags and an example', values: null };

function flagOf(verb: string, option: Option): CompletedFlag {
  const names = [option.long, option.short].filter(one => one !== undefined && one !== null);
  const takesValue = option.required || option.optional;
  return {
    names,
    summary: option.description,
    values: takesValue ? (option.argChoices ?? valuesOf(verb, option.long ?? '')) : null,
  };
}

/** What may stand after a flag whose values are names; none are known for the others, such as files. */
function valuesOf(verb: string, flag: string): readonly string[] {
  if (flag === '--engine') return ENGINE_FAMILIES;
  if (flag === '--stack') return ALL_STACKS.map(({ id }) => id);
  if (flag !== '--only' && flag !== '--skip') return [];
  if (verb === 'verify') return CHECKS.map(({ id }) => id);
  return verb === 'run' || verb === 'list' ? suites.map(({ id }) => id) : [];
}

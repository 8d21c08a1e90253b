/** What to say of an option that a verb does not have, or of a verb that is none: what was meant. */
import type { Command } from 'commander';
import { closest, didYouMean } from '../case/closest.ts';
import { wordList } from '../case/words.ts';
import { declaredCommand } from './declared-command.ts';
import { VERBS } from './verbs.ts';

/** What other tools call it. Of several, the first that the verb has is meant. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  '--browser': ['--engine'],
  '--browsers': ['--engine'],
  '--project': ['--engine'],
  '--output': ['--out'],
  '--output-dir': ['--out'],
  '--filter': ['--only'],
  '--grep': ['--only'],
  '--include': ['--only'],
  '--exclude': ['--skip'],
  '--ignore': ['--skip'],
  '--silent': ['--quiet'],
  '--debug': ['--verbose'],
  '--origins': ['--origin'],
  '--policy': ['--config'],
  '--target': ['--url'],
};

const longNames = (command: Command): string[] => command.options.flatMap(({ long }) => long ?? []);

/** An argument that is written without a flag, if the option is called like one: `--config FILE` for `verify FILE`. */
function asArgument(flag: string, command: Command): string | undefined {
  const names = command.registeredArguments.map(one => one.name());
  const [meant] = [flag, ...(SYNONYMS[flag] ?? [])].flatMap(
    name => names.find(one => one === name.slice(2) || one === closest(name.slice(2), names)) ?? [],
  );
  return meant && `Write it without a flag: ${command.name()} ${meant.toUpperCase()}`;
}

/** Every verb's command. The gallery is no part of the package. */
async function everyCommand(): Promise<Command[]> {
  const verbs = Object.entries(VERBS).filter(([name]) => name !== 'gallery');
  const commands = await Promise.all(verbs.map(async ([, { load }]) => declaredCommand(await load())));
  return commands.filter(command => command !== undefined);
}

/** The verbs that take an argument of this name, as one writes them. */
const verbsThatTake = (flag: string, commands: readonly Command[]): string[] =>
  commands.flatMap(command => {
    const names = [flag, ...(SYNONYMS[flag] ?? [])].map(name => name.slice(2));
    const argument = command.registeredArguments.map(one => one.name()).find(one => names.includes(one));
    return argument === undefined ? [] : [`${command.name()} ${argument.toUpperCase()}`];
  });

const questionFor = (word: string, candidates: readonly string[]): string | undefined =>
  didYouMean(word, candidates).trim() || undefined;

/** @param command that was named, if one was: some have commands of their own */
export const hintForCommand = (word: string, command: Command | undefined): string | undefined =>
  questionFor(word, command ? command.commands.map(one => one.name()) : Object.keys(VERBS));

/**
 * @param flag as it was written, such as `--config`
 * @param command that was named, if one was
 * @returns one sentence; undefined if nothing like it is known
 */
export async function hintForOption(flag: string, command: Command | undefined): Promise<string | undefined> {
  if (command) {
    const own = longNames(command);
    const meant = (SYNONYMS[flag] ?? []).find(name => own.includes(name));
    const hint =
      meant === undefined ? (asArgument(flag, command) ?? questionFor(flag, own)) : `Did you mean ${meant}?`;
    if (hint !== undefined) return hint;
  }
  const commands = await everyCommand();
  const others = commands.filter(one => longNames(one).includes(flag)).map(one => one.name());
  const taking = verbsThatTake(flag, commands);
  if (others.length === 0)
    return taking.length === 0 ? undefined : `Other verbs take it, without a flag: ${wordList(taking)}`;
  return command
    ? `${flag} is an option of ${wordList(others)}, not of ${command.name()}`
    : `Write the verb first: ${flag} is an option of ${wordList(others)}`;
}

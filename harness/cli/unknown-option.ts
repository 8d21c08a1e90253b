/** What to say of an option that a verb does not have, or of a verb that is none: what was meant. */
import type { Command } from 'commander';
import { listed } from '../../reports/words.ts';
import { closest, didYouMean } from '../case/closest.ts';
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

/** The verbs that have it. The gallery is no part of the package. */
async function verbsWith(flag: string): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(VERBS).map(async ([name, { load }]) => {
      const command = name === 'gallery' ? undefined : declaredCommand(await load());
      return command && longNames(command).includes(flag) ? [name] : [];
    }),
  );
  return found.flat();
}

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
  const others = await verbsWith(flag);
  if (others.length === 0) return undefined;
  return command
    ? `${flag} is an option of ${listed(others)}, not of ${command.name()}`
    : `Write the verb first: ${flag} is an option of ${listed(others)}`;
}

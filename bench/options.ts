/** Options that the programs in this folder share. */
import process from 'node:process';
import { Command, InvalidArgumentError } from 'commander';
import { ENGINES, type EngineName } from '../harness/engine/types.ts';

/** @throws InvalidArgumentError where the text is no whole number, or is below `least` */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^[0-9]+$/.test(text) || number < least)
      throw new InvalidArgumentError(`not a whole number of ${least} or more.`);
    return number;
  };

/** @throws InvalidArgumentError where a name is none of the engines' */
export const enginesFrom = (text: string): EngineName[] =>
  text.split(',').map(name => {
    const known = ENGINES.find(engine => engine === name);
    if (!known) throw new InvalidArgumentError(`one of ${ENGINES.join(', ')}, or several by comma.`);
    return known;
  });

/** A program that ends with exit code 2 where it is used wrongly. */
export const programCalled = (name: string): Command =>
  new Command(name).exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2));

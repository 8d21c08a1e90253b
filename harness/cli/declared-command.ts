/** A verb's command, for what reads its options instead of running it. */
import { Command } from 'commander';
import type { Verb } from './verbs.ts';

/** @returns the command as the verb declares it; it cannot be run */
export function declaredCommand(module: Verb): Command | undefined {
  const program = new Command();
  module.register(program, undefined as never);
  return program.commands[0];
}

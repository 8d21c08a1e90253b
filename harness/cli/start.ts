/** The verb `start`: what `npm start` does. Sets up the engines that are missing, then runs. */
import process from 'node:process';
import type { Command } from 'commander';
import { ensureEngines } from '../engine/install.ts';
import { addRunOptions, type RunFlags, run } from './run.ts';

export function register(program: Command): void {
  addRunOptions(
    program
      .command('start')
      .description('set up the engines that are missing, then run every suite in every engine'),
  ).action(async (flags: RunFlags) => {
    await ensureEngines();
    process.exitCode = await run(flags, ['npm start', ...process.argv.slice(3)].join(' '));
  });
}

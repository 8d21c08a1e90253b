import type { Command } from 'commander';
import { ensureEngines } from '../engine/install.ts';
import type { Io } from '../run/io.ts';
import { sayOf } from './output.ts';
import { addRunOptions, type RunFlags, run } from './run.ts';

/** A newcomer's browsers are often builds that nobody has held the list against: that is news, and no failure. */
const UNLISTED = 'ok';

export function register(program: Command, io: Io): void {
  addRunOptions(
    program
      .command('start')
      .description('set up the engines that are missing, then run every suite in every engine'),
    UNLISTED,
  ).action(async (flags: RunFlags) => {
    await ensureEngines({ log: sayOf(io, flags) });
    io.exitCode = await run(
      { unlisted: UNLISTED, ...flags },
      ['npm start', ...io.args.slice(1)].join(' '),
      io,
    );
  });
}

/** How a suite is written down. */
import type { Suite } from './schema.ts';

/**
 * Gives a suite its type, and nothing else: the built-in ones are loaded by most commands, and checking 1,700 cases
 * takes half a second. `checkSuite` checks one, as `--cases` does with every file.
 */
export const defineSuite = (suite: Suite): Suite => suite;

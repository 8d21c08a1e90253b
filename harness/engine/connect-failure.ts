/** Why a Playwright server started no browser, in words that say what to do there. */
import type { EngineName } from './types.ts';

/**
 * @param error what Playwright's connect() threw
 * @returns the same, unless the server lacks the browser's program
 */
export function connectFailure(error: unknown, name: EngineName): unknown {
  const missing = error instanceof Error && /Executable doesn't exist at (\S+)/.exec(error.message)?.[1];
  if (!missing) return error;
  const own = name === 'chromium' ? '' : ', since Playwright drives no other build of it than its own';
  return new Error(
    `it has no ${name} (${missing}); on its machine, run: npx playwright install ${name}${own}`,
  );
}

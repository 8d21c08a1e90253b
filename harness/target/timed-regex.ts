/** Regular expressions of a configuration, which may take longer than anybody waits. */
import { createContext, Script } from 'node:vm';

const LIMIT_MS = 1_000;
const script = new Script('new RegExp(source).test(text)');

/** @returns whether the text matches; undefined if that is not found out within the limit, a second */
export function matchesInTime(source: string, text: string, limitMs = LIMIT_MS): boolean | undefined {
  try {
    return script.runInContext(createContext({ source, text }), { timeout: limitMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}

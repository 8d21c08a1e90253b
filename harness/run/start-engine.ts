/** Starts an engine for a run, or says why there is none: a missing engine is a result, not an error. */
import { findEngines } from '../engine/find.ts';
import type { FoundEngine } from '../engine/types.ts';
import type { LabSession } from '../lab/session.ts';
import { becauseOfLimits } from '../process/limits.ts';
import type { EngineRecord } from '../verdict/record.ts';
import { absentEngine } from '../verdict/result.ts';

/** An engine that does not run, and the reason. */
export interface AbsentEngine {
  readonly engine: EngineRecord;
  readonly reason: string;
}

/**
 * Looks for an engine on this machine and starts it.
 * @param start starts the session of the engine that was found
 * @returns the session, or why there is none. Never throws what `start` throws
 */
export async function startEngine(
  name: string,
  start: (found: Extract<FoundEngine, { found: true }>) => Promise<LabSession>,
): Promise<LabSession | AbsentEngine> {
  const [found] = findEngines({ names: [name] });
  if (!found?.found) return absent(name, found?.reason ?? 'unknown engine', found?.fix);
  try {
    return await start(found);
  } catch (error) {
    return absent(name, `${found.label} could not be started: ${firstLine(error)}${becauseOfLimits()}`);
  }
}

/** What an error says, without what a driver adds in further lines. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

const absent = (name: string, reason: string, fix?: string): AbsentEngine => ({
  engine: absentEngine(name, reason, fix),
  reason,
});

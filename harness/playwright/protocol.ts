/** What a test hands to the reporters. */
import type { EngineRecord, Result } from '../verdict/record.ts';

/** The attachment that carries a result to the reporters, through blobs and merges. */
export const RESULT_ATTACHMENT = 'cors-result';

export interface AttachedResult {
  readonly result: Result;
  readonly engine: EngineRecord;
}

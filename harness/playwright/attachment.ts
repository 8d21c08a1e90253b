/** What a test hands to the reporters. */
import type { EngineRecord, Result } from '../verdict/record.ts';

/** The attachment that carries a result to the reporters, through blobs and merges. */
export const RESULT_ATTACHMENT = 'cors-results';

/** The results of a test's cases: of one, or of a whole suite. */
export interface AttachedResults {
  readonly results: readonly Result[];
  readonly engine: EngineRecord;
}

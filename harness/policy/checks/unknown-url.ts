/** URLs that no cache can have an answer for. */
import { type PolicyPlan, urlFor } from '../plan.ts';

/** The path with a query that has a word which nothing else of a run has there. */
export const unknownUrl = (plan: PolicyPlan, path: string, word: string): string =>
  urlFor(plan, `${path}${path.includes('?') ? '&' : '?'}cors-conformance-uncached=${word}`);

/** What the parts of the derivation share: the plan, and which origins and methods stand for a resource. */
import { sampleOrigins } from './origins.ts';
import type { PolicyResource } from './read.ts';
import type { ParsedConfig } from './schema.ts';

export interface Plan {
  /** Scheme, host and port that browsers ask, without a slash. */
  readonly base: string;
  readonly resources: readonly PolicyResource[];
  readonly config: ParsedConfig;
}

/** Only http and https pages can be opened; see the linter's warning. */
export const openable = (origin: string): boolean => origin === 'null' || /^https?:/.test(origin);

/** The declared origins of a resource that pages can have, the first of them the one used by default. */
export const originsOf = (resource: PolicyResource): string[] =>
  sampleOrigins(resource.rules).filter(openable);

/** The method used where any would do: one that changes nothing, if the resource has one. */
export const safeMethodOf = (resource: PolicyResource): string | undefined =>
  ['GET', 'HEAD'].find(method => resource.methods.includes(method));

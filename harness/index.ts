/** What other programs may import: the types of a configuration, of a case file and of a results file. */
export { checkSuite } from './case/check.ts';
export { defineSuite } from './case/define.ts';
export type { Case, Suite } from './case/schema.ts';
export { defineConfig, type VerifyConfig } from './policy/config/schema.ts';
export { type RunRecord, recordSchema } from './verdict/record.ts';

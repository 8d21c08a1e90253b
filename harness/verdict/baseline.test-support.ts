/** Baselines and findings for the tests of what a baseline accepts. */
import { BASELINE_SCHEMA, type Baseline } from './baseline.ts';
import type { Finding } from './finding.ts';

/** A baseline of today's format with these entries. */
export const baseline = (...accept: Baseline['accept']): Baseline => ({ schema: BASELINE_SCHEMA, accept });

/** An error of the check `id` at these places. */
export const finding = (id: string, ...places: string[]): Finding => ({
  id,
  rule: id,
  severity: 'error',
  resource: places.join(', '),
  places,
  engines: ['chromium'],
  explanation: '',
  evidence: [],
});

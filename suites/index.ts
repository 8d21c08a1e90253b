/** Every suite, in the order in which people read them. */
import type { Suite } from '../harness/case/schema.ts';
import { simpleRequests } from './simple-requests.ts';

export const suites: readonly Suite[] = [simpleRequests];

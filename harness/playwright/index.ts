/**
 * For tests of your own with Playwright Test: `import { test, expect } from 'cors-conformance/playwright'`. The fixture
 * `cors` runs a request from a page of any origin, in the engine of the project; matchers say what must come of it, and
 * `verifyPolicy` makes a test of every check of a policy.
 */
export { type CorsObservation, PageLabError, type PageRequest } from '../run/page-lab.ts';
export { type CorsFixtures, type CorsOptions, test } from './cors-fixture.ts';
export { expect } from './matchers.ts';
export { verifyPolicy } from './verify-policy.ts';

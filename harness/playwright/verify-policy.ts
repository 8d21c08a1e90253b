/** A policy as tests: one per check, so that reporters, --grep, retries and UI mode see each by itself. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { CHECKS } from '../policy/checks/index.ts';
import { readConfig } from '../policy/config/read.ts';
import type { VerifyConfig } from '../policy/config/schema.ts';
import type { RunEngineName } from '../verdict/record.ts';
import { test } from './cors-fixture.ts';
import { failureText, type Verification, verified } from './verification.ts';

/** Milliseconds for a verification, which the first of its tests waits for. */
const LIMIT_MS = 300_000;

/**
 * Declares a test for each check of `verify`. The server is verified once per project; a check that could not be tried
 * is skipped with its reason, never passed.
 *
 * @param config what cors.config.ts holds
 * @param options.title of the group of tests
 * @throws PolicyError for a wrong configuration, at once
 */
export function verifyPolicy(
  config: VerifyConfig,
  { title = 'CORS policy' }: { readonly title?: string } = {},
): void {
  readConfig(config);
  test.describe(title, () => {
    for (const check of CHECKS) {
      test(`${check.id}: ${check.must}`, { tag: '@cors' }, async ({ corsEngine, browserName }, testInfo) => {
        testInfo.setTimeout(Math.max(testInfo.timeout, LIMIT_MS));
        const { checks, findings } = await once(config, corsEngine ?? browserName, testInfo);
        const state = checks.find(({ id }) => id === check.id);
        test.skip(state?.state === 'not-tried' || !state, state?.reason ?? 'the policy does not call for it');
        const own = findings.filter(({ rule }) => rule === check.id);
        if (state?.state === 'broken') {
          if (own.length > 0) throw new Error(own.map(failureText).join('\n\n'));
          throw new Error(`"${check.must}" does not hold: ${state.reason}. Mend that first.`);
        }
      });
    }
  });
}

/**
 * The verification of this project. It is kept in the project's output folder, which Playwright empties before a run:
 * a test that fails costs its worker, and the next one must not verify the server again.
 */
async function once(config: VerifyConfig, engine: RunEngineName, testInfo: TestInfo): Promise<Verification> {
  const key = createHash('sha256')
    .update(JSON.stringify([config, engine]))
    .digest('hex')
    .slice(0, 16);
  const file = join(testInfo.project.outputDir, '.cors', `${key}-${testInfo.retry}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Verification;
  const found = await verified(config, [engine]);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(found));
  return found;
}

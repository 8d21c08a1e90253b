/**
 * Turns every selected case into a Playwright test; under the command line, which has a reporter and an interface of
 * its own, every suite, because a test costs more than a case.
 */

import type { Case, Suite } from '../harness/case/schema.ts';
import { runOptions } from '../harness/playwright/options.ts';
import { selectedSuites } from '../harness/playwright/suites.ts';
import { runCase, runSuite, test } from '../harness/playwright/test.ts';
import { deviations } from './deviations.ts';
import { suites as all } from './index.ts';
import { notThroughGateway } from './through-gateway.ts';

const suites = selectedSuites(all);

test.use({ cases: { suites, deviations, notThroughGateway } });

const nameOf = (suite: Suite, one: Case) => ({ type: 'case', description: `${suite.id}:${one.id}` });

for (const suite of runOptions().underCli ? suites : []) {
  const annotation = suite.cases.map(one => nameOf(suite, one));
  test(suite.title, { annotation }, ({ runner }, testInfo) => runSuite(runner, suite, testInfo));
}

for (const suite of runOptions().underCli ? [] : suites) {
  test.describe(suite.title, () => {
    for (const one of suite.cases) {
      const annotation = [
        nameOf(suite, one),
        ...one.spec.map(description => ({ type: 'spec', description })),
      ];
      const tag = [`@${suite.id}`, `@${one.class ?? 'must'}`];
      test(`${one.id}: ${one.title}`, { tag, annotation }, async ({ runner }, testInfo) => {
        await runCase(runner, suite, one, testInfo);
      });
    }
  });
}

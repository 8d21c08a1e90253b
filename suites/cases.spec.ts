/**
 * Turns every selected case into a Playwright test; under the command line, which has a reporter and an interface of
 * its own, every suite, because a test costs more than a case.
 */

import type { Case, Suite } from '../harness/case/schema.ts';
import { caseTest, runCase, runSuite } from '../harness/playwright/test.ts';
import { runOptions } from '../harness/run/options.ts';
import { selectedSuites } from '../harness/run/selected-suites.ts';
import { deviations } from './deviations.ts';
import { suites as all } from './index.ts';
import { notThroughGateway } from './through-gateway.ts';

const suites = selectedSuites(all);

caseTest.use({ cases: { suites, deviations, notThroughGateway } });

const nameOf = (suite: Suite, one: Case) => ({ type: 'case', description: `${suite.id}:${one.id}` });

if (runOptions().underCli) {
  for (const suite of suites) {
    const annotation = suite.cases.map(one => nameOf(suite, one));
    caseTest(suite.title, { annotation }, ({ runner }, testInfo) => runSuite(runner, suite, testInfo));
  }
} else {
  for (const suite of suites) {
    caseTest.describe(suite.title, () => {
      for (const one of suite.cases) declare(suite, one);
    });
  }
}

function declare(suite: Suite, one: Case): void {
  const annotation = [nameOf(suite, one), ...one.spec.map(description => ({ type: 'spec', description }))];
  const tag = [`@${suite.id}`, `@${one.class ?? 'must'}`];
  caseTest(`${one.id}: ${one.title}`, { tag, annotation }, async ({ runner }, testInfo) => {
    await runCase(runner, suite, one, testInfo);
  });
}

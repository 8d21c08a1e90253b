/** Turns every selected case into a Playwright test. */

import { selectedSuites } from '../harness/playwright/suites.ts';
import { runCase, test } from '../harness/playwright/test.ts';
import { deviations } from './deviations.ts';
import { suites as all } from './index.ts';
import { notThroughGateway } from './through-gateway.ts';

const suites = selectedSuites(all);

test.use({ cases: { suites, deviations, notThroughGateway } });

for (const suite of suites) {
  test.describe(suite.title, () => {
    for (const one of suite.cases) {
      const annotation = [
        { type: 'case', description: `${suite.id}:${one.id}` },
        ...one.spec.map(description => ({ type: 'spec', description })),
      ];
      test(
        `${one.id}: ${one.title}`,
        { tag: [`@${suite.id}`, `@${one.class ?? 'must'}`], annotation },
        async ({ runner }, testInfo) => {
          await runCase(runner, suite, one, testInfo);
        },
      );
    }
  });
}

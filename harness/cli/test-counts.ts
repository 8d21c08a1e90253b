/** A reporter for node:test that writes only how many tests passed, failed and were skipped, as JSON. */

/** What the reporter writes. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of node:test's events that is read here. */
interface TestEvent {
  readonly type: string;
  readonly data?: {
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    readonly details?: { readonly type?: string };
  };
}

/**
 * Counts tests, not the suites around them. A test marked as to-do counts as skipped, whatever it did: it claims
 * nothing yet.
 */
export default async function* testCounts(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // A suite that fails without a failed test in it shows in the exit code of the run.
    if (data?.details?.type === 'suite') continue;
    const notRun = isSet(data?.skip) || isSet(data?.todo);
    if (notRun) counts.skipped++;
    else if (type === 'test:pass') counts.passed++;
    else counts.failed++;
  }
  yield JSON.stringify(counts satisfies TestCounts);
}

/** Node gives `skip: true`, `skip: 'why'`, or nothing. */
function isSet(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}

/** Known deviations of the suite about aborts and timeouts. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { webkit } from './seen.ts';
import { webkitSource } from './sources.ts';

export const abortDeviations: readonly Deviation[] = [
  {
    id: 'webkit-abort-reason-lost',
    ...webkit,
    cases: ['abort-custom-reason/*', 'timeout-signal/preflight', 'timeout-signal/actual'],
    checks: { outcome: 'error (AbortError)', error: 'AbortError' },
    what: 'A fetch under way rejects with an AbortError, whatever the reason that its signal has.',
    link: webkitSource('WebCore/Modules/fetch/FetchResponse.cpp'),
  },
];

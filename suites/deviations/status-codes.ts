/** Known deviations of the suites about status codes. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { firefox, webkit } from './seen.ts';

export const statusDeviations: readonly Deviation[] = [
  ...[firefox, webkit].map(({ engine, versions }) => ({
    id: `${engine}-407-visible`,
    engine,
    versions,
    cases: ['status-407'],
    checks: { outcome: 'readable' },
    what: 'Status 407 from a server that is no proxy is shown to script like any other.',
    link: 'https://github.com/whatwg/fetch/issues/1132',
  })),
  {
    id: 'firefox-101-visible',
    ...firefox,
    cases: ['status-101'],
    checks: { outcome: 'readable' },
    what: 'Status 101 is taken for the response and shown to script.',
    link: 'https://github.com/whatwg/fetch/issues/1397',
  },
  {
    id: 'webkit-205-body',
    ...webkit,
    cases: ['status-null-body/fetch-205', 'status-null-body/xhr-205'],
    checks: { body: 'not for script' },
    what: 'The body of a response with status 205 is shown to script.',
    link: 'https://fetch.spec.whatwg.org/#null-body-status',
  },
  {
    id: 'webkit-421-same-connection',
    ...webkit,
    cases: ['status-421/new-connection'],
    checks: { connections: 'same' },
    what: 'The second attempt after status 421 is made on the connection of the first.',
    link: 'https://fetch.spec.whatwg.org/#http-network-or-cache-fetch',
  },
];

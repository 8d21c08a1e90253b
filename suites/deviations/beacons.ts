/** Known deviations of the suites about requests that outlive their page. */
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { firefox, webkit } from './versions.ts';

/** What fails where the call itself throws and nothing is sent. */
const NOTHING_SENT = {
  preflight: 'not sent',
  actual: 'not sent',
  wire: 'nothing',
  body: '(absent)',
  'access-control-request-method': '(absent)',
  'preflight-header:*': '(no such request)',
  'request-header:*': '(no such request)',
  'request-body': '(absent)',
  'GET:origin': '(no such request)',
  'GET hop2:origin': '(no such request)',
} as const;

const POSITIONS = {
  firefox: 'https://github.com/mozilla/standards-positions/issues/703',
  webkit: 'https://github.com/WebKit/standards-positions/issues/85',
} as const;

export const beaconDeviations: readonly Deviation[] = [
  ...[firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-no-fetch-later`,
      ...seen,
      cases: ['fetchlater-cors/*'],
      checks: { outcome: 'error (NotSupportedError)', ...NOTHING_SENT },
      what: 'fetchLater() is not implemented.',
      link: POSITIONS[seen.engine],
    }),
  ),
  {
    id: 'firefox-beacon-without-limit',
    ...firefox,
    cases: ['beacon-simple/too-big'],
    checks: { wire: 'POST', result: 'true' },
    what: 'A beacon of more than 64 KiB is accepted and sent.',
    link: 'https://bugzilla.mozilla.org/show_bug.cgi?id=2008613',
  },
];

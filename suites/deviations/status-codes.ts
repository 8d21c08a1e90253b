/** Known deviations of the suites about status codes. */
import { SPEC } from '../../harness/standard/spec.ts';
import type { Deviation } from '../../harness/verdict/deviations.ts';
import { chromiumIn, firefox, webkit } from './versions.ts';

const NULL_BODY = new Set([204, 205, 304]);

export const statusDeviations: readonly Deviation[] = [
  ...[
    { ...chromiumIn('92-112 115-156'), head: true, of: 'for a null body status and for a HEAD' },
    { ...firefox, head: false, of: 'for a null body status, unless it answers a HEAD' },
    { ...webkit, head: true, of: 'for a null body status and for a HEAD' },
  ].map(
    ({ head, of, ...seen }): Deviation => ({
      id: `${seen.engine}-null-body-is-stream`,
      ...seen,
      cases: ['response-body-null'],
      asIf: {
        seen: (view, { script }) => {
          const { nullBody, ...rest } = view;
          const streams =
            script.method === 'HEAD' ? head && view.type !== 'opaque' : NULL_BODY.has(view.status ?? 0);
          return nullBody && streams ? rest : view;
        },
      },
      what: `The body of a response is a stream instead of null ${of}.`,
      link: SPEC.nullBodyStatus,
    }),
  ),
  {
    id: 'webkit-opaque-redirect-body-is-stream',
    ...webkit,
    cases: ['response-body-null/opaque-redirect'],
    asIf: {
      seen: view => {
        const { nullBody, ...rest } = view;
        return nullBody && view.type === 'opaqueredirect' ? rest : view;
      },
    },
    what: 'The body of an opaque-redirect filtered response is a stream instead of null.',
    link: SPEC.opaqueRedirectFilter,
  },
  ...[firefox, webkit].map(
    (seen): Deviation => ({
      id: `${seen.engine}-407-visible`,
      ...seen,
      cases: ['status-407'],
      checks: { outcome: 'readable' },
      what: 'Status 407 from a server that is not a proxy is readable like any other.',
      link: 'https://github.com/whatwg/fetch/issues/1132',
    }),
  ),
  {
    id: 'firefox-101-visible',
    ...firefox,
    cases: ['status-101'],
    checks: { outcome: 'readable' },
    what: 'Status 101 is treated as the final response and is readable.',
    link: 'https://github.com/whatwg/fetch/issues/1397',
  },
  {
    id: 'webkit-205-body',
    ...webkit,
    cases: ['status-null-body/fetch-205', 'status-null-body/xhr-205'],
    asIf: { nullBody: (standard, _, status) => standard && status !== 205 },
    what: 'The body of a response with status 205 is readable.',
    link: SPEC.nullBodyStatus,
  },
  {
    id: 'webkit-421-same-connection',
    ...webkit,
    cases: ['status-421/new-connection'],
    asIf: { retriesOnSameConnection: true },
    what: 'The retry after status 421 uses the same connection.',
    link: SPEC.networkOrCache,
  },
];

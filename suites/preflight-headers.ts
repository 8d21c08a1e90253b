/** What a preflight's answer must say about headers, and credentials when they are meant. */

import { defineSuite } from '../harness/case/define.ts';
import { withXhr } from './api-helpers.ts';
import { acah, acam, acao, PUT } from './helpers.ts';
import {
  BAD_LISTS,
  EMPTY_MEMBERS,
  passes,
  preflightFails,
  withHeaders,
  X_A,
} from './preflight-answer-helpers.ts';
import { shownValue } from './title-helpers.ts';

export const preflightHeaders = defineSuite({
  id: 'preflight-headers',
  title: 'Access-Control-Allow-Headers on a preflight response',
  about: 'Every header that is not safelisted must be listed, in any case, and the list must be well-formed.',
  cases: [
    ...withXhr(
      preflightFails({
        id: 'preflight-acah-missing',
        title: 'A custom header is blocked if the preflight response has no Access-Control-Allow-Headers',
        request: X_A,
        headers: [acao()],
      }),
    ),
    passes({
      id: 'preflight-acah-case',
      title: 'Access-Control-Allow-Headers matches names case-insensitively',
      request: withHeaders('x-A'),
      headers: [acao(), acah('X-a')],
    }),
    ...withXhr(
      preflightFails({
        id: 'preflight-acah-partial',
        title: 'A request is blocked if only one of its two custom headers is listed',
        request: withHeaders('X-A', 'X-B'),
        headers: [acao(), acah('x-a')],
      }),
    ),
    passes({
      id: 'preflight-acah-superset',
      title: 'Access-Control-Allow-Headers may list more headers than the preflight asks for',
      request: X_A,
      headers: [acao(), acah('x-b, x-a, x-c')],
    }),
    ...EMPTY_MEMBERS.map(([id, list]) =>
      passes({
        id: `preflight-acah-empty-members/${id}`,
        title: `Access-Control-Allow-Headers: ${list.replace('T', 'x-a')} allows X-A, as empty members are ignored`,
        request: X_A,
        headers: [acao(), acah(list.replace('T', 'x-a'))],
      }),
    ),
    ...BAD_LISTS.map(([id, list]) =>
      preflightFails({
        id: `preflight-acah-bad-token/${id}`,
        title: `Access-Control-Allow-Headers: ${shownValue(list.replace('T', 'x-a'))} is malformed and blocks X-A`,
        request: X_A,
        headers: [acao(), acah(list.replace('T', 'x-a'))],
      }),
    ),
    ...withXhr(
      preflightFails({
        id: 'preflight-acah-bad-though-unneeded',
        title: 'A malformed Access-Control-Allow-Headers blocks even a PUT, which needs none',
        request: PUT,
        headers: [acao(), acam('PUT'), acah('b@d')],
      }),
    ),
    passes({
      id: 'preflight-acah-safelisted-not-needed',
      title: 'Safelisted headers need not be listed even if the request is preflighted for a custom one',
      request: {
        method: 'POST',
        headers: [
          ['X-A', '1'],
          ['Accept', 'text/zz'],
          ['Accept-Language', 'en'],
          ['Content-Language', 'en'],
          ['Content-Type', 'text/plain'],
        ],
        body: { buffer: 'hello' },
      },
      headers: [acao(), acah('x-a')],
    }),
    ...withXhr(
      preflightFails({
        id: 'preflight-acah-unsafe-value-needs-listing/content-type',
        title: 'A Content-Type whose value is not safelisted must be listed',
        request: { method: 'POST', headers: [['Content-Type', 'application/json']], body: { buffer: '{}' } },
        headers: [acao(), acah('x-a')],
      }),
    ),
    preflightFails({
      id: 'preflight-acah-unsafe-value-needs-listing/accept',
      title: 'An Accept whose value is not safelisted must be listed',
      request: { headers: [['Accept', 'a"b']] },
      headers: [acao(), acah('x-a')],
    }),
  ],
});

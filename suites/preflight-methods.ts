/** What a preflight's answer must say about the origin and the method. */

import { defineSuite } from '../harness/case/define.ts';
import { withXhr } from './api-helpers.ts';
import { acac, acah, acam, acao, PUT } from './helpers.ts';
import { BAD_LISTS, EMPTY_MEMBERS, passes, preflightFails, X_A } from './preflight-answer-helpers.ts';
import { shownValue } from './title-helpers.ts';

export const preflightMethods = defineSuite({
  id: 'preflight-methods',
  title: 'Access-Control-Allow-Origin and -Methods on a preflight response',
  about:
    "A preflight response must pass the CORS check and have a well-formed list of methods that includes the request's.",
  cases: [
    ...withXhr(
      preflightFails({
        id: 'preflight-acao-required',
        title: 'A preflight response without Access-Control-Allow-Origin blocks the request',
        request: PUT,
        headers: [acam('PUT')],
      }),
    ),
    ...withXhr(
      preflightFails({
        id: 'preflight-acam-missing',
        title: 'A PUT is blocked if the preflight response has no Access-Control-Allow-Methods',
        request: PUT,
        headers: [acao()],
      }),
    ),
    ...withXhr(
      passes({
        id: 'preflight-acam-missing-safelisted',
        title: 'A POST needs no Access-Control-Allow-Methods',
        request: { method: 'POST', headers: [['X-A', '1']] },
        headers: [acao(), acah('x-a')],
      }),
    ),
    preflightFails({
      id: 'preflight-acam-case',
      title: 'Access-Control-Allow-Methods: put does not allow PUT',
      request: PUT,
      headers: [acao(), acam('put')],
    }),
    ...EMPTY_MEMBERS.map(([id, list]) =>
      passes({
        id: `preflight-acam-empty-members/${id}`,
        title: `Access-Control-Allow-Methods: ${list.replace('T', 'PUT')} allows PUT, as empty members are ignored`,
        request: PUT,
        headers: [acao(), acam(list.replace('T', 'PUT'))],
      }),
    ),
    preflightFails({
      id: 'preflight-acam-empty-value',
      title: 'An empty Access-Control-Allow-Methods does not allow PUT',
      request: PUT,
      headers: [acao(), acam('')],
    }),
    ...BAD_LISTS.map(([id, list]) =>
      preflightFails({
        id: `preflight-acam-bad-token/${id}`,
        title: `Access-Control-Allow-Methods: ${shownValue(list.replace('T', 'PUT'))} is malformed and blocks a PUT`,
        request: PUT,
        headers: [acao(), acam(list.replace('T', 'PUT'))],
      }),
    ),
    ...withXhr(
      preflightFails({
        id: 'preflight-acam-bad-though-unneeded',
        title: 'A malformed Access-Control-Allow-Methods blocks even a GET, which needs none',
        request: X_A,
        headers: [acao(), acah('x-a'), acam('b@d')],
      }),
    ),
    passes({
      id: 'preflight-acam-two-lines/second',
      title: 'Two Access-Control-Allow-Methods lines make one list',
      request: PUT,
      headers: [acao(), acam('X'), acam('PUT')],
    }),
    preflightFails({
      id: 'preflight-acam-two-lines/bad-second',
      title: 'A malformed second Access-Control-Allow-Methods line blocks the request',
      request: PUT,
      headers: [acao(), acam('PUT'), acam('b@d')],
    }),
    preflightFails({
      id: 'preflight-allow-header-irrelevant',
      title: 'An Allow header does not stand in for Access-Control-Allow-Methods',
      request: PUT,
      headers: [acao(), ['Allow', 'PUT']],
    }),
    preflightFails({
      id: 'preflight-acac-needed/missing',
      title: 'A preflight for a request with credentials fails without Access-Control-Allow-Credentials',
      request: { ...PUT, credentials: 'include' },
      headers: [acao(), acam('PUT')],
    }),
    passes({
      id: 'preflight-acac-needed/given',
      title:
        'A preflight response with Access-Control-Allow-Credentials lets a request with credentials through',
      request: { ...PUT, credentials: 'include' },
      headers: [acao(), acac(), acam('PUT')],
    }),
    passes({
      id: 'preflight-acac-not-needed-without-creds',
      title: 'A preflight for a request without credentials needs no Access-Control-Allow-Credentials',
      request: { ...PUT, credentials: 'same-origin' },
      headers: [acao(), acam('PUT')],
    }),
    passes({
      id: 'preflight-acam-lists-cached-not-checked-for-safelisted',
      title:
        'A POST that is preflighted for its upload listener need not be listed in Access-Control-Allow-Methods',
      request: { api: 'xhr', method: 'POST', uploadListener: 'before-send', body: 'hello' },
      headers: [acao(), acam('PUT')],
    }),
  ],
});

/** When a preflight is sent, and how the actual request waits for it. */

import { defineSuite } from '../harness/case/define.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { withXhr } from './api-helpers.ts';
import { acam, acao, allowed, blockedAtPreflight, one, PUT, readable } from './helpers.ts';

const slowly = { delayMs: 300 };

export const preflightOrder = defineSuite({
  id: 'preflight-order',
  title: 'The preflight comes first',
  about: 'Nothing of the request is sent before its preflight has succeeded.',
  cases: [
    one({
      id: 'preflight-before-actual-order/passed',
      title: 'The request is sent after a preflight that was answered late',
      spec: SPEC.httpFetch,
      request: PUT,
      server: { preflight: { ...slowly, headers: [acao(), acam('PUT')] }, actual: allowed },
      expect: readable({ wire: ['OPTIONS', 'PUT'] }),
    }),
    ...withXhr(
      one({
        id: 'preflight-before-actual-order/refused',
        title: 'The request is sent neither while the preflight is pending nor after it has failed',
        spec: SPEC.httpFetch,
        request: PUT,
        server: { preflight: { ...slowly, headers: [acam('PUT')] }, actual: allowed },
        expect: blockedAtPreflight(),
      }),
    ),
    one({
      id: 'preflight-before-actual-order/unanswered',
      title: 'The request is never sent if its preflight is never answered',
      spec: SPEC.httpFetch,
      request: { ...PUT, api: 'xhr', timeoutMs: 400 },
      server: { preflight: { fault: 'hang' }, actual: allowed },
      expect: { outcome: 'timeout', preflight: 'sent', actual: 'not sent' },
    }),
  ],
});

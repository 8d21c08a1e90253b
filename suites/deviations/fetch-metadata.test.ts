/** What WebKitGTK 2.50.6 showed of the headers of a cache mode after a redirect, as its model must predict it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../harness/case/schema.ts';
import { observeWithModel } from '../../harness/lab/model.ts';
import { headerValue } from '../../harness/wire/exchange.ts';
import { deviations } from '../deviations.ts';
import { acam, acao, allowed, answer, resourceAt } from '../helpers.ts';
import { redirect } from '../redirect-helpers.ts';

const redirectTo = (at: 'target' | 'other-site', method: string): Case => {
  const preflight = answer(acao('*'), acam('PUT'));
  const hop2 = resourceAt(at, { preflight, actual: allowed });
  const server = { preflight, actual: redirect('hop2', 308, acao('*')), resources: { hop2 } };
  return {
    id: 'cache-mode-after-redirect',
    title: 'What a cache mode calls for is in a redirected request',
    spec: ['https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch'],
    steps: [{ request: { method, cache: 'reload' }, server, expect: { outcome: 'readable' } }],
  };
};

const quirks = deviations.find(one => one.id === 'webkit-redirect-drops-sec-fetch')?.asIf;

for (const method of ['GET', 'POST', 'PUT']) {
  test(`should take what a cache mode calls for off a ${method} that leaves an origin, and off no other`, () => {
    assert.ok(quirks);
    for (const [at, value] of [
      ['other-site', null],
      ['target', 'no-cache'],
    ] as const) {
      const { observation } = observeWithModel(redirectTo(at, method), { quirks });
      const last = observation.steps[0]?.exchanges.at(-1)?.request;
      assert.equal(last?.method, method);
      for (const name of ['cache-control', 'pragma'])
        assert.equal(headerValue(last?.headers ?? [], name), value);
    }
  });
}

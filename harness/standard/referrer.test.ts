import assert from 'node:assert/strict';
import test from 'node:test';
import { constructRequest } from './construct.ts';
import { determineReferrer, isReferrerPolicy, redirectReferrerPolicy } from './referrer.ts';
import { client, PAGE, TARGET } from './testing.test-support.ts';
import { Trace } from './trace.ts';
import type { Client } from './types.ts';

const FULL = `${PAGE}/page?q`;
const ORIGIN = `${PAGE}/`;
const referrer = (
  policy: string,
  url = TARGET,
  from: Client = { ...client, url: `${FULL}#f` },
  given?: string,
) => {
  const script = { client: from, url, ...(given !== undefined && { referrer: given }) };
  return determineReferrer({ ...constructRequest(script, new Trace()), referrerPolicy: policy });
};

const policies: [policy: string, same: string, cross: string, downgrade: string][] = [
  ['no-referrer', 'no-referrer', 'no-referrer', 'no-referrer'],
  ['no-referrer-when-downgrade', FULL, FULL, 'no-referrer'],
  ['same-origin', FULL, 'no-referrer', 'no-referrer'],
  ['origin', ORIGIN, ORIGIN, ORIGIN],
  ['strict-origin', ORIGIN, ORIGIN, 'no-referrer'],
  ['origin-when-cross-origin', FULL, ORIGIN, ORIGIN],
  ['strict-origin-when-cross-origin', FULL, ORIGIN, 'no-referrer'],
  ['unsafe-url', FULL, FULL, FULL],
];
for (const [policy, same, cross, downgrade] of policies) {
  test(`should send what ${policy} allows`, () => {
    assert.equal(referrer(policy, `${PAGE}/x`), same);
    assert.equal(referrer(policy), cross);
    assert.equal(referrer(policy, 'http://api.test/'), downgrade);
    assert.equal(isReferrerPolicy(policy), true);
  });
}

test('should have no referrer where the client has no URL to show', () => {
  assert.equal(referrer('unsafe-url', TARGET, { ...client, url: 'about:blank' }), 'no-referrer');
  assert.equal(
    determineReferrer({
      ...constructRequest({ client, url: TARGET }, new Trace()),
      client: { ...client, url: 'not a URL' },
    }),
    'no-referrer',
  );
  assert.equal(referrer('unsafe-url', TARGET, { ...client, origin: 'null' }), 'no-referrer');
  const worker: Client = { ...client, origin: 'null', global: 'worker' };
  assert.equal(referrer('unsafe-url', TARGET, worker), FULL);
  assert.equal(referrer('unsafe-url', TARGET, client, ''), 'no-referrer');
});

test('should strip credentials, and cut what is too long down to the origin', () => {
  assert.equal(referrer('unsafe-url', TARGET, { ...client, url: 'https://u:p@app.example/a' }), `${PAGE}/a`);
  assert.equal(referrer('unsafe-url', TARGET, { ...client, url: `${PAGE}/${'a'.repeat(4100)}` }), ORIGIN);
});

test('should use the referrer that script gave', () => {
  assert.equal(referrer('unsafe-url', TARGET, client, '/r'), `${PAGE}/r`);
});

test('should read the last known policy of a redirect', () => {
  const policy = (...values: string[]) =>
    redirectReferrerPolicy(values.map(value => ['Referrer-Policy', value] as const));
  assert.equal(policy(), null);
  assert.equal(policy('unknown'), null);
  assert.equal(policy('Origin, unknown', 'NO-REFERRER'), 'no-referrer');
  assert.equal(isReferrerPolicy(''), true);
  assert.equal(isReferrerPolicy('unknown'), false);
});

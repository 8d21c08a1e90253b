import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readConfig } from './config/read.ts';
import { askOf, originLines } from './findings/ran.test-support.ts';
import { planFor } from './plan.ts';
import { endedBy, hasSession, isRefusedNow, LOGIN_AGAIN, onlyLoggedOut } from './session.ts';
import { Trial } from './trial.ts';

const ORIGIN = 'https://app.example.com';

function planWith(own: object) {
  const { config } = readConfig({
    target: { url: 'https://api.example.com' },
    policy: {
      origins: ORIGIN,
      credentials: true,
      requestHeaders: ['Authorization', 'X-A'],
      resources: [{ path: '/items', ...own }],
    },
  });
  return planFor(config, 'https://api.example.com');
}

const plan = planWith({ cookies: { sid: '1' } });
const [resource] = plan.resources;
assert.ok(resource);

const trial = (about: Parameters<typeof askOf>[0], status: number): Trial =>
  Trial.ofProbe(askOf(about, status, originLines(ORIGIN)));

const served = trial({ ask: 'allowed' }, 200);
const refused = trial({ ask: 'allowed' }, 401);
const again = (...statuses: readonly number[]) => statuses.map(status => trial({ ask: LOGIN_AGAIN }, status));

describe('the end of a login', () => {
  test('should be asked about where a declared page was served and then refused, and only there', () => {
    assert.ok(isRefusedNow(resource, [served, refused]));
    assert.ok(isRefusedNow(resource, [served, trial({ ask: 'no-origin', origin: null }, 302)]));
    assert.ok(!isRefusedNow(resource, [served]));
    assert.ok(!isRefusedNow(resource, [refused]));
    assert.ok(!isRefusedNow(resource, [served, trial({ ask: 'allowed', credentials: false }, 401)]));
    assert.ok(
      !isRefusedNow(resource, [served, trial({ ask: 'attackers', origin: 'https://evil.example' }, 403)]),
    );
  });

  test('should be told by every answer at the end, not by some of them', () => {
    assert.deepEqual([...endedBy(again(401, 401, 401))], [401]);
    assert.deepEqual([...endedBy(again(401, 200, 401))], []);
    assert.deepEqual([...endedBy([served, refused])], []);
  });

  test('should explain refusals, but neither other answers nor a page of an attacker that reads them', () => {
    const ended = new Set([401]);
    assert.ok(onlyLoggedOut(refused, plan, ended));
    assert.ok(!onlyLoggedOut(served, plan, ended));
    assert.ok(!onlyLoggedOut(trial({ ask: 'allowed', credentials: false }, 401), plan, ended));
    const origin = 'https://evil.example';
    const attacker = { id: 'unrelated-1', kind: 'unrelated', origin, why: '', browser: true };
    const about = { ask: 'attackers', origin, attacker };
    assert.ok(onlyLoggedOut(Trial.ofProbe(askOf(about, 401, [])), plan, ended));
    assert.ok(!onlyLoggedOut(Trial.ofProbe(askOf(about, 401, originLines(origin))), plan, ended));
  });

  test('should concern tokens as it does cookies, and no other header', () => {
    const sessionOf = (own: object) => planWith(own).resources.map(hasSession);
    assert.deepEqual(sessionOf({ headers: { Authorization: 'Bearer 1' } }), [true]);
    assert.deepEqual(sessionOf({ headers: { 'X-A': '1' } }), [false]);
    assert.deepEqual(sessionOf({}), [false]);
  });
});

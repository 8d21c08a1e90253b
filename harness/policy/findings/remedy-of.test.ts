import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../verdict/finding.ts';
import type { HeaderLine } from '../../wire/exchange.ts';
import { readConfig } from '../config/read.ts';
import { PolicyEvidence } from '../evidence.ts';
import { planFor } from '../plan.ts';
import type { ProbeRun } from '../trial.ts';
import { advisesWhatIsSent } from './advice.test-support.ts';
import { judgePolicy } from './find.ts';
import { askOf, ORIGIN, originLines, pageRun, ran, ranInPages } from './ran.test-support.ts';

const VARY: HeaderLine = ['Vary', 'Origin'];
const MAX_AGE: HeaderLine = ['Access-Control-Max-Age', '600'];

const find = (id: string, ...probes: readonly ProbeRun[]): Finding => {
  const found = ran(...probes).findings.find(one => one.id === id);
  assert.ok(found, id);
  return found;
};

const preflight = (lines: readonly HeaderLine[], about: { method?: string; headers?: string[] } = {}) =>
  askOf({ ask: 'preflights', preflight: true, method: 'PUT', ...about }, 204, [
    ...originLines(ORIGIN),
    MAX_AGE,
    ...lines,
  ]);

describe('what mends a finding', () => {
  test('should be about the list that is malformed, and about both if both are', () => {
    const methods: HeaderLine = ['Access-Control-Allow-Methods', 'GET; PUT'];
    const headers: HeaderLine = ['Access-Control-Allow-Headers', 'X-A Content-Type'];
    const one = find('list-malformed', preflight([['Access-Control-Allow-Methods', 'GET, PUT'], headers]));
    assert.match(one.fix ?? '', /^Send "Access-Control-Allow-Headers: Content-Type" with the preflight\.$/);
    assert.deepEqual(one.answer?.decides, ['Access-Control-Allow-Headers']);
    assert.match(one.why ?? '', /^"X-A Content-Type": /);
    const both = find('list-malformed', preflight([methods, headers]));
    assert.match(both.fix ?? '', /Allow-Methods: GET, PUT".*Allow-Headers: Content-Type"/);
    assert.match(both.explanation, /Allow-Methods: GET; PUT; .*Allow-Headers: X-A Content-Type/);
  });

  test('should be told of each kind of change that places ask for', () => {
    const { fix = '' } = find(
      'list-malformed',
      preflight([['Access-Control-Allow-Methods', 'GET; PUT']]),
      preflight([['Access-Control-Allow-Headers', 'X-A Content-Type']], { headers: ['content-type'] }),
    );
    assert.equal(fix.split('\n').length, 2);
  });

  test('should list the methods of the resource where another one declares more', () => {
    const plan = planFor(
      readConfig({
        target: { url: 'https://api.example.com' },
        policy: {
          origins: ORIGIN,
          credentials: true,
          resources: [
            { path: '/items', methods: ['GET'] },
            { path: '/items/1', methods: ['GET', 'PUT'] },
          ],
        },
      }).config,
      'https://api.example.com',
    );
    const lines: HeaderLine[] = [...originLines(ORIGIN), ['Access-Control-Allow-Methods', 'GET, PUT']];
    const probe = askOf({ ask: 'undeclared-method', preflight: true, method: 'PUT' }, 204, lines);
    const [found] = judgePolicy(new PolicyEvidence(plan, { runs: [], probes: [probe] })).findings;
    assert.equal(found?.id, 'method-undeclared');
    assert.match(found.fix ?? '', /^Send "Access-Control-Allow-Methods: GET" with preflights of \/items\./);
    assert.ok(!advisesWhatIsSent(found));
  });

  test('should name the headers that are missing, though the policy need not list them', () => {
    const { fix } = find(
      'header-not-allowed',
      preflight(
        [
          ['Access-Control-Allow-Methods', 'GET, PUT'],
          ['Access-Control-Allow-Headers', 'Content-Type'],
        ],
        { headers: ['content-type', 'x-own'] },
      ),
    );
    assert.match(fix ?? '', /"Access-Control-Allow-Headers: Content-Type, x-own"/);
  });

  test('should be about what the reason says: a method that is left out, a path that nothing covers', () => {
    const left = find(
      'origin-not-allowed',
      askOf({ ask: 'allowed' }, 200, [...originLines(ORIGIN), VARY]),
      askOf({ ask: 'allowed', method: 'PUT' }, 200, [VARY]),
    );
    assert.match(left.fix ?? '', /^Let what sets CORS headers for GET set them for PUT, too/);
    const silent = find('origin-not-allowed', askOf({ ask: 'allowed' }, 200, []));
    assert.match(silent.fix ?? '', /^Let what sets CORS headers run for \/items, too/);
    const refused = find('origin-not-allowed', askOf({ ask: 'allowed' }, 200, [VARY]));
    assert.match(refused.fix ?? '', /^Compare the whole Origin/);
  });

  test('should be to fill in a placeholder where one is sent, and about the "*" where that is', () => {
    for (const sent of ['%0', '$http_origin', '{http.request.header.Origin}', '#{origin}']) {
      const { fix, why } = find('origin-misspelt', askOf({ ask: 'allowed' }, 200, originLines(sent)));
      assert.match(fix ?? '', /^Have the server put the request's Origin in the place of "/);
      assert.match(why ?? '', / looks like a placeholder /);
    }
    const slash = find('origin-misspelt', askOf({ ask: 'allowed' }, 200, originLines(`${ORIGIN}/`)));
    assert.match(slash.fix ?? '', /no slash at the end/);
    const origin = 'https://evil.example';
    const attacker = { id: 'unrelated-1', kind: 'unrelated', origin, why: '', browser: true };
    const everybody = find(
      'origin-wildcard',
      askOf({ ask: 'attackers', origin, attacker }, 200, [['Access-Control-Allow-Origin', '*']]),
    );
    assert.match(everybody.fix ?? '', /^Send no "\*"/);
  });

  test('should be a cache only for answers that caches keep', () => {
    const other = (method: string) =>
      askOf({ ask: 'allowed', method }, 200, [...originLines('https://other.example.com'), VARY]);
    const right = (method: string) => askOf({ ask: 'allowed', method }, 200, [...originLines(ORIGIN), VARY]);
    assert.match(find('origin-not-allowed', right('PUT'), other('GET')).fix ?? '', /cache's key/);
    const { fix, why } = find('origin-not-allowed', right('GET'), other('PUT'));
    assert.doesNotMatch(`${fix} ${why}`, /cache/);
    assert.match(fix ?? '', /set them for PUT, too/);
  });

  test('should say of a line that is sent twice that once is enough', () => {
    const { fix } = find(
      'max-age-malformed',
      preflight([MAX_AGE, ['Access-Control-Allow-Methods', 'GET, PUT']]),
    );
    assert.match(fix ?? '', /"Access-Control-Max-Age: 600".*\nSend Access-Control-Max-Age once/);
  });

  test('should be about the redirect where that is at fault', () => {
    const fixFor = (location: string) => {
      const lines: HeaderLine[] = [...originLines(ORIGIN), VARY, ['Location', location]];
      const { exchange } = askOf({ ask: 'allowed' }, 302, lines);
      const [found] = ranInPages([pageRun('error', exchange)]).findings;
      assert.equal(found?.id, 'redirect-fails');
      return found.fix ?? '';
    };
    assert.match(fixFor('http://api.example.com/items/'), /X-Forwarded-Proto/);
    assert.match(fixFor('https://user@api.example.com/'), /user name/);
    assert.match(fixFor('ftp://api.example.com/'), /^Redirect to https/);
  });
});

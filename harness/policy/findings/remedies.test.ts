import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import answerChanges from '../checks/answer-changes.ts';
import type { PolicyCheck } from '../checks/check.ts';
import credentialsMissing from '../checks/credentials-missing.ts';
import credentialsMisspelt from '../checks/credentials-misspelt.ts';
import originListed from '../checks/origin-listed.ts';
import originMisspelt from '../checks/origin-misspelt.ts';
import wildcardWithCredentials from '../checks/wildcard-with-credentials.ts';
import { readConfig } from '../config/read.ts';
import type { VerifyConfig } from '../config/schema.ts';
import { planFor } from '../plan.ts';
import { type KnownStack, remedyFor, remedyValues } from './remedies.ts';

const url = 'https://api.example.com';
function valuesFor(policy: Partial<VerifyConfig['policy']>) {
  const plan = planFor(
    readConfig({
      target: { url },
      policy: {
        origins: ['https://a.example', 'https://b.example'],
        credentials: true,
        methods: ['GET', 'PATCH'],
        requestHeaders: ['X-Own'],
        exposedHeaders: ['X-Total'],
        maxAge: 3600,
        resources: [{ path: '/' }],
        ...policy,
      },
    }).config,
    url,
  );
  const [resource] = plan.resources;
  assert.ok(resource);
  return remedyValues(resource, plan);
}
const stack: KnownStack = {
  id: 'express',
  title: 'Express with cors',
  guessed: false,
  textFor: concept =>
    concept === 'methods' ? "Express with cors, in server.mjs:\n  methods: ['GET', 'PATCH']," : undefined,
};
const CONCEPTS = ['origins', 'credentials', 'methods', 'headers', 'expose', 'max-age', 'vary'] as const;

describe('remedyFor', () => {
  test("should say what to send in the policy's own values", () => {
    const values = valuesFor({});
    const fix = (concept: (typeof CONCEPTS)[number]) =>
      remedyFor({ fixes: concept }, values, null)?.fix ?? '';
    assert.match(fix('origins'), /https:\/\/a\.example or https:\/\/b\.example/);
    assert.match(fix('methods'), /"Access-Control-Allow-Methods: GET, PATCH"/);
    assert.match(fix('headers'), /"Access-Control-Allow-Headers: X-Own"/);
    assert.match(fix('expose'), /"Access-Control-Expose-Headers: X-Total"/);
    assert.match(fix('max-age'), /"Access-Control-Max-Age: 3600"/);
  });

  test('should give the lines of a known stack instead of bytes, and say how to get the rest', () => {
    const remedy = remedyFor({ fixes: 'methods' }, valuesFor({}), stack);
    assert.match(
      remedy?.fix ?? '',
      /^Express with cors, in server\.mjs:\n {2}methods: \['GET', 'PATCH'\],\n/,
    );
    assert.match(remedy?.fix ?? '', /configure --stack express$/);
    assert.equal(remedy?.fixFor, 'Express with cors');
    assert.equal(remedy?.fixGuessed, undefined);
    assert.match(remedyFor({ fixes: 'vary' }, valuesFor({}), stack)?.fix ?? '', /^Send "Vary: Origin"/);
  });

  test('should begin with the one thing that is missing, where a check can tell', () => {
    const values = valuesFor({});
    const fixOf = (check: PolicyCheck) => remedyFor(check, values, null)?.fix ?? '';
    assert.match(fixOf(credentialsMissing), /^Send "Access-Control-Allow-Credentials: true"/);
    assert.match(fixOf(credentialsMisspelt), /^Send exactly "Access-Control-Allow-Credentials: true"/);
    assert.match(fixOf(originMisspelt), /^Send "Access-Control-Allow-Origin: https:\/\/a\.example"/);
    assert.match(fixOf(wildcardWithCredentials), /^Send .*https:\/\/a\.example" instead of "\*"/);
    assert.match(fixOf(originListed), /^Send one origin only: .* "Vary: Origin"/);
    assert.match(fixOf(answerChanges), /^Answers differ from request to request: look for instances/);
    for (const check of [credentialsMissing, originListed])
      assert.match(remedyFor(check, values, stack)?.fix ?? '', /^Send .*\nThe whole configuration/);
  });

  test('should call a guess a guess and what was never run unproven, and keep out of what no configuration changes', () => {
    const guess = remedyFor({ fixes: 'methods' }, valuesFor({}), { ...stack, guessed: true });
    assert.match(guess?.fix ?? '', /^Send .*\nIf Express with cors is what answers here:\nExpress/);
    assert.equal(guess?.fixGuessed, true);
    const unproven = remedyFor({ fixes: 'methods' }, valuesFor({}), { ...stack, notProven: 'it is a cloud' });
    assert.match(unproven?.fix ?? '', /written from its documentation, never run/);
    const proven = remedyFor({ fixes: 'methods' }, valuesFor({}), { ...stack, provenOn: 'cors 2.8.6' });
    assert.match(proven?.fix ?? '', /The whole configuration \(proven on cors 2\.8\.6\): npx/);
    assert.equal(remedyFor({ fixes: 'reach' }, valuesFor({}), stack)?.fixFor, undefined);
  });

  test('should never advise null, a reflected origin or values that the policy does not have', () => {
    for (const policy of [{}, { origins: ['null', 'https://a.example'] }, { origins: 'https://*.a.example' }])
      for (const concept of CONCEPTS) {
        const fix = remedyFor({ fixes: concept }, valuesFor(policy), null)?.fix ?? '';
        assert.doesNotMatch(
          fix,
          /Allow-Origin: null|'null'|evil|app\.example\.com|X-Name|origin: true\b(?!\.)/,
          fix,
        );
        assert.doesNotMatch(fix, /\{(?:origins|methods|headers|expose|seconds)/, fix);
      }
  });
});

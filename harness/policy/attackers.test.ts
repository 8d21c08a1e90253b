import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attackersFor } from './attackers.ts';
import { isAllowed, originRules, sampleOrigins } from './config/origins.ts';

const target = 'https://api.example.com';
const rules = originRules(['https://app.example.com', 'https://*.shop.example']);
const attackers = attackersFor(rules, target);
const ofKind = (kind: string) => attackers.filter(one => one.kind === kind).map(one => one.origin);

describe('originRules', () => {
  test('should take one star for one label and two for one or more', () => {
    const [one] = originRules('https://*.example.com');
    const [many] = originRules('https://**.example.com');
    assert.equal(one?.allows('https://a.example.com'), true);
    assert.equal(one?.allows('https://a.b.example.com'), false);
    assert.equal(one?.allows('https://example.com'), false);
    assert.equal(many?.allows('https://a.b.example.com'), true);
    assert.equal(many?.allows('https://a.example.com.evil.example'), false);
  });

  test('should take a star for any port, or none', () => {
    const [rule] = originRules('http://localhost:*');
    assert.equal(rule?.allows('http://localhost:3000'), true);
    assert.equal(rule?.allows('http://localhost'), true);
    assert.equal(rule?.allows('http://localhost:3000.evil.example'), false);
  });

  test('should hold a regular expression to the whole origin', () => {
    const [rule] = originRules({
      regex: 'https://a\\.example|https://b\\.example',
      examples: ['https://a.example'],
    });
    assert.equal(rule?.allows('https://b.example'), true);
    assert.equal(rule?.allows('https://b.example.evil.example'), false);
  });

  test('should allow the samples that stand for it', () => {
    for (const declared of ['https://*.example.com', 'https://**.example.com', 'http://localhost:*', 'null'])
      for (const rule of originRules(declared))
        for (const sample of rule.samples) assert.equal(rule.allows(sample), true, sample);
    assert.deepEqual(sampleOrigins(originRules(['https://a.example', 'https://a.example'])), [
      'https://a.example',
    ]);
  });
});

describe('attackersFor', () => {
  test('should derive every kind of mistake from the declared origin', () => {
    assert.deepEqual(ofKind('unrelated'), ['https://evil.test']);
    assert.deepEqual(ofKind('null'), ['null']);
    for (const [kind, origin] of [
      ['prefix', 'https://app.example.com.evil.test'],
      ['suffix', 'https://evilexample.com'],
      ['label-suffix', 'https://evilapp.example.com'],
      ['sibling', 'https://evil.example.com'],
      ['subdomain', 'https://evil.app.example.com'],
      ['dot', 'https://appxexample.com'],
      ['part', 'https://xample.com'],
      ['part', 'https://app.example.co'],
      ['part', 'https://app.example'],
      ['part', 'https://pp.example.com'],
      ['apex', 'https://shop.example'],
      ['hyphen', 'https://app-evil.example.com'],
      ['hyphen', 'https://evil-app.example.com'],
      ['port', 'https://app.example.com:8443'],
      ['scheme', 'http://app.example.com'],
      ['special', 'https://app.example.com_.evil.test'],
      ['special', 'https://app.example.com`.evil.test'],
      ['trailing-dot', 'https://app.example.com.'],
      ['deep', 'https://evil.one.shop.example'],
      ['suffix', 'https://evilshop.example'],
      ['hosting', 'https://attacker.github.io'],
      ['localhost', 'http://localhost:3000'],
    ] as const)
      assert.ok(ofKind(kind).includes(origin), `${kind}: ${origin}`);
  });

  test('should cut a name with its port and without it', () => {
    const cut = attackersFor(originRules('https://app.example.com:8443'), target);
    for (const origin of ['https://app.example.co:8443', 'https://app.example.co'])
      assert.ok(
        cut.some(one => one.kind === 'part' && one.origin === origin),
        origin,
      );
  });

  test('should not ask for the domain above a pattern on a host that many share', () => {
    const shared = attackersFor(originRules('https://*.vercel.app'), target);
    assert.ok(!shared.some(one => one.origin === 'https://vercel.app'));
  });

  test('should not take this machine for a name that others on the network can act as', () => {
    const local = attackersFor(originRules('https://localhost:8443'), 'https://127.0.0.1:9443');
    assert.ok(!local.some(one => one.kind === 'scheme' && one.origin.startsWith('http:')));
  });

  test("should derive them from the target's host too", () => {
    assert.ok(ofKind('prefix').includes('https://api.example.com.evil.test'));
  });

  test('should never name an origin that the policy allows, nor one twice, nor the target', () => {
    const seen = attackers.map(one => one.origin);
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(new Set(attackers.map(one => one.id)).size, attackers.length);
    assert.ok(!seen.includes(target));
    for (const one of attackers) assert.equal(isAllowed(rules, one.origin), false, one.origin);
    const wide = attackersFor(originRules(['https://**.example.com', 'null']), target);
    assert.ok(!wide.some(one => one.kind === 'null' || one.origin === 'https://evil.app.example.com'));
  });

  test('should say which origins no page can have here, and name only such that are sent', () => {
    for (const { browser, origin } of attackers)
      if (browser && origin !== 'null') assert.equal(new URL(origin).origin, origin);
      else if (origin !== 'null') assert.doesNotMatch(origin, /^https?:/);
    assert.ok(ofKind('app').includes('capacitor://localhost'));
  });

  test('should attack from a domain that shares no suffix with a declared origin', () => {
    const [unrelated] = attackersFor(originRules('https://app.example'), target);
    assert.equal(unrelated?.origin, 'https://evil.test');
    const siblings = attackersFor(originRules('https://app.example'), target).filter(
      one => one.kind === 'sibling',
    );
    assert.ok(siblings.some(one => one.origin === 'https://evil.example'));
  });

  test('should derive none if every origin is allowed', () => {
    assert.deepEqual(attackersFor(originRules('*'), target), []);
  });

  test('should take a declared local origin for what it is', () => {
    const local = attackersFor(originRules('http://localhost:5173'), target);
    assert.ok(
      local.some(one => one.kind === 'localhost' && one.origin === 'http://localhost.evil.example:5173'),
    );
    assert.ok(!local.some(one => one.origin === 'http://localhost:5173'));
  });
});

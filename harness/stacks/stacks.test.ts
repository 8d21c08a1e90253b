import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { readConfig } from '../policy/config/read.ts';
import type { VerifyConfig } from '../policy/config/schema.ts';
import { corsPolicyOf } from './cors-policy.ts';
import { ALL_STACKS, requireStack, stacksOfAnswers, stacksOfPackages } from './index.ts';

const policyOf = (policy: VerifyConfig['policy']) =>
  corsPolicyOf(readConfig({ target: { url: 'http://localhost' }, policy }).config);

test('every stack should have names of its own, a file, and a server in the gallery or the reason why not', () => {
  const names = ALL_STACKS.flatMap(one => [one.id, ...(one.aliases ?? [])]);
  assert.deepEqual(
    names.filter((name, i) => names.indexOf(name) !== i),
    [],
  );
  for (const { id, notProven } of ALL_STACKS) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(existsSync(new URL(`./${id}.ts`, import.meta.url)), `harness/stacks/${id}.ts`);
    const proof = existsSync(new URL(`../../fixtures/gallery/${id}/proof.ts`, import.meta.url));
    assert.notEqual(proof, notProven !== undefined, `${id}: either a proof or a reason`);
  }
  const folders = readdirSync(new URL('../../fixtures/gallery/', import.meta.url), { withFileTypes: true });
  for (const { name } of folders.filter(one => one.isDirectory()))
    assert.ok(
      ALL_STACKS.some(one => one.id === name),
      `fixtures/gallery/${name} belongs to a stack`,
    );
});

test('every stack should write files that end with a line break, for every policy', () => {
  const policies = [
    policyOf({ origins: '*', resources: [{ path: '/' }] }),
    policyOf({
      origins: [
        'https://a.example',
        'https://*.b.example',
        { regex: 'https://(c|d)\\.example', examples: ['https://c.example'] },
      ],
      credentials: true,
      methods: ['GET', 'PATCH'],
      requestHeaders: ["X-It's"],
      exposedHeaders: ['ETag'],
      maxAge: 0,
      resources: [{ path: '/a' }, { path: '/b\'"\\', origins: 'null', credentials: false }],
    }),
  ];
  for (const stack of ALL_STACKS)
    for (const policy of policies)
      for (const { path, text } of [
        ...stack.configure(policy).files,
        ...stack.gettingStarted.files(policy),
      ]) {
        assert.ok(text.endsWith('\n') && !text.endsWith('\n\n'), `${stack.id} ${path}`);
        assert.doesNotMatch(text, /undefined[,;'"\])]|\[object|NaN/, `${stack.id} ${path}`);
      }
});

test('resources that allow the same should share a rule', () => {
  const { rules } = policyOf({
    origins: 'https://a.example',
    requestHeaders: ['Content-Type', 'content-type'],
    resources: [
      { path: '/a?x=1' },
      { path: '/b', methods: ['PUT'] },
      { path: '/b/c?y', methods: ['PUT'] },
      { path: '/d' },
    ],
  });
  assert.deepEqual(
    rules.map(({ name, paths, methods, requestHeaders }) => ({ name, paths, methods, requestHeaders })),
    [
      { name: 'policy', paths: [], methods: ['GET'], requestHeaders: ['Content-Type'] },
      {
        name: 'policyB',
        paths: [
          { path: '/b', below: true },
          { path: '/b/c', below: true },
        ],
        methods: ['GET', 'PUT'],
        requestHeaders: ['Content-Type'],
      },
    ],
  );
});

test('a rule should not reach below its path if another rule holds there', () => {
  const { rules } = policyOf({
    origins: 'https://a.example',
    resources: [
      { path: '/api/items' },
      { path: '/api', origins: '*' },
      { path: '/', origins: '*', maxAge: 5 },
      { path: '/apis', origins: '*', maxAge: 6 },
    ],
  });
  assert.deepEqual(
    rules.flatMap(one => one.paths),
    [
      { path: '/api', below: false },
      { path: '/', below: false },
      { path: '/apis', below: true },
    ],
  );
});

test('a stack should be recognised by packages and by answers', () => {
  assert.equal(stacksOfPackages(['left-pad', 'express', 'cors'])[0]?.id, 'express');
  assert.deepEqual(stacksOfPackages(['left-pad']), []);
  assert.equal(stacksOfAnswers([[['X-Powered-By', 'Express']]])[0]?.id, 'express');
  assert.deepEqual(stacksOfAnswers([[['Server', 'nobody']]]), []);
});

test('a name that is not a stack should be answered with the one that was meant', () => {
  assert.equal(requireStack('Express-Cors').id, 'express');
  assert.throws(() => requireStack('expres'), /Did you mean express\?/);
  assert.throws(() => requireStack('qqqqqqqqq'), /there is no stack "qqqqqqqqq"\. There are .*express/);
});

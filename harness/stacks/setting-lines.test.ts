import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readConfig } from '../policy/config/read.ts';
import { STACK_ADVICE } from './advice.ts';
import { corsPolicyOf } from './cors-policy.ts';
import { ALL_STACKS, requireStack } from './index.ts';
import { knownAs } from './known.ts';
import { type Setting, settingLines } from './setting-lines.ts';

const policy = corsPolicyOf(
  readConfig({
    target: { url: 'http://localhost' },
    policy: {
      origins: ['https://a.example', 'https://b.example'],
      credentials: true,
      methods: ['GET', 'PATCH'],
      requestHeaders: ['X-Own'],
      exposedHeaders: ['X-Total'],
      maxAge: 3600,
      resources: [{ path: '/' }],
    },
  }).config,
);
const linesOf = (id: string, setting: Setting): string[] =>
  settingLines(requireStack(id), policy, [setting]).flatMap(({ lines }) => lines);

describe('settingLines', () => {
  test('should give the lines that set one thing, in the values of the policy', () => {
    assert.deepEqual(linesOf('express', 'methods'), ["methods: ['GET', 'PATCH'],"]);
    assert.deepEqual(linesOf('express', 'max-age'), ['maxAge: 3600,']);
    assert.deepEqual(linesOf('django', 'credentials'), ['CORS_ALLOW_CREDENTIALS = True']);
    assert.deepEqual(linesOf('api-gateway', 'expose'), ['"ExposeHeaders": [', '  "X-Total"']);
    assert.match(linesOf('nginx', 'expose').join('\n'), /^map .* \$cors_exposed \{\n.*"X-Total";$/);
  });

  test('should find the origins of every stack, and never the values that it compared with', () => {
    for (const stack of ALL_STACKS)
      for (const setting of ['origins', 'methods', 'headers', 'expose', 'max-age'] as const) {
        const lines = linesOf(stack.id, setting);
        assert.doesNotMatch(lines.join('\n'), /declared-otherwise/i, stack.id);
        if (setting === 'origins') assert.ok(lines.length > 0, stack.id);
      }
  });
});

describe('knownAs', () => {
  test('should name the stack before the lines, and a file that every project calls so', () => {
    const { textFor } = knownAs(requireStack('express'), policy, { guessed: false });
    assert.equal(textFor('methods'), "Express with cors:\n  methods: ['GET', 'PATCH'],");
    assert.match(textFor('preflight') ?? '', /^Express: /);
    assert.match(
      knownAs(requireStack('django'), policy, { guessed: false }).textFor('methods') ?? '',
      /^Django with .*, in settings\.py:\n/,
    );
    assert.equal(textFor('limit'), undefined);
    const nginx = requireStack('nginx');
    assert.equal(knownAs(nginx, policy, { guessed: false }).textFor('headers'), undefined, 'needs its maps');
    assert.match(knownAs(nginx, policy, { guessed: false }).textFor('errors') ?? '', /"always"/);
    const lines = knownAs(nginx, policy, { guessed: false, fragments: true }).textFor('headers');
    assert.match(lines ?? '', /\$cors_headers/);
    assert.equal(
      textFor('origins', 'credentials'),
      "Express with cors:\n  origin: ['https://a.example', 'https://b.example'],\n  credentials: true,",
    );
  });

  test('should have advice for stacks that there are', () => {
    for (const id of Object.keys(STACK_ADVICE))
      assert.ok(
        ALL_STACKS.some(one => one.id === id),
        id,
      );
  });
});

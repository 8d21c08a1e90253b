/** Completion in the shells themselves. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SHELLS, type Shell } from './completion-script.ts';
import { inProcess } from './in-process.test-support.ts';

/** How each shell tells what it would offer behind these words. */
const ASK: Readonly<Record<Shell, (file: string, words: readonly string[]) => readonly string[]>> = {
  bash: (file, words) => [
    '--norc',
    '-c',
    `source '${file}'; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _cors_conformance; printf '%s\n' "\${COMPREPLY[@]}"`,
    'bash',
    ...words,
  ],
  zsh: (file, words) => [
    '-f',
    '-c',
    `autoload -U +X compinit && compinit -D; source '${file}'; emulate -L ksh; setopt ksh_arrays; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _cors_conformance; printf '%s\n' "\${COMPREPLY[@]}"`,
    'zsh',
    ...words,
  ],
  fish: (file, words) => ['--no-config', '-c', `source '${file}'; complete -C '${words.join(' ')}'`],
};

describe('completion', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const shell of SHELLS) {
    const there = spawnSync(shell, ['--version']).status === 0;
    test(`should offer verbs, flags and values in ${shell}`, { skip: !there && `no ${shell}` }, async () => {
      const { code, stdout } = await inProcess(['completion', shell]);
      assert.equal(code, 0);
      const file = join(folder, `completion.${shell}`);
      writeFileSync(file, stdout);
      const offered = (...words: string[]) => {
        const asked = spawnSync(shell, ASK[shell](file, ['cors-conformance', ...words]), {
          encoding: 'utf8',
        });
        assert.equal(asked.stderr, '');
        return asked.stdout.split('\n').map(line => line.split('\t')[0]?.trim() ?? '');
      };
      assert.ok(offered('ver').includes('verify'));
      assert.ok(offered('run', '--ou').includes('--out'));
      assert.ok(offered('run', '--engine', 'fire').includes('firefox'));
      assert.ok(offered('verify', '--only', 'origin-ref').includes('origin-reflected'));
      assert.ok(offered('configure', '--stack', 'ngi').includes('nginx'));
      assert.ok(offered('report', '--format', 'jun').includes('junit'));
      assert.ok(!offered('run', '--ou').includes('verify'));
    });
  }

  test('should refuse a shell that it does not know', async () => {
    const { code, stderr } = await inProcess(['completion', 'tcsh']);
    assert.equal(code, 2);
    assert.match(stderr, /Allowed choices are bash, zsh, fish/);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { readConfig } from '../policy/read.ts';
import { CliError } from './exit.ts';
import { register } from './init.ts';
import { type Answers, configOf, jsonText, typescriptText } from './init-text.ts';

const answers: Answers = {
  command: "node 'my server.js' --port {port}",
  origins: ['https://app.example.com', 'https://*.example.org'],
  credentials: true,
  paths: ['/api/items', '/it\'s?a="b"'],
  methods: ['GET', 'PUT'],
  requestHeaders: ['X-A'],
  exposedHeaders: [],
  maxAge: 600,
  stack: 'hono',
};

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'init-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the verb in this process, its output swallowed. */
async function init(...args: string[]): Promise<string> {
  const program = new Command().exitOverride();
  register(program);
  const { write } = process.stdout;
  let text = '';
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    await program.parseAsync(['init', ...args], { from: 'user' });
  } finally {
    process.stdout.write = write;
  }
  return text;
}

describe('the text of a configuration', () => {
  test('should hold in both formats what was answered', () =>
    inFolder(async folder => {
      const file = join(folder, 'cors.config.mts');
      await writeFile(file, typescriptText(answers));
      const loaded = (await import(pathToFileURL(file).href)) as { default: unknown };
      assert.deepEqual(loaded.default, { ...configOf(answers) });
      assert.deepEqual(JSON.parse(jsonText(answers)), configOf(answers));
      assert.deepEqual(readConfig(loaded.default).warnings, []);
    }));

  test('should be right for a module and for a URL too', () =>
    inFolder(async folder => {
      const { command: _, stack: _stack, maxAge: _age, ...rest } = answers;
      for (const how of [{ module: './app.ts' }, { url: 'http://localhost:3000' }]) {
        const file = join(folder, `${Object.keys(how)[0]}.mts`);
        await writeFile(file, typescriptText({ ...rest, ...how }));
        const loaded = (await import(pathToFileURL(file).href)) as { default: unknown };
        assert.deepEqual(loaded.default, configOf({ ...rest, ...how }));
      }
    }));
});

describe('init', () => {
  const flags = ['--url', 'http://localhost:3000', '--origin', 'https://a.example,https://b.example'];

  test('should write from flags, and say what to do next', () =>
    inFolder(async folder => {
      const file = join(folder, 'cors.config.json');
      const said = await init(
        ...flags,
        '--credentials',
        '--method',
        'GET,PUT',
        '--max-age',
        '60',
        '--file',
        file,
      );
      assert.match(said, /Wrote .*cors\.config\.json[\s\S]*verify .*--dry-run/);
      const { policy } = JSON.parse(await readFile(file, 'utf8')) as { policy: Record<string, unknown> };
      assert.deepEqual(policy.origins, ['https://a.example', 'https://b.example']);
      assert.deepEqual([policy.credentials, policy.methods, policy.maxAge], [true, ['GET', 'PUT'], 60]);
    }));

  test('should not overwrite a file without --force', () =>
    inFolder(async folder => {
      const file = join(folder, 'cors.config.ts');
      await writeFile(file, 'mine');
      await assert.rejects(init(...flags, '--file', file), /exists: name another with --file, or .*--force/);
      assert.equal(await readFile(file, 'utf8'), 'mine');
      await init(...flags, '--file', file, '--force');
      assert.match(await readFile(file, 'utf8'), /satisfies VerifyConfig/);
    }));

  test('should write nothing that verify would refuse', () =>
    inFolder(async folder => {
      const file = join(folder, 'cors.config.ts');
      const bad = init('--url', 'http://localhost:1', '--origin', 'https://a.example/', '--file', file);
      await assert.rejects(bad, error => error instanceof CliError && /trailing slash/.test(error.message));
      await assert.rejects(readFile(file), /ENOENT/);
      await assert.rejects(
        init(...flags, '--stack', 'rails', '--file', file),
        /--stack: "rails" is not one of/,
      );
      await assert.rejects(init(...flags, '--max-age', 'soon', '--file', file), /whole number/);
    }));

  test('should say which flags are needed where nobody can be asked', () =>
    inFolder(async folder => {
      await assert.rejects(init('--file', join(folder, 'x.ts')), /nobody to ask here: give --origin/);
    }));
});

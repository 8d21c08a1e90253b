import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ConfiguredFile } from '../stacks/types.ts';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const CONFIG = {
  target: { url: 'http://localhost:3000' },
  policy: {
    origins: ['https://app.example.com'],
    credentials: true,
    methods: ['GET', 'PATCH'],
    resources: [{ path: '/items' }],
  },
};

async function inProject(
  packages: Readonly<Record<string, string>>,
  work: (config: string, dir: string) => Promise<void>,
  config: object = CONFIG,
): Promise<void> {
  const { dir, remove } = temporary();
  try {
    const file = join(dir, 'cors.config.json');
    writeFileSync(file, JSON.stringify(config));
    writeFileSync(join(dir, 'package.json'), JSON.stringify({ dependencies: packages }));
    await work(file, dir);
  } finally {
    remove();
  }
}

test('configure should print a file that can be pasted, with its proof above', () =>
  inProject({}, async config => {
    const { code, stdout, stderr } = await inProcess(['configure', config, '--stack', 'express-cors']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\/\/ CORS for Express with cors\.\n\/\/ /);
    assert.match(stdout, /\n\nimport cors from 'cors';\n/);
    assert.match(stdout, /methods: \['GET', 'PATCH'\],/);
  }));

test('configure should say that a stack is not proven, where its language takes a comment', () =>
  inProject({}, async config => {
    const text = (await inProcess(['configure', config, '--stack', 'laravel'])).stdout;
    assert.match(text, /^<\?php\n\n\/\/ CORS for Laravel\.\n\/\/ Not proven by a run: /m);
    const ruby = (await inProcess(['configure', config, '--stack', 'rails'])).stdout;
    assert.match(
      ruby,
      /^# CORS for Rails with rack-cors\.\n# Configurations made like this one kept 4 of 4 /m,
    );
  }));

test('configure should take the stack that the configuration names, else the one that the project depends on', () =>
  inProject({ '@fastify/cors': '11', fastify: '5' }, async (config, dir) => {
    assert.match((await inProcess(['configure', config])).stdout, /for Fastify with @fastify\/cors/);
    writeFileSync(join(dir, 'named.json'), JSON.stringify({ ...CONFIG, stack: 'koa-cors' }));
    assert.match((await inProcess(['configure', join(dir, 'named.json')])).stdout, /for Koa/);
  }));

test('configure should say which stack was meant, and that none is recognised', () =>
  inProject({ 'left-pad': '1' }, async (config, dir) => {
    const wrong = await inProcess(['configure', config, '--stack', 'fastfy']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--stack: there is no stack "fastfy"\. Did you mean fastify\?/);
    const none = await inProcess(['configure', config]);
    assert.equal(none.code, 2);
    assert.ok(none.stderr.includes(`no stack is recognised in ${dir}: name one with --stack`), none.stderr);
  }));

test('configure should announce what a stack cannot keep, and that nothing was run', () =>
  inProject({}, async config => {
    const { stdout, stderr } = await inProcess(['configure', config, '--stack', 's3']);
    assert.match(stderr, /Not proven by a run: it is a service in a cloud/);
    assert.match(stderr, /Left open: .*PATCH.*\n?.*method-not-allowed/);
    const { CORSRules } = JSON.parse(stdout) as { CORSRules: { AllowedMethods: string[] }[] };
    assert.deepEqual(CORSRules[0]?.AllowedMethods, ['GET']);
  }));

test('configure --json should hold files, notes and proof', () =>
  inProject({}, async config => {
    const { stdout } = await inProcess(['configure', config, '--stack', 'hapi', '--json']);
    const record = JSON.parse(stdout) as { stack: { id: string }; files: ConfiguredFile[]; notes: unknown[] };
    assert.equal(record.stack.id, 'hapi');
    assert.equal(record.files[0]?.path, 'server.mjs');
    assert.equal(record.notes.length, 1);
  }));

test('configure --out should write the files and overwrite none', () =>
  inProject({}, async (config, dir) => {
    const out = join(dir, 'out');
    const args = ['configure', config, '--stack', 'sveltekit', '--out', out];
    assert.equal((await inProcess(args)).code, 0);
    const written = join(out, 'src/hooks.server.js');
    assert.ok(existsSync(written));
    assert.match(readFileSync(written, 'utf8'), /^\/\/ CORS for SvelteKit\./);
    const again = await inProcess(args);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /is there already/);
  }));

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { importsOf, packageOf } from './script-imports.ts';

async function inFolder(
  files: Record<string, string>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'script-imports-')));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('importsOf', () => {
  test('should find the packages and the files of a script, and what these import in turn', () =>
    inFolder(
      {
        'package.json': '{"type":"module"}',
        'tsconfig.json':
          '{ // with a comment\n "extends": ["./base.json", "@tsconfig/node20/tsconfig.json"] }',
        'base.json': '{}',
        'cert.pem': 'x',
        'src/server.ts': `import http from 'node:http'; import fs from 'fs'; import { cors } from 'hono/cors';
          import type { Context } from 'koa'; import { app } from './app.js'; import list from '../list.json';
          const later = () => import('@fastify/cors/lib.js'); console.log(http, fs, cors, app, list, later, './cert.pem' as Context);`,
        'src/app.ts': "import express = require('express'); export const app = express();",
        'src/unused.ts': "import 'never';",
        'list.json': '[]',
      },
      async folder => {
        const found = await importsOf(join(folder, 'src/server.ts'));
        assert.equal(found.home, folder);
        assert.deepEqual(found.packages, ['@fastify/cors', '@tsconfig/node20', 'express', 'hono']);
        assert.deepEqual(found.files.map(file => relative(folder, file)).sort(), [
          'base.json',
          'cert.pem',
          'list.json',
          'src/app.ts',
          'src/server.ts',
          'tsconfig.json',
        ]);
        assert.equal(found.modulesOnly, false);
      },
    ));

  test('should read CommonJS', () =>
    inFolder({ 'a.cjs': "require('cors'); require('./b')", 'b.js': "require('@a/b/c')" }, async folder => {
      const found = await importsOf(join(folder, 'a.cjs'));
      assert.deepEqual(found.packages, ['@a/b', 'cors']);
      assert.deepEqual(
        found.files.map(file => relative(folder, file)),
        ['b.js', 'a.cjs'],
      );
    }));

  test('should notice what only an ES module may do', () =>
    inFolder({ 'a.ts': 'await 1; export {};', 'b.mts': 'await 1; export {};' }, async folder => {
      assert.equal((await importsOf(join(folder, 'a.ts'))).modulesOnly, true);
      assert.equal((await importsOf(join(folder, 'b.mts'))).modulesOnly, false);
    }));

  test('should say where a script cannot be read', () =>
    inFolder({ 'a.mjs': "import './missing.mjs';", 'b.mjs': 'const = 1;' }, async folder => {
      await assert.rejects(
        importsOf(join(folder, 'a.mjs')),
        /Could not resolve "\.\/missing\.mjs" \(a\.mjs:1\)/,
      );
      await assert.rejects(importsOf(join(folder, 'b.mjs')), /b\.mjs cannot be read: .*\(b\.mjs:1\)/);
    }));
});

test('packageOf should strip subpaths and know what is no package', () => {
  assert.equal(packageOf('hono/cors'), 'hono');
  assert.equal(packageOf('@fastify/cors/types'), '@fastify/cors');
  for (const none of ['./a', '/a', '#a', 'node:http', 'https://a.example/b.js', '@/lib/x', ''])
    assert.equal(packageOf(none), null);
});

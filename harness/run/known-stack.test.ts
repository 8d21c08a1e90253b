import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../policy/config/read.ts';
import { knownStack } from './known-stack.ts';

const DEPENDENCIES = { express: '^5.0.0', cors: '^2.8.6', fastify: '^5.0.0', '@fastify/cors': '^11.0.0' };

/** What is known of a server of this project. */
function known(target: object, answers: [string, string][] = []): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-stack-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: DEPENDENCIES }));
    writeFileSync(join(folder, 'api.mjs'), "import Fastify from 'fastify';");
    writeFileSync(join(folder, 'plain.mjs'), "import http from 'node:http';");
    const policy = { origins: 'https://app.example.com', resources: [{ path: '/' }] };
    const { config } = readConfig({ target, policy });
    return knownStack(config, { folder, answers: [answers] })?.id;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('should know which stack of a project answers: by what its server imports, then by its answers', () => {
  assert.equal(known({ command: 'node --enable-source-maps api.mjs' }), 'fastify');
  assert.equal(known({ module: './api.mjs' }), 'fastify');
  assert.equal(known({ command: ['node', 'plain.mjs'] }), 'express');
  assert.equal(known({ command: 'npm start' }, [['X-Powered-By', 'Express']]), 'express');
});

test('should guess a library from no server banner where a file lists the dependencies, and a proxy from one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-stack-'));
  try {
    const { config } = readConfig({
      target: { command: 'python app.py' },
      policy: { origins: 'https://app.example.com', resources: [{ path: '/' }] },
    });
    const guess = (banner: string) => knownStack(config, { folder, answers: [[['Server', banner]]] })?.id;
    assert.equal(guess('uvicorn'), 'fastapi');
    writeFileSync(join(folder, 'requirements.txt'), 'falcon==4.4.0\nuvicorn\n');
    assert.equal(guess('uvicorn'), undefined);
    assert.equal(guess('WSGIServer/0.2 CPython/3.11.7'), undefined);
    assert.equal(guess('nginx/1.22.1'), 'nginx');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

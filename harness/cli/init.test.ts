import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readConfig } from '../policy/config/read.ts';
import { inProcess } from './in-process.test-support.ts';
import { configOf, type InitAnswers, jsonText, typescriptText } from './init-text.ts';

const answers: InitAnswers = {
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

/** Runs the verb. @returns what it prints @throws what it says when it refuses */
async function init(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await inProcess(['init', ...args]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
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
      const { command, stack: _own, ...told } = answers;
      assert.match(
        typescriptText({ ...told, ...(command && { command }), recognised: 'gin' }),
        /\/\/ stack: 'gin',/,
      );
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
      await assert.rejects(bad, error => /trailing slash/.test((error as Error).message));
      await assert.rejects(readFile(file), /ENOENT/);
      await assert.rejects(
        init(...flags, '--stack', 'railz', '--file', file),
        /--stack: there is no stack "railz"\. Did you mean rails\?/,
      );
      await assert.rejects(init(...flags, '--max-age', 'soon', '--file', file), /whole number/);
    }));

  test('should say which flags are needed where nobody can be asked', () =>
    inFolder(async folder => {
      await assert.rejects(
        init('--file', join(folder, 'x.ts')),
        /this is not a terminal, so nothing can be asked: pass --origin and one of --command/,
      );
    }));

  test('should take paths, methods, bodies and headers from an API description', () =>
    inFolder(async folder => {
      const api = join(folder, 'api.yaml');
      await writeFile(
        api,
        `openapi: 3.0.3
info: { title: Shop, version: '1' }
servers: [{ url: 'https://api.shop.example/v1' }]
paths:
  /items/{id}:
    put:
      parameters: [{ name: id, in: path, required: true, example: 7 }]
      requestBody: { content: { application/json: { example: { name: it's } } } }
      responses: { '200': { description: ok, headers: { ETag: { schema: { type: string } } } } }
`,
      );
      const file = join(folder, 'cors.config.json');
      await init('--openapi', api, '--origin', 'https://app.example.com', '--file', file);
      const config = JSON.parse(await readFile(file, 'utf8'));
      assert.equal(config.target.url, 'https://api.shop.example');
      assert.deepEqual(config.policy.resources, [
        { path: '/v1/items/7', methods: ['PUT'], body: '{"name":"it\'s"}', contentType: 'application/json' },
      ]);
      assert.deepEqual(
        [config.policy.requestHeaders, config.policy.exposedHeaders],
        [['Content-Type'], ['ETag']],
      );
      const broken = join(folder, 'broken.yaml');
      await writeFile(broken, 'hello: world\n');
      await assert.rejects(
        init('--openapi', broken, '--origin', 'https://a.example', '--force', '--file', file),
        /--openapi: .*broken\.yaml/,
      );
    }));

  test('should write the policy that a server keeps today, and mark what looks like a mistake', () =>
    inFolder(async folder => {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        asked.push(request.method ?? '');
        const { origin } = request.headers;
        if (origin) response.setHeader('Access-Control-Allow-Origin', origin);
        response.setHeader('Access-Control-Allow-Credentials', 'true');
        if (request.method === 'OPTIONS')
          response
            .setHeader('Access-Control-Allow-Methods', 'GET, PUT')
            .setHeader('Access-Control-Allow-Headers', 'content-type')
            .setHeader('Access-Control-Max-Age', '600');
        else response.setHeader('Access-Control-Expose-Headers', 'ETag');
        response.end();
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api?x=1`;
        const file = join(folder, 'cors.config.mts');
        await init('--from', url, '--origin', 'https://app.example.com', '--file', file);
        const text = await readFile(file, 'utf8');
        assert.match(text, /Look at this: Today any website may read with the cookies of your users/);
        assert.match(text, /Look at this: Answers depend on the Origin/);
        const { policy } = ((await import(pathToFileURL(file).href)) as { default: { policy: object } })
          .default;
        assert.deepEqual(policy, {
          origins: ['https://app.example.com'],
          credentials: true,
          methods: ['GET', 'PUT'],
          requestHeaders: ['Content-Type'],
          exposedHeaders: ['ETag'],
          maxAge: 600,
          resources: [{ path: '/api?x=1', methods: ['GET'] }],
        });
        assert.ok(
          asked.every(method => ['GET', 'OPTIONS'].includes(method)),
          String(asked),
        );
      } finally {
        server.close();
      }
      await assert.rejects(
        init('--from', 'http://127.0.0.1:1/', '--file', join(folder, 'y.ts')),
        /does not answer/,
      );
    }));

  test('should say that reports are better kept out of Git, where nothing does so', () =>
    inFolder(async folder => {
      const file = join(folder, 'cors.config.ts');
      const written = () =>
        init('--url', 'http://localhost:1', '--origin', 'https://a.example', '--file', file, '--force');
      assert.doesNotMatch(await written(), /gitignore/);
      await mkdir(join(folder, '.git'));
      assert.match(await written(), /reports go to cors-report\/: a line of \.gitignore keeps them out/);
      await writeFile(join(folder, '.gitignore'), 'node_modules\ncors-report/\n');
      assert.doesNotMatch(await written(), /gitignore/);
    }));
});

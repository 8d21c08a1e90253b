/**
 * The package as users get it: packed, installed into an empty project, imported and run there.
 * Longer than other files: packing and installing are done once for all of it.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporary } from '../cli/temporary.test-support.ts';
import { VERBS } from '../cli/verbs.ts';
import { findEngines } from '../engine/find.ts';
import { type CommandResult, runCommand } from '../process/command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { dir, remove } = temporary();
after(remove);

const LIMIT = { timeout: 300_000 };
const app = join(dir, 'an app');
let tarball = '';

const write = (path: string, content: string | object): void => {
  mkdirSync(join(app, path, '..'), { recursive: true });
  writeFileSync(join(app, path), typeof content === 'string' ? content : JSON.stringify(content));
};

const command = (words: readonly string[], cwd = app): Promise<CommandResult> =>
  runCommand(words, { cwd, env: { CI: '', NODE_TEST_CONTEXT: '', NODE_OPTIONS: '' }, limitMs: 240_000 });

async function succeeds(words: readonly string[], cwd = app): Promise<string> {
  const { ok, stdout, stderr } = await command(words, cwd);
  assert.ok(ok, `${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

const installed = (where: string): string =>
  join(realpathSync(join(where, 'node_modules', 'cors-conformance')), 'harness', 'bootstrap.mjs');

/** What the command hands over to. */
const compiledMain = (): string => join(installed(app), '..', '..', 'dist/harness/cli/main.js');

const tool = (...args: string[]): Promise<CommandResult> =>
  command([process.execPath, installed(app), ...args]);

const CONFIG = {
  target: { module: './server.cjs' },
  policy: { origins: 'https://app.example.com', resources: [{ path: '/' }], unrouted: false },
};

/** An app without dependencies that keeps the policy. */
const SERVER = `
module.exports = (request, response) => {
  response.setHeader('Vary', 'Origin');
  if (request.headers.origin === 'https://app.example.com')
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin);
  response.end('ok');
};`;

before(async () => {
  mkdirSync(app);
  const packed = await succeeds(['npm', 'pack', '--json', '--pack-destination', dir], root);
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('['))) as [{ filename: string }];
  tarball = join(dir, filename);
  write('package.json', { name: 'app', private: true, type: 'module' });
  await succeeds(['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', tarball]);
  write('server.cjs', SERVER);
}, LIMIT);

describe('the package', () => {
  test('should hold what runs and what describes it, and no source or test', LIMIT, async () => {
    const files = (await succeeds(['tar', '-tzf', tarball])).split('\n');
    for (const file of ['dist/harness/index.d.ts', 'schemas/config.schema.json', 'README.md', 'LICENSE'])
      assert.ok(files.includes(`package/${file}`), file);
    // The example of a Playwright project is TypeScript, as its readers write it.
    const ours = files.filter(file => !file.startsWith('package/examples/playwright/'));
    assert.deepEqual(
      ours.filter(file =>
        /(?<!\.d)\.ts$|\.test\.|test-support|\/testing\/|fixtures\/targets\/faulty/.test(file),
      ),
      [],
    );
  });

  test('should have every verb, with its help', LIMIT, async () => {
    // In one process: starting Node for each would be most of the work.
    write(
      'helps.mjs',
      `const { main } = await import(${JSON.stringify(compiledMain())});
      for (const verb of ${JSON.stringify(Object.keys(VERBS))}) console.log('exit ' + (await main([verb, '--help'])));`,
    );
    const helps = (await succeeds([process.execPath, 'helps.mjs'])).split(/^exit 0\n/m);
    assert.equal(helps.pop(), '');
    assert.equal(helps.length, Object.keys(VERBS).length);
    for (const [index, verb] of Object.keys(VERBS).entries())
      assert.match(helps[index] ?? '', new RegExp(`Usage: cors-conformance ${verb}`));
  });

  test('should run all cases on the model', LIMIT, async () => {
    const { ok, stdout, stderr } = await tool('run', '--engine', 'model');
    assert.ok(ok, stderr);
    assert.match(stdout, /All as expected/);
  });

  test('should explain a request', LIMIT, async () => {
    const answer = ['--response', 'Access-Control-Allow-Origin: *'];
    const { ok, stdout } = await tool(
      'explain',
      'https://api.example/',
      '--origin',
      'https://app.example',
      ...answer,
    );
    assert.ok(ok);
    assert.match(stdout, /Allowed/);
  });

  for (const [file, content] of Object.entries({
    'cors.config.ts': `import { defineConfig } from 'cors-conformance';\nexport default defineConfig(${JSON.stringify(CONFIG)});`,
    'cors.config.mjs': `import { defineConfig } from 'cors-conformance';\nexport default defineConfig(${JSON.stringify(CONFIG)});`,
    'cors.config.cjs': `module.exports = ${JSON.stringify(CONFIG)};`,
    'cors.config.js': `export default ${JSON.stringify(CONFIG)};`,
    'cors.config.json': { $schema: './node_modules/cors-conformance/schemas/config.schema.json', ...CONFIG },
    'package.json': { name: 'app', private: true, type: 'module', 'cors-conformance': CONFIG },
  })) {
    test(`should verify by a configuration in ${file}`, LIMIT, async () => {
      const before = readFileSync(join(app, 'package.json'), 'utf8');
      write(file, content);
      const { ok, stdout, stderr } = await tool('verify', file, '--engine', 'model');
      write('package.json', before);
      assert.ok(ok, stdout + stderr);
    });
  }

  test('should have types that hold in a strict project', LIMIT, async () => {
    write(
      'use.ts',
      `import { defineConfig, defineSuite, recordSchema, type RunRecord, type Suite } from 'cors-conformance';
      import { explain, predict, type ScriptRequest } from 'cors-conformance/standard';
      import { suites } from 'cors-conformance/suites';
      const all: readonly Suite[] = suites;
      const record: RunRecord = recordSchema.parse({});
      const config = defineConfig(${JSON.stringify(CONFIG)});
      const request: ScriptRequest = { url: 'https://a/', client: { origin: 'https://b', url: 'https://b/' } };
      const prediction = predict(request, () => ({ kind: 'failure' }), { now: () => 0 });
      export const used = [all.length, record, config, explain(prediction), defineSuite];`,
    );
    // CommonJS sources import the same; TypeScript's node16 is strict about that.
    cpSync(join(app, 'use.ts'), join(app, 'use.cts'));
    for (const [module, moduleResolution] of [
      ['node16', 'node16'],
      ['esnext', 'bundler'],
    ]) {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        types: [],
      };
      write('tsconfig.json', { compilerOptions, files: ['use.ts', 'use.cts'] });
      await succeeds([process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', app]);
    }
  });

  test('should have types for Playwright Test that hold beside its own', LIMIT, async () => {
    write(
      'use-playwright.ts',
      `import { expect, test, verifyPolicy } from 'cors-conformance/playwright';
      test('a', async ({ cors }) => {
        const seen = await cors.request({ url: 'http://a', from: 'https://b', method: 'PUT' });
        expect(seen).toBeBlocked({ at: 'preflight' });
        expect(seen).not.toExposeHeader('etag');
      });
      verifyPolicy(${JSON.stringify(CONFIG)});`,
    );
    // Playwright's types need these.
    for (const name of ['node', '../undici-types'])
      cpSync(join(root, 'node_modules/@types', name), join(app, 'node_modules/@types', name), {
        recursive: true,
      });
    const compilerOptions = {
      ...{
        module: 'node16',
        moduleResolution: 'node16',
        target: 'es2022',
        lib: ['esnext', 'dom', 'dom.iterable'],
      },
      ...{ strict: true, skipLibCheck: false, noEmit: true, types: ['node'] },
    };
    write('tsconfig.json', { compilerOptions, files: ['use-playwright.ts'] });
    await succeeds([process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', app]);
  });

  test('should be imported by ESM and required by CommonJS', LIMIT, async () => {
    const use = 'console.log(suites.length > 50, typeof defineConfig, typeof predict)';
    const names = [
      ['defineConfig', 'cors-conformance'],
      ['suites', 'cors-conformance/suites'],
      ['predict', 'cors-conformance/standard'],
    ];
    write(
      'use.mjs',
      `${names.map(([name, from]) => `import { ${name} } from '${from}';`).join('\n')}\n${use}`,
    );
    write(
      'use.cjs',
      `${names.map(([name, from]) => `const { ${name} } = require('${from}');`).join('\n')}\n${use}`,
    );
    assert.equal(await succeeds([process.execPath, 'use.mjs']), 'true function function\n');
    // Node 20.19 and 22.12 began to require ESM.
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19))
      assert.equal(await succeeds([process.execPath, 'use.cjs']), 'true function function\n');
  });

  test('should have schemas under stable paths', LIMIT, async () => {
    write(
      'schemas.mjs',
      `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const name of ['config', 'cases', 'results', 'regress'])
        console.log(Object.keys(require('cors-conformance/schemas/' + name + '.schema.json').properties).length > 2);`,
    );
    assert.equal(await succeeds([process.execPath, 'schemas.mjs']), 'true\n'.repeat(4));
  });

  test('should load no driver of a browser and no compiler for what needs none', LIMIT, async () => {
    write(
      'loaded.mjs',
      `const { main } = await import(${JSON.stringify(compiledMain())});
      await main(['--help']);
      await main(['explain', 'https://a.example/', '--origin', 'https://b.example', '--response', 'A: b']);
      const { createRequire } = await import('node:module');
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter(path => /playwright|selenium|tsx|esbuild/.test(path));
      console.error(JSON.stringify(loaded));`,
    );
    const { stderr } = await command([process.execPath, 'loaded.mjs']);
    assert.equal(stderr.trim().split('\n').at(-1), '[]');
  });

  test('should run the example for Playwright Test, and say in a failure what happened and why', {
    ...LIMIT,
    skip: !findEngines({ names: ['chromium'] })[0]?.found && 'no Chromium',
  }, async () => {
    cpSync(join(root, 'examples', 'playwright'), join(app, 'example'), { recursive: true });
    const cli = [process.execPath, join(app, 'node_modules/@playwright/test/cli.js'), 'test'];
    const playwright = (...args: string[]) =>
      command([...cli, '--project=chromium', ...args], join(app, 'example'));
    const others = findEngines({ names: ['firefox', 'webkit'] }).filter(one => one.found);
    const elsewhere = await command(
      [
        ...cli,
        ...others.map(({ name }) => `--project=${name}`),
        '--reporter=json',
        '--grep=our app may change',
      ],
      join(app, 'example'),
    );
    assert.ok(others.length === 0 || elsewhere.ok, elsewhere.stdout + elsewhere.stderr);
    const passed = await playwright('--reporter=json');
    assert.ok(passed.ok, passed.stdout + passed.stderr);
    const { stats } = JSON.parse(passed.stdout) as { stats: Record<string, number> };
    assert.ok((stats.expected ?? 0) > 10, `a test per check: ${JSON.stringify(stats)}`);
    assert.equal(stats.unexpected, 0);

    write(
      'example/tests/cors.spec.ts',
      `import { expect, test, verifyPolicy } from 'cors-conformance/playwright';
      const url = 'http://localhost:4380/items';
      test.use({ corsEngine: 'model' });
      test('is wrong', async ({ cors }) => {
        expect(await cors.request({ url, from: 'https://evil.example' })).toBeReadable();
      });
      test('routes', async ({ cors }, testInfo) => {
        await cors.request({ url, from: 'null', headers: { 'X-Api-Key': 'top-secret-value' } });
        expect(testInfo.annotations.map(({ type }) => type)).toEqual(['warning']);
      });
      test.use({ extraHTTPHeaders: { 'X-A': 'b' } });
      verifyPolicy({
        target: { url: 'http://localhost:4380' },
        policy: { origins: 'https://other.example.com', resources: [{ path: '/items' }] },
      });`,
    );
    const failed = await playwright('--reporter=line', '--grep', 'wrong|routes|origin-not-allowed');
    assert.equal(failed.ok, false);
    assert.match(failed.stdout, /expected the response to be readable/);
    assert.match(failed.stdout, /> GET http:\/\/localhost:4380\/items/);
    assert.match(failed.stdout, /< 200/);
    assert.match(failed.stdout, /Access-Control-Allow-Origin/);
    assert.match(failed.stdout, /origin-not-allowed/);
    assert.match(failed.stdout, /2 failed/);
    assert.match(failed.stdout, /1 passed/);
  });

  test(
    'should work where Yarn installed it, and say that Yarn leaves Playwright to the project',
    LIMIT,
    async () => {
      const other = join(dir, 'yarn-app');
      mkdirSync(other);
      writeFileSync(join(other, 'package.json'), JSON.stringify({ name: 'other', private: true }));
      const settings = {
        nodeLinker: 'node-modules',
        enableTelemetry: false,
        globalFolder: join(dir, 'yarn'),
      };
      writeFileSync(join(other, '.yarnrc.yml'), JSON.stringify(settings));
      // Where it stands: the project is not a part of one further up.
      writeFileSync(join(other, 'yarn.lock'), '');
      const yarn = ['npm', 'exec', '--yes', '--package', '@yarnpkg/cli-dist@4', '--', 'yarn'];
      await succeeds([...yarn, 'add', `cors-conformance@file:${tarball}`], other);
      const run = (...args: string[]) => command([process.execPath, installed(other), 'run', ...args], other);
      const model = await run('--engine', 'model', '--only', 'simple-*', '--quiet');
      assert.ok(model.ok, model.stdout + model.stderr);
      const browser = await run('--engine', 'chromium', '--only', 'simple-get');
      assert.equal(browser.ok, false);
      assert.match(browser.stderr, /yarn add --dev @playwright\/test|no engine can be run/);
    },
  );

  test('should work where pnpm installed it', LIMIT, async () => {
    const other = join(dir, 'pnpm-app');
    mkdirSync(other);
    writeFileSync(join(other, 'package.json'), JSON.stringify({ name: 'other', private: true }));
    const pnpm = ['npm', 'exec', '--yes', '--package', 'pnpm@10', '--', 'pnpm'];
    await succeeds([...pnpm, 'add', '--store-dir', join(dir, 'store'), tarball], other);
    const { ok, stdout, stderr } = await command(
      [process.execPath, installed(other), 'run', '--engine', 'model'],
      other,
    );
    assert.ok(ok, stdout + stderr);
  });
});

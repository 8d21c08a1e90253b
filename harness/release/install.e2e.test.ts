import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { answerOf, cannot, folderWith, removeFolder, run } from './install.test-support.ts';
import { installRelease } from './install.ts';
import { pinned } from './package.ts';
import { type Package, type Release, ReleaseError } from './types.ts';

/** Packages by path only: no registry is asked for anything. */
describe('installing from this machine', { timeout: 240_000, concurrency: false }, () => {
  let folder: string;
  const releases: Release[] = [];
  const install = async (pkg: Package, version: string, script: string, others: readonly string[] = []) => {
    const release = await installRelease(pkg, version, { script: join(folder, script), others });
    releases.push(release);
    return release;
  };
  const refused = (message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ReleaseError, String(error));
    assert.match(error.message, message);
    return true;
  };

  const MIDDLEWARE = (version: string) =>
    `module.exports = () => (request, response, next) => { response.setHeader('Access-Control-Allow-Origin', 'https://${version}.example'); next(); };`;
  const manifest = (name: string, version: string, more = {}) => JSON.stringify({ name, version, ...more });

  /** Temp folders of these tests alone, and package managers that ask nobody. */
  const settings = [
    'TMPDIR',
    'CORS_CONFORMANCE_CACHE',
    'npm_config_offline',
    'PIP_NO_INDEX',
    'GOPROXY',
  ] as const;
  const earlier = settings.map(name => process.env[name]);
  before(async () => {
    folder = await folderWith({
      'v1/package.json': manifest('tiny-cors', '1.0.0'),
      'v1/index.js': MIDDLEWARE('v1'),
      'v2/package.json': manifest('tiny-cors', '2.0.0'),
      'v2/index.js': MIDDLEWARE('v2'),
      'frame/package.json': manifest('frame', '3.1.0', { dependencies: { 'tiny-cors': '^1.0.0' } }),
      'frame/index.js':
        "const cors = require('tiny-cors')(); module.exports = () => require('node:http').createServer((q, a) => cors(q, a, () => a.end()));",
      // An export of an ES module that takes its routes from a file of its own.
      'esm/package.json': manifest('esm', '0.0.0', { type: 'module' }),
      'esm/src/server.js':
        "import cors from 'tiny-cors'; import { route } from '../lib/route.js'; const use = cors(); export default (q, a) => use(q, a, () => route(a));",
      'esm/lib/route.js': "export const route = answer => answer.end('x');",
      // A CommonJS script that listens itself.
      'cjs/server.js':
        "const use = require('tiny-cors')(); require('node:http').createServer((q, a) => use(q, a, () => a.end())).listen(process.env.PORT, '127.0.0.1');",
      // TypeScript that awaits, with no package.json to say what it is, and paths of its tsconfig.json.
      'ts/server.ts':
        "import type { ServerResponse } from 'node:http'; const { default: cors } = await import('tiny-cors'); const use = cors(); export const handler = (q: unknown, a: ServerResponse): void => use(q, a, () => a.end());",
      'frame-user/server.mjs': "import frame from 'frame'; export default frame();",
      'frame-user/package.json': manifest('user', '0.0.0', { dependencies: { frame: 'file:../frame' } }),
      'pages/server.cjs':
        "const fs = require('node:fs'); require('tiny-cors'); module.exports = (q, a) => a.setHeader('X-Page', fs.readFileSync(__dirname + '/' + ['www', 'index.html'].join('/'), 'utf8')).end();",
      'pages/www/index.html': 'a page',
      'unbuilt/package.json': manifest('tiny-cors', '3.0.0', {
        main: 'dist/index.js',
        scripts: { build: 'mkdir dist && cp source.js dist/index.js' },
      }),
      'unbuilt/source.js': MIDDLEWARE('v3'),
      'unbuildable/package.json': manifest('tiny-cors', '4.0.0', { main: 'dist/index.js' }),
      'repo/package.json': manifest('tiny-cors', '5.0.0'),
      'repo/index.js': MIDDLEWARE('v5'),
      'repo/test/server.cjs':
        "const use = require('../index.js')(); module.exports = (q, a) => use(q, a, () => a.end());",
      'stranger/server.mjs': "import frame from 'frame'; export default frame;",
      'broken/server.mjs': "import './missing.mjs';",
      'alone/server.mjs': 'export default (q, a) => a.end();',
    });
    const temp = join(folder, 'tmp');
    await mkdir(temp);
    Object.assign(process.env, {
      CORS_CONFORMANCE_CACHE: join(folder, 'cache'),
      TMPDIR: temp,
      npm_config_offline: 'true',
      PIP_NO_INDEX: '1',
      GOPROXY: 'off',
    });
  });
  after(async () => {
    for (const release of releases) await release.remove();
    for (const [i, name] of settings.entries()) {
      if (earlier[i] === undefined) delete process.env[name];
      else process.env[name] = earlier[i];
    }
    await removeFolder(folder);
  });

  const npm: Package = { ecosystem: 'npm', name: 'tiny-cors' };

  test('should install a package by its folder beside a script of any kind, and start it', async () => {
    for (const script of ['esm/src/server.js', 'cjs/server.js', 'ts/server.ts'])
      for (const side of ['v1', 'v2']) {
        const release = await install(npm, join(folder, side), script);
        assert.equal(release.version, side === 'v1' ? '1.0.0' : '2.0.0');
        assert.deepEqual(release.others, {});
        const answer = await answerOf(release);
        assert.equal(answer.headers.get('access-control-allow-origin'), `https://${side}.example`, script);
        await release.remove();
        assert.ok(!existsSync(dirname(release.base)));
      }
  });

  test('should install what npm packs', async () => {
    await run('npm', ['pack', '--silent', join(folder, 'v2')], { cwd: folder });
    const release = await install(npm, join(folder, 'tiny-cors-2.0.0.tgz'), 'cjs/server.js');
    assert.equal(release.version, '2.0.0');
  });

  test('should put the release where another package brings it along', async () => {
    const release = await install(npm, join(folder, 'v2'), 'frame-user/server.mjs');
    assert.deepEqual(release.others, { frame: `file:${join(folder, 'frame')}` });
    assert.equal((await answerOf(release)).headers.get('access-control-allow-origin'), 'https://v2.example');
    const again = await install(npm, join(folder, 'v1'), 'frame-user/server.mjs', pinned(release, npm));
    assert.deepEqual(again.others, release.others);
    assert.equal((await answerOf(again)).headers.get('access-control-allow-origin'), 'https://v1.example');
  });

  test('should refuse a script that does not use the package, cannot be read, or is not there', async () => {
    const stranger: Package = { ecosystem: 'npm', name: 'stranger' };
    await assert.rejects(
      install(stranger, join(folder, 'v1'), 'stranger/server.mjs'),
      refused(/is not stranger: its package\.json calls it tiny-cors/),
    );
    await assert.rejects(
      install(npm, join(folder, 'v1'), 'alone/server.mjs'),
      refused(/does not use tiny-cors: it imports no package\. Import tiny-cors by its name/),
    );
    await assert.rejects(install(npm, join(folder, 'v1'), 'broken/server.mjs'), refused(/Could not resolve/));
    await assert.rejects(install(npm, join(folder, 'v1'), 'none.mjs'), refused(/There is no script/));
    await assert.rejects(install(npm, './nothing-here', 'cjs/server.js'), refused(/There is no package at/));
  });

  test('should take along what the script reads when it runs', async () => {
    const release = await install(npm, join(folder, 'v1'), 'pages/server.cjs');
    assert.equal((await answerOf(release)).headers.get('x-page'), 'a page');
  });

  test('should install nothing a second time', async () => {
    await run('npm', ['pack', join(folder, 'v1'), '--pack-destination', folder]);
    const archive = join(folder, 'tiny-cors-1.0.0.tgz');
    await install(npm, archive, 'cjs/server.js');
    const releasesFolder = join(folder, 'cache', 'releases');
    for (const kept of await readdir(releasesFolder))
      await writeFile(join(releasesFolder, kept, 'node_modules', 'tiny-cors', 'mark'), '');
    const again = await install(npm, archive, 'cjs/server.js');
    assert.ok(existsSync(join(again.base, 'node_modules', 'tiny-cors', 'mark')));
    assert.equal(again.label, 'tiny-cors-1.0.0.tgz (1.0.0)');
    assert.deepEqual(again.dependencies, { 'tiny-cors': '1.0.0' });
  });

  test('should build what is not built, in a copy, and say so if it cannot be', async () => {
    const release = await install(npm, join(folder, 'unbuilt'), 'cjs/server.js');
    assert.equal((await answerOf(release)).headers.get('access-control-allow-origin'), 'https://v3.example');
    assert.equal(release.label, 'working tree (3.0.0)');
    assert.ok(!existsSync(join(folder, 'unbuilt', 'dist')));
    await assert.rejects(
      install(npm, join(folder, 'unbuildable'), 'cjs/server.js'),
      refused(/is not built: dist\/index\.js is missing\. Build it first/),
    );
  });

  test('should take a commit of a checkout, and lead its own sources to the release', async t => {
    const reason = await cannot('git', '--version');
    if (reason) return t.skip(reason);
    const git = (...args: string[]) =>
      run('git', ['-C', join(folder, 'repo'), '-c', 'user.name=x', '-c', 'user.email=x@x.example', ...args]);
    await git('init', '-q', '-b', 'main');
    await git('add', '.');
    await git('commit', '-q', '-m', 'one');
    await writeFile(join(folder, 'repo', 'index.js'), MIDDLEWARE('edited'));
    const here = process.cwd();
    process.chdir(join(folder, 'repo'));
    t.after(() => process.chdir(here));
    for (const [version, origin, label] of [
      ['git:main', 'https://v5.example', /^git:main \([0-9a-f]+, 5\.0\.0\)$/],
      ['.', 'https://edited.example', /^working tree \(5\.0\.0\)$/],
    ] as const) {
      const release = await install(npm, version, 'repo/test/server.cjs');
      assert.equal((await answerOf(release)).headers.get('access-control-allow-origin'), origin);
      assert.match(release.label, label);
    }
    await assert.rejects(
      install(npm, 'git:no-such-branch', 'repo/test/server.cjs'),
      refused(/git:no-such-branch/),
    );
  });

  test('should end with its signal', async () => {
    const usual = process.env.CORS_CONFORMANCE_CACHE as string;
    // What is there already is not installed.
    process.env.CORS_CONFORMANCE_CACHE = join(folder, 'another cache');
    const controller = new AbortController();
    const installing = installRelease(npm, join(folder, 'v1'), {
      script: join(folder, 'cjs/server.js'),
      others: [],
      signal: controller.signal,
      onProgress: () => setTimeout(() => controller.abort(new Error('enough')), 150),
    });
    await assert.rejects(installing, /enough/);
    process.env.CORS_CONFORMANCE_CACHE = usual;
    for (const release of releases) await release.remove();
    const left = (await readdir(join(folder, 'tmp'))).filter(name => name.startsWith('cors-release-'));
    assert.deepEqual(left, []);
  });

  /** Writes a wheel: building one would need packages of the index. */
  const WHEEL = `
import sys, zipfile
folder, version = sys.argv[1:]
info = 'tiny_cors-' + version + '.dist-info/'
with zipfile.ZipFile(folder + '/tiny_cors-' + version + '-py3-none-any.whl', 'w') as wheel:
    wheel.writestr('tiny_cors.py', 'ORIGIN = "https://v' + version + '.example"')
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: Tiny_Cors\\nVersion: ' + version + '\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'RECORD', 'tiny_cors.py,,\\n' + info + 'METADATA,,\\n' + info + 'WHEEL,,\\n' + info + 'RECORD,,\\n')
`;
  const PYTHON = `
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from helper import ORIGIN
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.send_header("Access-Control-Allow-Origin", ORIGIN)
        self.end_headers()
assert sys.argv[1] == os.environ["PORT"]
HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
`;

  test('should install a wheel into an environment of its own', async t => {
    const reason = await cannot('python3', '-m', 'pip', '--version');
    if (reason) return t.skip(reason);
    const python = await folderWith({
      'server.py': PYTHON,
      'helper/__init__.py': 'from tiny_cors import ORIGIN',
      'other.py': 'import json',
    });
    t.after(() => removeFolder(python));
    const pypi: Package = { ecosystem: 'pypi', name: 'tiny-cors' };
    for (const version of ['1.0', '2.0']) {
      await run('python3', ['-c', WHEEL, python, version]);
      const wheel = join(python, `tiny_cors-${version}-py3-none-any.whl`);
      const release = await installRelease(pypi, wheel, { script: join(python, 'server.py'), others: [] });
      releases.push(release);
      assert.equal(release.version, version);
      assert.deepEqual(release.others, {});
      assert.deepEqual(release.dependencies, { 'tiny-cors': version }, 'by its name, however it spells that');
      assert.ok(existsSync(join(release.base, 'other.py')), 'what lies beside the script comes along');
      const answer = await answerOf(release);
      assert.equal(answer.headers.get('access-control-allow-origin'), `https://v${version}.example`);
      if (version === '2.0') {
        const script = join(python, 'other.py');
        await assert.rejects(
          installRelease(pypi, wheel, { script, others: [] }),
          refused(/does not use tiny-cors: it imports no package/),
        );
      }
    }
  });

  test('should build with a Go module by its folder', async t => {
    const reason = await cannot('go', 'version');
    if (reason) return t.skip(reason);
    const library = (version: number) => `package cors\n\nconst Origin = "https://v${version}.example"\n`;
    const go = await folderWith({
      'v1/go.mod': 'module example.com/tiny/cors\n',
      'v1/cors.go': library(1),
      'v2/go.mod': 'module example.com/tiny/cors\n',
      'v2/cors.go': library(2),
      'server/main.go':
        'package main\n\nimport (\n\t"net/http"\n\t"os"\n\n\t"example.com/tiny/cors"\n)\n\nfunc main() {\n\thttp.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Access-Control-Allow-Origin", cors.Origin) })\n\thttp.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil)\n}\n',
      'server/second.go': 'package main\n\nfunc main() {}\n',
    });
    t.after(() => removeFolder(go));
    const pkg: Package = { ecosystem: 'go', name: 'example.com/tiny/cors' };
    const script = join(go, 'server', 'main.go');
    for (const side of ['v1', 'v2']) {
      const release = await installRelease(pkg, join(go, side), { script, others: [] });
      releases.push(release);
      const answer = await answerOf(release);
      assert.equal(answer.headers.get('access-control-allow-origin'), `https://${side}.example`);
    }
    await assert.rejects(
      installRelease({ ...pkg, name: 'example.com/tiny/none' }, join(go, 'v1'), {
        script: join(go, 'server', 'second.go'),
        others: [],
      }),
      refused(/does not use example\.com\/tiny\/none/),
    );
  });
});

/** `run` and `verify` in browsers that a Selenium Grid or a Playwright server starts. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import getPort from 'get-port';
import { recordSchema } from '../verdict/record.ts';
import {
  CHROMIUM,
  type RemoteServer,
  startGrid,
  startPlaywrightServer,
} from './remote-servers.test-support.ts';
import { cli } from './spawn.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

const LIMIT = 300_000;
const origin = 'https://app.example.com';

writeFileSync(
  join(dir, 'server.mjs'),
  `import { createServer } from 'node:http';
  createServer((request, response) => {
    response.setHeader('Vary', 'Origin');
    if (request.headers.origin === '${origin}') response.setHeader('Access-Control-Allow-Origin', '${origin}');
    response.end('{}');
  }).listen(process.env.PORT);`,
);
const config = join(dir, 'cors.config.json');
writeFileSync(
  config,
  JSON.stringify({
    target: { command: 'node server.mjs' },
    policy: { origins: [origin], resources: [{ path: '/items' }] },
  }),
);

/** Runs a command, and gives what its record says of each engine. */
async function shown(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const out = join(dir, name);
  const { code, stdout, stderr } = await cli([...args, '--out', out], env);
  assert.equal(code, 0, stdout + stderr);
  const record = recordSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
  return record.engines
    .filter(engine => engine.name !== 'model')
    .map(({ name: engine, channel }) => ({
      engine,
      channel,
      passed: record.results.filter(one => one.engine === engine && one.verdict === 'pass').length,
    }));
}

/** Cases and checks over http and https, with a preflight and without. */
const CASES = 'acao-missing/fetch,preflight-acrm/put,preflight-get-custom-header';
const CHECKS = 'origin-reflected';

for (const kind of ['grid', 'connect'] as const) {
  const isGrid = kind === 'grid';
  const what = isGrid ? 'a Selenium Grid' : 'a Playwright server';
  const started = isGrid
    ? await startGrid()
    : CHROMIUM
      ? await startPlaywrightServer()
      : 'there is no Chromium of the system';
  if (typeof started !== 'string') after(() => started.stop());
  const server = started as RemoteServer;
  const skip = typeof started === 'string' ? started : false;

  describe(`browsers of ${what}`, { timeout: LIMIT, skip }, () => {
    const place = skip ? [] : [`--${kind}`, server.url];
    for (const engine of isGrid ? (['chromium', 'firefox', 'webkit'] as const) : (['chromium'] as const)) {
      const lacking = !skip && !server.browsers.includes(engine) && server.without.join('; ');
      const isBoth = engine !== 'webkit';
      const title = `should run ${isBoth ? 'and verify ' : ''}in ${engine}`;
      test(title, { timeout: LIMIT, skip: lacking }, async () => {
        const own = [...place, '--engine', engine];
        const [ran] = await shown(`run-${kind}-${engine}`, ['run', ...own, '--only', CASES], server.env);
        assert.equal(ran?.channel, isGrid ? 'grid' : 'playwright-server');
        assert.ok((ran?.passed ?? 0) >= 2, JSON.stringify(ran));
        if (!isBoth) return;
        const ports = ['--ports', '19800-19839'];
        const verb = ['verify', config, ...own, '--only', CHECKS, ...ports];
        const [verified] = await shown(`verify-${kind}-${engine}`, verb, server.env);
        assert.ok((verified?.passed ?? 0) >= 1, JSON.stringify(verified));
      });
    }

    if (isGrid) return;
    test('should refuse to begin where the pages cannot be reached', { timeout: LIMIT }, async () => {
      const engine = server.browsers[0] as string;
      const { code, stderr } = await cli(
        [
          'verify',
          config,
          ...place,
          '--engine',
          engine,
          '--host',
          'nowhere.invalid',
          '--out',
          join(dir, 'lost'),
        ],
        server.env,
      );
      assert.equal(code, 4, stderr);
      assert.match(stderr, /does not reach this machine at nowhere\.invalid:\d+ .*correct --host/);
    });
  });
}

test('should say that nothing answers', async () => {
  const port = await getPort();
  const grid = await cli(['run', '--grid', `http://127.0.0.1:${port}`, '--engine', 'webkit', '--out', dir]);
  assert.equal(grid.code, 4);
  assert.match(
    grid.stderr,
    /webkit: the WebDriver server at http:\/\/127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)/,
  );
  const connect = await cli([
    'run',
    '--connect',
    `ws://127.0.0.1:${port}`,
    '--engine',
    'chromium',
    '--out',
    dir,
  ]);
  assert.equal(connect.code, 4);
  assert.match(connect.stderr, /chromium: .*127\.0\.0\.1:\d+/);
});

/** Both DOM libraries as engines, from the registry. Skipped, with the reason, where they cannot be had. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { DOM_FAMILIES } from '../case/engine-name.ts';
import { isRunning } from '../process/ended.test-support.ts';
import { installDomLibrary } from '../release/dom-library.ts';
import { ReleaseError } from '../release/types.ts';
import { loopbackCertificate } from '../wire/certificates.ts';
import { launchDom } from './dom.ts';

const LIMIT = 120_000;

const PAGE = `<!doctype html><script>
  const name = location.pathname.slice(1);
  document.cookie = name + '=1';
  const request = new XMLHttpRequest();
  request.open('GET', '/by/' + name);
  request.send();
</script>`;

for (const name of DOM_FAMILIES) {
  describe(name, { timeout: LIMIT }, () => {
    test('should open pages in which scripts run, and end with all that is its own', async t => {
      const library = await installDomLibrary(name, undefined).catch((error: unknown) => {
        if (error instanceof ReleaseError) return t.skip(error.message);
        throw error;
      });
      if (!library) return;
      const asked: [url: string, cookies: string][] = [];
      const answer: RequestListener = (request, response) => {
        const { host = '', cookie = '' } = request.headers;
        asked.push([`${host.split(':')[0]}${request.url}`, cookie.split('; ').sort().join('; ')]);
        response.setHeader('content-type', 'text/html');
        response.end(request.url?.startsWith('/by/') ? 'hello' : PAGE);
      };
      const certificate = await loopbackCertificate();
      const site = createServer(answer).listen(0, '127.0.0.1');
      const secure = createTlsServer(certificate, answer).listen(0, '127.0.0.1');
      await Promise.all([once(site, 'listening'), once(secure, 'listening')]);
      const at = (host: string, path: string) =>
        `http://${host}:${(site.address() as AddressInfo).port}${path}`;
      const engine = await launchDom(name, library.folder, 'npm');
      try {
        assert.equal(engine.info.version, library.version);
        assert.ok(engine.lacks?.has('Worker'), 'what it has not got was looked for');
        assert.ok(engine.lacks?.has('form that posts to a frame'), 'which would replace the page');
        const own = await engine.isolated();
        const pages = [
          await engine.open(at('localhost', '/one')),
          await engine.open(at('site.localhost', '/two')),
          await own.open(at('localhost', '/three')),
          await engine.open(`https://localhost:${(secure.address() as AddressInfo).port}/four`),
        ];
        const byScript = (page: string) => asked.find(([url]) => url.endsWith(`/by/${page}`));
        const names = ['one', 'two', 'three', 'four'];
        while (!names.every(byScript)) await new Promise(resolve => setTimeout(resolve, 20));
        assert.deepEqual(byScript('two'), ['site.localhost/by/two', 'two=1'], 'another host');
        assert.deepEqual(byScript('three'), ['localhost/by/three', 'three=1'], 'another context');
        assert.deepEqual(byScript('four'), ['localhost/by/four', 'four=1; one=1'], 'one context, one host');
        await Promise.all(pages.map(page => page.close()));
        await own.close();
        await assert.rejects(
          launchDom(name, library.folder, 'npm', { proxy: { host: '127.0.0.1', port: 1 } }),
          /takes no proxy/,
        );
        const victim = await launchDom(name, library.folder, 'npm');
        const gone = new Promise<string>(resolve => victim.onGone(resolve));
        const [pid] = victim.pids;
        process.kill(pid as number, 'SIGKILL');
        assert.match(await gone, /was ended by SIGKILL/);
        await assert.rejects(victim.open(at('localhost', '/too-late')), /was ended by SIGKILL/);
        await victim.close();
      } finally {
        const { pids } = engine;
        await engine.close();
        site.closeAllConnections();
        secure.closeAllConnections();
        site.close();
        secure.close();
        assert.ok(pids.length > 0);
        assert.deepEqual(pids.filter(isRunning), []);
      }
    });
  });
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fake, fakeRecord } from '../../reports/fake-record.test-support.ts';
import { renderJson } from '../../reports/json.ts';
import { openerOf } from '../process/open-page.ts';
import { PROGRESS_FILE, Progress, timeLeft } from './progress.ts';
import { serveReport } from './report-server.ts';

const folder = mkdtempSync(join(os.tmpdir(), 'report-server-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'results.json');

describe('serveReport', () => {
  it('should wait for the first run, show it, and tell an open page of the next one and how far it is', async () => {
    const server = await serveReport(file);
    try {
      assert.match(await (await fetch(server.url)).text(), /No results yet/);
      writeFileSync(file, renderJson(fakeRecord([fake('a', 'webkit', 'pass')])));
      const text = await (await fetch(server.url)).text();
      assert.match(text, /connect-src &#39;self&#39;/);
      assert.match(text, /data-id="a"/);
      const events = await fetch(`${server.url}events`);
      const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
      const progress = new Progress({ write: () => true }, folder);
      progress.begin({ webkit: 3 });
      progress.count('webkit');
      let heard = '';
      while (!/event: progress\ndata: running: 1 of 3/.test(heard))
        heard += (await reader?.read())?.value ?? '';
      progress.end();
      writeFileSync(file, renderJson(fakeRecord([fake('later', 'webkit', 'pass')])));
      while (!/event: results/.test(heard)) heard += (await reader?.read())?.value ?? '';
      await reader?.cancel();
    } finally {
      await server.close();
    }
  });

  it('should say what is wrong with a file, and answer nobody but this machine', async () => {
    writeFileSync(file, '{"schema":"<odd>"}');
    const server = await serveReport(file);
    try {
      const broken = await fetch(server.url);
      assert.equal(broken.status, 500);
      assert.doesNotMatch(await broken.text(), /<odd>/);
      assert.equal((await fetch(`${server.url}etc/passwd`)).status, 404);
      assert.equal((await fetch(server.url, { method: 'POST' })).status, 405);
      const { port } = new URL(server.url);
      const status = await new Promise(resolve =>
        http.get({ port, host: '127.0.0.1', headers: { host: 'evil.example' } }, ({ statusCode }) =>
          resolve(statusCode),
        ),
      );
      assert.equal(status, 421);
    } finally {
      await server.close();
    }
  });
});

describe('Progress', () => {
  it('should say what is asked again, and count that by itself', t => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const lines: string[] = [];
    const progress = new Progress({ write: text => lines.push(text) });
    progress.begin({ model: 2 });
    progress.count('model');
    progress.again({ wire: 4 });
    progress.count('wire');
    assert.deepEqual(progress.totals(), { done: 1, of: 4 });
    progress.begin({ model: 3 });
    assert.deepEqual(progress.totals(), { done: 0, of: 3 });
    progress.end();
    assert.deepEqual(lines, [
      'Running cases: model 2\n',
      'Asking again what differs: wire 4\n',
      'Running cases: model 3\n',
    ]);
  });

  it('should leave no file behind, and not mind a folder that cannot be made', () => {
    const progress = new Progress({ write: () => true }, folder);
    progress.begin({ a: 1 });
    progress.count('a');
    progress.end();
    assert.throws(() => rmSync(join(folder, PROGRESS_FILE)), /ENOENT/);
    // Below a file no folder can be made.
    writeFileSync(join(folder, 'file'), '');
    const nowhere = new Progress({ write: () => true }, join(folder, 'file', 'nowhere'));
    nowhere.begin({ a: 1 });
    nowhere.count('a');
    nowhere.end();
    assert.deepEqual(nowhere.totals(), { done: 1, of: 1 });
  });
});

describe('timeLeft', () => {
  it('should guess from how long it took, and not before it can', () => {
    assert.equal(timeLeft({ done: 10, of: 100 }, 5_000), 'about 45 s left');
    assert.equal(timeLeft({ done: 10, of: 100 }, 60_000), 'about 9 min left');
    assert.equal(timeLeft({ done: 1, of: 100 }, 5_000), '');
    assert.equal(timeLeft({ done: 50, of: 100 }, 500), '');
    assert.equal(timeLeft({ done: 100, of: 100 }, 5_000), '');
    assert.equal(timeLeft({ done: 0, of: 0 }, 5_000), '');
  });
});

describe('openerOf', () => {
  it('should know the opener of each system', () => {
    assert.deepEqual(openerOf('darwin', 'a'), ['open', 'a']);
    assert.deepEqual(openerOf('linux', 'a'), ['xdg-open', 'a']);
    assert.deepEqual(openerOf('win32', 'a'), ['cmd', '/c', 'start', '', 'a']);
  });
});

/** The page in real browsers: a driver page of the same origin types into it in a frame, and tells what it shows. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import { playgroundHtml } from './page.ts';

/** Runs in the browser: every step ends in one entry of the report. */
const DRIVER = `<!doctype html><title>driver</title><iframe src="/playground.html" width="1000" height="800"></iframe><script>
const frame = document.querySelector('iframe');
const wait = ms => new Promise(done => setTimeout(done, ms));
frame.onload = async () => {
  const page = frame.contentDocument;
  const report = {};
  const verdict = () => page.querySelector('h3.verdict')?.textContent;
  const type = (element, value) => { element.value = value; element.dispatchEvent(new Event('input', { bubbles: true })); };
  const area = (label, nth = 0) => page.getElementById(
    [...page.querySelectorAll('label')].filter(one => one.textContent.startsWith(label))[nth].htmlFor);
  try {
    report.first = verdict();
    const headers = area('Response headers');
    type(headers, headers.value + ', X-Request-Id');
    report.mended = verdict();
    await wait(600);
    report.hash = frame.contentWindow.location.hash.slice(0, 3);
    page.getElementById('paste').value = "curl https://api.example/<img> -H 'X-A: <b>1</b>'";
    page.getElementById('read').click();
    report.pasted = area('URL').value;
    report.markup = page.querySelectorAll('#results img, #results .line b').length;
    type(page.getElementById('case-id'), 'acao-missing/fetch');
    page.getElementById('open-case').click();
    report.fromCase = verdict();
    page.getElementById('again').click();
    report.requests = page.querySelectorAll('article.result').length;
    report.unlabelled = [...page.querySelectorAll('input, select, textarea')].filter(one => one.labels.length === 0).length;
  } catch (error) {
    report.error = String(error);
  }
  await fetch('/report', { method: 'POST', body: JSON.stringify(report) });
};
</script>`;

describe('the playground', { timeout: 240_000 }, () => {
  let server: Server;
  let tell: (report: Record<string, unknown>) => void = () => undefined;

  before(async () => {
    const html = playgroundHtml();
    server = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      if (request.url !== '/report') {
        response.end(request.url === '/playground.html' ? html : DRIVER);
        return;
      }
      let body = '';
      request.setEncoding('utf8').on('data', chunk => {
        body += chunk;
      });
      request.on('end', () => {
        response.end();
        tell(JSON.parse(body));
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  for (const found of findEngines()) {
    test(`should work in ${found.name}`, { skip: found.found ? false : found.reason }, async () => {
      assert.ok(found.found);
      const reported = new Promise<Record<string, unknown>>(resolve => {
        tell = resolve;
      });
      const engine = await found.launch();
      try {
        await engine.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        const report = await reported;
        assert.deepEqual(report, {
          first: 'Blocked by CORS at the preflight.',
          mended: 'Allowed: script can read the answer.',
          hash: '#s=',
          pasted: 'https://api.example/<img>',
          markup: 0,
          fromCase: 'Blocked by CORS at the response.',
          requests: 2,
          unlabelled: 0,
        });
      } finally {
        await engine.close();
      }
    });
  }

  test('should ask the network for nothing', () => {
    const html = playgroundHtml();
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/);
    assert.doesNotMatch(html, /<(?:script|link|img)[^>]+(?:src|href)=/);
    assert.equal(html.match(/<\/script>/g)?.length, 1);
  });
});

/** The HTML report in a real browser. Longer than other files: one browser serves all of it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { playgroundHtml } from '../harness/playground/page.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { FAKES, fake, fakeRecord, fakeRun, fakeVerify, poison } from './fake-record.test-support.ts';
import { renderHtml } from './html.ts';
import { parseRecord } from './json.ts';

/** Evaluated in the page, since the page's own policy lets no other script in. */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const own = existsSync(chromium.executablePath());
const skip = system || own ? false : 'no Chromium on this machine';

const every = (): RunRecord => {
  const statuses = Object.keys(FAKES) as (keyof typeof FAKES)[];
  const record = fakeRecord(
    statuses.flatMap(status => [
      fake(`the-${status}`, 'chromium', 'pass'),
      fake(`the-${status}`, 'firefox', status),
    ]),
  );
  record.findings = [
    {
      id: 'f',
      rule: 'origin-reflected',
      severity: 'error',
      resource: 'GET /',
      origin: 'null',
      engines: ['firefox'],
      explanation: 'It reflects.',
      fix: 'List.',
      spec: 'https://example.org/',
      evidence: [{ engine: 'firefox', case: 'the-fail', saw: 'readable' }],
    },
  ];
  record.target.policy = { origins: ['https://app.example.com'] };
  return record;
};

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

describe('renderHtml', () => {
  it('should need nothing but itself and forbid everything else', () => {
    const text = renderHtml(every());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? '';
    assert.match(
      policy,
      /^default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]+&#39;; script-src &#39;sha256-[\w+/=]+&#39;;/,
    );
    assert.doesNotMatch(text, /<(link|img|iframe|object|embed|base|form[^>]* action)\b/);
    assert.doesNotMatch(text, / (src|on\w+|style)=/);
    assert.equal(text.match(/<script/g)?.length, 2);
    assert.equal(text.match(/<\/script/g)?.length, 2);
  });

  it('should have a row per case, a column per engine, and real headers for both', () => {
    const record = fakeRun(35);
    const text = renderHtml(record);
    assert.equal(text.match(/<tr class="case/g)?.length, 35);
    assert.equal(
      text.match(/<th scope="row">/g)?.length,
      35 + (text.match(/<tr><th scope="row">/g)?.length ?? 0),
    );
    assert.match(
      text,
      /<th scope="col">Chromium<\/th><th scope="col">Firefox<\/th><th scope="col">WebKit<\/th><th scope="col">Model<\/th>/,
    );
  });

  it('should say so where there is nothing to show', () => {
    assert.match(renderHtml(fakeRecord([])), /Nothing was run: no case was selected/);
    assert.match(renderHtml(fakeRecord([])), /No case was selected, so there is nothing to show/);
  });

  it('should stay light for a long run', () => {
    assert.ok(renderHtml(fakeRun(700)).length < 2_500_000);
  });
});

describe('the page in a browser', { skip }, () => {
  let browser: Browser;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-'));
    browser = await chromium.launch({
      ...(system && !own ? { executablePath: system } : {}),
      args: ['--no-sandbox'],
      timeout: 60_000,
    });
  });
  after(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the report from disk; `heard` collects errors of any kind and requests that left the file. */
  async function opened(record: RunRecord, hash = ''): Promise<{ page: Page; heard: string[] }> {
    const file = join(folder, `${Math.random().toString(36).slice(2)}.html`);
    await writeFile(file, renderHtml(record));
    const page = await browser.newPage();
    const heard: string[] = [];
    page.on('pageerror', error => heard.push(`error: ${error.message}`));
    page.on('console', message => heard.push(`console: ${message.text()}`));
    page.on('dialog', dialog => heard.push(`dialog: ${dialog.message()}`));
    page.on('request', request => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('blob:'))
        heard.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href + hash);
    return { page, heard };
  }

  /** Waits until the filter says so. */
  const said = (page: Page, hasText: RegExp | string): Promise<void> =>
    page.locator('#filter-said', { hasText }).waitFor();

  it('should run no foreign script, load nothing, and open every panel, whatever the texts are', async () => {
    const record = poison(every());
    const { page, heard } = await opened(record);
    const cases = await page.locator('tr.case').count();
    assert.equal(cases, Object.keys(FAKES).length);
    await page.locator('details.attempts > summary').click();
    await page.getByRole('button', { name: 'Show all cases' }).click();
    for (let n = 0; n < cases; n += 1) {
      await page.locator('tr.case').nth(n).locator('a').click();
      await page.locator('.panel h2').waitFor();
      assert.match(
        (await page.locator('.panel h2').textContent()) ?? '',
        /<img src=x onerror="globalThis\.pwned=1">/,
      );
      assert.match((await page.locator('.panel .observed').textContent()) ?? '', /Firefox/);
      const every = page.getByRole('button', { name: 'Every engine, every line' });
      if ((await every.count()) > 0) await every.click();
      await page.keyboard.press('Escape');
    }
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const found = await page.evaluate(() => ({
      pwned: (globalThis as { pwned?: number }).pwned ?? null,
      foreign: document.querySelectorAll('img, svg, iframe, script:not(#data):not(:last-of-type)').length,
      links: [...document.links]
        .map(link => link.protocol)
        .filter(protocol => !['file:', 'https:', 'http:'].includes(protocol)),
      handlers: [...document.querySelectorAll('*')].filter(element =>
        element.getAttributeNames().some(name => name.startsWith('on')),
      ).length,
      controls: /[\u202a-\u202e\u2066-\u2069\u200b]/.test(document.body.textContent),
    }));
    assert.deepEqual(found, { pwned: null, foreign: 0, links: [], handlers: 0, controls: false });
    assert.deepEqual(heard, []);
    await page.close();
  });

  it('should show in the panel what was expected, observed and sent, why, and how to see it again', async () => {
    const { findings: _, ...record } = every();
    const { page, heard } = await opened(record, '#case=the-fail');
    const text = (await page.locator('.panel').textContent()) ?? '';
    for (const part of [
      'blocked: preflight',
      'the server: a browser that follows',
      'The preflight response does not allow the method PUT.',
      'Add PUT to Access-Control-Allow-Methods.',
      'Access-Control-Request-Method: PUT',
      'HTTP/1.1 204 No Content',
      'npx cors-conformance run --only the-fail --engine firefox',
      "curl -i -X OPTIONS -H 'Origin: http://localhost:40111'",
      "await fetch('http://localhost:40211",
    ]) {
      assert.ok(text.includes(part), `${part} in\n${text}`);
    }
    assert.equal(await page.locator('.panel .checks td.bad').count(), 2);
    assert.deepEqual(heard, []);
    await page.close();
  });

  it('should mark the lines in which engines differ, and show what one of them did not send', async () => {
    const record = every();
    const firefox = record.results.find(
      result => result.case.id === 'the-known' && result.engine === 'firefox',
    );
    assert.ok(firefox);
    firefox.exchanges = firefox.exchanges.slice(1).map(exchange => ({
      ...exchange,
      request: { ...exchange.request, headers: [...exchange.request.headers, ['X-B', '2']] },
    }));
    const { page } = await opened(record, '#case=the-known');
    assert.deepEqual(await page.locator('.wire thead th').allTextContents(), ['Chromium', 'Firefox']);
    assert.deepEqual(await page.locator('.wire td.absent').allTextContents(), ['not sent']);
    assert.deepEqual(await page.locator('.wire .differs').allTextContents(), ['differs: X-B: 2']);
    await page.close();
  });

  it('should filter by chip, by typing and by address, and keep the filter when a case is opened', async () => {
    const { page } = await opened(fakeRun(70));
    const shown = () => page.locator('tr.case:visible').count();
    const all = await shown();
    await page
      .locator('.strip')
      .getByRole('link', { name: /unexpected/ })
      .click();
    assert.equal(await page.locator('#filter').inputValue(), 'is:regression');
    const regressions = await shown();
    assert.ok(regressions > 0 && regressions < all);
    await page.locator('tr.case:visible a').first().click();
    await page.locator('.panel h2').waitFor();
    await page.waitForURL(/#case=[\w-]+&q=is%3Aregression$/);
    assert.equal(await shown(), regressions);
    await page.goBack();
    assert.equal(await page.locator('.panel').isVisible(), false);
    await page.locator('#filter').fill('suite:redirects webkit:fail');
    await said(page, /^1 of 70 cases$/);
    await page.locator('#filter').fill('suite:redir* webkit:fail or firefox:stale');
    await said(page, /^2 of 70 cases$/);
    await page.locator('#filter').fill('is:nonsense');
    await said(page, /is:nonsense — it can be different/);
    await page.close();
  });

  it('should work from the keyboard alone', async () => {
    const { page } = await opened(fakeRun(70));
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'filter');
    await page.keyboard.type('is:known');
    await said(page, /of 70 cases/);
    await page.keyboard.press('ArrowDown');
    const first = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('Enter');
    await page.locator('.panel h2').waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'panel-title');
    const id = new URL(page.url()).hash;
    await page.keyboard.press('j');
    await page.waitForFunction(before => location.hash !== before, id);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.panel').isVisible(), false);
    assert.equal(
      await page.evaluate(() => document.activeElement?.closest('tr')?.className.includes('case')),
      true,
    );
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#filter').inputValue(), '');
    assert.ok(first);
    await page.close();
  });

  it('should fold what is as expected, and unfold it', async () => {
    const { page } = await opened(fakeRun(70));
    const before = await page.locator('tr.case:visible').count();
    await page
      .getByRole('button', { name: /cases as expected/ })
      .first()
      .click();
    assert.ok((await page.locator('tr.case:visible').count()) > before);
    await page.getByRole('button', { name: 'Show all cases' }).click();
    assert.equal(await page.locator('tr.case:visible').count(), 70);
    await page.close();
  });

  it('should give the record back as results.json', async () => {
    const record = fakeRun(35);
    const { page } = await opened(record);
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'results.json' }).click();
    const download = await waiting;
    const stream = await download.createReadStream();
    let text = '';
    for await (const part of stream) text += part;
    const read = parseRecord(text);
    assert.equal(read.results.length, record.results.length);
    assert.deepEqual(read.engines, record.engines);
    await page.close();
  });

  it('should lay out many found rows in parts, and reach them all by key and by button', async () => {
    const { page } = await opened(fakeRun(700));
    const shown = () => page.locator('tr.case:visible').count();
    await page.locator('#filter').fill('case');
    await said(page, '700 of 700 cases');
    assert.equal(await shown(), 150);
    await page.evaluate(() => {
      for (let n = 0; n < 160; n += 1)
        document.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    });
    assert.equal(await shown(), 300);
    await page.getByRole('button', { name: 'Show the other 400 cases' }).click();
    assert.equal(await shown(), 700);
    await page.close();
  });

  it('should change its address seldom, however fast a key repeats', async () => {
    const { page, heard } = await opened(fakeRun(700), '#case=simple-requests-case-0&q=case');
    const changes = await page.evaluate(() => {
      let count = 0;
      const original = history.replaceState.bind(history);
      history.replaceState = (...args) => {
        count += 1;
        original(...args);
      };
      for (let n = 0; n < 140; n += 1)
        document.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
      return new Promise<number>(resolve => setTimeout(() => resolve(count), 900));
    });
    assert.equal(changes, 1);
    assert.match(page.url(), /#case=preflight-case-\d+&q=case$/);
    assert.deepEqual(heard, []);
    await page.close();
  });

  it('should copy where there is no clipboard, as on plain http, and say so', async () => {
    const { page, heard } = await opened(fakeRun(35), '#case=simple-requests-case-0');
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    const copied = page.evaluate(
      () =>
        new Promise(resolve =>
          addEventListener('copy', () => resolve(getSelection()?.toString() || 'field'), { once: true }),
        ),
    );
    await page.getByRole('button', { name: 'copy link to this case' }).click();
    await page.locator('.bar').getByText('copied', { exact: true }).first().waitFor();
    assert.ok(await copied);
    assert.deepEqual(heard, []);
    await page.close();
  });

  it('should lead to the playground with the case as its state', async () => {
    await writeFile(join(folder, 'playground.html'), playgroundHtml());
    const record = fakeRecord([
      fake('acao-missing/fetch', 'firefox', 'pass', 'allow-origin'),
      fake('of-my-own', 'firefox', 'pass', 'mine'),
    ]);
    const { page, heard } = await opened(record, '#case=acao-missing%2Ffetch');
    await page.getByRole('link', { name: 'Try it in the playground' }).click();
    await page.getByRole('heading', { name: /^Blocked/ }).waitFor();
    await page.waitForURL(/playground\.html#s=[\w-]+$/);
    await page.goBack();
    const own = await opened(record, '#case=of-my-own');
    await own.page.getByRole('link', { name: 'Try it in the playground' }).click();
    await own.page.getByText('This is what was asked and answered in the run.').waitFor();
    assert.equal(
      await own.page.getByLabel('URL', { exact: true }).first().inputValue(),
      'http://localhost:40211/r/of-my-own-firefox/main',
    );
    assert.deepEqual([...heard, ...own.heard], []);
    await page.close();
    await own.page.close();
  });

  it('should print the open case alone', async () => {
    const { page } = await opened(fakeRun(35), '#case=simple-requests-case-0');
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.print-only .detail').count(), 1);
    assert.equal(await page.locator('table.cases').isVisible(), false);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await page.locator('table.cases').isVisible(), true);
    await page.close();
  });

  it('should print unexpected cases in full', async () => {
    const { page } = await opened(fakeRun(70));
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    const printed = await page.locator('.print-only .detail').count();
    assert.equal(printed, await page.locator('tr.case[data-flags~=unexpected]').count());
    assert.ok(printed > 0);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await page.locator('.print-only').count(), 0);
    await page.close();
  });

  const states: readonly (readonly [string, RunRecord, string])[] = [
    ['a run', fakeRun(70), ''],
    ['an open case', fakeRun(70), '#case=max-age-case-32'],
    ['a filter that finds nothing', fakeRun(70), '#q=nothing-like-that'],
    ['a server with faults', fakeVerify(), ''],
    ['a server without faults', fakeVerify([]), ''],
  ];
  for (const [name, record, hash] of states)
    it(`should show ${name} with nothing that axe calls serious, light and dark, wide and narrow`, async () => {
      const { page } = await opened(record, hash);
      await page.evaluate(axe);
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1440, 390]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 900 });
          const faults = await page.evaluate(async () => {
            const axe = (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe;
            const { violations } = await axe.run();
            return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
          });
          assert.deepEqual(faults, [], `${colorScheme} at ${width}`);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${width}: ${overflow} too wide`);
        }
      await page.close();
    });
});

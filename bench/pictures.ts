/**
 * Makes the pictures of the README from real runs: the console of `verify` and of `run`, and the page of `run`.
 *
 *     npm run pictures
 *
 * Chromium takes them; an engine that is missing is missing in them, too.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { POLICY } from '../fixtures/targets/manifest.test-support.ts';
import { systemBrowser } from '../harness/engine/candidates.ts';
import { runCommand } from '../harness/process/command.ts';
import { REPORTS } from '../harness/process/reports-folder.ts';
import { newTempFolder } from '../harness/process/temp-folder.ts';
import { html } from '../reports/escape.ts';
import { programCalled } from './options.ts';

const root = join(import.meta.dirname, '..');
const VIEWPORT = { width: 1440, height: 860 };

/** Suites in which engines differ, and one case to look at. */
const SUITES = 'allow-origin,max-age,redirects,exposed-headers';
const CASE = 'maxage-plus/expires';

/** A server that lets everybody in, held against a policy that does not. */
const CONFIG = {
  target: { module: join(root, 'fixtures', 'targets', 'faulty', 'express-reflects-any.ts') },
  policy: POLICY,
};

const STYLE = `body { margin: 0; padding: 18px 22px; background: #15181b; color: #dfe3e6; width: max-content }
pre { margin: 0; font: 14px/1.45 "DejaVu Sans Mono", monospace }
.prompt { color: #8fb3ff } .c1 { font-weight: 700 } .c2 { color: #98a1a9 } .c31 { color: #ff8f85 }
.c32 { color: #6cc08b } .c33 { color: #e8b55a } .c36 { color: #7fc7d9 }`;

/** Codes that end a colour, and codes that end bold and dim. */
const ENDS = new Set(['22', '39']);

/** What a terminal shows, as a page: the program's own colours become elements. */
function terminalPage(command: string, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that the program prints
  const parts = text.trimEnd().split(/\u001b\[(\d+)m/);
  const lines = parts.map((part, at) => {
    if (at % 2 === 0) return part.split('\n').map(html).join('\n');
    return ENDS.has(part) ? '</span>' : `<span class="c${part}">`;
  });
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><pre><span class="prompt">$</span> ${html(command)}\n\n${lines.join('')}</pre>`;
}

/** Runs the command itself. @returns what it prints on a terminal with colours */
async function shownBy(args: readonly string[], cwd: string): Promise<string> {
  process.stderr.write(`cors-conformance ${args.join(' ')}\n`);
  const command = [process.execPath, join(root, 'harness', 'bootstrap.mjs'), ...args];
  const limits = { cwd, env: { FORCE_COLOR: '1' }, limitMs: 10 * 60_000 };
  const { stdout, stderr } = await runCommand(command, limits);
  if (stdout === '') throw new Error(stderr);
  return stdout.replaceAll(`${cwd}/`, '');
}

/** The part of a console that fits into a README. */
const firstLines = (text: string, most: number): string => {
  const lines = text.trimEnd().split('\n');
  return lines.length > most ? `${lines.slice(0, most).join('\n')}\n…` : text;
};

async function photograph(
  browser: Browser,
  to: string,
  show: (page: Page) => Promise<Buffer>,
): Promise<void> {
  const page = await browser.newPage({
    viewport: VIEWPORT,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  writeFileSync(to, await show(page));
  await page.close();
  process.stdout.write(`${to}, ${Math.round(statSync(to).size / 1024)} KB\n`);
}

const terminal = (command: string, text: string) => async (page: Page) => {
  await page.setContent(terminalPage(command, text));
  return page.locator('body').screenshot();
};

const report = (file: string) => async (page: Page) => {
  await page.goto(`${pathToFileURL(file).href}#case=${encodeURIComponent(CASE)}`);
  await page.locator('.panel h2').waitFor();
  return page.screenshot({ animations: 'disabled' });
};

async function main(out: string): Promise<void> {
  const folder = newTempFolder('pictures');
  const system = existsSync(chromium.executablePath()) ? undefined : systemBrowser('chromium', process.env);
  const browser = await chromium.launch({ ...(system && { executablePath: system.executable }) });
  try {
    mkdirSync(out, { recursive: true });
    const config = join(folder.path, 'cors.config.json');
    writeFileSync(config, JSON.stringify(CONFIG));
    const results = join(folder.path, REPORTS);
    const verified = await shownBy(['verify', '--engine', 'chromium'], folder.path);
    await photograph(
      browser,
      join(out, 'verify.png'),
      terminal('npx cors-conformance verify --engine chromium', firstLines(verified, 40)),
    );
    const ran = await shownBy(['run', '--only', SUITES], folder.path);
    const command = `npx cors-conformance run --only ${SUITES}`;
    await photograph(browser, join(out, 'run.png'), terminal(command, firstLines(ran, 34)));
    await photograph(browser, join(out, 'report.png'), report(join(results, 'report.html')));
  } finally {
    await browser.close();
    await folder.remove();
  }
}

const program = programCalled('pictures')
  .description('make the pictures of the README from real runs, with Chromium')
  .option('--out <dir>', 'the folder for them', join(root, 'docs', 'pictures'))
  .parse();
await main(program.opts<{ out: string }>().out);

/** Whether Playwright's browser downloads can be had from here, decided within seconds. */

import { request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { outputOf } from '../process/command.ts';
import type { EngineName } from './types.ts';

const LIST_LIMIT = 15_000;
const ANSWER_LIMIT = 5_000;

/**
 * Asks for the head of each engine's archive, at the addresses that Playwright itself would use
 * (`PLAYWRIGHT_DOWNLOAD_HOST` included). Never throws; takes at most some twenty seconds, as a rule one.
 * @returns true when every engine has an address that answers
 */
export async function downloadsReachable(
  engines: readonly EngineName[],
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  if (engines.length === 0) return true;
  const archives = parseDryRun(await dryRun(engines, env)).filter(archive =>
    engines.some(engine => archive.folder.includes(`${engine}-`) || archive.folder.includes(`${engine}_`)),
  );
  if (archives.length === 0) return false;
  const answers = await Promise.all(archives.map(archive => anyAnswers(archive.urls, env)));
  return answers.every(answer => answer);
}

/** What `playwright install --dry-run` says: where each archive goes, and where it may be had. */
export function parseDryRun(text: string): { folder: string; urls: string[] }[] {
  const archives: { folder: string; urls: string[] }[] = [];
  for (const line of text.split('\n')) {
    const folder = /Install location:\s+(\S.*)$/.exec(line)?.[1];
    if (folder) archives.push({ folder: folder.trim(), urls: [] });
    const url = /Download (?:url|fallback \d+):\s+(\S+)/.exec(line)?.[1];
    if (url) archives.at(-1)?.urls.push(url);
  }
  return archives.filter(archive => archive.urls.length > 0);
}

/** The command line program of the Playwright that this harness uses. */
export function playwrightCli(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');
}

async function dryRun(engines: readonly EngineName[], env: NodeJS.ProcessEnv): Promise<string> {
  const command = [process.execPath, playwrightCli(), 'install', '--dry-run', '--no-shell', ...engines];
  return (await outputOf(command, { env, limitMs: LIST_LIMIT })) ?? '';
}

async function anyAnswers(urls: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const answers = await Promise.all(urls.map(url => urlAnswers(url, env)));
  return answers.some(answer => answer);
}

async function urlAnswers(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const proxy = env.HTTPS_PROXY || env.https_proxy || env.ALL_PROXY || env.all_proxy;
  try {
    if (proxy && url.startsWith('https:')) return await opensTunnel(new URL(proxy), new URL(url));
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_LIMIT) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Node's fetch knows no proxy; that the proxy lets a connection through to the host is sign enough. */
function opensTunnel(proxy: URL, target: URL): Promise<boolean> {
  return new Promise(resolve => {
    const authority = `${target.hostname}:${target.port || 443}`;
    const headers: Record<string, string> = { host: authority };
    if (proxy.username) {
      const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
      headers['proxy-authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
    }
    const request = httpRequest({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: 'CONNECT',
      path: authority,
      headers,
      timeout: ANSWER_LIMIT,
    });
    request.once('connect', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode === 200);
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', () => resolve(false));
    request.end();
  });
}

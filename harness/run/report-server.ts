/** Serves the report of a results file on loopback, and lets an open page follow runs that write it anew. */
import { readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { html } from '../../reports/escape.ts';
import { assets } from '../../reports/html/assets.ts';
import { renderHtml } from '../../reports/html.ts';
import { PLAYGROUND_FILE } from '../../reports/playground-link.ts';
import { playgroundHtml } from '../playground/page.ts';
import { PROGRESS_FILE } from './progress.ts';
import { readResults } from './results-file.ts';

const LOOK_EVERY_MS = 500;
const STALE_MS = 15_000;

/** Added to the page's own script: shows how far a run is, and loads the page anew when its results are there. */
const FOLLOW = `;(()=>{const bar=document.createElement('output');bar.className='following';bar.hidden=true;document.body.append(bar);
const events=new EventSource('/events');events.addEventListener('results',()=>location.reload());
events.addEventListener('progress',({data})=>{bar.textContent=data;bar.hidden=data===''})})()`;

export interface ReportServer {
  readonly url: string;
  close(): Promise<void>;
}

const stamp = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : '';
};

/** How far a run is that writes into the same folder; empty if none is under way. */
function progressIn(folder: string): string {
  try {
    // A run that was killed leaves the file behind; one that goes on writes it every few seconds.
    if (Date.now() - statSync(join(folder, PROGRESS_FILE)).mtimeMs > STALE_MS) return '';
    const { done, of, unexpected } = JSON.parse(readFileSync(join(folder, PROGRESS_FILE), 'utf8'));
    const wrong = unexpected > 0 ? `, ${Number(unexpected)} unexpected` : '';
    return `running: ${Number(done)} of ${Number(of)}${wrong}`;
  } catch {
    return '';
  }
}

/** Before the first run has ended there is nothing but this to show. */
function waitingPage(file: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>CORS conformance: no results yet</title><p>No results yet in <code>${html(file)}</code>. ${html(progressIn(dirname(file)))}</p></html>`;
}

function page(file: string): { readonly status: number; readonly text: string } {
  if (stamp(file) === '') return { status: 200, text: waitingPage(file) };
  try {
    const { style, script } = assets();
    return {
      status: 200,
      text: renderHtml(readResults(file), { style, script: script + FOLLOW, follows: true }),
    };
  } catch (error) {
    return { status: 500, text: html((error as Error).message) };
  }
}

/**
 * @param file the results file; it need not be there yet
 * @param port 0 for a free one
 * @throws when the port cannot be listened on
 */
export async function serveReport(file: string, port = 0): Promise<ReportServer> {
  const listeners = new Set<http.ServerResponse>();
  const server = http.createServer((request, response) => {
    // Another name that leads here is somebody else's site (DNS rebinding).
    if (!/^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(request.headers.host ?? ''))
      return void response.writeHead(421).end();
    if (request.method !== 'GET') return void response.writeHead(405).end();
    if (request.url === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(': following\n\n');
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
      return;
    }
    if (request.url !== '/' && request.url !== `/${PLAYGROUND_FILE}`)
      return void response.writeHead(404).end();
    const { status, text } = request.url === '/' ? page(file) : { status: 200, text: playgroundHtml() };
    response
      .writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' })
      .end(text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const send = (event: string, data: string) => {
    for (const listener of listeners) listener.write(`event: ${event}\ndata: ${data}\n\n`);
  };
  let results = stamp(file);
  let progress = '';
  const looking = setInterval(() => {
    const [nowResults, nowProgress] = [stamp(file), progressIn(dirname(file))];
    if (nowResults !== results && nowResults !== '') send('results', '');
    if (nowProgress !== progress) send('progress', nowProgress);
    results = nowResults;
    progress = nowProgress;
  }, LOOK_EVERY_MS);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      clearInterval(looking);
      for (const listener of listeners) listener.end();
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

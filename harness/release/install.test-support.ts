/** What the tests of installing share. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startTarget } from '../target/start.ts';
import type { Release } from './types.ts';

export const run = promisify(execFile);

/** Why a program cannot do what a test needs; null where it can. */
export async function cannot(program: string, ...args: string[]): Promise<string | null> {
  try {
    await run(program, args, { timeout: 30_000 });
    return null;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') return `there is no ${program}`;
    const said = stderr
      ?.trim()
      .split('\n')
      .filter(line => !/A complete log/.test(line));
    return `${program} ${args.join(' ')}: ${said?.at(-1) || String(error)}`;
  }
}

/** Makes a temp folder with files; the path of the folder, without links. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'install-test-')));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

/** Starts the script on a release, asks it for / from an origin, and stops it. */
export async function answerOf({ target, base }: Release): Promise<Response> {
  const server = await startTarget({ timeouts: { readyMs: 30_000, stopMs: 1_000 }, ...target }, base);
  try {
    const answer = await fetch(server.url, { headers: { Origin: 'https://app.example.com' } });
    await answer.text();
    return answer;
  } finally {
    await server.stop();
  }
}

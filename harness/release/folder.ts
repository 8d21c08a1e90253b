/** The temp folders of releases. None of them outlives its process for long. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, pidNamespace, read } from '../process/identity.ts';

const PREFIX = 'cors-release-';
/** A folder that says nothing about its owner is left alone so long: it may just be coming into being. */
const UNOWNED_MS = 60 * 60_000;

export interface ReleaseFolder {
  /** Where everything of the release goes. */
  readonly base: string;
  /** Where its package manager may keep temp files. */
  readonly temp: string;
  /** Removes all of it. Idempotent, never rejects. */
  remove(): Promise<void>;
}

const folders = new Set<string>();

/**
 * Makes a folder that is removed at this process's 'exit', if not before. A process that ends without that event, on a
 * signal that nobody handles, leaves its folders to the next call of this function.
 */
export function newFolder(): ReleaseFolder {
  if (folders.size === 0) process.once('exit', removeAll);
  removeOrphans();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  folders.add(folder);
  writeFileSync(join(folder, 'owner'), identityOf(process.pid) ?? '');
  const base = join(folder, 'target');
  const temp = join(folder, 'tmp');
  mkdirSync(base);
  mkdirSync(temp);
  return {
    base,
    temp,
    async remove() {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
      folders.delete(folder);
      if (folders.size === 0) process.off('exit', removeAll);
    },
  };
}

function removeAll(): void {
  for (const folder of folders) removeSync(folder);
}

/** Removes the folders of processes that were killed. Those of another container on this machine are left alone. */
function removeOrphans(): void {
  const here = pidNamespace();
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!name.startsWith(PREFIX) || folders.has(folder)) continue;
    const owner = read(join(folder, 'owner'));
    const [where, pid] = owner.split('.');
    if (owner === '' ? ageOf(folder) > UNOWNED_MS : where === here && identityOf(Number(pid)) !== owner)
      removeSync(folder);
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function removeSync(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // Not ours to remove, or still in use: a temp folder must not fail a run.
  }
}

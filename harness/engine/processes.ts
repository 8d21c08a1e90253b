/**
 * Knowing, and ending, every process that belongs to an engine.
 *
 * A browser is a family of processes: some re-parent themselves to init, some leave the process group. What all of
 * them keep is the environment they were started with, so every engine is started with a marker in it, and the
 * marker finds the family again. A process on its way out loses its environment a moment before it is gone: it is
 * known by having been seen. Works where `/proc` exists (Linux); elsewhere the drivers' own clean-up is relied on.
 */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, pidNamespace, read, startOf, statFields } from '../process/identity.ts';

const VARIABLE = 'CORS_CONFORMANCE_ENGINE';
const FOLDER_PREFIX = 'cors-engine-';
/** The name of a Unix socket may have 107 bytes, and Chromium puts one 48 bytes further down. */
const LONGEST_FOLDER = 107 - 48;
/** Milliseconds in which an orphaned Xvfb may remove its lock. */
const ORPHAN_GRACE = 1_000;

/** One engine's family of processes, and the temp folder that goes with it. */
export interface Family {
  /** The environment to start its processes with. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of a temp folder that is removed with the family. */
  readonly folder: string;
  /**
   * The ids of its living processes; zombies do not count. To be asked once the browser is up, too: what was seen then
   * is told from strangers even while it ends.
   */
  pids(): number[];
  /**
   * Ends what is left: SIGTERM, then SIGKILL after `graceMs`. Resolves when no process of the family lives and its
   * folder is gone. Never rejects.
   */
  end(graceMs?: number): Promise<void>;
}

interface Row {
  readonly pid: number;
  readonly group: number;
  /** Its pid and when it started, in clock ticks since boot: one process for ever. */
  readonly identity: string;
  readonly marker: string | undefined;
  /** Its environment cannot be read: it is another user's, or is about to be gone. */
  readonly veiled: boolean;
}

/** What tells the processes of one family. */
interface Kin {
  readonly marker: string;
  readonly folder: string;
  /** Who has been seen, by identity, and the process groups they were in. */
  readonly seen: Set<string>;
  readonly groups: Set<number>;
}

/** The families that have not ended. */
const families = new Set<Kin>();

/** Starts a family: give its `env` to every process that is to belong to it. */
export function newFamily(): Family {
  installHandlers();
  endOrphans('SIGTERM');
  setTimeout(() => endOrphans('SIGKILL'), ORPHAN_GRACE).unref();
  const owner = identityOf(process.pid) ?? '';
  const marker = `${owner}.${randomUUID()}`;
  const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
  writeFileSync(join(folder, 'owner'), owner);
  const kin: Kin = { marker, folder, seen: new Set(), groups: new Set() };
  families.add(kin);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    // A proxy of the user's shell would come between the page and the servers on this machine.
    if (value !== undefined && !/^(https?|all|no|ftp)_proxy$/i.test(name)) env[name] = value;
  }
  env[VARIABLE] = marker;
  // A killed browser leaves its sockets and locks where it keeps temp files.
  if (process.platform === 'linux' && folder.length <= LONGEST_FOLDER) env.TMPDIR = folder;
  return {
    env,
    folder,
    pids: () => members(kin, processes()),
    async end(graceMs = 2_000) {
      await endAll(kin, graceMs);
      removeFolder(folder);
      families.delete(kin);
    },
  };
}

/**
 * Ends the browsers, and removes the folders, of a harness that was itself killed without warning and could not
 * clean up. What belongs to a harness that still runs, or to another container on this machine, is left alone.
 */
function endOrphans(how: NodeJS.Signals): void {
  const rows = processes();
  const alive = new Set(rows.map(row => row.identity));
  const here = pidNamespace();
  const isOrphan = (owner: string) => {
    const [namespace, pid, started] = owner.split('.');
    return namespace === here && started !== undefined && !alive.has(`${pid}.${started}`);
  };
  for (const row of rows) if (row.marker !== undefined && isOrphan(row.marker)) signal(row.pid, how);
  if (process.platform !== 'linux') return;
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(tmpdir(), name);
    if (isOrphan(read(join(folder, 'owner')))) removeFolder(folder);
  }
}

async function endAll(kin: Kin, graceMs: number): Promise<void> {
  const start = Date.now();
  let asked = false;
  // A process that outlives SIGKILL is stuck in the kernel; waiting longer would hang the run for nothing.
  while (Date.now() - start < graceMs + 5_000) {
    const pids = members(kin, processes());
    if (pids.length === 0) return;
    const late = Date.now() - start >= graceMs;
    if (late || !asked) for (const pid of pids) signal(pid, late ? 'SIGKILL' : 'SIGTERM');
    asked = true;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the look and the signal: what was wanted.
  }
}

/**
 * Living processes that have the marker or were seen before, and those in a process group of theirs. Whoever is found
 * counts as seen from then on.
 */
function members(kin: Kin, rows: readonly Row[]): number[] {
  const own = rows.find(row => row.pid === process.pid)?.group;
  const groups = new Set<number>();
  for (const row of rows) {
    if (row.marker !== kin.marker) continue;
    kin.seen.add(row.identity);
    if (row.group !== own) groups.add(row.group);
  }
  for (const group of groups) kin.groups.add(group);
  // A sandboxed renderer hides its environment from other users, but not its process group.
  const found = rows.filter(
    row =>
      kin.seen.has(row.identity) ||
      (row.marker === undefined && groups.has(row.group)) ||
      (row.veiled && kin.groups.has(row.group)),
  );
  for (const row of found) kin.seen.add(row.identity);
  return found.map(row => row.pid);
}

function processes(): Row[] {
  if (process.platform !== 'linux') return [];
  const rows: Row[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFields(name);
    const state = fields[0];
    if (!state || state === 'Z' || state === 'X') continue;
    const environment = read(`/proc/${name}/environ`);
    rows.push({
      pid: Number(name),
      group: Number(fields[2]),
      identity: `${name}.${startOf(fields)}`,
      marker: variable(environment),
      veiled: environment === '',
    });
  }
  return rows;
}

function variable(environment: string): string | undefined {
  const prefix = `${VARIABLE}=`;
  return environment
    .split('\0')
    .find(entry => entry.startsWith(prefix))
    ?.slice(prefix.length);
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Somebody else's lock on a temp folder must not turn a finished run into a failed one.
  }
}

/** On the way out nothing can be awaited any more: everything ends at once. */
function endEverything(): void {
  const everybody = () => {
    const rows = processes();
    return [...families].flatMap(kin => members(kin, rows));
  };
  const pids = families.size > 0 ? everybody() : [];
  for (const pid of pids) signal(pid, 'SIGTERM');
  // Xvfb removes its lock and its socket only when it is asked politely and given a moment.
  if (pids.length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
  for (const pid of pids.length > 0 ? everybody() : []) signal(pid, 'SIGKILL');
  for (const { folder } of families) removeFolder(folder);
  families.clear();
}

/** The signals that end a harness, with their numbers: a shell reads 128 + number as "ended by that signal". */
const SIGNALS = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const;

let installed = false;

function installHandlers(): void {
  if (installed) return;
  installed = true;
  process.on('exit', endEverything);
  for (const [name, number] of SIGNALS) {
    process.on(name, () => {
      // Somebody else who listens ends the process in their own way. Either way 'exit' does the rest, Playwright's
      // own clean-up included.
      if (process.listenerCount(name) === 1) process.exit(128 + number);
    });
  }
}

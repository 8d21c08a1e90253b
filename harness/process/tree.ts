/**
 * A tree of child processes: everything that a harness starts is in one, and ends with it.
 *
 * A browser is many processes: some re-parent themselves to init, some leave the process group, and so may the
 * children of a server. What all of them keep is the environment that they were started with, so each tree has a mark
 * in it that finds its processes again. A process that is about to end loses its environment a moment before it is
 * gone: it is recognised because it was seen before. This works if there is a `/proc` (Linux); elsewhere the process
 * groups of the children are ended.
 */
import { type Child, type ChildOptions, killTree, spawnChild } from './child.ts';
import { type ProcessRow, runningProcesses } from './identity.ts';
import { isOrphaned, marked, marksOf, newMark } from './lineage.ts';
import { newTempFolder, removeRunFolder, type TempFolder } from './temp-folder.ts';

/** Milliseconds that an orphaned Xvfb has to remove its lock. */
const ORPHAN_GRACE_MS = 1_000;
/** Milliseconds that children have to end in an orderly way while this process exits. */
const EXIT_GRACE_MS = 150;
/** Milliseconds after SIGKILL: a process that outlives it is stuck in the kernel, and waiting longer would not help. */
const KILLED_MS = 5_000;

/** The processes of one engine, one server or one command. */
export interface ProcessTree {
  /** The environment for its processes, if they are not started by start(). */
  readonly env: NodeJS.ProcessEnv;
  /** A temp folder that is removed with the tree; made when it is first asked for. */
  readonly folder: string;
  /** Starts a process of the tree. @throws the spawn error: ENOENT and the like */
  start(command: string | readonly string[], options?: ChildOptions): Promise<Child>;
  /**
   * The ids of its living processes. Ask once they are up, too: what was seen then is recognised even while it ends.
   */
  pids(): number[];
  /**
   * Ends what is left: SIGTERM, then SIGKILL after `graceMs` (2 s by default). Resolves when no process of the tree
   * lives and its folder is gone. Idempotent, never rejects.
   */
  end(graceMs?: number): Promise<void>;
}

const trees = new Set<Tree>();

/** A new tree without processes. Before the first one, the browsers and servers of killed harnesses are ended. */
export function newTree(): ProcessTree {
  prepare();
  const tree = new Tree();
  trees.add(tree);
  return tree;
}

class Tree implements ProcessTree {
  readonly mark = newMark();
  /** By identity. */
  readonly #seen = new Set<string>();
  /** The process groups in which processes with the mark were seen. */
  readonly #groups = new Set<number>();
  /** Whose groups may still have processes. */
  readonly children = new Set<Child>();
  readonly #started: Child[] = [];
  #folder: TempFolder | null = null;

  get env(): NodeJS.ProcessEnv {
    return marked(process.env, this.mark);
  }

  get folder(): string {
    this.#folder ??= newTempFolder('child');
    return this.#folder.path;
  }

  async start(command: string | readonly string[], options: ChildOptions = {}): Promise<Child> {
    const env = marked(options.env ?? process.env, this.mark);
    const child = await spawnChild(command, { ...options, env });
    this.children.add(child);
    this.#started.push(child);
    return child;
  }

  pids(): number[] {
    return this.members(runningProcesses());
  }

  async end(graceMs = 2_000): Promise<void> {
    await this.#endAll(graceMs);
    for (const child of this.#started.splice(0)) child.release();
    await this.#folder?.remove();
    this.#folder = null;
    trees.delete(this);
  }

  async #endAll(graceMs: number): Promise<void> {
    const start = performance.now();
    let asked = false;
    while (performance.now() - start < graceMs + KILLED_MS) {
      const alive = this.alive();
      if (alive.length === 0) return;
      const late = performance.now() - start >= graceMs;
      if (late || !asked) for (const one of alive) signal(one, late ? 'SIGKILL' : 'SIGTERM');
      asked = true;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  /** What to signal: its processes; without `/proc`, minus the ids of its children's groups. */
  alive(): number[] {
    if (process.platform === 'linux') return this.pids();
    return [...this.children].flatMap(child => (child.groupAlive() ? [-child.pid] : []));
  }

  /** Its processes among those given; found once, they count as seen. */
  members(all: readonly ProcessRow[]): number[] {
    const self = all.find(row => row.pid === process.pid);
    const own = self?.group;
    // What is older than this process is none of its own.
    const rows = all.filter(({ started }) => started >= (self?.started ?? 0));
    const hasMark = new Set(rows.filter(row => marksOf(row).includes(this.mark)));
    const groups = new Set([...hasMark].map(row => row.group).filter(group => group !== own));
    for (const group of groups) this.#groups.add(group);
    const children = this.#groupsOfChildren(rows);
    const found = rows.filter(
      row =>
        hasMark.has(row) ||
        this.#seen.has(row.identity) ||
        children.has(row.group) ||
        (marksOf(row).length === 0 && groups.has(row.group)) ||
        // A sandboxed renderer hides its environment from other users, but not its process group.
        (row.environment === '' && this.#groups.has(row.group)),
    );
    for (const row of found) this.#seen.add(row.identity);
    return found.map(row => row.pid);
  }

  /** A group that has been found empty after its first process ended is forgotten: its id may be given away. */
  #groupsOfChildren(rows: readonly ProcessRow[]): Set<number> {
    const alive = new Set(rows.map(row => row.group));
    for (const child of this.children)
      if (!child.running && !alive.has(child.pid)) this.children.delete(child);
    return new Set([...this.children].map(child => child.pid));
  }
}

/** @param pid of one process; minus the id of a group */
function signal(pid: number, name: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    killTree(Math.abs(pid));
    return;
  }
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the look and the signal: what was wanted.
  }
}

/**
 * Ends what belonged to a harness that was killed together with its supervisor; never another container's.
 * @returns whether there was any
 */
function endOrphans(how: NodeJS.Signals): boolean {
  const rows = runningProcesses();
  const alive = new Set(rows.map(row => row.identity));
  const orphans = rows.filter(
    row => row.pid !== process.pid && marksOf(row).some(mark => isOrphaned(mark, alive)),
  );
  for (const { pid } of orphans) signal(pid, how);
  return orphans.length > 0;
}

/** At exit nothing can be awaited any more: everything ends at once. */
function endEverything(): void {
  const everybody = () => [...trees].flatMap(tree => tree.alive());
  const pids = trees.size > 0 ? everybody() : [];
  for (const pid of pids) signal(pid, 'SIGTERM');
  // Xvfb removes its lock and its socket only when it is asked politely and given a moment.
  if (pids.length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EXIT_GRACE_MS);
  for (const pid of pids.length > 0 ? everybody() : []) signal(pid, 'SIGKILL');
  trees.clear();
  removeRunFolder();
}

/** The signals that end a harness, with their numbers: a shell reads 128 + number as "ended by that signal". */
const SIGNALS = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const;

let prepared = false;

function prepare(): void {
  if (prepared) return;
  prepared = true;
  if (endOrphans('SIGTERM')) setTimeout(() => endOrphans('SIGKILL'), ORPHAN_GRACE_MS).unref();
  // First of all that happens at exit: folders can be removed only when nobody writes to them any more.
  process.prependListener('exit', endEverything);
  for (const [name, number] of SIGNALS) {
    process.on(name, () => {
      // Others who listen end the process in their own way. Either way 'exit' does the rest, Playwright's own
      // clean-up included.
      if (process.listenerCount(name) === 1) process.exit(128 + number);
    });
  }
}

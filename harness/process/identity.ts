/** Who a process is: its pid alone is given to another one later. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The text of a file, byte by byte; empty if it cannot be read. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** The fields of proc_pid_stat(5) from the third ("state") on; none if there is no `/proc`. */
function statFields(pid: number | string): string[] {
  const stat = read(`/proc/${pid}/stat`);
  // The command before it is in brackets and may hold anything, brackets and spaces included.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** When a process started, in clock ticks since boot. */
const startOf = (fields: readonly string[]): string => fields[19] ?? '';

/** Containers on one machine count their processes separately. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '';
  }
}

/** A process by a name that no other on this machine will ever have; null if there is none with that id. */
export function identityOf(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user is alive, too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  return `${pidNamespace()}.${pid}.${startOf(statFields(pid))}`;
}

/** One living process. */
export interface ProcessRow {
  readonly pid: number;
  readonly group: number;
  /** As identityOf() gives it. */
  readonly identity: string;
  /** In clock ticks since boot. */
  readonly started: number;
  /**
   * Its variables as "NAME=value", joined by NUL; empty if they cannot be read: another user's, or about to end. Read
   * when they are first asked for.
   */
  readonly environment: string;
}

/** Every living process; zombies are not. Empty if there is no `/proc`. */
export function runningProcesses(): ProcessRow[] {
  if (process.platform !== 'linux') return [];
  const namespace = pidNamespace();
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFields(name);
    const state = fields[0];
    if (!state || state === 'Z' || state === 'X') continue;
    let environment: string | undefined;
    rows.push({
      pid: Number(name),
      group: Number(fields[2]),
      identity: `${namespace}.${name}.${startOf(fields)}`,
      started: Number(startOf(fields)),
      get environment() {
        environment ??= read(`/proc/${name}/environ`);
        return environment;
      },
    });
  }
  return rows;
}

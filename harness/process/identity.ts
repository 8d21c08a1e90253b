/** Who a process is: its pid alone is given to another one later. */
import { readFileSync, readlinkSync } from 'node:fs';

/** The text of a file, byte by byte; empty where it cannot be read. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** The fields of proc_pid_stat(5) from the third ("state") on; none where there is no `/proc`. */
export function statFields(pid: number | string): string[] {
  const stat = read(`/proc/${pid}/stat`);
  // The command before it stands in brackets and may hold anything, brackets and spaces included.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** When a process started, in clock ticks since boot. */
export const startOf = (fields: readonly string[]): string => fields[19] ?? '';

/** Containers on one machine count their processes apart. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '';
  }
}

/** A process as no other on this machine will ever be called; null where there is none of that id. */
export function identityOf(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is alive, too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  return `${pidNamespace()}.${pid}.${startOf(statFields(pid))}`;
}

/**
 * Whose a process is, by a variable in its environment: the marks of everybody who started it, outermost first. A
 * process may move to another parent, group or session; its environment stays.
 */
import { randomUUID } from 'node:crypto';
import { identityOf, type ProcessRow, pidNamespace } from './identity.ts';

const VARIABLE = 'CORS_CONFORMANCE_LINEAGE';

/** What every mark made by this process begins with. */
export function ownerMark(): string {
  return `${identityOf(process.pid)}.`;
}

/** A mark that nobody else has, and that says which process made it. */
export function newMark(): string {
  return ownerMark() + randomUUID();
}

/** The environment with one more mark. */
export function marked(env: NodeJS.ProcessEnv, mark: string): NodeJS.ProcessEnv {
  const before = process.env[VARIABLE];
  return { ...env, [VARIABLE]: before ? `${before};${mark}` : mark };
}

/** The marks of a process. */
export function marksOf({ environment }: ProcessRow): readonly string[] {
  const prefix = `${VARIABLE}=`;
  const entry = environment.split('\0').find(one => one.startsWith(prefix));
  return entry === undefined ? [] : entry.slice(prefix.length).split(';');
}

/** True if the process that made the mark, on this machine and in this container, is gone. */
export function isOrphaned(mark: string, alive: ReadonlySet<string>): boolean {
  const [namespace, pid, started] = mark.split('.');
  return namespace === pidNamespace() && Boolean(started) && !alive.has(`${namespace}.${pid}.${started}`);
}

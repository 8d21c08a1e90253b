/**
 * Pipes that a program can open again by name. Node connects a child's output to socket pairs, and Linux refuses to
 * open those through `/dev/stdout`, `/dev/stderr` and `/proc/self/fd/N` (ENXIO): Apache, nginx and many container
 * images log there. A named pipe can be opened again, also when its name is gone.
 */
import { spawnSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { newTempFolder } from './temp-folder.ts';

export interface ReopenablePipe {
  /** What is written to it; ends when nobody holds it open any more. */
  readonly reader: Readable;
  /** What a child gets as its output; to be closed once the child has it. */
  readonly writer: number;
}

/**
 * Opens pipes. Their names are gone before anybody is started with them, so that nothing has to be removed later.
 * @returns none where a child's plain output can be opened again anyhow (not Linux), or where no named pipe can be made
 */
export async function openReopenablePipes(count: number): Promise<readonly ReopenablePipe[]> {
  if (process.platform !== 'linux') return [];
  try {
    const folder = newTempFolder('pipe');
    try {
      return open(Array.from({ length: count }, (_, n) => join(folder.path, `output-${n}`)));
    } finally {
      await folder.remove();
    }
  } catch {
    // No temp folder, or one that has no place for pipes.
    return [];
  }
}

function open(paths: readonly string[]): ReopenablePipe[] {
  // A server may open it again after it has become another user; nobody else sees the folder that it is in.
  if (spawnSync('mkfifo', ['-m', '666', ...paths], { stdio: 'ignore' }).status !== 0) return [];
  return paths.map(path => {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { writer: openSync(path, constants.O_WRONLY), reader: new Socket({ fd, writable: false }) };
  });
}

/** Progress of a run: one line that is rewritten on a terminal, a line every few seconds elsewhere. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { visible } from '../../reports/escape.ts';
import type { Result } from '../verdict/record.ts';

/** In a log, and on a terminal while nothing ends: no longer in silence than this. */
const EVERY_MS = 2000;
const FILE_EVERY_MS = 1000;

/** Where a run says how far it is, in the folder of its results, for as long as it lasts. */
export const PROGRESS_FILE = '.progress.json';

interface Count {
  total: number;
  done: number;
  unexpected: number;
}

/** Where progress is shown: a terminal, which one line stays up to date on, or a log. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** A guess is worth nothing before this much of the work is done. */
const ENOUGH = 0.05;

/** "about 20 s left", from how long it took so far; empty while that says little. */
export function timeLeft(
  { done, of }: { readonly done: number; readonly of: number },
  elapsedMs: number,
): string {
  if (done >= of || done / of < ENOUGH || elapsedMs < EVERY_MS) return '';
  const seconds = Math.ceil(((of - done) * elapsedMs) / done / 1000);
  if (seconds < 60) return `about ${seconds} s left`;
  return `about ${Math.ceil(seconds / 60)} min left`;
}

export class Progress {
  readonly #stream: ProgressStream;
  readonly #counts = new Map<string, Count>();
  #lastLine = 0;
  #began = 0;
  #ticking: NodeJS.Timeout | undefined;
  #drawn = false;
  /** Stands before the counts. */
  #label = '';

  readonly #file: string | undefined;
  #lastFile = 0;

  /** @param folder where the results will be written: `report --serve` reads from there how far the run is */
  constructor(stream: ProgressStream, folder?: string) {
    this.#stream = stream;
    this.#file = folder === undefined ? undefined : join(folder, PROGRESS_FILE);
  }

  /**
   * @param totals how many cases each project runs
   * @param what stands before them
   */
  begin(totals: Readonly<Record<string, number>>, what = 'Running cases'): void {
    if (this.#label !== '') this.#restart('');
    this.#announce(totals, what);
  }

  /** Part of the work once more: what was counted so far is done. */
  again(totals: Readonly<Record<string, number>>): void {
    this.#clear();
    this.#restart('asking again what differs: ');
    this.#announce(totals, 'Asking again what differs');
  }

  step(project: string, results: readonly Result[]): void {
    const count = this.#counts.get(project);
    if (!count) return;
    count.done += results.length;
    count.unexpected += results.filter(
      ({ outcome }) => outcome === 'regression' || outcome === 'stale',
    ).length;
    this.#draw();
  }

  #restart(label: string): void {
    this.#counts.clear();
    this.#began = performance.now();
    this.#label = label;
  }

  #announce(totals: Readonly<Record<string, number>>, what: string): void {
    for (const [name, total] of Object.entries(totals))
      this.#counts.set(name, { total, done: 0, unexpected: 0 });
    const sizes = Object.entries(totals).map(([name, total]) => `${name} ${total}`);
    if (sizes.length > 0) this.#stream.write(`${what}: ${sizes.join(', ')}\n`);
    this.#lastLine = performance.now();
    this.#began ||= this.#lastLine;
    this.#ticking ??= setInterval(() => this.#draw(), EVERY_MS).unref();
  }

  /** One more case of a project is done, whatever came of it. */
  count(project: string): void {
    const count = this.#counts.get(project);
    if (!count) return;
    count.done++;
    this.#draw();
  }

  #draw(): void {
    const now = performance.now();
    this.#write(now);
    if (now - this.#lastLine < (this.#stream.isTTY ? 100 : EVERY_MS - 100)) return;
    this.#lastLine = now;
    const parts = [...this.#counts].map(
      ([name, { total, done, unexpected }]) =>
        `${name} ${done}/${total}${unexpected > 0 ? ` (${unexpected} unexpected)` : ''}`,
    );
    const left = timeLeft(this.totals(), now - this.#began);
    if (left !== '') parts.push(left);
    const line = `${this.#label}${parts.join(' · ')}`;
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
    this.#drawn = true;
  }

  /** How many of all cases are done. */
  totals(): { readonly done: number; readonly of: number } {
    const counts = [...this.#counts.values()];
    return {
      done: counts.reduce((sum, { done }) => sum + done, 0),
      of: counts.reduce((sum, { total }) => sum + total, 0),
    };
  }

  /** Says something in between. */
  say(text: string): void {
    this.#clear();
    this.#stream.write(`${visible(text)}\n`);
  }

  end(): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    this.#clear();
    this.#removeFile();
  }

  /** Nobody has to follow: a folder that cannot be written is told of when the results are. */
  #write(now: number): void {
    if (this.#file === undefined || now - this.#lastFile < FILE_EVERY_MS) return;
    this.#lastFile = now;
    const unexpected = [...this.#counts.values()].reduce((sum, count) => sum + count.unexpected, 0);
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(this.#file, JSON.stringify({ ...this.totals(), unexpected }));
    } catch {
      this.#lastFile = Number.POSITIVE_INFINITY;
    }
  }

  /** The file is an extra: a folder that is not there takes it along. */
  #removeFile(): void {
    try {
      if (this.#file !== undefined) rmSync(this.#file, { force: true });
    } catch {
      // Nothing was written there either.
    }
  }

  #clear(): void {
    if (this.#drawn && this.#stream.isTTY) this.#stream.write('\r\x1b[2K');
    this.#drawn = false;
  }
}

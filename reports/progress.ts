/** Progress of a run: one line that is rewritten on a terminal, a line every few seconds elsewhere. */
import type { WriteStream } from 'node:tty';
import type { Result } from '../harness/verdict/record.ts';
import { visible } from './escape.ts';

const EVERY_MS = 5000;

interface Count {
  total: number;
  done: number;
  unexpected: number;
}

export class Progress {
  readonly #stream: WriteStream;
  readonly #counts = new Map<string, Count>();
  #lastLine = 0;
  #drawn = false;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  /** @param totals how many cases each project runs */
  begin(totals: Readonly<Record<string, number>>): void {
    for (const [name, total] of Object.entries(totals))
      this.#counts.set(name, { total, done: 0, unexpected: 0 });
    const sizes = Object.entries(totals).map(([name, total]) => `${name} ${total}`);
    if (sizes.length > 0) this.#stream.write(`Running cases: ${sizes.join(', ')}\n`);
    this.#lastLine = Date.now();
  }

  step(project: string, results: readonly Result[]): void {
    const count = this.#counts.get(project);
    if (!count) return;
    count.done += results.length;
    count.unexpected += results.filter(({ outcome }) => outcome !== 'expected').length;
    this.#draw();
  }

  /** One more case of a project is done, whatever came of it. */
  count(project: string): void {
    const count = this.#counts.get(project);
    if (!count) return;
    count.done++;
    this.#draw();
  }

  #draw(): void {
    const now = Date.now();
    if (now - this.#lastLine < (this.#stream.isTTY ? 100 : EVERY_MS)) return;
    this.#lastLine = now;
    const parts = [...this.#counts].map(
      ([name, { total, done, unexpected }]) =>
        `${name} ${done}/${total}${unexpected > 0 ? ` (${unexpected} unexpected)` : ''}`,
    );
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[2K${parts.join(' · ')}` : `${parts.join(' · ')}\n`);
    this.#drawn = true;
  }

  /** Says something in between. */
  say(text: string): void {
    this.#clear();
    this.#stream.write(`${visible(text)}\n`);
  }

  end(): void {
    this.#clear();
  }

  #clear(): void {
    if (this.#drawn && this.#stream.isTTY) this.#stream.write('\r\x1b[2K');
    this.#drawn = false;
  }
}

/** The last lines of a process's output, and a way to wait for one. */
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

const KEPT_LINES = 30;
const KEPT_LENGTH = 500;
/** Bytes of one line that are held while its end has not come. */
const LONGEST = 65_536;

/** Control characters but the tab, which no message should carry. */
const CONTROLS = /[^\P{Cc}\t]/gu;

export class Output {
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();

  /** Reads a stream to its end. */
  follow(stream: Readable): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-LONGEST);
      for (const line of lines) this.#add(line);
    });
    stream.on('end', () => {
      if (rest) this.#add(rest);
    });
    stream.on('error', () => undefined);
  }

  #add(raw: string): void {
    const line = stripVTControlCharacters(raw).replace(CONTROLS, '');
    this.#lines.push(line.slice(0, KEPT_LENGTH));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }

  /** The last lines, oldest first. */
  get lines(): readonly string[] {
    return this.#lines.filter(line => line.trim() !== '');
  }

  /** Calls back for each line already kept and each to come; returns how to stop. */
  onLine(listener: (line: string) => void): () => void {
    for (const line of [...this.#lines]) listener(line);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

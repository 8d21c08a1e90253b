/** The last lines of a process's output, and ways to wait for something in it. */
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { type Child, endWords } from './child.ts';

const KEPT_LINES = 30;
const KEPT_LENGTH = 500;
/** Characters of one line that are held while its end has not come. */
const LONGEST = 65_536;
/** Characters of its error output that a message about a child repeats. */
const COMPLAINT = 2_000;

/** Control characters but the tab, which no message should carry. */
const CONTROLS = /[^\P{Cc}\t]/gu;

export class ProcessOutput {
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();

  /** Reads a stream to its end. */
  follow(stream: Readable | null): void {
    if (stream === null) return;
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

export interface OutputWanted {
  /** Where it is to appear. */
  readonly stream: Readable | null;
  /** Its first group is what is wanted. */
  readonly pattern: RegExp;
  readonly timeoutMs: number;
}

/**
 * Waits until a child has written something.
 * @returns the pattern's first group
 * @throws Error that says what it did instead, with the end of its error output
 */
export async function waitForOutput(
  child: Child,
  { stream, pattern, timeoutMs }: OutputWanted,
): Promise<string> {
  let complaint = '';
  child.stderr?.on('data', chunk => {
    complaint = (complaint + chunk).slice(-COMPLAINT);
  });
  let timer: NodeJS.Timeout | undefined;
  const wanted = new Promise<string>((resolve, reject) => {
    let text = '';
    stream?.on('data', chunk => {
      text = (text + chunk).slice(-LONGEST);
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    const fail = (what: string) =>
      reject(new Error(`${child.name.split(' ')[0]} ${what}${complaint ? `: ${complaint.trim()}` : ''}`));
    void child.closed.then(end => fail(`${endWords(end)} before it was ready`));
    timer = setTimeout(() => fail(`was not ready within ${timeoutMs / 1000} s`), timeoutMs);
  });
  try {
    return await wanted;
  } finally {
    clearTimeout(timer);
  }
}

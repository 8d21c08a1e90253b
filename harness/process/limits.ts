/** What this process may have of the machine, and what to do where that is too little for browsers. */
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import process from 'node:process';

const MIB = 1024 * 1024;
/** What the largest browser took with all that is run beside it, and three of them: rounded up from measurements. */
const ONE_BROWSER = 900 * MIB;
const THREE_BROWSERS = 1_500 * MIB;
/** So many open files were enough for three browsers. */
const FILES = 256;

export interface Limits {
  /** Bytes, of the machine or of the container. */
  readonly memory: number;
  /** How many files may be open at once, if that is known. */
  readonly files?: number | undefined;
}

/** The limits of this process. */
function limitsHere(): Limits {
  // Without a limit it is 0, or more than any machine has.
  const container = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return { memory: Math.min(container, totalmem()), files: openFiles() };
}

/** Linux only; elsewhere it is not known without asking a shell. */
function openFiles(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** One sentence about what may be too little for browsers here, with what to do; empty if nothing is. */
export function tooLittle({ memory, files }: Limits = limitsHere()): string {
  const told: string[] = [];
  if (memory < THREE_BROWSERS)
    told.push(
      `only ${Math.round(memory / MIB)} MB of memory may be used here, and a run takes up to ${ONE_BROWSER / MIB} MB with one browser, ${THREE_BROWSERS / MIB} MB with three: allow more, or name one engine with --engine; the model needs no browser`,
    );
  if (files !== undefined && files < FILES)
    told.push(`only ${files} files may be open at once here: allow more with "ulimit -n 1024"`);
  return told.join('; ');
}

/** The same behind what went wrong. */
export function becauseOfLimits(limits?: Limits): string {
  const told = tooLittle(limits);
  return told === '' ? '' : ` (${told})`;
}

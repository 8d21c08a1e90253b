/** Where a hunt that goes on for some time stopped, so that the next one goes on from there. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileIn = (out: string): string => join(out, 'progress.json');

/** The seed to begin with: that after the last one finished in this folder, or the one given if there is none. */
function nextSeed(out: string, given: number): number {
  try {
    const { seed } = JSON.parse(readFileSync(fileIn(out), 'utf8')) as { seed?: unknown };
    return typeof seed === 'number' && Number.isInteger(seed) && seed >= given ? seed + 1 : given;
  } catch {
    return given;
  }
}

/** Notes a seed as finished. */
function finished(out: string, seed: number): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(fileIn(out), `${JSON.stringify({ seed })}\n`);
}

/**
 * Runs seed after seed until the time is up; always at least one.
 *
 * @param run runs the cases of one seed, and returns its exit code
 * @param now milliseconds
 * @returns the exit codes, one for each seed
 */
export async function untilTimeIsUp(
  { out, seed, minutes }: { readonly out: string; readonly seed: number; readonly minutes: number },
  run: (seed: number) => Promise<number>,
  now: () => number = () => performance.now(),
): Promise<number[]> {
  const until = now() + minutes * 60_000;
  const codes: number[] = [];
  for (let next = nextSeed(out, seed); codes.length === 0 || now() < until; next++) {
    codes.push(await run(next));
    finished(out, next);
  }
  return codes;
}

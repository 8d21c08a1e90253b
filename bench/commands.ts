/** How long the short verbs of the compiled package take, from the command to its exit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../harness/process/command.ts';

interface CommandTime {
  readonly what: string;
  /** Median. */
  readonly milliseconds: number;
  readonly goalMs: number;
}

const EXPLAIN = [
  ...['explain', 'https://api.example/items', '--origin', 'https://app.example'],
  ...['--response', 'Access-Control-Allow-Origin: *'],
];

/**
 * Runs each verb again and again, one after the other.
 * @param program the script of the compiled package
 * @throws Error if one of them fails
 */
export async function measureCommands(program: string, rounds: number): Promise<CommandTime[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-bench-'));
  const timed = async (args: readonly string[]): Promise<number> => {
    const began = performance.now();
    const { ok, end, stderr } = await runCommand([process.execPath, program, ...args], { cwd: folder });
    if (!ok) throw new Error(`${args[0]} ${end}: ${stderr}`);
    return performance.now() - began;
  };
  try {
    await timed(['run', '--engine', 'model', '--out', folder]);
    const html = [
      'report',
      join(folder, 'results.json'),
      '--format',
      'html',
      '--out',
      join(folder, 'r.html'),
    ];
    const rows = [
      { what: '--help', args: ['--help'], goalMs: 150 },
      { what: 'explain, offline', args: EXPLAIN, goalMs: 400 },
      { what: 'report --format html of all cases', args: html, goalMs: 1_500 },
    ];
    const times: number[][] = rows.map(() => []);
    for (let round = 0; round < rounds; round++)
      for (const [index, { args }] of rows.entries()) times[index]?.push(await timed(args));
    return rows.map(({ what, goalMs }, index) => ({
      what,
      goalMs,
      milliseconds: median(times[index] ?? []),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

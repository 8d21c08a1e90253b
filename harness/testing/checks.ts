/** What is checked without running anything: lint and format, types, and what nobody uses. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';

const CHECKS: readonly { readonly title: string; readonly tool: string; readonly args: readonly string[] }[] =
  [
    { title: 'lint and format', tool: '@biomejs/biome', args: ['check', '.'] },
    { title: 'types', tool: 'typescript', args: ['--noEmit'] },
    { title: 'unused files, exports and dependencies', tool: 'knip', args: ['--no-progress'] },
  ];

/** Runs the checks side by side and tells the outcome of each. @returns how many passed and failed */
export async function runChecks(
  root: string,
  output: NodeJS.WritableStream,
  signal?: AbortSignal,
): Promise<{ readonly passed: number; readonly failed: number }> {
  const outcomes = await Promise.all(
    CHECKS.map(async ({ title, tool, args }) => {
      const result = await runCommand([process.execPath, programOf(root, tool), ...args], {
        cwd: root,
        signal,
      });
      output.write(`${result.ok ? '✔' : '✖'} ${title}\n`);
      if (!result.ok) output.write(`${result.stdout}${result.stderr}\n`);
      return result.ok;
    }),
  );
  const passed = outcomes.filter(Boolean).length;
  return { passed, failed: outcomes.length - passed };
}

/** The script behind a package's command: started by node itself, it needs no shell on any system. */
function programOf(root: string, name: string): string {
  const folder = join(root, 'node_modules', ...name.split('/'));
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const names = typeof bin === 'string' ? { '': bin } : bin;
  const command = { typescript: 'tsc', '@biomejs/biome': 'biome' }[name] ?? name;
  return join(folder, names[command] ?? names[''] ?? '');
}

/** Compares every release of a range with the one before it. */

import { basename } from 'node:path';
import { type MatrixStep, matrixFrom, type ReleaseMatrix } from '../regress/matrix.ts';
import { between, versionsOf } from '../release/versions.ts';
import { type PackageRequest, userError } from './comparison-request.ts';
import { CliError } from './exit.ts';
import { type ComparisonSettings, comparePackages } from './regress-run.ts';
import { Releases } from './releases.ts';

/**
 * @param range the first release and the last one
 * @throws CliError if the range does not exist, or the script runs on none of it
 */
export async function matrixOf(
  request: PackageRequest,
  [first, last]: readonly [string, string],
  settings: ComparisonSettings,
): Promise<ReleaseMatrix> {
  const versions = await rangeOf(request, first, last, settings.signal);
  const steps: MatrixStep[] = [{ version: first }];
  let previous = first;
  for (const version of versions) {
    settings.signal.throwIfAborted();
    settings.say?.(`${previous} → ${version}`);
    const releases = new Releases(request, { signal: settings.signal });
    try {
      const record = await comparePackages(request, releases, [previous, version], quiet(settings));
      steps.push({ version, record });
      previous = version;
    } catch (error) {
      settings.signal.throwIfAborted();
      if (!(error instanceof CliError)) throw error;
      steps.push({ version, skipped: error.message.split('\n')[0] ?? '' });
    } finally {
      await releases.end();
    }
  }
  if (steps.every(({ record }) => record === undefined))
    throw new CliError(
      `no two releases from ${first} to ${last} could be compared: ${steps.at(-1)?.skipped}`,
    );
  const { ecosystem, name } = request.pkg;
  return matrixFrom(steps, {
    generated: new Date().toISOString(),
    package: { ecosystem, name },
    script: basename(request.script),
  });
}

const quiet = ({ say, hooks, ...settings }: ComparisonSettings): ComparisonSettings => settings;

async function rangeOf(
  { pkg }: PackageRequest,
  first: string,
  last: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return between(await versionsOf(pkg, signal), first, last);
  } catch (error) {
    throw userError(error);
  }
}

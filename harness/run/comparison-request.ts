/** From flags to what a comparison asks of whom, before any server runs. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { matcher } from '../case/select.ts';
import { isPageOrigin } from '../policy/config/origins.ts';
import { CommandError } from '../process/command.ts';
import { type Hints, hintsOf } from '../regress/hints.ts';
import { type BySide, type Probe, type ProbePlan, UNROUTED } from '../regress/plan.ts';
import { probesFor } from '../regress/probes.ts';
import { parsePackages } from '../release/package.ts';
import { sourcesOf } from '../release/sources.ts';
import { type Package, ReleaseError } from '../release/types.ts';
import { isToken } from '../standard/bytes.ts';
import { CliError, EXIT } from './exit.ts';

/** The flags that say what is asked, and of which packages. */
export interface ComparisonFlags {
  readonly with?: readonly string[];
  readonly withFrom?: readonly string[];
  readonly withTo?: readonly string[];
  readonly origin?: readonly string[];
  readonly path?: readonly string[];
  readonly header?: readonly string[];
  readonly only?: readonly string[];
}

/** What may be asked: which of it answers is found out when the servers run. */
export interface PlanCandidates extends Omit<ProbePlan, 'bases'> {
  /** What nobody named. */
  readonly assumed: readonly ('origins' | 'paths')[];
  /** What the user named, which is asked as it stands. */
  readonly fixed: readonly ('origins' | 'paths')[];
}

export interface PackageRequest {
  readonly pkg: Package;
  /** Packages that move along with it. */
  readonly along: readonly string[];
  /** Absolute. */
  readonly script: string;
  /** The name of its app there, if it was named. */
  readonly app?: string;
  /** Other packages, as their package manager takes them. */
  readonly others: BySide<readonly string[]>;
  readonly candidates: PlanCandidates;
  readonly wanted: (probe: Probe) => boolean;
}

/** Named by nobody, and allowed by any server that allows all. */
const DEFAULT_ORIGIN = 'https://app.example.com';
const DEFAULT_HEADERS = ['x-a'];

/**
 * Reads the flags of a comparison of releases.
 * @param names the package, or several by comma that move together
 * @param target the path of the server script
 * @throws CliError for what the user can correct
 */
export async function packageRequestOf(
  names: string,
  target: string,
  flags: ComparisonFlags,
): Promise<PackageRequest> {
  const { script, app } = scriptOf(target);
  try {
    readFileSync(script);
  } catch {
    throw new CliError(`--target: ${script} cannot be read; name the server script that uses the package`);
  }
  try {
    const { pkg, along } = parsePackages(names, script);
    if (app !== undefined && pkg.ecosystem !== 'npm' && pkg.ecosystem !== 'pypi')
      throw new CliError(
        `--target: "${target}" names "${app}", which only scripts of Node and Python can have; name the file only`,
      );
    const sources = await sourcesOf(pkg.ecosystem, script);
    const common = flags.with ?? [];
    return {
      pkg,
      along,
      script,
      ...(app !== undefined && { app }),
      others: {
        before: [...common, ...(flags.withFrom ?? [])],
        after: [...common, ...(flags.withTo ?? [])],
      },
      candidates: candidatesOf(flags, hintsOf(sources, process.env)),
      wanted: wantedBy(flags),
    };
  } catch (error) {
    throw userError(error);
  }
}

/**
 * Reads SCRIPT or SCRIPT:APP.
 * @returns the absolute path, and the name of the app there if one is given
 */
export function scriptOf(target: string): { readonly script: string; readonly app?: string } {
  const [, file, app] = /^(.+\.\w+):([\w$.]+(?:\(\))?)$/.exec(target) ?? [];
  if (file === undefined || app === undefined || existsSync(target)) return { script: resolve(target) };
  return { script: resolve(file), app };
}

/** @throws CliError for a flag that is wrong */
export function candidatesOf(flags: ComparisonFlags, hints: Hints): PlanCandidates {
  const wrongOrigin = flags.origin?.find(origin => !isPageOrigin(origin));
  if (wrongOrigin !== undefined)
    throw new CliError(
      `--origin: "${wrongOrigin}" is not an origin; write scheme and host only, https://app.example`,
    );
  const wrongPath = flags.path?.find(path => !/^\/[!-~]*$/.test(path));
  if (wrongPath !== undefined)
    throw new CliError(`--path: "${wrongPath}" does not begin with a slash; write /api/items`);
  const wrongHeader = flags.header?.find(header => !isToken(header));
  if (wrongHeader !== undefined)
    throw new CliError(`--header: "${wrongHeader}" is not a header name; write x-request-id`);
  const origins = flags.origin ?? hints.origins;
  const paths = flags.path ?? hints.paths;
  return {
    origins: origins.length > 0 ? origins : [DEFAULT_ORIGIN],
    paths: paths.length > 0 ? paths : ['/'],
    patterns: hints.patterns,
    headers: flags.header ?? DEFAULT_HEADERS,
    assumed: [
      ...(origins.length > 0 ? [] : (['origins'] as const)),
      ...(paths.length > 0 ? [] : (['paths'] as const)),
    ],
    fixed: [...(flags.origin ? (['origins'] as const) : []), ...(flags.path ? (['paths'] as const) : [])],
  };
}

export function wantedBy({ only }: ComparisonFlags): (probe: Probe) => boolean {
  const wanted = only?.length ? matcher(only) : null;
  return probe => wanted === null || wanted('regress', probe.id);
}

/** @throws CliError if no probe is selected */
export function selectedProbes(
  plan: Omit<ProbePlan, 'bases'>,
  wanted: (probe: Probe) => boolean,
): readonly Probe[] {
  const bases = { before: 'https://localhost', after: 'https://localhost' };
  const selected = probesFor({ ...plan, bases }).filter(wanted);
  if (selected.length === 0)
    throw new CliError(
      'no request is selected by --only; regress --dry-run lists their ids',
      EXIT.nothingSelected,
    );
  return selected;
}

/** What is asked, in words: the origins and paths, and where they come from. */
export function planText(plan: Omit<ProbePlan, 'bases'>, candidates: PlanCandidates): string[] {
  const from = (what: 'origins' | 'paths') =>
    candidates.assumed.includes(what)
      ? ' (assumed)'
      : candidates.fixed.includes(what)
        ? ''
        : ' (named by the script)';
  return [
    `Origins: ${plan.origins.join(', ')}${from('origins')}; not listed: https://evil.example, null and similar origins`,
    `Paths: ${plan.paths.join(', ')}${from('paths')} and one that no route serves (${UNROUTED})`,
  ];
}

/** Turns what a package manager did wrong into an error for the user. */
export function userError(error: unknown): unknown {
  return error instanceof ReleaseError || error instanceof CommandError ? new CliError(error.message) : error;
}

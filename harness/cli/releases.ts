/** What `regress` and `bisect` share: their flags, the plan, and a release that is installed and runs. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { matcher } from '../case/select.ts';
import { isPageOrigin } from '../policy/origins.ts';
import { hintsOf } from '../regress/hints.ts';
import { type Plan, type Probe, UNROUTED } from '../regress/plan.ts';
import { installRelease } from '../release/install.ts';
import { parsePackage, pinned } from '../release/package.ts';
import { type InstallOptions, type Package, type Release, ReleaseError } from '../release/types.ts';
import { isToken } from '../standard/bytes.ts';
import { TargetError } from '../target/errors.ts';
import { type RunningTarget, startTarget } from '../target/start.ts';
import { CliError, EXIT } from './exit.ts';

export interface ReleaseFlags {
  target?: string;
  with?: string[];
  origin?: string[];
  path?: string[];
  header?: string[];
  only?: string[];
  out?: string;
}

/** What is asked of whom, before any server runs. */
export interface Order {
  readonly pkg: Package;
  /** Absolute. */
  readonly script: string;
  readonly others: readonly string[];
  readonly questions: Omit<Plan, 'bases'>;
  /** Where origins and paths come from, in words. */
  readonly sources: readonly string[];
  readonly wanted: (probe: Probe) => boolean;
}

/** Named by nobody, and allowed by any server that allows all. */
const DEFAULT_ORIGIN = 'https://app.example.com';

/** @throws CliError for what the user can mend */
export function orderOf(name: string, flags: ReleaseFlags): Order {
  if (flags.target === undefined)
    throw new CliError('--target SCRIPT is missing: the server script that uses the package');
  const script = resolve(flags.target);
  let source: string;
  try {
    source = readFileSync(script, 'utf8');
  } catch {
    throw new CliError(`--target: ${script} cannot be read`);
  }
  const hints = hintsOf(source);
  const wrongOrigin = flags.origin?.find(origin => !isPageOrigin(origin));
  if (wrongOrigin !== undefined)
    throw new CliError(
      `--origin: "${wrongOrigin}" is no origin; write scheme and host only, https://app.example`,
    );
  const wrongPath = flags.path?.find(path => !/^\/[!-~]*$/.test(path));
  if (wrongPath !== undefined) throw new CliError(`--path: "${wrongPath}" does not begin with a slash`);
  const wrongHeader = flags.header?.find(header => !isToken(header));
  if (wrongHeader !== undefined) throw new CliError(`--header: "${wrongHeader}" is no header name`);
  const origins = flags.origin ?? hints.origins;
  const paths = flags.path ?? hints.paths;
  const from = (flag: boolean, found: readonly string[]) =>
    flag ? '' : found.length > 0 ? ` (named in ${basename(script)})` : ' (assumed)';
  const questions = {
    origins: origins.length > 0 ? origins : [DEFAULT_ORIGIN],
    paths: paths.length > 0 ? paths : ['/'],
    headers: flags.header ?? ['x-a'],
  };
  const wanted = flags.only?.length ? matcher(flags.only) : null;
  return {
    pkg: packageOf(name, script),
    script,
    others: flags.with ?? [],
    questions,
    sources: [
      `Origins: ${questions.origins.join(', ')}${from(flags.origin !== undefined, hints.origins)}; not listed: https://evil.example, null and their like`,
      `Paths: ${questions.paths.join(', ')}${from(flags.path !== undefined, hints.paths)} and one that no route serves (${UNROUTED})`,
    ],
    wanted: probe => wanted === null || wanted('regress', probe.id),
  };
}

function packageOf(name: string, script: string): Package {
  try {
    return parsePackage(name, script);
  } catch (error) {
    throw userError(error);
  }
}

/**
 * Turns what a package manager or a server did wrong into an error for the user.
 * @param release which one, for a server that does not start on it
 */
export function userError(error: unknown, release?: string): unknown {
  if (error instanceof ReleaseError) return new CliError(error.message);
  if (error instanceof TargetError)
    return new CliError(
      release
        ? `the script does not run on ${release}: ${error.message}\nThe script has to export its app, or to listen on the port in PORT. If it needs other packages, choose them with --with, for example --with fastify@4.`
        : error.message,
      EXIT.target,
    );
  return error;
}

/** A release on which the script runs. */
export interface RunningRelease {
  readonly release: Release;
  readonly server: RunningTarget;
}

/**
 * The releases of one command: each is installed once, with the same other packages as the first, and whatever runs
 * or is installed goes with end().
 */
export class Releases {
  readonly #order: Order;
  readonly #options: Pick<InstallOptions, 'signal' | 'onProgress'>;
  readonly #installed = new Map<string, Release>();
  readonly #running = new Set<RunningTarget>();

  constructor(order: Order, options: Pick<InstallOptions, 'signal' | 'onProgress'>) {
    this.#order = order;
    this.#options = options;
  }

  /** Starts the script on a release. @throws CliError */
  async start(version: string): Promise<RunningRelease> {
    const { pkg } = this.#order;
    let release = this.#installed.get(version);
    try {
      release ??= await this.#install(version);
      const { target, base } = release;
      const server = await startTarget({ timeouts: { readyMs: 30_000, stopMs: 2_000 }, ...target }, base);
      this.#running.add(server);
      return { release, server };
    } catch (error) {
      throw userError(error, `${pkg.name} ${release?.version ?? version}`);
    }
  }

  /** Stops the script on a release, which stays installed. */
  async stop({ server }: RunningRelease): Promise<void> {
    await server.stop();
    this.#running.delete(server);
  }

  async #install(version: string): Promise<Release> {
    const { pkg, script, others } = this.#order;
    const [first] = this.#installed.values();
    const release = await installRelease(pkg, version, {
      script,
      others: first ? pinned(first, pkg) : others,
      ...this.#options,
    });
    this.#installed.set(version, release);
    return release;
  }

  async end(): Promise<void> {
    await Promise.all([...this.#running].map(server => server.stop()));
    await Promise.all([...this.#installed.values()].map(release => release.remove()));
  }
}

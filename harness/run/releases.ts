/** The releases of one comparison: installed, started, and gone at the end. */
import type { BySide, Side } from '../regress/plan.ts';
import { installRelease } from '../release/install.ts';
import { pinned } from '../release/package.ts';
import type { InstallOptions, Release } from '../release/types.ts';
import { TargetError } from '../target/errors.ts';
import { type RunningTarget, startTarget, type TargetOptions } from '../target/start.ts';
import type { ServerToCompare } from './compared-servers.ts';
import { type PackageRequest, userError } from './comparison-request.ts';
import { CliError, EXIT } from './exit.ts';
import { startAdvice } from './start-advice.ts';

/** A release on which the script runs. */
export interface RunningRelease extends ServerToCompare {
  readonly release: Release;
}

/** A release on which the script does not start. */
export class StartError extends CliError {
  readonly release: Release;
  /** The last lines that the script wrote, with paths as they are beside the script. */
  readonly output: readonly string[];
  /** What went wrong, in one sentence, and what to do about it if that can be told. */
  readonly reason: string;

  constructor(release: Release, request: PackageRequest, error: TargetError) {
    const advice = startAdvice(error.message, request.pkg);
    super(
      `the script does not run on ${request.pkg.name} ${release.label}: ${error.message}${advice && `\n${advice}`}`,
      EXIT.target,
    );
    this.name = 'StartError';
    this.release = release;
    this.output = error.output.map(line => line.replaceAll(`${release.base}/`, ''));
    const said = errorLine(this.output) ?? (error.message.split('\n')[0] ?? '').replaceAll(release.base, '.');
    this.reason = `${said.replace(/\.$/, '')}.${advice && ` ${advice}`}`;
  }
}

/** The line that names the error, as Node, Python, Go and Java write it. */
const errorLine = (output: readonly string[]): string | undefined =>
  output
    .map(line => line.trim())
    .findLast(line =>
      /^(?:[\w.]*(?:Error|Exception)\b(?: \[\w+\])?: |panic: |Exception in thread )/.test(line),
    );

const TIMEOUTS = { readyMs: 30_000, stopMs: 2_000 };

/**
 * The releases of one command: each is installed once, with the same other packages as the first unless it says
 * otherwise, and whatever runs or is installed goes with end().
 */
export class Releases {
  readonly #request: PackageRequest;
  readonly #options: Pick<InstallOptions, 'signal' | 'onProgress'>;
  readonly #installed = new Map<string, Release>();
  readonly #running = new Set<RunningTarget>();

  constructor(request: PackageRequest, options: Pick<InstallOptions, 'signal' | 'onProgress'>) {
    this.#request = request;
    this.#options = options;
  }

  /**
   * Starts the script on a release.
   * @throws StartError if it does not run; CliError if the release cannot be had
   */
  async start(version: string, side: Side): Promise<RunningRelease> {
    const release = await this.#install(version, side);
    try {
      const options: TargetOptions = {
        timeouts: TIMEOUTS,
        movePort: true,
        passEnv: ['*'],
        namedBy: 'script',
        ...release.target,
      };
      const running = await startTarget(options, release.base);
      this.#running.add(running);
      return { release, running, restart: { options, base: release.base } };
    } catch (error) {
      if (error instanceof TargetError) throw new StartError(release, this.#request, error);
      throw userError(error);
    }
  }

  /** Takes over a server that was started again. */
  adopt(running: RunningTarget): void {
    this.#running.add(running);
  }

  /** Stops the script on a release, which stays installed. */
  async stop({ running }: RunningRelease): Promise<void> {
    await running.stop();
    this.#running.delete(running);
  }

  async #install(version: string, side: Side): Promise<Release> {
    const key = `${side} ${version}`;
    const known = this.#installed.get(key);
    if (known) return known;
    const { pkg, along, script, app, others } = this.#request;
    const moving = along.map(name => withVersion(pkg.ecosystem, name, version));
    const [first] = this.#installed.values();
    try {
      const release = await installRelease(pkg, version, {
        script,
        app,
        others: first ? othersLike(first, this.#request, side, moving) : [...others[side], ...moving],
        ...this.#options,
      });
      this.#installed.set(key, release);
      return release;
    } catch (error) {
      throw userError(error);
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#running].map(server => server.stop()));
    await Promise.all([...this.#installed.values()].map(release => release.remove()));
  }
}

const withVersion = (ecosystem: string, name: string, version: string): string =>
  ecosystem === 'pypi' ? `${name}==${version}` : `${name}@${version}`;

const nameOf = (spec: string): string => /^(@?[^@=<>!~\s[]+)/.exec(spec)?.[1] ?? spec;

/** The other packages of the first release, but for those that move, or that the sides have of their own. */
function othersLike(
  first: Release,
  { pkg, others }: PackageRequest,
  side: Side,
  moving: readonly string[],
): string[] {
  const own: BySide<ReadonlySet<string>> = {
    before: new Set(others.before.map(nameOf)),
    after: new Set(others.after.map(nameOf)),
  };
  const differs = [...own.before, ...own.after].filter(name => {
    const spec = (of: Side) => others[of].filter(one => nameOf(one) === name).at(-1);
    return spec('before') !== spec('after');
  });
  const free = new Set([...differs, ...moving.map(nameOf)]);
  const kept = pinned(first, pkg).filter(spec => !free.has(nameOf(spec)));
  const wanted = others[side].filter(spec => differs.includes(nameOf(spec)));
  const extras = others[side].filter(spec => nameOf(spec) === pkg.name && spec.includes('['));
  return [...kept, ...wanted, ...moving, ...extras];
}

/** Two servers that the user names: by URL, or by the command that starts them. */
import process from 'node:process';
import type { BySide, Side } from '../regress/plan.ts';
import { SIDES } from '../regress/plan.ts';
import type { RegressRecord } from '../regress/record.ts';
import { TargetError } from '../target/errors.ts';
import { type RunningTarget, startTarget, type TargetOptions } from '../target/start.ts';
import type { ServerToCompare } from './compared-servers.ts';
import type { PackageRequest } from './comparison-request.ts';
import { CliError, EXIT } from './exit.ts';
import { type ComparisonSettings, compareTwoServers } from './regress-run.ts';

interface GivenServer {
  readonly options: TargetOptions;
  /** Of a URL: what is asked for, if nobody says otherwise. */
  readonly path?: string;
}

const TIMEOUTS = { readyMs: 30_000, stopMs: 2_000 };

function given(text: string, flag: string): GivenServer {
  if (!/^https?:\/\//i.test(text))
    return { options: { command: text, timeouts: TIMEOUTS, passEnv: ['*'], namedBy: 'command' } };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new CliError(`${flag}: "${text}" is not a URL; write http://localhost:8080/path`);
  }
  const path = url.pathname + url.search;
  return {
    options: { url: url.origin, timeouts: TIMEOUTS, namedBy: 'command' },
    ...(path !== '/' && { path }),
  };
}

/**
 * Starts or reaches both servers, and compares them.
 * @throws CliError if one of them is not given in a way that can be understood, does not start, or does not answer
 */
export async function compareGivenServers(
  texts: BySide<string>,
  request: Pick<PackageRequest, 'candidates' | 'wanted'>,
  settings: ComparisonSettings,
): Promise<RegressRecord> {
  const servers = { before: given(texts.before, '--before'), after: given(texts.after, '--after') };
  const [a, b] = SIDES.map(side => servers[side].options.url);
  if (a !== undefined && a === b)
    throw new CliError(
      `--before and --after are the same server, ${a}: they need ports or hosts of their own`,
    );
  const named = SIDES.flatMap(side => servers[side].path ?? []);
  const candidates =
    request.candidates.assumed.includes('paths') && named.length > 0
      ? {
          ...request.candidates,
          paths: [...new Set(named)],
          assumed: request.candidates.assumed.filter(what => what !== 'paths'),
          fixed: [...request.candidates.fixed, 'paths' as const],
        }
      : request.candidates;
  const running = new Set<RunningTarget>();
  const start = async (side: Side): Promise<ServerToCompare> => {
    const { options } = servers[side];
    try {
      const target = await startTarget(options, process.cwd());
      running.add(target);
      return {
        running: target,
        ...(options.command !== undefined && { restart: { options, base: process.cwd() } }),
      };
    } catch (error) {
      if (error instanceof TargetError) throw new CliError(`--${side}: ${error.message}`, EXIT.target);
      throw error;
    }
  };
  try {
    return await compareTwoServers(
      {
        servers: { before: await start('before'), after: await start('after') },
        candidates,
        wanted: request.wanted,
        labels: texts,
        onStart: (_, target) => void running.add(target),
      },
      settings,
    );
  } finally {
    await Promise.all([...running].map(target => target.stop()));
  }
}

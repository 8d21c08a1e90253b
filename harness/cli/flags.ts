/** What several verbs read from their flags in the same way. */
import type { Command } from 'commander';
import type { Shard } from '../case/select.ts';
import { CliError } from '../run/exit.ts';
import { readTextFile } from '../run/text-file.ts';
import { parseUrl } from '../standard/url.ts';
import { type Baseline, BaselineError, parseBaseline } from '../verdict/baseline.ts';
import type { GatewayAddress } from '../wire/gateway.ts';

/** Collects a flag that may be repeated and that takes several values by comma. */
export const commaList = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value.split(',').filter(Boolean),
];

/** Flags about browsers that another program starts. */
export interface RemoteFlags {
  grid?: string;
  connect?: string;
  host?: string;
  ports?: string;
}

/** Adds them to a verb that runs pages. */
export function addRemoteOptions(command: Command): Command {
  return command
    .option('--grid <url>', 'have this Selenium Grid, or other WebDriver server, start the browsers')
    .option('--connect <url>', 'have this Playwright server start them (npx playwright run-server --unsafe)')
    .option(
      '--host <name>',
      'how the machine of the browsers reaches this one; all of their traffic then goes through the gateway',
    )
    .option('--ports <from-to>', 'the ports that the gateway may have, one for each browser');
}

/** Where browsers reach the gateway; undefined if that is on loopback, at any port. @throws CliError */
export function gatewayAddressOf({ host, ports }: RemoteFlags): GatewayAddress | undefined {
  if (host === undefined && ports === undefined) return undefined;
  if (host !== undefined && parseUrl(`http://${host}:1/`) === null)
    throw new CliError(
      `--host: "${host}" is not a host name or an address; write an IPv6 address in brackets`,
    );
  const address = host ?? '127.0.0.1';
  if (ports === undefined) return { host: address };
  const [, first = 0, last = first] = (/^(\d+)(?:-(\d+))?$/.exec(ports) ?? [])
    .filter(text => text !== undefined)
    .map(Number);
  if (first < 1 || last < first || last > 65_535)
    throw new CliError(`--ports: "${ports}" is not a range of ports such as 9000-9009`);
  return { host: address, ports: [first, last] };
}

/** `--watch`, for verbs that run again. */
export const WATCH_FLAG = ['--watch', 'run again whenever a file of it changes, until Ctrl-C'] as const;

/** The part that `--shard` names. @throws CliError */
export function shardOf(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [, part = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (part < 1 || part > of) throw new CliError(`--shard: "${text}" is not a part of a whole such as 1/4`);
  return { part, of };
}

/** @throws CliError for a baseline that cannot be read or is none */
export function readBaselineFile(file: string): Baseline {
  let text: string;
  try {
    text = readTextFile(file);
  } catch {
    throw new CliError(`--baseline: ${file} cannot be read; verify --update-baseline writes one`);
  }
  try {
    return parseBaseline(text, file);
  } catch (error) {
    if (error instanceof BaselineError) throw new CliError(error.message);
    throw error;
  }
}

/** The values of a flag that takes several, or of its environment variable. */
export const listOr = (flag: string[] | undefined, variable: string | undefined): string[] | undefined =>
  flag ?? (variable ? commaList(variable) : undefined);

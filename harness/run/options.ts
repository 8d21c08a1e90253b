/**
 * What a run is about, handed from the command line to Playwright Test's processes.
 *
 * A run is three kinds of process: ours, Playwright's runner and its workers. Playwright passes nothing of ours on but
 * the environment, which its workers inherit when they are forked. So our process writes the options to a file and
 * names it in OPTIONS_VARIABLE; the reporter, which knows what filters and shards left, writes a plan into a folder
 * and names that in RUN_DIR_VARIABLE before any worker starts. Each process selects the suites by itself: that takes
 * milliseconds, and a test's function cannot be sent anywhere.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Shard } from '../case/select.ts';
import type { GatewayAddress } from '../wire/gateway.ts';

export interface RunOptions {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Case files to run instead of the suites. Absolute paths. */
  readonly caseFiles?: readonly string[];
  readonly slow?: true | number;
  readonly shuffle?: number;
  /** Differences that are not listed for an engine's build do not fail the run. */
  readonly unlisted?: 'ok';
  /** Only this part of the cases. */
  readonly shard?: Shard;
  /** Absolute path of the baseline. */
  readonly baseline?: string;
  /** Absolute path of the folder for results. */
  readonly out?: string;
  /** Evidence keeps its credentials. */
  readonly keepCredentials?: boolean;
  readonly onlyDifferences?: boolean;
  /** Print no progress, and of the results only what is not as it should be. */
  readonly quiet?: boolean;
  /** Print the record on standard output, and everything else on standard error. */
  readonly json?: boolean;
  /** All of the browsers' traffic goes through the recording gateway. */
  readonly throughGateway?: boolean;
  /** Where browsers of other machines reach the gateway. */
  readonly at?: GatewayAddress | undefined;
  /** Milliseconds after which a step's request is given up. Default 10,000, more on a busy machine. */
  readonly stepMs?: number;
  /** The command as the user typed it. */
  readonly command?: string;
  /** The engines of the run: one project each. */
  readonly engines?: readonly string[];
  /** Engines that were asked for but cannot be started, with the reason. */
  readonly missing?: readonly { readonly name: string; readonly reason: string; readonly fix: string }[];
  /** The command line reports and ends by itself: tests then never throw for a verdict, which would cost a browser each. */
  readonly underCli?: boolean;
}

export const OPTIONS_VARIABLE = 'CORS_CONFORMANCE_OPTIONS';
/** The folder where the runner's processes leave things for each other. */
export const RUN_DIR_VARIABLE = 'CORS_CONFORMANCE_RUN_DIR';

/** Read once: the file does not change during a run. */
let read: RunOptions | undefined;

/** The options of this run; none when Playwright Test was started by itself. */
export function runOptions(): RunOptions {
  const file = process.env[OPTIONS_VARIABLE];
  read ??= file ? (JSON.parse(readFileSync(file, 'utf8')) as RunOptions) : {};
  return read;
}

/** Where the runner leaves the exit code that its record stands for; undefined when Playwright Test was started by itself. */
export function codeFile(): string | undefined {
  const file = process.env[OPTIONS_VARIABLE];
  return file && codeFileBeside(file);
}

/** @param file where the options of the run are */
export const codeFileBeside = (file: string): string => `${file}.code`;

/** Which cases each project is going to run; what the reporter wrote down once filters and shards were applied. */
export function plannedCases(project: string): ReadonlySet<string> {
  const file = planFile();
  if (!file || !existsSync(file)) return new Set();
  const plan = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;
  return new Set(plan[project] ?? []);
}

/** Where the plan of this run is written; undefined outside a run. */
export function planFile(): string | undefined {
  const dir = process.env[RUN_DIR_VARIABLE];
  return dir ? `${dir}/plan.json` : undefined;
}

/** What a run is about, handed from the command line to Playwright Test's processes by a file. */
import { existsSync, readFileSync } from 'node:fs';

export interface RunOptions {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Case files to run instead of the suites. Absolute paths. */
  readonly caseFiles?: readonly string[];
  readonly slow?: true | number;
  readonly shuffle?: number;
  /** Absolute path of the baseline. */
  readonly baseline?: string;
  /** Absolute path of the folder for results. */
  readonly out?: string;
  /** Evidence keeps its credentials. */
  readonly keepCredentials?: boolean;
  readonly onlyDifferences?: boolean;
  /** All of the browsers' traffic goes through the recording gateway. */
  readonly throughGateway?: boolean;
  /** Milliseconds after which a step's request is given up. */
  readonly stepMs?: number;
  /** The command as the user typed it. */
  readonly command?: string;
  /** Engines that were asked for but cannot be started, with the reason. */
  readonly missing?: readonly { readonly name: string; readonly reason: string; readonly fix: string }[];
  /** The command line reports and ends by itself: tests then never throw for a verdict, which would cost a browser each. */
  readonly underCli?: boolean;
}

export const OPTIONS_VARIABLE = 'CORS_CONFORMANCE_OPTIONS';
/** The folder where the runner's processes leave things for each other. */
export const RUN_DIR_VARIABLE = 'CORS_CONFORMANCE_RUN_DIR';

let read: RunOptions | undefined;

/** The options of this run; none when Playwright Test was started by itself. */
export function runOptions(): RunOptions {
  const file = process.env[OPTIONS_VARIABLE];
  read ??= file ? (JSON.parse(readFileSync(file, 'utf8')) as RunOptions) : {};
  return read;
}

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

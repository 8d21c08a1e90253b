/** The verb `regress`: two releases of a middleware, or any two servers, and what changed between them. */

import { basename, extname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { CHANGE_SEVERITIES, type ChangeSeverity } from '../regress/change.ts';
import type { RegressRecord } from '../regress/record.ts';
import {
  type ComparisonFlags,
  candidatesOf,
  type PackageRequest,
  packageRequestOf,
  selectedProbes,
  wantedBy,
} from '../run/comparison-request.ts';
import { prepareEngines, proxiedEnginesOf } from '../run/engine-instances.ts';
import { CliError, EXIT } from '../run/exit.ts';
import { interruptible } from '../run/interruptible.ts';
import { commandOf, type Io } from '../run/io.ts';
import { matrixOf } from '../run/matrix-run.ts';
import { Progress } from '../run/progress.ts';
import { readAccepted, writeAccepted, writeMatrix, writeRegression } from '../run/regress-files.ts';
import { type ComparisonSettings, comparePackages } from '../run/regress-run.ts';
import { Releases } from '../run/releases.ts';
import { compareGivenServers } from '../run/server-pair.ts';
import { askForReasons } from '../verdict/unsaid-reason.ts';
import { commaList } from './flags.ts';
import { addOutputOptions, type OutputFlags, printJson, progressOf, sayOf } from './output.ts';
import { outputFolder } from './output-folder.ts';
import { addPlanOptions, type PlanFlags } from './plan-options.ts';

interface RegressFlags extends PlanFlags, OutputFlags {
  readonly target?: string[];
  readonly before?: string;
  readonly after?: string;
  readonly accept?: string;
  readonly updateAccept?: boolean;
  readonly failOn: ChangeSeverity;
  readonly matrix?: string;
  readonly dryRun?: boolean;
  readonly markdown?: boolean;
}

export function register(program: Command, io: Io): void {
  addPlanOptions(
    addOutputOptions(program.command('regress'), {
      json: 'the comparison, as in regress.json; of several targets an array; with --matrix the table; with --dry-run an array of { id, title }; with --update-accept { file, changes }',
      quiet: 'changes, and the last sentence',
    })
      .description('compare two releases of a middleware, or any two servers, and show what changed')
      .argument(
        '[package]',
        'for example cors, pypi:flask-cors, go:github.com/rs/cors; several by comma move together',
      )
      .argument(
        '[from]',
        'a version, range or tag; the path of a folder or an archive; or git:REF of this checkout',
      )
      .argument('[to]', 'the same')
      .option(
        '-t, --target <scripts>',
        'the server script, or several by comma; it exports its app, or listens on PORT; server.mjs:NAME names the app',
        commaList,
      ),
  )
    .option(
      '--before <server>',
      'instead of a package: the URL of the earlier server, or the command that starts it on PORT',
    )
    .option('--after <server>', 'the same for the later server')
    .option(
      '--accept <file>',
      'changes that are intended: they do not fail, and those that no longer happen do',
    )
    .option('--update-accept', 'write what changes now into the file of accepted changes')
    .addOption(
      new Option(
        '--fail-on <severity>',
        'the least severe change that fails, in the order unlisted, closed, page, wire, form',
      )
        .choices([...CHANGE_SEVERITIES])
        .default('wire'),
    )
    .option('--matrix <range>', 'all releases from FROM..TO one after the other, as a table')
    .option('--dry-run', 'list every request that would be sent, and send none')
    .option('--markdown', 'print it as Markdown, for a pull request')
    .addHelpText(
      'after',
      `
Exit codes: 0 no change that fails (--fail-on), 1 something changed, or an accepted change no longer happens, 2 usage, or
a release that cannot be installed, 3 the server starts on neither side, 4 an engine or the harness failed, 5 nothing
selected, 6 nothing was exercised: no listed origin was allowed, no answer carried a CORS header, or every request failed.

Examples:
  npx cors-conformance regress cors 2.8.5 2.8.6 --target server.mjs
  npx cors-conformance regress @fastify/cors 9 11 --target server.ts --with-from fastify@4 --with-to fastify@5
  npx cors-conformance regress cors latest . --target test/server.mjs --engine chromium --fail-on closed
  npx cors-conformance regress cors git:main . --target test/a.mjs,test/b.mjs --accept cors-accepted.json
  npx cors-conformance regress --before https://old.example --after 'nginx -c new.conf' --origin https://app.example
  npx cors-conformance regress cors --matrix 2.8.0..2.8.6 --target server.mjs`,
    )
    .action(
      async (
        name: string | undefined,
        from: string | undefined,
        to: string | undefined,
        flags: RegressFlags,
      ) => {
        io.exitCode = await regress([name, from, to], flags, io);
      },
    );
}

type Arguments = readonly [name: string | undefined, from: string | undefined, to: string | undefined];

/** @returns the exit code. @throws CliError for what the user can correct */
async function regress(given: Arguments, flags: RegressFlags, io: Io): Promise<number> {
  if (flags.json && flags.markdown)
    throw new CliError('--json and --markdown exclude each other; choose one');
  if (flags.updateAccept && flags.accept === undefined)
    throw new CliError('--update-accept needs --accept FILE, the file to write');
  if (flags.matrix !== undefined) return matrix(given, flags.matrix, flags, io);
  if (flags.before !== undefined || flags.after !== undefined) return servers(given, flags, io);
  const [name, from, to] = given;
  if (name === undefined || from === undefined || to === undefined)
    throw new CliError(
      'regress needs PACKAGE FROM TO, or --before and --after; for example: regress cors 2.8.5 2.8.6 --target server.mjs',
    );
  const requests = await requestsOf(name, flags);
  if (flags.dryRun) return dryRun(requests[0] as PackageRequest, flags, io);
  return inSettings(flags, io, async (settings, out) => {
    const records: RegressRecord[] = [];
    for (const request of requests) {
      const releases = new Releases(request, {
        signal: settings.signal,
        ...(settings.say && { onProgress: settings.say }),
      });
      try {
        const record = await comparePackages(request, releases, [from, to], settings);
        settings.signal.throwIfAborted();
        const folder = requests.length > 1 ? join(out, nameOf(request)) : out;
        records.push(writeRegression(record, { out: folder, io, ...formOf(flags) }));
      } finally {
        await releases.end();
      }
    }
    return records;
  });
}

const nameOf = ({ script, app }: PackageRequest): string =>
  [basename(script, extname(script)), app?.replace('()', '')].filter(Boolean).join('-');

const formOf = ({ json, markdown, quiet = false }: RegressFlags) =>
  ({ form: json ? 'json' : markdown ? 'markdown' : 'text', quiet }) as const;

async function requestsOf(name: string, flags: RegressFlags): Promise<PackageRequest[]> {
  const targets = flags.target ?? [];
  if (targets.length === 0)
    throw new CliError('--target SCRIPT is missing: the server script that uses the package');
  const requests: PackageRequest[] = [];
  for (const target of targets) {
    const request = await packageRequestOf(name, target, flags as ComparisonFlags);
    selectedProbes(request.candidates, request.wanted);
    requests.push(request);
  }
  return requests;
}

function dryRun(
  { candidates, wanted }: Pick<PackageRequest, 'candidates' | 'wanted'>,
  flags: OutputFlags,
  io: Io,
): number {
  const probes = selectedProbes(candidates, wanted).map(({ id, title }) => ({ id, title }));
  if (flags.json) printJson(io, probes);
  else for (const { id, title } of probes) io.stdout.write(`${id}: ${title}\n`);
  progressOf(io, flags).write(
    'Origins and paths that neither server answers are left out; that is found out by a GET of each.\n',
  );
  return EXIT.expected;
}

/** Runs comparisons with what all of them share, and turns their records into the exit code. */
async function inSettings(
  flags: RegressFlags,
  io: Io,
  work: (settings: ComparisonSettings, out: string) => Promise<readonly RegressRecord[]>,
): Promise<number> {
  const engines = proxiedEnginesOf(flags.engine);
  await prepareEngines(engines, sayOf(io, flags));
  const out = outputFolder(flags.out);
  const accept = flags.accept === undefined ? null : readAccepted(flags.accept, flags.updateAccept === true);
  return interruptible(async signal => {
    const progress = new Progress(progressOf(io, flags));
    const records = await work(
      {
        engines,
        signal,
        accept,
        failOn: flags.failOn,
        command: commandOf(io),
        say: sayOf(io, flags),
        hooks: {
          begin: (totals, isRepeat) => (isRepeat ? progress.again(totals) : progress.begin(totals)),
          step: engine => progress.count(engine),
        },
      },
      out,
    ).finally(() => progress.end());
    if (flags.updateAccept && flags.accept !== undefined) {
      accepted(writeAccepted(flags.accept, records, accept), flags, io);
      return EXIT.expected;
    }
    if (flags.json && records.length > 0) printJson(io, records.length === 1 ? records[0] : records);
    const demanded = flags.engine !== undefined || Boolean(io.env.CI);
    return Math.max(...records.map(record => exitCodeOf(record, demanded)), EXIT.expected);
  });
}

/** Says what is accepted from now on. */
function accepted(written: ReturnType<typeof writeAccepted>, { json }: OutputFlags, io: Io): void {
  const n = written.changes.length;
  if (json) printJson(io, written);
  else
    io.stdout.write(
      `${written.file} now accepts ${n} change${n === 1 ? '' : 's'}.${askForReasons(written.changes)}\n`,
    );
}

/** @param demanded whether an engine that is missing fails the run */
export function exitCodeOf({ outcome, engines, unfinished }: RegressRecord, demanded: boolean): number {
  if (outcome === 'changed') return EXIT.unexpected;
  const missing = engines.some(({ notRun }) => notRun !== undefined);
  if (unfinished.length > 0 || (missing && demanded)) return EXIT.harness;
  return outcome === 'not-exercised' ? EXIT.notExercised : EXIT.expected;
}

/** Any two servers, without a package. */
async function servers([name]: Arguments, flags: RegressFlags, io: Io): Promise<number> {
  const { before, after } = flags;
  if (before === undefined || after === undefined)
    throw new CliError('--before and --after belong together: each is a URL, or the command of a server');
  if (name !== undefined)
    throw new CliError(`"${name}": a package and --before exclude each other; leave one out`);
  const request = {
    candidates: candidatesOf(flags, { origins: [], paths: [], patterns: [] }),
    wanted: wantedBy(flags),
  };
  selectedProbes(request.candidates, request.wanted);
  if (flags.dryRun) return dryRun(request, flags, io);
  return inSettings(flags, io, async (settings, out) => {
    const record = await compareGivenServers({ before, after }, request, settings);
    settings.signal.throwIfAborted();
    return [writeRegression(record, { out, io, ...formOf(flags) })];
  });
}

/** Every release of a range, each compared with the one before it. */
async function matrix([name]: Arguments, range: string, flags: RegressFlags, io: Io): Promise<number> {
  const [, first, last] = /^(.+?)\.\.(.+)$/.exec(range) ?? [];
  if (name === undefined || first === undefined || last === undefined)
    throw new CliError(
      `--matrix: "${range}" is not FROM..TO; for example: regress cors --matrix 2.8.0..2.8.6`,
    );
  const [request] = await requestsOf(name, flags);
  return inSettings({ ...flags, engine: flags.engine ?? ['model'] }, io, async (settings, out) => {
    const found = await matrixOf(request as PackageRequest, [first, last], settings);
    writeMatrix(found, { out, io, ...formOf(flags) });
    return [];
  });
}

/**
 * The verb `init`: writes a configuration for `verify`, from flags, from an API description, from what a running
 * server does today, and by asking for what none of them tells.
 * Longer than other files: one verb with four sources for its answers.
 */

import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import process from 'node:process';
import type { Writable } from 'node:stream';
import type { Command } from 'commander';
import type { ApiDescription } from '../policy/config/from-openapi.ts';
import { PolicyError, readConfig } from '../policy/config/read.ts';
import type { InferredPolicy } from '../policy/infer.ts';
import { REPORTS } from '../process/reports-folder.ts';
import { CliError, EXIT } from '../run/exit.ts';
import type { Io } from '../run/io.ts';
import { namedStack } from '../run/known-stack.ts';
import { type Project, readProject } from '../run/project.ts';
import { WriteError, writeFiles } from '../run/write-files.ts';
import { ALL_STACKS } from '../stacks/index.ts';
import { isUrl } from '../standard/url.ts';
import { configOf, type InitAnswers, jsonText, typescriptText } from './init-text.ts';
import { addOutputOptions, type OutputFlags, peopleOutput, printJson, sayOf } from './output.ts';
import { wouldBeCommitted } from './output-folder.ts';

interface InitFlags extends OutputFlags {
  from?: string;
  openapi?: string;
  command?: string;
  module?: string;
  url?: string;
  origin?: string[];
  credentials?: boolean;
  path?: string[];
  method?: string[];
  header?: string[];
  expose?: string[];
  maxAge?: string;
  stack?: string;
  file?: string;
  force?: boolean;
}

const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
const collect = (value: string, before: string[] = []): string[] => [...before, ...words(value)];

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program
      .command('init')
      .description(
        'write a commented configuration for verify: from flags, a running server, an API description',
      ),
    {
      json: '{ file, config }; the file is JSON too, unless --file names another kind',
      quiet: 'what it wrote',
    },
  )
    .option('--from <url>', 'the policy that this server keeps today; what looks like a mistake is marked')
    .option(
      '--openapi <file>',
      'paths, methods, bodies and headers from an OpenAPI or Swagger document (file or URL)',
    )
    .option('--command <line>', 'the command that starts the server; {port} is filled in')
    .option('--module <file>', 'or the module that exports its app or handler')
    .option('--url <url>', 'or the URL of one that runs already')
    .option('--origin <origins>', 'allowed origins, by comma', collect)
    .option('--credentials', 'they may read with credentials')
    .option('--path <paths>', 'paths to ask for, by comma (default: /)', collect)
    .option('--method <methods>', 'allowed methods, by comma (default: GET)', collect)
    .option('--header <names>', 'allowed request headers, by comma', collect)
    .option('--expose <names>', 'exposed response headers, by comma', collect)
    .option('--max-age <seconds>', 'for how long a preflight may be remembered')
    .option('--stack <name>', `what answers CORS there: ${ALL_STACKS.map(one => one.id).join(', ')}`)
    .option('--file <file>', 'where to (default: cors.config.ts, or cors.config.json with --json)')
    .option('--force', 'overwrite the file')
    .addHelpText(
      'after',
      `
Examples:
  npx cors-conformance init --command 'node server.js' --origin https://app.example.com --credentials --path /api/items
  npx cors-conformance init --from http://localhost:3000/api/items --origin https://app.example.com
  npx cors-conformance init --openapi openapi.yaml --command 'npm start' --origin https://app.example.com`,
    )
    .action((flags: InitFlags) => init(flags, io));
}

/** @throws CliError for what the user can correct */
async function init(flags: InitFlags, io: Io): Promise<void> {
  const file = resolve(flags.file ?? (flags.json ? 'cors.config.json' : 'cors.config.ts'));
  const shown = relative(process.cwd(), file) || file;
  if (existsSync(file) && !flags.force)
    throw new CliError(`${shown} exists: name another with --file, or overwrite it with --force`);
  const answers = await answersOf(flags, io);
  check(answers, io);
  write(file, file.endsWith('.json') ? jsonText(answers) : typescriptText(answers));
  if (flags.json) {
    printJson(io, { file, config: configOf(answers) });
    return;
  }
  io.stdout.write(`Wrote ${shown}.\n`);
  if (flags.quiet) return;
  io.stdout.write(
    `Next: npx cors-conformance verify ${shown} --dry-run lists every request; without --dry-run it sends them.\n`,
  );
  if (wouldBeCommitted(dirname(file)))
    io.stdout.write(`Its reports go to ${REPORTS}/: a line of .gitignore keeps them out of Git.\n`);
}

/** @throws CliError if there can be no such file; WriteError if there is no room for it */
function write(file: string, text: string): void {
  try {
    writeFiles(dirname(file), { [basename(file)]: text });
  } catch (error) {
    if (!(error instanceof WriteError) || error.isFull) throw error;
    throw new CliError(`${error.message}: name another file with --file`);
  }
}

/** @throws CliError that says which one may have been meant, or which ones there are */
function stackOf(name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  namedStack(name, '--stack');
  return name;
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new CliError(`--max-age: "${text}" is not a whole number of seconds`);
  return Number(text);
}

function fromFlags(flags: InitFlags): InitAnswers {
  const maxAge = secondsOf(flags.maxAge);
  const stack = stackOf(flags.stack);
  return {
    ...(flags.command !== undefined && { command: flags.command }),
    ...(flags.module !== undefined && { module: flags.module }),
    ...(flags.url !== undefined && { url: flags.url }),
    origins: flags.origin ?? [],
    credentials: flags.credentials ?? false,
    paths: flags.path ?? ['/'],
    methods: flags.method ?? ['GET'],
    requestHeaders: flags.header ?? [],
    exposedHeaders: flags.expose ?? [],
    ...(maxAge !== undefined && { maxAge }),
    ...(stack && { stack }),
  };
}

const recognisedIn = ({ stacks: [first] }: Project): Pick<InitAnswers, 'recognised'> =>
  first ? { recognised: first.id } : {};

/** Flags first, then what a description or a server tells, then the project's files, then the user. */
async function answersOf(flags: InitFlags, io: Io): Promise<InitAnswers> {
  const { api, inferred, told } = await sources(flags, io);
  const project = readProject(process.cwd());
  const filled = { ...told, ...flags };
  const reached = filled.command ?? filled.module ?? filled.url;
  const interactive = io.stdin.isTTY && io.stdout.isTTY;
  if (!interactive && (reached === undefined || filled.origin === undefined)) {
    throw new CliError(
      `this is not a terminal, so nothing can be asked: pass ${filled.origin === undefined ? '--origin' : ''}${
        filled.origin === undefined && reached === undefined ? ' and ' : ''
      }${reached === undefined ? 'one of --command, --module, --url' : ''}; \`npx cors-conformance init --help\` shows an example`,
    );
  }
  const complete = interactive ? await askFor(filled, project, io) : filled;
  const answers = { ...fromFlags(complete), ...recognisedIn(project) };
  return { ...answers, ...(api && ofApi(api, answers)), ...(inferred && ofServer(inferred, answers)) };
}

interface Sources {
  readonly api?: ApiDescription;
  readonly inferred?: InferredPolicy;
  /** What they tell of the flags. */
  readonly told: InitFlags;
}

async function sources(flags: InitFlags, io: Io): Promise<Sources> {
  const { from, openapi, origin = [], header } = flags;
  if (from !== undefined && openapi !== undefined)
    throw new CliError('--from and --openapi are two ways to the same: give one of them');
  if (openapi !== undefined) {
    const api = await (await import('../run/openapi-file.ts')).readOpenApi(openapi);
    // A server that is started here is asked, not the one that the description names.
    const reached = flags.command ?? flags.module ?? flags.url;
    return { api, told: { ...(reached === undefined && api.url !== undefined && { url: api.url }) } };
  }
  if (from === undefined) return { told: {} };
  if (!isUrl(from) || !/^https?:$/.test(new URL(from).protocol))
    throw new CliError(`--from: "${from}" is not an http or https URL`);
  const { inferFrom } = await import('../run/infer-policy.ts');
  const inferred = await inferFrom({
    url: from,
    origins: origin,
    ...(header && { headers: header }),
    say: sayOf(io, flags),
  });
  if (!inferred)
    throw new CliError(
      `${from} lets no origin in${origin.length > 0 ? ` (asked for ${origin.join(', ')})` : ': name one that should read with --origin'}`,
      EXIT.unexpected,
    );
  const { origin: base, pathname, search } = new URL(from);
  const { origins } = inferred.policy;
  return {
    inferred,
    told: {
      url: base,
      path: [pathname + search],
      origin: (Array.isArray(origins) ? origins : [origins]) as string[],
    },
  };
}

/** What the API description adds to the flags. */
function ofApi(api: ApiDescription, answers: InitAnswers): Partial<InitAnswers> {
  const union = (names: (resource: ApiDescription['resources'][number]) => readonly string[]) => [
    ...new Set(api.resources.flatMap(names)),
  ];
  return {
    resources: api.resources.map(({ path, methods, headers, body, contentType }) => ({
      path,
      methods,
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
      ...(contentType !== undefined && { contentType }),
    })),
    methods: union(({ methods }) => methods),
    requestHeaders: [
      ...new Set([...answers.requestHeaders, ...union(({ requestHeaders }) => requestHeaders)]),
    ],
    exposedHeaders: [
      ...new Set([...answers.exposedHeaders, ...union(({ exposedHeaders }) => exposedHeaders)]),
    ],
    credentials: answers.credentials || api.resources.some(({ needsCredentials }) => needsCredentials),
    authHeaders: api.authHeaders,
    authCookies: api.cookies,
    notes: api.notes,
  };
}

/** What the server does today, where no flag says otherwise. */
function ofServer({ policy, mistakes }: InferredPolicy, answers: InitAnswers): Partial<InitAnswers> {
  const { credentials = false, methods = ['GET'], requestHeaders = [], exposedHeaders = [], maxAge } = policy;
  return {
    credentials: answers.credentials || credentials,
    methods,
    requestHeaders,
    exposedHeaders,
    ...(maxAge !== undefined && { maxAge }),
    // Only what is safe is sent: nobody said yet that the others may be.
    resources: answers.paths.map(path => ({ path, methods: ['GET'] })),
    notes: mistakes,
  };
}

/** What is still open is asked for; an empty answer takes the default. */
async function askFor(flags: InitFlags, project: Project, io: Io): Promise<InitFlags> {
  const { isCancel, text } = await import('@clack/prompts');
  const output = peopleOutput(io, flags);
  const streams = { input: io.stdin, output: output as NodeJS.WritableStream as Writable };
  const ask = async (message: string, fallback = ''): Promise<string> => {
    const answer = await text({ message, placeholder: fallback, defaultValue: fallback, ...streams });
    if (isCancel(answer)) throw new CliError('nothing was written', EXIT.interrupted);
    return answer.trim();
  };
  const filled: InitFlags = { ...flags };
  if (filled.stack === undefined && project.stacks[0]) {
    output.write(`${project.source}: this looks like ${project.stacks[0].title}.\n`);
  }
  if ((filled.command ?? filled.module ?? filled.url) === undefined) {
    const answer = await ask(
      'Command that starts the server, or the URL of one that runs',
      project.command ?? 'npm start',
    );
    if (/^https?:\/\//.test(answer)) filled.url = answer;
    else filled.command = answer;
  }
  filled.origin ??= words(await ask('Origins that may read, by comma', 'https://app.example.com'));
  if (flags.from !== undefined || flags.openapi !== undefined) return filled;
  filled.credentials ??= /^y/i.test(await ask('May they read with cookies or other credentials? (y/n)', 'n'));
  filled.path ??= words(await ask('Paths to ask for, by comma', '/'));
  filled.method ??= words(await ask('Methods, by comma', 'GET'));
  filled.header ??= words(await ask('Request headers that script may set, by comma'));
  filled.expose ??= words(await ask('Response headers that script may read, by comma'));
  filled.maxAge ??= await ask('For how many seconds a preflight may be remembered');
  return filled;
}

/** A file that verify would refuse is not written. */
function check(answers: InitAnswers, io: Io): void {
  try {
    for (const { path, message } of readConfig(configOf(answers)).warnings)
      io.stderr.write(`warning: ${path}: ${message}\n`);
  } catch (error) {
    if (error instanceof PolicyError) throw new CliError(`nothing written:\n${error.message}`);
    throw error;
  }
}

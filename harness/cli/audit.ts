/** The verb `audit`: who may do what at a URL, without a policy, and what is dangerous about it. */

import type { Command } from 'commander';
import { renderAudit } from '../../reports/audit.ts';
import { wantsColor } from '../../reports/terminal.ts';
import { PROXIED_ENGINE_HELP } from '../case/engine-name.ts';
import { isPageOrigin, splitPattern } from '../policy/config/origins.ts';
import { type Audited, type AuditRequest, auditUrl } from '../run/audit-run.ts';
import { prepareEngines, proxiedEnginesOf } from '../run/engine-instances.ts';
import { CliError, EXIT } from '../run/exit.ts';
import { interruptible } from '../run/interruptible.ts';
import type { Io } from '../run/io.ts';
import { Progress } from '../run/progress.ts';
import { isToken } from '../standard/bytes.ts';
import { isUrl } from '../standard/url.ts';
import { TargetError } from '../target/errors.ts';
import { redactAll, secretsIn } from '../verdict/redact.ts';
import { commaList } from './flags.ts';
import { addOutputOptions, type OutputFlags, printJson, progressOf, sayOf } from './output.ts';

interface AuditFlags extends OutputFlags {
  origin?: string[];
  path?: string[];
  method?: string[];
  header?: string[];
  engine?: string[];
  openapi?: string;
  strict?: boolean;
  verbose?: boolean;
}

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program
      .command('audit')
      .description('who may read what at a URL, and what is dangerous about it; needs no policy'),
    { json: 'an array, what was found at each URL', quiet: 'findings, and the last sentence of each URL' },
  )
    .argument('<urls...>', 'what to ask: GET and preflights only')
    .option(
      '-o, --origin <origins>',
      'origins that are meant to read, by comma; patterns such as https://*.example.com too',
      commaList,
    )
    .option('-p, --path <paths>', 'paths to audit at each URL, by comma', commaList)
    .option('--openapi <file>', 'audit every path that this API description can GET (file or URL)')
    .option('--method <methods>', 'ask for these methods too, by preflight', commaList)
    .option('--header <names>', 'ask for these request headers too, by preflight', commaList)
    .option('-e, --engine <names>', `confirm in these browsers, by comma: ${PROXIED_ENGINE_HELP}`, commaList)
    .option('--strict', 'warnings end with 1 too')
    .option('-v, --verbose', 'print explanations and whole fixes')
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing dangerous or broken, 1 something is, 2 usage, 3 the server does not answer, 4 an engine that was
asked for could not confirm.

Examples:
  npx cors-conformance audit https://api.example.com/items
  npx cors-conformance audit http://localhost:3000/api/items --origin https://app.example.com --engine chromium
  npx cors-conformance audit https://staging.example.com --openapi openapi.yaml --json`,
    )
    .action(async (urls: string[], flags: AuditFlags) => {
      io.exitCode = await audit(urls, flags, io);
    });
}

/** @returns the exit code. @throws CliError for what the user can change */
async function audit(given: readonly string[], flags: AuditFlags, io: Io): Promise<number> {
  check(given, flags);
  const urls = await urlsOf(given, flags);
  const engines =
    flags.engine === undefined ? [] : proxiedEnginesOf(flags.engine).filter(name => name !== 'model');
  await prepareEngines(engines, sayOf(io, flags));
  const audited: Audited[] = [];
  const ended = await interruptible(async signal => {
    for (const url of urls) {
      const one = await auditOne({ url, engines, signal }, flags, io);
      audited.push(one);
      if (!flags.json) io.stdout.write(`${auditText(one, flags, io)}\n${urls.length > 1 ? '\n' : ''}`);
    }
    return EXIT.expected;
  });
  if (flags.json) printJson(io, audited);
  if (ended !== EXIT.expected) return ended;
  const counting = flags.strict ? ['error', 'warning'] : ['error'];
  const findings = audited.flatMap(one => one.findings);
  if (findings.some(({ severity }) => counting.includes(severity))) return EXIT.unexpected;
  const absent = audited.some(one => one.engines.some(({ notRun }) => notRun !== undefined));
  return absent ? EXIT.harness : EXIT.expected;
}

async function auditOne(
  about: Pick<AuditRequest, 'url' | 'engines' | 'signal'>,
  flags: AuditFlags,
  io: Io,
): Promise<Audited> {
  const { origin = [], method, header } = flags;
  try {
    const audited = await auditUrl({
      ...about,
      origins: origin,
      ...(method && { methods: method }),
      ...(header && { headers: header }),
      ...(about.engines.length > 0 && { progress: new Progress(progressOf(io, flags)) }),
    });
    // Before it is laid out: a value that is broken over two lines would not be found any more.
    const secrets = secretsIn(audited);
    secrets.addAll(io.secrets);
    return redactAll(audited, secrets);
  } catch (error) {
    if (error instanceof TargetError) throw new CliError(error.message, EXIT.target);
    throw error;
  }
}

function auditText(audited: Audited, flags: AuditFlags, io: Io): string {
  return renderAudit(audited, {
    color: wantsColor(io.env, io.stdout.isTTY === true),
    ...(io.stdout.columns !== undefined && { width: io.stdout.columns }),
    ...(flags.verbose && { verbose: true }),
    ...(flags.quiet && { quiet: true }),
  });
}

function check(urls: readonly string[], { origin = [], method = [], header = [] }: AuditFlags): void {
  for (const url of urls) {
    if (!isUrl(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new CliError(`"${url}" is not an absolute http or https URL`);
  }
  for (const one of origin) {
    // A pattern is one of verify's: https://*.example.com, http://localhost:*.
    if (isPageOrigin(one) || (one.includes('*') && splitPattern(one))) continue;
    const right = isUrl(one) ? new URL(one).origin : 'https://app.example.com';
    throw new CliError(`--origin: "${one}" is not how browsers write an origin; write it as ${right}`);
  }
  for (const [flag, names] of [
    ['--method', method],
    ['--header', header],
  ] as const) {
    const wrong = names.find(name => !isToken(name));
    if (wrong !== undefined) throw new CliError(`${flag}: "${wrong}" is not a name`);
  }
}

async function urlsOf(given: readonly string[], { path, openapi }: AuditFlags): Promise<string[]> {
  if (path !== undefined && openapi !== undefined)
    throw new CliError('--path and --openapi both say which paths: give one of them');
  const paths = openapi === undefined ? path : await pathsOf(openapi);
  if (paths === undefined) return [...given];
  return given.flatMap(url => paths.map(one => new URL(one, url).href));
}

async function pathsOf(openapi: string): Promise<string[]> {
  const { readOpenApi } = await import('../run/openapi-file.ts');
  const { resources } = await readOpenApi(openapi);
  const paths = resources.filter(({ methods }) => methods.includes('GET')).map(({ path }) => path);
  if (paths.length === 0)
    throw new CliError(`--openapi: ${openapi} describes no path that can be read by GET`);
  return paths;
}

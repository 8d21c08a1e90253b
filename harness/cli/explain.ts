/**
 * The verb `explain`: one request against one server, without a browser, step by step, and in everyday words.
 * Longer than other files: one verb with four ways in (a URL, a console line, a curl command, a HAR file).
 */

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ConsoleMessage, readConsole } from '../explain/console-message.ts';
import { CurlError, readCurl } from '../explain/curl-command.ts';
import { readFetchCall } from '../explain/fetch-call.ts';
import type { HarRecording } from '../explain/har-entry.ts';
import { CliError, EXIT } from '../run/exit.ts';
import { briefLines, messageLines, reasonLines, requestBehind } from '../run/explain-everyday.ts';
import { answerFromLines, parseLine, readHeads } from '../run/explain-heads.ts';
import { sendLive } from '../run/explain-live.ts';
import { clientOf, explainRequest, secretsOfExplained } from '../run/explain-request.ts';
import {
  type RequestExplanation,
  toJson,
  toText,
  type Verdict,
  verdictLines,
  withoutUrlSecrets,
} from '../run/explain-text.ts';
import type { Io } from '../run/io.ts';
import { bytesOf, decoded } from '../run/text-file.ts';
import { waitingFor } from '../run/waiting.ts';
import { preflightsBy, safelyBy } from '../run/withheld.ts';
import { isSafelistedMethod } from '../standard/methods.ts';
import { isAppOrigin } from '../standard/origin.ts';
import { isUrl } from '../standard/url.ts';
import type { AsyncTransport, ScriptRequest, WireReply } from '../standard/user-agent.ts';
import { secretsIn } from '../verdict/redact.ts';
import { redactUrl } from '../wire/redact.ts';
import { addOutputOptions, type OutputFlags, sayOf } from './output.ts';

interface ExplainFlags extends OutputFlags {
  readonly origin?: string;
  readonly message?: string;
  readonly curl?: string;
  readonly har?: string;
  readonly offline?: boolean;
  readonly method?: string;
  readonly header?: string[];
  readonly data?: string;
  readonly credentials?: boolean;
  readonly mode?: string;
  readonly insecure?: boolean;
  readonly timeout: string;
  readonly response?: string[];
  readonly status?: string;
  readonly preflightResponse?: string[];
  readonly preflightStatus?: string;
  readonly head?: string;
  readonly preflightHead?: string;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

const EXIT_CODES: Record<Verdict, number> = {
  allowed: EXIT.expected,
  permitted: EXIT.expected,
  opaque: EXIT.expected,
  blocked: EXIT.unexpected,
  failed: EXIT.unexpected,
  unreachable: EXIT.target,
  unsent: EXIT.unexpected,
};

export function register(program: Command, io: Io): void {
  addOutputOptions(
    program
      .command('explain')
      .description(
        'explain why a request is allowed or blocked, step by step and in everyday words; no browser needed',
      ),
    {
      json: '{ url, origin, verdict, explanation, warnings, hidden, script, exchanges, trace }; of --har an array of these, of --message an array of { message, again }',
      quiet: 'allowed or blocked, and why',
    },
  )
    .argument('[url]', 'what the page asks for; or, in quotes, a console message or a curl command')
    .option('--origin <origin>', 'the origin of the page, such as https://app.example, or null')
    .option(
      '--message <text>',
      "a browser's console message, one line or a whole block (- reads standard input)",
    )
    .option(
      '--curl <command>',
      'the request as a curl command, as "Copy as cURL" gives it, or "Copy as fetch" (- reads standard input)',
    )
    .option('--har <file>', 'a session recorded in the Network panel: explains each of its CORS requests')
    .option('--offline', 'with --message: do not ask the server again')
    .option('--method <method>', 'the request method (default: GET, or POST with --data)')
    .option('--header <line>', "a header that script sets, as 'Name: value'; may be repeated", collect)
    .option('--data <text>', 'a text body')
    .option('--credentials', "include credentials (credentials: 'include')")
    .option('--mode <mode>', 'cors, no-cors or same-origin (default: cors)')
    .option('--insecure', 'take any TLS certificate')
    .option('--timeout <ms>', 'give one request up after this many milliseconds', '10000')
    .option('--response <line>', "offline: a header line of the server's answer; may be repeated", collect)
    .option('--status <code>', 'offline: the status of that answer (default: 200)')
    .option('--preflight-response <line>', 'offline: a header line of the answer to the preflight', collect)
    .option('--preflight-status <code>', 'offline: the status of the answer to the preflight (default: 204)')
    .option('--head <file>', 'offline: an answer saved with curl -i (- reads it from standard input)')
    .option('--preflight-head <file>', 'offline: the answer to the preflight, saved with curl -i')
    .addHelpText(
      'after',
      `
Exit codes: 0 allowed, or the preflight passes; 1 blocked, 2 usage, 3 unreachable.

Examples:
  npx cors-conformance explain --message "Access to fetch at 'https://api.example/items' from origin …"
  npx cors-conformance explain --curl "curl -X PUT https://api.example/items -H 'X-A: 1'" --origin https://app.example
  npx cors-conformance explain --har session.har
  npx cors-conformance explain https://api.example/items --origin https://app.example --method PUT --credentials
  npx cors-conformance explain https://api.example/items --origin https://app.example --response 'Access-Control-Allow-Origin: *'
  curl -si https://api.example/items | npx cors-conformance explain https://api.example/items --origin https://app.example --head -`,
    )
    .action(async (url: string | undefined, flags: ExplainFlags) => {
      io.exitCode = await explainSource(url, flags, io);
    });
}

/** @returns the exit code. @throws CliError for what the user can change */
async function explainSource(argument: string | undefined, given: ExplainFlags, io: Io): Promise<number> {
  const { url, flags } = sourceOf(argument, given);
  const sources = (['message', 'curl', 'har'] as const).filter(name => flags[name] !== undefined);
  if (sources.length + (url === undefined ? 0 : 1) !== 1) {
    throw new CliError('explain takes one of: a URL, --message TEXT, --curl COMMAND, --har FILE');
  }
  if (flags.offline && flags.message === undefined)
    throw new CliError(
      '--offline goes with --message; for a request, give the answers with --response or --head',
    );
  if (flags.har !== undefined && OFFLINE.some(name => flags[name] !== undefined))
    throw new CliError(
      'the answers of --har are those in the file: leave --response, --status and --head out',
    );
  if (flags.message !== undefined) return explainMessages(flags.message, flags, io);
  if (flags.har !== undefined) return explainRecording(flags.har, flags, io);
  const { request, options, preflightOnly } =
    flags.curl === undefined
      ? { request: requestOf(url as string, flags), options: flags, preflightOnly: false }
      : curlOf(flags.curl, flags, io);
  const answer = exchangeOf(options, io);
  const explained = await explainRequest(request, preflightOnly ? preflightsBy(answer) : answer);
  io.secrets.addAll(secretsOfExplained(explained));
  print(io, flags, toJson(explained), fullText(explained, flags));
  return EXIT_CODES[explained.verdict];
}

/** No URL has spaces in it: who gives such an argument has pasted what another flag is for. */
function sourceOf(
  argument: string | undefined,
  flags: ExplainFlags,
): { readonly url?: string | undefined; readonly flags: ExplainFlags } {
  if (argument === undefined || !/\s/.test(argument.trim())) return { url: argument, flags };
  const name = /^\s*(?:[$>%]\s+)?curl\s|^\s*(?:await\s+)?fetch\(/.test(argument) ? 'curl' : 'message';
  if (flags[name] !== undefined) return { url: argument, flags };
  return { flags: { ...flags, [name]: argument } };
}

const print = (io: Io, flags: ExplainFlags, json: string, text: string) =>
  io.stdout.write(`${flags.json ? json : text}\n`);

function fullText(explained: RequestExplanation, { quiet }: OutputFlags): string {
  if (quiet) return redactUrl(verdictLines(explained).join('\n'));
  const { reason, prediction } = explained;
  const everyday = reason === undefined ? [] : reasonLines(reason, prediction.script.blockedAt);
  return toText(explained, everyday);
}

/** Each message of the console, and what the server says when it is asked again. */
async function explainMessages(given: string, flags: ExplainFlags, io: Io): Promise<number> {
  const messages = readConsole(given === '-' ? readText('-') : given);
  io.secrets.addAll(secretsIn(messages));
  if (messages.length === 0) {
    throw new CliError(
      'no line of this is a message about CORS that Chromium, Firefox or Safari writes; paste the whole line, in English and with its URL, or give a URL and the page: explain URL --origin ORIGIN',
    );
  }
  const answer = safelyBy(exchangeOf(flags, io));
  const origin = flags.origin === undefined ? undefined : originOf(flags.origin);
  const documents: { message: ConsoleMessage; again: RequestExplanation | null }[] = [];
  for (const message of messages) {
    const request = flags.offline ? null : requestBehind(message, origin);
    const again = request && (await explainRequest(request, answer));
    if (again) io.secrets.addAll(secretsOfExplained(again));
    documents.push({ message, again });
    if (!flags.json) print(io, flags, '', messageText(message, again, { origin, quiet: flags.quiet }));
  }
  const parsed = documents.map(({ message, again }) => ({
    message,
    again: again && JSON.parse(toJson(again)),
  }));
  if (flags.json) print(io, flags, JSON.stringify(parsed, withoutUrlSecrets, 2), '');
  const [only, ...others] = documents;
  const verdict = others.length === 0 ? only?.again?.verdict : undefined;
  return verdict === 'allowed' || verdict === 'permitted' ? EXIT.expected : EXIT.unexpected;
}

function messageText(
  message: ConsoleMessage,
  again: RequestExplanation | null,
  { origin, quiet }: { readonly origin: string | undefined; readonly quiet: boolean | undefined },
): string {
  const lines = quiet
    ? [...briefLines(message), ...(again ? verdictLines(again) : [])]
    : [...messageLines(message), '', ...againLines(again, message, origin), ''];
  return lines.join('\n');
}

function againLines(
  again: RequestExplanation | null,
  { url, origin }: { readonly url?: string; readonly origin?: string },
  given: string | undefined,
): string[] {
  if (again === null) {
    if (url === undefined || !/^https?:/i.test(url)) return [];
    if (origin ?? given) return [];
    return [`To ask the server again, add the page: --origin https://app.example`];
  }
  return ['Asked again, the server says this now:', '', toText(again)];
}

interface Asked {
  readonly request: ScriptRequest;
  readonly options: ExplainFlags;
  /** Only its preflight is asked. */
  readonly preflightOnly: boolean;
}

function curlOf(given: string, flags: ExplainFlags, io: Io): Asked {
  try {
    const command = given === '-' ? readText('-') : given;
    const fetchCall = readFetchCall(command);
    const asked = fetchCall ?? readCurl(command);
    const origin = flags.origin ?? asked.origin;
    if (origin === undefined)
      throw new CliError(
        `${fetchCall ? 'the call of fetch() does not tell the page' : 'the curl command has no Origin header'}: add the page, --origin https://app.example`,
      );
    for (const note of asked.notes) io.stderr.write(`note: ${note}\n`);
    const { mode = asked.mode, credentials = asked.credentials, insecure = asked.insecure } = flags;
    const { body, headers, preflightOnly = false, url, method } = asked;
    const request = requestOf(url, {
      ...flags,
      origin,
      method,
      ...(body !== undefined && { data: body }),
      ...(mode !== undefined && { mode }),
      credentials,
      header: flags.header ?? [],
    });
    const all = [...headers, ...(request.headers ?? [])] as ScriptRequest['headers'] & object;
    return {
      request: { ...request, headers: all, ...(preflightOnly && needsListener(method, all) && LISTENED) },
      options: { ...flags, insecure },
      preflightOnly,
    };
  } catch (error) {
    if (error instanceof CurlError) throw new CliError(`--curl: ${error.message}`);
    throw error;
  }
}

/** Of requests that need no preflight otherwise, XMLHttpRequest sends one where script listens to the upload. */
const LISTENED = { api: 'xhr', uploadListener: 'before-send' } as const;

const needsListener = (method: string, headers: readonly unknown[]): boolean =>
  headers.length === 0 && isSafelistedMethod(method);

/** Every CORS request of a recorded session, with the answers that were recorded. */
async function explainRecording(file: string, flags: ExplainFlags, io: Io): Promise<number> {
  // Loaded for recordings alone: what checks them takes as long to load as all the rest.
  const { leftOutText, PERMITTED_BEFORE, recordedRequest } = await import('../run/explain-recording.ts');
  const { exchanges, leftOut } = await recordingOf(file, leftOutText);
  const explained: RequestExplanation[] = [];
  for (const exchange of exchanges) {
    const { request, answer, agent, notes } = recordedRequest(exchange);
    const one = await explainRequest(request, answer, agent);
    io.secrets.addAll(secretsOfExplained(one));
    explained.push(one);
    if (flags.json) continue;
    const cached = one.prediction.trace.some(({ id }) => id === 'preflight.cached');
    const said = cached ? [...notes, PERMITTED_BEFORE] : notes;
    const lines = flags.quiet
      ? [redactUrl(one.url), fullText(one, flags)]
      : [...said, fullText(one, flags), '', ''];
    print(io, flags, '', lines.join('\n'));
  }
  if (flags.json) print(io, flags, `[${explained.map(toJson).join(',\n')}]`, '');
  const blocked = explained.filter(({ verdict }) => EXIT_CODES[verdict] !== EXIT.expected).length;
  const requests = `${exchanges.length} CORS request${exchanges.length === 1 ? '' : 's'}`;
  io.stderr.write(`${requests} in ${file}, ${blocked} blocked.\n`);
  if (leftOut.length > 0) io.stderr.write(`${leftOutText(leftOut)}\n`);
  return blocked > 0 ? EXIT.unexpected : EXIT.expected;
}

async function recordingOf(
  file: string,
  leftOutText: (leftOut: HarRecording['leftOut']) => string,
): Promise<HarRecording> {
  const { HarError, readHar } = await import('../explain/har.ts');
  try {
    const recording = readHar(readText(file));
    if (recording.exchanges.length > 0) return recording;
    const { leftOut } = recording;
    throw new CliError(
      `${file}: no CORS request in it${leftOut.length > 0 ? `. ${leftOutText(leftOut)}` : ': none goes to another origin than its page'}`,
      EXIT.nothingSelected,
    );
  } catch (error) {
    if (error instanceof HarError) throw new CliError(`--har: ${file}: ${error.message}`);
    throw error;
  }
}

function requestOf(url: string, flags: ExplainFlags): ScriptRequest {
  if (!isUrl(url) || !/^https?:/i.test(url)) {
    throw new CliError(`"${url}" is not an absolute http or https URL`);
  }
  const { origin, data } = flags;
  if (origin === undefined) throw new CliError('which page asks? Add --origin https://app.example');
  return {
    client: clientOf(originOf(origin)),
    url,
    method: flags.method ?? (data === undefined ? 'GET' : 'POST'),
    headers: (flags.header ?? []).map(line => parseLine(line, '--header')),
    ...(data !== undefined && { body: data }),
    ...(flags.mode !== undefined && { mode: flags.mode }),
    ...(flags.credentials && { credentials: 'include' }),
  };
}

/** An origin as browsers serialize it. @throws {CliError} for anything near it, with the right form */
function originOf(origin: string): string {
  if (origin === 'null' || isAppOrigin(origin)) return origin;
  const parsed = isUrl(origin) ? new URL(origin).origin : 'null';
  if (parsed === origin) return origin;
  throw new CliError(
    parsed === 'null'
      ? `--origin: "${origin}" is not an origin; write it as https://app.example, app://name, or null`
      : `--origin: "${origin}" is not how browsers write this origin; use ${parsed}`,
  );
}

function exchangeOf(flags: ExplainFlags, io: Io): AsyncTransport {
  const offline = offlineAnswers(flags);
  if (!offline) {
    const options = {
      timeoutMs: wholeNumber(flags.timeout, '--timeout', 1, 600_000),
      insecure: flags.insecure === true,
    };
    return send =>
      waitingFor(
        `${new URL(send.url).host} to answer ${send.method}`,
        sendLive(send, options),
        sayOf(io, flags),
      );
  }
  const turns = { preflight: 0, actual: 0 };
  return async ({ role }) => {
    const answers = offline[role];
    const answer = answers[Math.min(turns[role]++, answers.length - 1)];
    if (!answer) throw new CliError(MISSING[role]);
    return answer;
  };
}

const OFFLINE = [
  'response',
  'status',
  'head',
  'preflightResponse',
  'preflightStatus',
  'preflightHead',
] as const satisfies readonly (keyof ExplainFlags)[];

/** Null where nothing is given offline. An answer that is needed and not given is asked for, never guessed. */
function offlineAnswers(flags: ExplainFlags): Record<'preflight' | 'actual', WireReply[]> | null {
  if (OFFLINE.every(name => flags[name] === undefined)) return null;
  const given = (
    file: string | undefined,
    lines: string[] | undefined,
    code: string | undefined,
    [flag, usual]: readonly [flag: string, usual: string],
  ) => {
    const status = wholeNumber(code ?? usual, flag.replace('response', 'status'), 200, 999);
    if (file !== undefined) return readHeads(readText(file, bytesOf), file);
    return lines || code !== undefined ? [answerFromLines(lines ?? [], status, flag)] : [];
  };
  const { response, status, head, preflightResponse, preflightStatus, preflightHead } = flags;
  return {
    preflight: given(preflightHead, preflightResponse, preflightStatus, ['--preflight-response', '204']),
    actual: given(head, response, status, ['--response', '200']),
  };
}

const MISSING = {
  preflight:
    'this request is preflighted: give the answer to OPTIONS too, with --preflight-response or --preflight-head',
  actual: 'the preflight passes: give the answer to the actual request too, with --response or --head',
};

function readText(file: string, read: (bytes: Buffer) => string = decoded): string {
  try {
    return read(readFileSync(file === '-' ? 0 : file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
}

function wholeNumber(text: string, flag: string, least: number, most: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= least && value <= most) return value;
  throw new CliError(`${flag}: "${text}" is not a whole number from ${least} to ${most}`);
}

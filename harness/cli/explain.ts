/** The verb `explain`: one request against one server, without a browser, step by step. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Command } from 'commander';
import { type Explanation, explain } from '../standard/explain.ts';
import {
  type Prediction,
  predictAsync,
  type ScriptRequest,
  type WireReply,
  type WireSend,
} from '../standard/user-agent.ts';
import { CliError, EXIT } from './exit.ts';
import { answerFromLines, parseLine, readHeads } from './explain-heads.ts';
import { sendLive } from './explain-live.ts';
import { type Explained, toJson, toText, type Verdict } from './explain-text.ts';
import { type Talk, warningsOf } from './explain-warnings.ts';

interface ExplainFlags {
  readonly origin: string;
  readonly method?: string;
  readonly header?: string[];
  readonly data?: string;
  readonly credentials?: boolean;
  readonly mode?: string;
  readonly json?: boolean;
  readonly insecure?: boolean;
  readonly timeout: string;
  readonly response?: string[];
  readonly status: string;
  readonly preflightResponse?: string[];
  readonly preflightStatus: string;
  readonly head?: string;
  readonly preflightHead?: string;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

const EXIT_CODES: Record<Verdict, number> = {
  allowed: EXIT.expected,
  opaque: EXIT.expected,
  blocked: EXIT.unexpected,
  failed: EXIT.unexpected,
  unreachable: EXIT.target,
};

export function register(program: Command): void {
  program
    .command('explain')
    .description('send one request as a browser would, and explain each step of CORS; no browser needed')
    .argument('<url>', 'what the page asks for')
    .requiredOption('--origin <origin>', 'the origin of the page, such as https://app.example, or null')
    .option('--method <method>', 'the request method (default: GET, or POST with --data)')
    .option('--header <line>', "a header that script sets, as 'Name: value'; may be repeated", collect)
    .option('--data <text>', 'a text body')
    .option('--credentials', "include credentials (credentials: 'include')")
    .option('--mode <mode>', 'cors, no-cors or same-origin (default: cors)')
    .option('--json', 'print one JSON document')
    .option('--insecure', 'take any TLS certificate')
    .option('--timeout <ms>', 'give one request up after this many milliseconds', '10000')
    .option('--response <line>', "offline: a header line of the server's answer; may be repeated", collect)
    .option('--status <code>', 'offline: the status of that answer', '200')
    .option('--preflight-response <line>', 'offline: a header line of the answer to the preflight', collect)
    .option('--preflight-status <code>', 'offline: the status of the answer to the preflight', '204')
    .option('--head <file>', 'offline: an answer saved with curl -i (- reads it from standard input)')
    .option('--preflight-head <file>', 'offline: the answer to the preflight, saved with curl -i')
    .addHelpText(
      'after',
      `
Exit codes: 0 allowed, 1 blocked, 2 usage, 3 unreachable.

Examples:
  npx cors-conformance explain https://api.example/items --origin https://app.example --method PUT --credentials
  npx cors-conformance explain https://api.example/items --origin https://app.example --response 'Access-Control-Allow-Origin: *'
  curl -si https://api.example/items | npx cors-conformance explain https://api.example/items --origin https://app.example --head -`,
    )
    .action(async (url: string, flags: ExplainFlags) => {
      const explained = await explainRequest(url, flags);
      process.stdout.write(`${flags.json ? toJson(explained) : toText(explained)}\n`);
      process.exitCode = EXIT_CODES[explained.verdict];
    });
}

/** @throws {CliError} for what the user can mend */
async function explainRequest(url: string, flags: ExplainFlags): Promise<Explained> {
  const request = requestOf(url, flags);
  const answer = exchangeOf(flags);
  const talks: Talk[] = [];
  const prediction = await predictAsync(
    request,
    async send => {
      const reply = await answer(send);
      talks.push({ send, reply });
      return reply;
    },
    { now: () => performance.now() },
  );
  if (prediction.notModelled !== undefined) {
    throw new CliError(`the Standard leaves the outcome open here: ${prediction.notModelled}`, EXIT.harness);
  }
  return {
    url,
    origin: flags.origin,
    verdict: verdictOf(prediction, talks),
    prediction,
    talks,
    explanation: unreachable(prediction, talks) ?? explain(prediction),
    warnings: warningsOf(talks, flags.origin),
    hidden: hiddenHeaders(prediction, talks),
  };
}

function verdictOf({ script }: Prediction, talks: readonly Talk[]): Verdict {
  if (script.outcome === 'readable') return 'allowed';
  if (script.outcome === 'opaque') return 'opaque';
  if (script.outcome === 'blocked') return 'blocked';
  return talks.at(-1)?.reply.kind === 'failure' ? 'unreachable' : 'failed';
}

/** The network's own reason says more than the Standard's "network error". */
function unreachable(prediction: Prediction, talks: readonly Talk[]): Explanation[] | null {
  const last = talks.at(-1);
  if (last?.reply.kind !== 'failure') return null;
  const { host } = new URL(last.send.url);
  const spec = prediction.trace.findLast(step => step.result === 'stop')?.section ?? '';
  return [{ text: `No usable answer from ${host}: ${last.reply.reason ?? 'the connection ended'}.`, spec }];
}

function hiddenHeaders({ script }: Prediction, talks: readonly Talk[]): string[] {
  const last = talks.at(-1)?.reply;
  if (script.outcome !== 'readable' || last?.kind !== 'response') return [];
  const seen = new Set((script.headers ?? []).map(([name]) => name));
  const names = new Set(last.headers.map(([name]) => name.toLowerCase()));
  return [...names].filter(name => !seen.has(name) && !name.startsWith('set-cookie')).sort();
}

function requestOf(url: string, flags: ExplainFlags): ScriptRequest {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw new CliError(`"${url}" is not an absolute http or https URL`);
  }
  const { origin, data } = flags;
  return {
    client: { origin: originOf(origin), url: origin === 'null' ? 'about:blank' : `${origin}/` },
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
  if (origin === 'null') return origin;
  const parsed = URL.canParse(origin) ? new URL(origin).origin : 'null';
  if (parsed === origin) return origin;
  throw new CliError(
    parsed === 'null'
      ? `--origin: "${origin}" is not an origin; write it as https://app.example, or null`
      : `--origin: "${origin}" is not how browsers write this origin; use ${parsed}`,
  );
}

function exchangeOf(flags: ExplainFlags): (send: WireSend) => Promise<WireReply> {
  const offline = offlineAnswers(flags);
  if (!offline) {
    const options = {
      timeoutMs: wholeNumber(flags.timeout, '--timeout', 1, 600_000),
      insecure: flags.insecure === true,
    };
    return send => sendLive(send, options);
  }
  const turns = { preflight: 0, actual: 0 };
  return async ({ role }) => {
    const answers = offline[role];
    const answer = answers[Math.min(turns[role]++, answers.length - 1)];
    if (!answer) throw new CliError(MISSING[role]);
    return answer;
  };
}

/** Null where nothing is given offline. An answer that is needed and not given is asked for, never guessed. */
function offlineAnswers(flags: ExplainFlags): Record<'preflight' | 'actual', WireReply[]> | null {
  const { response, preflightResponse, head, preflightHead } = flags;
  if (!response && !preflightResponse && head === undefined && preflightHead === undefined) return null;
  const preflightStatus = wholeNumber(flags.preflightStatus, '--preflight-status', 200, 999);
  const status = wholeNumber(flags.status, '--status', 200, 999);
  const given = (file: string | undefined, lines: string[] | undefined, code: number, flag: string) => {
    if (file !== undefined) return readHeads(readText(file), file);
    return lines ? [answerFromLines(lines, code, flag)] : [];
  };
  return {
    preflight: given(preflightHead, preflightResponse, preflightStatus, '--preflight-response'),
    actual: given(head, response, status, '--response'),
  };
}

const MISSING = {
  preflight:
    'this request is preflighted: give the answer to OPTIONS too, with --preflight-response or --preflight-head',
  actual: 'the preflight passes: give the answer to the actual request too, with --response or --head',
};

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'latin1');
  } catch (error) {
    throw new CliError(`${file}: ${(error as Error).message}`);
  }
}

function wholeNumber(text: string, flag: string, least: number, most: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= least && value <= most) return value;
  throw new CliError(`${flag}: "${text}" is not a whole number from ${least} to ${most}`);
}

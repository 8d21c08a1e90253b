/**
 * Recognises the lines that browsers write to their consoles when CORS, or something that looks like it, stops a
 * request.
 */
import { ALONE, CHROMIUM, FIREFOX, FRAMES, WEBKIT, type Wording } from './console-wordings.ts';
import type { ReasonId } from './reasons.ts';

/** Whose words a line is written in. */
export type ConsoleEngine = 'chromium' | 'firefox' | 'webkit';

/** What one console line says. */
export interface ConsoleMessage {
  /** The line as it was given, without the console's own decoration. */
  readonly line: string;
  readonly reason: ReasonId;
  /** Undefined if several engines use these words. */
  readonly engine?: ConsoleEngine;
  /** The URL that was asked for; of a redirect, the URL before it. */
  readonly url?: string;
  /** The origin of the page. Firefox never names it. */
  readonly origin?: string;
  readonly at?: 'preflight' | 'response';
  /** What asked: fetch, XMLHttpRequest, font, script, image … */
  readonly initiator?: string;
  /** The response's status code. */
  readonly status?: number;
  /** The method or the request header that was not allowed. */
  readonly method?: string;
  readonly header?: string;
  /** The header value that the browser did not accept. */
  readonly value?: string;
  /** Where a redirect led. */
  readonly redirectedTo?: string;
}

/** What a message says beside its reason. */
export type Details = Partial<Omit<ConsoleMessage, 'line' | 'reason' | 'engine'>>;

/**
 * Reads pasted console output.
 *
 * @param text one line, or a block as it was copied; the order of lines does not matter to Chromium and Firefox, WebKit
 *   writes the URL on the line after the reason
 * @returns one message for each request, in order; repeated lines about the same failure are one. Empty if no line is
 *   known
 */
export function readConsole(text: string): ConsoleMessage[] {
  const found = logicalLines(text).flatMap(line => readLine(line) ?? []);
  const messages = unique(joined(found));
  const told = messages.filter(({ reason }) => reason !== 'unknown');
  return told.length > 0 ? told : messages;
}

/** Copied lines carry a source position, a level or a repeat count; Safari wraps with "[Error]". */
function logicalLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map(line =>
      line
        .trim()
        .replace(/^(?:\[(?:Error|Warning|Log)\]|(?:Error|Warning):)\s*/i, '')
        .replace(/^[\w.-]+:\d+(?::\d+)?\s+/, '')
        .replace(/^Uncaught \(in promise\) /, ''),
    )
    .filter(line => line !== '');
}

function readLine(line: string): ConsoleMessage | null {
  for (const { engine, pattern, wordings } of FRAMES) {
    const frame = pattern.exec(line)?.groups;
    if (!frame) continue;
    const message = reasonIn(wordings, frame.reason ?? '', line, engine);
    if (message) return { ...message, ...frameDetails(frame, message), ...own(message) };
  }
  for (const wording of ALONE) {
    const message = matched(wording, line, line, wording.engine);
    if (message) return message;
  }
  const alone = line.replace(/^Failed to load resource: |^\(?Reason: /, '');
  return (
    reasonIn(WEBKIT, alone, line, 'webkit') ??
    reasonIn(FIREFOX, alone, line, 'firefox') ??
    reasonIn(CHROMIUM, alone, line, 'chromium')
  );
}

/** Reasons that an answer gave. The others stop a request before anything is asked, or without an answer. */
const OF_ANSWERS: ReadonlySet<ReasonId> = new Set([
  'allow-origin-missing',
  'allow-origin-differs',
  'allow-origin-multiple',
  'allow-origin-invalid',
  'wildcard-with-credentials',
  'allow-credentials-missing',
]);

function frameDetails(
  frame: Readonly<Record<string, string | undefined>>,
  { engine, reason: id }: ConsoleMessage,
): Details {
  const { first, final, initiator, reason = '' } = frame;
  const origin = frame.origin ?? /Origin '([^']+)' is therefore not allowed access/.exec(reason)?.[1];
  const url = first ?? final;
  return {
    ...(url !== undefined && { url }),
    ...(first !== undefined && final !== undefined && { redirectedTo: final }),
    ...(origin !== undefined && { origin }),
    ...(initiator !== undefined && { initiator: initiator === 'Fetch API' ? 'fetch' : initiator }),
    // Firefox uses the same words for both unless the reason can only be the preflight's.
    ...(engine === 'chromium' &&
      OF_ANSWERS.has(id) && { at: /preflight/i.test(reason) ? 'preflight' : 'response' }),
  };
}

/** Details that a reason's own words give stand above those of the frame. */
function own({ line: _line, reason: _reason, engine: _engine, ...details }: ConsoleMessage): Details {
  return details;
}

function reasonIn(
  wordings: readonly Wording[],
  reason: string,
  line: string,
  engine: ConsoleEngine,
): ConsoleMessage | null {
  for (const wording of wordings) {
    const message = matched(wording, reason, line, engine);
    if (message) return message;
  }
  return null;
}

function matched(
  { reason, pattern, details }: Wording,
  text: string,
  line: string,
  engine: ConsoleEngine | undefined,
): ConsoleMessage | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const { status, ...groups } = match.groups ?? {};
  const code = status ?? /(?:Status code:|HTTP status code) (\d{3})/.exec(text)?.[1];
  const named = Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));
  return {
    line,
    reason,
    ...(engine !== undefined && { engine }),
    ...details,
    ...named,
    ...(code !== undefined && { status: Number(code) }),
  };
}

/** WebKit's reason, URL and "Failed to load resource" lines are about one request; so are Firefox's two. */
function joined(messages: readonly ConsoleMessage[]): ConsoleMessage[] {
  const out: ConsoleMessage[] = [];
  for (const message of messages) {
    const before = out.at(-1);
    if (before && isSequel(before, message)) {
      const { line: _line, reason: _reason, ...rest } = message;
      out[out.length - 1] = { ...rest, ...before };
    } else out.push(message);
  }
  return out;
}

function isSequel(before: ConsoleMessage, message: ConsoleMessage): boolean {
  const sameUrl = before.url === undefined || message.url === undefined || before.url === message.url;
  if (!sameUrl || message.engine !== before.engine) return false;
  if (message.engine === 'webkit')
    return message.reason === 'unknown' ? before.url === undefined : message.reason === before.reason;
  // After the reason, Firefox adds that the preflight, or the request, "did not succeed".
  return (
    message.engine === 'firefox' &&
    ['no-answer', 'preflight-status'].includes(message.reason) &&
    before.url === message.url
  );
}

function unique(messages: readonly ConsoleMessage[]): ConsoleMessage[] {
  const known = new Set<string>();
  return messages.filter(({ reason, url, header, method }) => {
    const key = JSON.stringify([reason, url, header, method]);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

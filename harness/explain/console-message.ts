/**
 * Recognises the lines that browsers write to their consoles when CORS, or something that looks like it, stops a
 * request.
 */
import { parseUrl } from '../standard/url.ts';
import { readForeign } from './console-foreign.ts';
import { logicalLines, unwrapped } from './console-text.ts';
import { ALONE, CHROMIUM, FIREFOX, FRAMES, WEBKIT, type Wording } from './console-wordings.ts';
import type { ReasonId } from './reasons.ts';

/** Whose words a line is written in. */
export type ConsoleEngine = 'chromium' | 'firefox' | 'webkit' | 'edgehtml';

/** What one console line says. */
export interface ConsoleMessage {
  /** The line as it was given, without the console's own decoration, and with straight quotation marks. */
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
  /** The browser's own words for a reason that is not known here. */
  readonly words?: string;
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
  const messages = unique(joined(readLines(logicalLines(text)))).map(ofPage);
  const told = messages.filter(({ reason }) => reason !== 'unknown');
  const plain = told.filter(({ reason }) => !IN_GENERAL.has(reason));
  const more = (one: ConsoleMessage) => one.url !== undefined && plain.every(({ url }) => url !== one.url);
  if (plain.length > 0) return told.filter(one => !IN_GENERAL.has(one.reason) || more(one));
  if (told.length > 0) return told;
  // Lines without a URL say the same once more.
  const located = messages.filter(({ url }) => url !== undefined);
  return located.length > 0 ? located : messages.slice(0, 1);
}

/** What follows from any of several reasons, which other lines may tell. */
const IN_GENERAL: ReadonlySet<ReasonId> = new Set([
  'request-refused',
  'no-browser',
  'error-status',
  'request-aborted',
]);

/** A line that may say more together with those that follow it. */
const isOpen = ({ reason }: ConsoleMessage): boolean => reason === 'unknown' || reason === 'unfamiliar';

/** Each line, or what several lines say together where a message was wrapped. */
function readLines(lines: readonly string[]): ConsoleMessage[] {
  const found: ConsoleMessage[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const alone = readLine(line);
    if (alone && !isOpen(alone)) {
      found.push(alone);
      continue;
    }
    const wrapped = readWrapped(lines, at);
    if (wrapped) {
      found.push(wrapped.message);
      at = wrapped.next - 1;
    } else if (alone) found.push(alone);
  }
  return found;
}

interface Wrapped {
  readonly message: ConsoleMessage;
  readonly next: number;
}

/** One whose reason is known, or else all that belongs to one whose reason is not. */
function readWrapped(lines: readonly string[], at: number): Wrapped | null {
  let found: Wrapped | null = null;
  for (const { text, next } of unwrapped(lines, at)) {
    const message = readLine(text);
    if (message && !isOpen(message)) return { message, next };
    if (message?.reason === 'unfamiliar') found = { message, next };
  }
  return found;
}

/** Some messages name the page by its URL. */
function ofPage(message: ConsoleMessage): ConsoleMessage {
  const { origin } = message;
  return origin === undefined ? message : { ...message, origin: originOfPage(origin) };
}

function originOfPage(page: string): string {
  const [whole, scheme] = /^([a-z][a-z0-9+.-]*):\/\/[^/?#]*/i.exec(page) ?? [page, ''];
  if (scheme === 'file') return 'null';
  return /^https?$/i.test(scheme as string) ? (parseUrl(page)?.origin ?? whole) : whole;
}

function readLine(line: string): ConsoleMessage | null {
  for (const { engine, pattern, wordings, certain } of FRAMES) {
    const frame = pattern.exec(line)?.groups;
    if (!frame) continue;
    const { reason = '' } = frame;
    const known = reasonIn(wordings, reason, line, engine);
    const message = known ?? (certain ? unfamiliar(reason, line, engine) : null);
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
    reasonIn(CHROMIUM, alone, line, 'chromium') ??
    readForeign(line)
  );
}

/** What is about CORS for certain, with a reason that is not known here, or that was cut off. */
function unfamiliar(reason: string, line: string, engine: ConsoleEngine): ConsoleMessage {
  const words = reason.replace(/^Reason: ?|\)\.?$/g, '').trim();
  return words === '' ? { line, engine, reason: 'unknown' } : { line, engine, reason: 'unfamiliar', words };
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
  { reason, pattern, details, shared }: Wording,
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
    ...(engine !== undefined && !shared && { engine }),
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
    } else if (
      before?.engine === 'edgehtml' &&
      before.reason === 'unknown' &&
      message.engine === 'edgehtml'
    ) {
      // It names the URL first, and what is wrong with the answer in a line of its own.
      out[out.length - 1] = { ...before, ...message };
    } else if (before && isRedirectToNoHttp(before, message)) {
      const { url: redirectedTo, line } = before;
      out[out.length - 1] = { ...message, line, reason: 'redirect-scheme', redirectedTo };
    } else out.push(message);
  }
  return out;
}

/** Firefox first says that the URL of the redirect is not http, then that the request for the URL before it failed. */
const isRedirectToNoHttp = (
  before: ConsoleMessage,
  message: ConsoleMessage,
): before is ConsoleMessage & { readonly url: string } =>
  before.engine === 'firefox' &&
  before.reason === 'scheme-not-supported' &&
  before.url !== undefined &&
  message.engine === 'firefox' &&
  message.reason === 'no-answer' &&
  message.url !== undefined &&
  message.url !== before.url;

function isSequel(before: ConsoleMessage, message: ConsoleMessage): boolean {
  const sameUrl = before.url === undefined || message.url === undefined || before.url === message.url;
  // Some words are those of several engines.
  if (!sameUrl || (before.engine !== undefined && message.engine !== before.engine)) return false;
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

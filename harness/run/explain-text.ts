/** The verb `explain` in words. Everything that came from the server, or from flags, is made visible. */
import { visible } from '../../reports/escape.ts';
import type { ReasonId } from '../explain/reasons.ts';
import type { Explanation } from '../standard/explain.ts';
import type { Prediction, TraceStep } from '../standard/types.ts';
import type { HeaderLine } from '../wire/exchange.ts';
import { redactHeader, redactUrl } from '../wire/redact.ts';
import type { ExchangePair } from './explain-warnings.ts';
import { isWithheld } from './withheld.ts';

/** permitted: the preflight passes, and the request itself is not sent. unsent: nothing was asked at all. */
export type Verdict = 'allowed' | 'permitted' | 'opaque' | 'blocked' | 'failed' | 'unreachable' | 'unsent';

export interface RequestExplanation {
  readonly url: string;
  readonly origin: string;
  readonly verdict: Verdict;
  readonly prediction: Prediction;
  readonly talks: readonly ExchangePair[];
  readonly explanation: readonly Explanation[];
  readonly warnings: readonly string[];
  /** Response headers that came, and that script does not see. */
  readonly hidden: readonly string[];
  /** Why it failed, in everyday words; undefined if it did not, or if there are none for it. */
  readonly reason?: ReasonId;
}

const HEADLINES: Record<Verdict, string> = {
  allowed: 'Allowed',
  permitted: 'The preflight passes',
  opaque: 'Allowed, but opaque',
  blocked: 'Blocked',
  failed: 'Failed, and not because of CORS',
  unreachable: 'Unreachable',
  unsent: 'Not asked',
};

/**
 * An explanation for people, the verdict first.
 * @param everyday lines that follow the verdict: the same in everyday words
 */
export function toText(explained: RequestExplanation, everyday: readonly string[] = []): string {
  const { talks, warnings } = explained;
  const lines = [
    `${visible(explained.url)} from a page on ${visible(explained.origin)}`,
    '',
    ...verdictLines(explained),
    '',
    ...(everyday.length > 0 ? ['In everyday words:', ...everyday, ''] : []),
    ...warnings.map(warning => `Warning: ${visible(warning)}`),
    ...(warnings.length > 0 ? [''] : []),
    ...talks.flatMap((talk, index) => [...talkLines(talk, index + 1), '']),
    'Step by step:',
    ...stepsTaken(explained).flatMap(stepLines),
  ];
  return lines.map(line => redactUrl(line)).join('\n');
}

/** Allowed or blocked, why, and what to change. */
export function verdictLines({ verdict, explanation, prediction, hidden }: RequestExplanation): string[] {
  const seen = (prediction.script.headers ?? []).map(([name]) => visible(name)).join(', ') || 'none';
  return [
    // "Blocked at the preflight: …" says it already.
    ...(explanation[0]?.text.startsWith(HEADLINES[verdict]) ? [] : [`${HEADLINES[verdict]}.`]),
    ...explanation.flatMap(({ text, spec, fix }) => [
      `  ${visible(text)}`,
      ...(fix === undefined ? [] : [`  What to change: ${visible(fix)}`]),
      ...(spec === undefined ? [] : [`  ${spec}`]),
    ]),
    ...(verdict === 'allowed'
      ? [`  Script sees status ${prediction.script.status} and these headers: ${seen}.`]
      : []),
    ...(verdict === 'allowed' && hidden.length > 0
      ? [
          `  Hidden from script, unless listed in Access-Control-Expose-Headers: ${visible(hidden.join(', '))}.`,
        ]
      : []),
  ];
}

/** Of a request that was not sent, the steps before it. */
function stepsTaken({
  prediction: { trace },
  talks,
}: Pick<RequestExplanation, 'prediction' | 'talks'>): readonly TraceStep[] {
  const sent = trace.findIndex(({ id }) => id === 'network-failure');
  return isWithheld(talks) && sent >= 0 ? trace.slice(0, sent) : trace;
}

/** Of a header too, since secrets of a few letters are not looked for in other text. */
const withoutSecret = (line: HeaderLine): HeaderLine => redactHeader(line);

const SHOWN =
  /^(?:origin|access-control-|content-type$|authorization$|vary$|location$|www-authenticate$|set-cookie$)/i;

function talkLines({ send, reply }: ExchangePair, number: number): string[] {
  const role = send.role === 'preflight' ? 'Preflight' : 'Actual request';
  const asked = send.headers.filter(([name]) => SHOWN.test(name));
  const lines = [`${number}. ${role}: ${visible(send.method)} ${visible(send.url)}`];
  for (const [name, value] of asked.map(withoutSecret))
    lines.push(`   > ${visible(`${name}: ${cut(value)}`)}`);
  if (reply.kind !== 'response') {
    const reason = reply.kind === 'failure' ? (reply.reason ?? 'no usable answer') : 'no answer';
    return [...lines, `   < ${visible(reason)}`];
  }
  lines.push(`   < ${reply.status}${reply.reason ? ` ${visible(reply.reason)}` : ''}`);
  const answered = reply.headers.filter(([name]) => SHOWN.test(name));
  for (const [name, value] of answered.map(withoutSecret))
    lines.push(`   < ${visible(`${name}: ${cut(value)}`)}`);
  const others = reply.headers.length - answered.length;
  if (others > 0) lines.push(`   < and ${others} more header line${others === 1 ? '' : 's'}`);
  return lines;
}

function stepLines({ result, text, section, values }: TraceStep): string[] {
  const lines = [`  ${result}  ${visible(text)}  ${section}`];
  for (const [name, value] of Object.entries(values)) {
    if (value !== '' && result === 'stop') lines.push(`          ${visible(name)}: ${visible(cut(value))}`);
  }
  return lines;
}

function cut(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}… (${text.length} bytes)`;
}

// DEL, C1 controls and bidirectional marks are legal in JSON, and not harmless in a terminal.
const UNSAFE_IN_JSON = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** For JSON.stringify: texts without the secrets of the URLs in them. */
export const withoutUrlSecrets = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? redactUrl(value) : value;

/** One JSON document, safe to print. */
export function toJson({ prediction, talks, ...explained }: RequestExplanation): string {
  const exchanges = talks.map(({ send, reply }) => ({
    role: send.role,
    request: {
      method: send.method,
      url: send.url,
      headers: send.headers.map(withoutSecret),
      credentials: send.credentials,
    },
    response:
      reply.kind === 'response' ? { status: reply.status, headers: reply.headers.map(withoutSecret) } : null,
    ...(reply.kind === 'failure' && reply.reason !== undefined && { note: reply.reason }),
  }));
  const { outcome, blockedAt, status, headers } = prediction.script;
  const json = JSON.stringify(
    {
      ...explained,
      script: isWithheld(talks) ? null : { outcome, blockedAt, status, headers },
      exchanges,
      trace: stepsTaken({ prediction, talks }),
    },
    withoutUrlSecrets,
    2,
  );
  return json.replace(UNSAFE_IN_JSON, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

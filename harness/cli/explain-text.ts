/** The verb `explain` in words. Everything that came from the server, or from flags, is made visible. */
import { visible } from '../../reports/escape.ts';
import type { Explanation } from '../standard/explain.ts';
import type { Prediction, TraceStep } from '../standard/types.ts';
import type { Talk } from './explain-warnings.ts';

export type Verdict = 'allowed' | 'opaque' | 'blocked' | 'failed' | 'unreachable';

export interface Explained {
  readonly url: string;
  readonly origin: string;
  readonly verdict: Verdict;
  readonly prediction: Prediction;
  readonly talks: readonly Talk[];
  readonly explanation: readonly Explanation[];
  readonly warnings: readonly string[];
  /** Response headers that came, and that script does not see. */
  readonly hidden: readonly string[];
}

const HEADLINES: Record<Verdict, string> = {
  allowed: 'Allowed',
  opaque: 'Allowed, but opaque',
  blocked: 'Blocked',
  failed: 'Failed, and not because of CORS',
  unreachable: 'Unreachable',
};

export function toText(explained: Explained): string {
  const { talks, prediction, warnings, hidden, verdict } = explained;
  const lines = [`${visible(explained.url)} from a page on ${visible(explained.origin)}`, ''];
  for (const [index, talk] of talks.entries()) lines.push(...talkLines(talk, index + 1), '');
  lines.push('Step by step:', ...prediction.trace.flatMap(stepLines), '');
  for (const warning of warnings) lines.push(`Warning: ${visible(warning)}`);
  if (warnings.length > 0) lines.push('');
  lines.push(`${HEADLINES[verdict]}.`);
  for (const { text, spec, fix } of explained.explanation) {
    lines.push(`  ${visible(text)}`);
    if (fix !== undefined) lines.push(`  What to change: ${visible(fix)}`);
    lines.push(`  ${spec}`);
  }
  if (verdict === 'allowed') {
    const seen = (prediction.script.headers ?? []).map(([name]) => visible(name)).join(', ');
    lines.push(`  Script sees status ${prediction.script.status} and these headers: ${seen || 'none'}.`);
    if (hidden.length > 0) {
      lines.push(
        `  Hidden from script, unless listed in Access-Control-Expose-Headers: ${visible(hidden.join(', '))}.`,
      );
    }
  }
  return lines.join('\n');
}

const SHOWN =
  /^(?:origin|access-control-|content-type$|authorization$|vary$|location$|www-authenticate$|set-cookie$)/i;

function talkLines({ send, reply }: Talk, number: number): string[] {
  const role = send.role === 'preflight' ? 'Preflight' : 'Actual request';
  const asked = send.headers.filter(([name]) => SHOWN.test(name));
  const lines = [`${number}. ${role}: ${visible(send.method)} ${visible(send.url)}`];
  for (const [name, value] of asked) lines.push(`   > ${visible(`${name}: ${cut(value)}`)}`);
  if (reply.kind !== 'response') {
    const reason = reply.kind === 'failure' ? (reply.reason ?? 'no usable answer') : 'no answer';
    return [...lines, `   < ${visible(reason)}`];
  }
  lines.push(`   < ${reply.status}${reply.reason ? ` ${visible(reply.reason)}` : ''}`);
  const answered = reply.headers.filter(([name]) => SHOWN.test(name));
  for (const [name, value] of answered) lines.push(`   < ${visible(`${name}: ${cut(value)}`)}`);
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

/** One JSON document, safe to print. */
export function toJson({ prediction, talks, ...explained }: Explained): string {
  const exchanges = talks.map(({ send, reply }) => ({
    role: send.role,
    request: { method: send.method, url: send.url, headers: send.headers, credentials: send.credentials },
    response: reply.kind === 'response' ? { status: reply.status, headers: reply.headers } : null,
    ...(reply.kind === 'failure' && reply.reason !== undefined && { note: reply.reason }),
  }));
  const { outcome, blockedAt, status, headers } = prediction.script;
  const json = JSON.stringify(
    {
      ...explained,
      script: { outcome, blockedAt, status, headers },
      exchanges,
      trace: prediction.trace,
    },
    null,
    2,
  );
  return json.replace(UNSAFE_IN_JSON, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Explains one request: the model sends it, to a real server or to answers that are known, and says what decided. */
import { reasonOf } from '../explain/reason-of.ts';
import { type Explanation, explain } from '../standard/explain.ts';
import { get } from '../standard/header-list.ts';
import { SPEC } from '../standard/spec.ts';
import {
  type AsyncTransport,
  type Prediction,
  predictAsync,
  type ScriptRequest,
  type UserAgent,
} from '../standard/user-agent.ts';
import { secretsIn } from '../verdict/redact.ts';
import { redactBody } from '../wire/redact.ts';
import type { Secrets } from '../wire/secrets.ts';
import { CliError, EXIT } from './exit.ts';
import type { RequestExplanation, Verdict } from './explain-text.ts';
import { type ExchangePair, warningsOf } from './explain-warnings.ts';
import { isWithheld } from './withheld.ts';

/**
 * @param request what script asks for
 * @param answer answers each request that goes to a server
 * @param agent what the browser remembers; nothing where omitted
 * @throws CliError if the Standard leaves the outcome open
 */
export async function explainRequest(
  request: ScriptRequest,
  answer: AsyncTransport,
  agent?: UserAgent,
): Promise<RequestExplanation> {
  const { origin } = request.client;
  const talks: ExchangePair[] = [];
  const prediction = await predictAsync(
    request,
    async send => {
      const reply = await answer(send);
      talks.push({ send, reply });
      return reply;
    },
    { now: () => performance.now() },
    agent,
  );
  if (prediction.notModelled !== undefined) {
    throw new CliError(`the Standard leaves the outcome open here: ${prediction.notModelled}`, EXIT.harness);
  }
  const verdict = verdictOf(prediction, talks);
  const reason = verdict === 'unreachable' ? 'no-answer' : isWithheld(talks) ? null : reasonOf(prediction);
  return {
    url: request.url,
    origin,
    verdict,
    prediction,
    talks,
    explanation: notSent(talks) ?? unreachable(prediction, talks) ?? explain(prediction),
    warnings: warningsOf(talks, origin),
    hidden: hiddenHeaders(prediction, talks),
    ...(reason !== null && { reason }),
  };
}

/** The client of a request from a page of this origin. */
export const clientOf = (origin: string): ScriptRequest['client'] => ({
  origin,
  url: origin === 'null' ? 'about:blank' : `${origin}/`,
});

function verdictOf({ script }: Prediction, talks: readonly ExchangePair[]): Verdict {
  if (isWithheld(talks)) return talks.length > 1 ? 'permitted' : 'unsent';
  if (script.outcome === 'readable') return 'allowed';
  if (script.outcome === 'opaque') return 'opaque';
  if (script.outcome === 'blocked') return 'blocked';
  return talks.at(-1)?.reply.kind === 'failure' ? 'unreachable' : 'failed';
}

/** What is known of a request that was not sent. */
function notSent(talks: readonly ExchangePair[]): Explanation[] | null {
  const last = talks.at(-1);
  if (last?.reply.kind !== 'failure' || !isWithheld(talks)) return null;
  const { method, headers } = last.send;
  const why = `The ${method} itself is ${last.reply.reason}`;
  if (talks.length === 1) return [{ text: `${why}, and it has no preflight that could be asked.` }];
  const preflight = talks.findLast(({ send }) => send.role === 'preflight');
  const asked = get(preflight?.send.headers ?? headers, 'access-control-request-headers');
  return [
    {
      text: `The server lets the page send ${method}${asked === null ? '' : ` with ${asked.replaceAll(',', ', ')}`}. ${why}; its answer needs Access-Control-Allow-Origin as well.`,
      spec: SPEC.preflightFetch,
    },
  ];
}

/** The network's own reason says more than the Standard's "network error". */
function unreachable(prediction: Prediction, talks: readonly ExchangePair[]): Explanation[] | null {
  const last = talks.at(-1);
  if (last?.reply.kind !== 'failure') return null;
  const { host } = new URL(last.send.url);
  const spec = prediction.trace.findLast(step => step.result === 'stop')?.section ?? '';
  return [{ text: `No usable answer from ${host}: ${last.reply.reason ?? 'the connection ended'}.`, spec }];
}

function hiddenHeaders({ script }: Prediction, talks: readonly ExchangePair[]): string[] {
  const last = talks.at(-1)?.reply;
  if (script.outcome !== 'readable' || last?.kind !== 'response') return [];
  const seen = new Set((script.headers ?? []).map(([name]) => name));
  const names = new Set(last.headers.map(([name]) => name.toLowerCase()));
  return [...names].filter(name => !seen.has(name) && !name.startsWith('set-cookie')).sort();
}

/** What an explanation must not print: the values of its messages that go by a secret name. */
export function secretsOfExplained({ url, talks }: RequestExplanation): Secrets {
  const secrets = secretsIn({ url, talks });
  for (const { send, reply } of talks)
    for (const body of [send.body, reply.kind === 'response' ? reply.body : undefined])
      if (body) redactBody(body, secret => secrets.collect(secret));
  return secrets;
}

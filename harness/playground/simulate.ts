/** Runs what the playground's form says on the model of the Standard. Pure, and fast enough to do on every key. */

import type { PlaygroundAnswer, PlaygroundState, PlaygroundStep } from '../case/playground-state.ts';
import { reasonOf } from '../explain/reason-of.ts';
import { misunderstoodOf, REASONS, type Reason } from '../explain/reasons.ts';
import { type Explanation, explain } from '../standard/explain.ts';
import { isAppOrigin } from '../standard/origin.ts';
import { isUrl } from '../standard/url.ts';
import {
  type Clock,
  type Header,
  type Prediction,
  predict,
  type ScriptRequest,
  UserAgent,
  type WireReply,
  type WireSend,
} from '../standard/user-agent.ts';

/** One request on the wire and what came back. */
export interface SimulatedExchange {
  readonly send: WireSend;
  readonly reply: WireReply;
  /** Which of the step's answers it was; undefined if none fits, and 200 without headers stood for it. */
  readonly answer?: number;
}

export interface SimulatedStep {
  /** When the request begins: seconds since the first one. */
  readonly atSeconds: number;
  readonly exchanges: readonly SimulatedExchange[];
  readonly prediction: Prediction;
  readonly explanation: readonly Explanation[];
  /** The same in everyday words, if the request failed and there are some. */
  readonly reason: (Reason & { readonly id: string }) | null;
  /** What is wrong with the form: whole sentences, the model then had to do without. */
  readonly problems: readonly string[];
}

/** @returns what each request comes to; the preflight cache, cookies and the clock go on from one to the next */
export function simulate(state: PlaygroundState): SimulatedStep[] {
  const agent = new UserAgent();
  let now = 0;
  const clock: Clock = {
    now: () => now,
    sleep: ms => {
      now += ms;
    },
  };
  return state.steps.map(step => {
    now += Math.max(0, Number(step.wait) || 0) * 1_000;
    return simulateStep(step, clock, agent);
  });
}

function simulateStep(step: PlaygroundStep, clock: Clock, agent: UserAgent): SimulatedStep {
  const problems: string[] = [];
  const atSeconds = clock.now() / 1_000;
  const request = requestOf(step, problems);
  const answers = step.answers.map((answer, index) => ({ index, answer, used: false }));
  const exchanges: SimulatedExchange[] = [];
  const prediction = predict(
    request,
    send => {
      const fitting = answers.filter(({ answer }) => fits(answer, send, step.url));
      // Several answers to the same request are given in turn, the last one again and again.
      const next = fitting.find(({ used }) => !used) ?? fitting.at(-1);
      if (next) next.used = true;
      const reply = next ? replyOf(next.answer, problems) : DEFAULT_REPLY;
      exchanges.push({ send, reply, ...(next && { answer: next.index }) });
      return reply;
    },
    clock,
    agent,
  );
  const id = reasonOf(prediction);
  return {
    atSeconds,
    exchanges,
    prediction,
    explanation: explain(prediction),
    reason: id && { ...REASONS[id], id, misunderstood: misunderstoodOf(id, prediction.script.blockedAt) },
    problems: [...new Set(problems)],
  };
}

const DEFAULT_REPLY: WireReply = { kind: 'response', status: 200, headers: [] };

function fits({ role, url }: PlaygroundAnswer, send: WireSend, own: string): boolean {
  return role === send.role && same(url === '' ? own : url, send.url);
}

const same = (a: string, b: string): boolean => withoutFragment(a) === withoutFragment(b);

function withoutFragment(url: string): string {
  if (!isUrl(url)) return url;
  const parsed = new URL(url);
  parsed.hash = '';
  return parsed.href;
}

function requestOf(step: PlaygroundStep, problems: string[]): ScriptRequest {
  const { api, url, method, mode, credentials, redirect, body } = step;
  const xhr = api === 'xhr';
  return {
    client: {
      origin: originOf(step.page, problems),
      url: step.page === 'null' ? 'about:blank' : `${step.page}/`,
    },
    api,
    url,
    method,
    headers: headersOf(step.headers, problems),
    ...(body !== '' && { body }),
    ...(xhr ? { withCredentials: credentials === 'include' } : { mode, credentials, redirect }),
  };
}

function originOf(page: string, problems: string[]): string {
  if (page === 'null' || isAppOrigin(page)) return page;
  const origin = isUrl(page) ? new URL(page).origin : 'null';
  if (origin === 'null') {
    problems.push(`The page "${page}" is not an origin: write it as https://app.example, or null.`);
    return 'null';
  }
  if (origin !== page) problems.push(`Browsers write the origin of this page as ${origin}.`);
  return origin;
}

/** Header lines from a text field. A line without a colon is left out, and told. */
function headersOf(text: string, problems: string[]): Header[] {
  return text.split('\n').flatMap((line): Header[] => {
    if (line.trim() === '') return [];
    const colon = line.indexOf(':');
    if (colon > 0) return [[line.slice(0, colon), line.slice(colon + 1).replace(/^[\t ]+|[\t\r ]+$/g, '')]];
    problems.push(`"${line}" is not a header line: write it as Name: value.`);
    return [];
  });
}

function replyOf({ status, headers, body, fault }: PlaygroundAnswer, problems: string[]): WireReply {
  if (fault === 'failure') return { kind: 'failure' };
  if (fault === 'hang') return { kind: 'hang' };
  const code = Number(status);
  if (!/^[1-9][0-9]{2}$/.test(status)) problems.push(`"${status}" is not a status: it has three digits.`);
  return {
    kind: 'response',
    status: /^[1-9][0-9]{2}$/.test(status) ? code : 200,
    headers: headersOf(headers, problems),
    ...(body !== '' && { body }),
  };
}

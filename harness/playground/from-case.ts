/** A case of the suites, as the playground shows it: its own requests and answers, with example addresses. Pure. */
import { forModel } from '../case/client.ts';
import { EXAMPLE_PORTS } from '../case/places.ts';
import {
  ANSWER,
  type PlaygroundAnswer,
  type PlaygroundState,
  type PlaygroundStep,
  STEP,
} from '../case/playground-state.ts';
import type { Case } from '../case/schema.ts';
import { type BoundAnswer, type BoundCase, parsePath, StepScript } from '../case/script.ts';
import {
  predict,
  type ScriptRequest,
  UserAgent,
  type WireReply,
  type WireSend,
} from '../standard/user-agent.ts';
import { roleOf } from '../wire/exchange.ts';

/**
 * @returns the case; null if the playground cannot show it: realms, APIs and bytes that it has no field for
 * @throws CaseScriptError as binding the case does
 */
export function fromCase(theCase: Case): PlaygroundState | null {
  const scene: BoundCase = { case: theCase, nonce: 'example000000000', ports: EXAMPLE_PORTS };
  const agent = new UserAgent();
  const steps: PlaygroundStep[] = [];
  let now = 0;
  let waited = 0;
  for (const [index, step] of theCase.steps.entries()) {
    if ('wait' in step) {
      waited += step.wait;
      now += step.wait;
      continue;
    }
    const bound = forModel(scene, step);
    if (!bound.request || !isPlain(bound.request)) return null;
    const script = new StepScript(scene, index);
    const answers: PlaygroundAnswer[] = [];
    let plain = true;
    const { notModelled } = predict(
      bound.request,
      send => {
        const resource = parsePath(new URL(send.url).pathname)?.resource;
        if (resource === undefined) return { kind: 'failure' };
        const given = script.answer(resource, roleOf(send.method, send.headers), send.method, send);
        plain &&= isPlainAnswer(given);
        answers.push(answerOf(given, send, bound.request.url));
        return replyOf(given);
      },
      { now: () => now },
      agent,
    );
    if (!plain || notModelled !== undefined) return null;
    steps.push(stepOf(bound.request, answers, waited / 1_000));
    waited = 0;
  }
  return { steps };
}

/** The fields that the form has. */
const FIELDS = new Set([
  'client',
  'api',
  'url',
  'method',
  'headers',
  'body',
  'mode',
  'credentials',
  'redirect',
  'withCredentials',
]);

function isPlain(request: ScriptRequest): boolean {
  const { client, api = 'fetch', body = '' } = request;
  return (
    Object.keys(request).every(name => FIELDS.has(name)) &&
    ['fetch', 'xhr'].includes(api) &&
    typeof body === 'string' &&
    client.global !== 'worker' &&
    client.referrerPolicy === undefined &&
    (client.topLevelOrigin ?? client.origin) === client.origin
  );
}

/** The form's body is text: there are no codings to take off. */
const isPlainAnswer = ({ raw, fault, headers }: BoundAnswer): boolean =>
  raw === undefined &&
  (fault === undefined || fault === 'hang' || fault === 'reset') &&
  headers.every(([name]) => name.toLowerCase() !== 'content-encoding');

function answerOf(given: BoundAnswer, send: WireSend, own: string): PlaygroundAnswer {
  const framing = /^(?:content-length|transfer-encoding|connection)$/i;
  return {
    ...ANSWER,
    role: send.role,
    url: send.url === own ? '' : send.url,
    status: String(given.status),
    headers: given.headers
      .filter(([name]) => !framing.test(name))
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    body: given.body === 'ok' ? '' : given.body,
    fault: given.fault === 'hang' ? 'hang' : given.fault === 'reset' ? 'failure' : '',
  };
}

function replyOf({ fault, status, headers, body }: BoundAnswer): WireReply {
  if (fault === 'hang') return { kind: 'hang' };
  if (fault === 'reset') return { kind: 'failure' };
  return { kind: 'response', status, headers, body };
}

function stepOf(
  request: ScriptRequest,
  answers: readonly PlaygroundAnswer[],
  waitSeconds: number,
): PlaygroundStep {
  const {
    client,
    api,
    url,
    method,
    headers = [],
    body,
    mode,
    credentials,
    redirect,
    withCredentials,
  } = request;
  return {
    ...STEP,
    wait: String(waitSeconds),
    page: client.origin,
    url,
    ...(api !== undefined && { api }),
    ...(method !== undefined && { method }),
    headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body: typeof body === 'string' ? body : '',
    ...(mode !== undefined && { mode }),
    credentials: withCredentials ? 'include' : (credentials ?? STEP.credentials),
    ...(redirect !== undefined && { redirect }),
    answers,
  };
}

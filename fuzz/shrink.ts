/**
 * Smaller cases: each candidate leaves one thing out or makes one thing plainer. Which of them still differ is for
 * an engine to say; the smallest that does is what a person reads.
 */
import type { Answer, Case, CaseRequest, RequestStep, Resource } from '../harness/case/schema.ts';
import { givesUp } from './generate-requests.ts';

type Script = NonNullable<RequestStep['server']>;

/** Everything one change away from a case, the boldest changes first. Expectations are stale afterwards. */
export function* smaller(theCase: Case): Generator<Case> {
  for (const one of oneChangeAway(theCase)) if (!isRace(one)) yield one;
}

/** Whether script gives up a request that its server answers: which is first would be chance. */
function isRace({ steps }: Case): boolean {
  let script: Script | undefined;
  return steps
    .filter(step => 'request' in step)
    .some(step => {
      script = step.server ?? script;
      return givesUp(step.request) && !JSON.stringify(script ?? {}).includes('"hang"');
    });
}

function* oneChangeAway(theCase: Case): Generator<Case> {
  const { steps } = theCase;
  for (let n = steps.length - 1; n >= 0 && steps.length > 1; n--) yield* withoutStep(theCase, n);
  for (const key of ['realm', 'page', 'at', 'pageHeaders'] as const) {
    if (theCase[key] !== undefined) yield without(theCase, key);
  }
  for (const [n, step] of steps.entries()) {
    if ('wait' in step) continue;
    for (const smallerStep of smallerSteps(step, n)) {
      yield { ...theCase, steps: steps.map((one, at) => (at === n ? smallerStep : one)) };
    }
  }
}

/** A step goes; one that is left without a script inherits the one that goes. */
function* withoutStep(theCase: Case, n: number): Generator<Case> {
  const gone = theCase.steps[n] as Case['steps'][number];
  const rest = theCase.steps.filter((_, at) => at !== n);
  const first = rest.findIndex(step => 'request' in step);
  const heir = rest[first];
  if (!heir || 'wait' in heir) return;
  if (heir.server) yield { ...theCase, steps: rest };
  else if ('request' in gone && gone.server) {
    yield { ...theCase, steps: rest.with(first, { ...heir, server: gone.server }) };
  }
}

function* smallerSteps(step: RequestStep, n: number): Generator<RequestStep> {
  for (const key of ['page', 'realm', 'frame'] as const)
    if (step[key] !== undefined) yield without(step, key);
  if (step.server && n > 0) yield without(step, 'server');
  if (step.server) for (const server of smallerScripts(step.server)) yield { ...step, server };
  for (const request of smallerRequests(step.request)) yield { ...step, request };
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a list of ways to make a case smaller, tried from the first to the last
function* smallerRequests(request: CaseRequest): Generator<CaseRequest> {
  for (const key of Object.keys(request) as (keyof CaseRequest)[]) {
    if (key !== 'api' && key !== 'headers' && key !== 'method') yield without(request, key);
  }
  if (request.headers) {
    for (const headers of shorter(request.headers)) yield orNone(request, 'headers', headers);
    for (const headers of plainer(request.headers)) yield { ...request, headers };
  }
  if (request.method !== undefined && request.method !== 'GET') {
    const { body: _body, ...rest } = request;
    yield without(rest, 'method');
    if (request.method !== 'PUT') yield { ...request, method: 'PUT' };
  }
  if (request.method === 'GET') yield without(request, 'method');
  if (request.body !== undefined && request.body !== '') yield { ...request, body: '' };
  if (request.api === 'fetch') yield without(request, 'api');
}

function* smallerScripts(script: Script): Generator<Script> {
  const { resources, ...main } = script;
  if (resources) {
    const names = Object.keys(resources);
    for (const name of names) {
      const rest = Object.fromEntries(Object.entries(resources).filter(([key]) => key !== name));
      if (!JSON.stringify([main, rest]).includes(name))
        yield names.length > 1 ? { ...main, resources: rest } : main;
    }
    for (const [name, resource] of Object.entries(resources)) {
      for (const one of smallerResources(resource))
        yield { ...script, resources: { ...resources, [name]: one } };
    }
  }
  yield* smallerResources(main) as Generator<Script>;
}

function* smallerResources<T extends Resource>(resource: T): Generator<T> {
  for (const role of ['preflight', 'actual'] as const) {
    const answers = [resource[role] ?? []].flat();
    if (answers.length === 0) continue;
    yield without(resource, role);
    for (const one of smallerLists(answers)) yield { ...resource, [role]: one };
  }
  if (resource.at !== undefined && resource.at !== 'target') yield { ...resource, at: 'target' };
}

/** One answer of several, or one of them made smaller. */
function* smallerLists(answers: readonly Answer[]): Generator<Answer | Answer[]> {
  if (answers.length > 1) yield* answers;
  for (const [n, answer] of answers.entries()) {
    for (const one of smallerAnswers(answer)) yield answers.length > 1 ? answers.with(n, one) : one;
  }
}

function* smallerAnswers(answer: Answer): Generator<Answer> {
  yield* plainerAnswers(answer);
  const headers = answer.headers ?? [];
  for (const rest of shorter(headers)) yield orNone(answer, 'headers', rest);
  for (const [n, [name, value]] of headers.entries()) {
    if (name === 'Access-Control-Allow-Origin' && value.startsWith('{request'))
      yield { ...answer, headers: headers.map((line, at) => (at === n ? [name, '{origin}'] : line)) };
    if (value.includes(',')) {
      for (const part of dropped(value.split(',')))
        yield { ...answer, headers: headers.map((line, at) => (at === n ? [name, part.join(',')] : line)) };
    }
  }
}

function* plainerAnswers(answer: Answer): Generator<Answer> {
  for (const key of ['status', 'body', 'framing', 'interim'] as const) {
    if (answer[key] !== undefined) yield without(answer, key);
  }
  if (answer.fault !== undefined) yield without(answer, 'fault');
}

type Lines = NonNullable<CaseRequest['headers']>;

/** Each list that lacks one line. */
function* shorter(lines: Lines): Generator<Lines> {
  yield* dropped(lines);
}

function* dropped<T>(list: readonly T[]): Generator<T[]> {
  for (let n = list.length - 1; n >= 0; n--) yield list.filter((_, at) => at !== n);
}

/** Each list with one value made plain. */
function* plainer(lines: Lines): Generator<Lines> {
  for (const [n, [name, value]] of lines.entries()) {
    if (value !== '1') yield lines.map((line, at) => (at === n ? [name, '1'] : line));
  }
}

function without<T extends object, K extends keyof T>(whole: T, key: K): T {
  const { [key]: _gone, ...rest } = whole;
  return rest as T;
}

const orNone = <T extends object, K extends keyof T>(whole: T, key: K, list: T[K] & readonly unknown[]): T =>
  list.length === 0 ? without(whole, key) : { ...whole, [key]: list };

/** Holds what was observed against what the case expects. Pure: the same observation always gives the same checks. */

import { expectedRoles } from '../case/expect.ts';
import type { StepObservation } from '../case/observation.ts';
import type { Case, Expectation, RequestStep } from '../case/schema.ts';
import { type BoundCase, fill } from '../case/script.ts';
import type { Outcome } from '../standard/types.ts';
import { type Exchange, headerValue } from '../wire/exchange.ts';
import type { Check } from './record.ts';

export interface ObservedOutcome {
  readonly outcome: Outcome;
  readonly blockedAt?: 'preflight' | 'response';
}

const NETWORK_ERRORS = new Set(['TypeError', 'NetworkError', 'error']);

/**
 * What a step's outcome was, told from script and wire alone. Script cannot tell a CORS failure from another
 * network error; the wire can: it is `blocked` where the last request was answered completely and script still
 * got an error, `error` where the exchange itself failed, never happened, or the call threw.
 * @param calls how many equal calls script made at once: where there are fewer exchanges, the last may be any
 * call's, and tells nothing of the one that script reports
 */
export function outcomeOf(observed: StepObservation, calls = 1): ObservedOutcome {
  const { script, exchanges } = observed;
  if (script.settled === 'unsettled') return { outcome: 'timeout' };
  if (script.settled === 'resolved') {
    return { outcome: script.type === 'opaque' || script.type === 'opaqueredirect' ? 'opaque' : 'readable' };
  }
  const name = script.error?.name ?? '';
  if (name === 'timeout' || name === 'TimeoutError') return { outcome: 'timeout' };
  if (!NETWORK_ERRORS.has(name)) return { outcome: 'error' };
  const last = exchanges.length < calls ? undefined : exchanges.at(-1);
  if (!last || last.response === null || last.end !== 'complete') return { outcome: 'error' };
  // fetch() is there before its body; XMLHttpRequest waits for it.
  if (last.response.undecodable && name !== 'TypeError') return { outcome: 'error' };
  return { outcome: 'blocked', blockedAt: last.role === 'preflight' ? 'preflight' : 'response' };
}

/** "PUT hop2": how an exchange is named in an expectation's wire list. */
export function wireName(exchange: Exchange): string {
  return exchange.resource === 'main'
    ? exchange.request.method
    : `${exchange.request.method} ${exchange.resource}`;
}

/** Judges one step. Check ids carry no step number; judge() adds it. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one line for each field of an expectation
function judgeStep(scene: BoundCase, step: RequestStep, observed: StepObservation): Check[] {
  const { expect } = step;
  const { script, exchanges } = observed;
  const checks: Check[] = [];
  const filled = (text: string) => fill(text, scene, step);
  const check = (id: string, expected: string | null, seen: string | null, ok = expected === seen) =>
    checks.push({ id, expected: expected ?? '(absent)', observed: seen ?? '(absent)', ok });

  const seen = outcomeOf(observed, step.request.atOnce);
  check('outcome', expect.outcome, describeOutcome(seen, observed), sameOutcome(expect, seen));
  if (expect.blockedAt) check('blocked-at', expect.blockedAt, seen.blockedAt ?? null);
  checkWire(expect, exchanges, check);

  for (const key of ['status', 'type', 'redirected'] as const) {
    if (expect[key] !== undefined)
      check(key, String(expect[key]), script[key] === undefined ? null : String(script[key]));
  }
  if (expect.url !== undefined) check('url', filled(expect.url), script.url ?? null);
  if (expect.body !== undefined) check('body', filled(expect.body), script.body ?? null);
  if (expect.bodyError !== undefined) check('body-error', expect.bodyError, script.bodyError ?? null);
  if (expect.error !== undefined) check('error', expect.error, script.error?.name ?? null);
  if (expect.result !== undefined) check('result', expect.result, script.result ?? null);
  if (expect.events) check('events', expect.events.join(' '), script.events?.join(' ') ?? null);

  const read = (name: string) => headerValue(script.headers ?? [], name);
  for (const [name, value] of Object.entries(expect.readable ?? {}))
    check(`readable:${name}`, filled(value), read(name));
  for (const name of expect.hidden ?? []) check(`hidden:${name}`, null, read(name));
  if (expect.allHeaders) {
    check(
      'all-headers',
      expect.allHeaders.join(' '),
      script.headers?.map(([name]) => name).join(' ') ?? null,
    );
  }
  checkRequests(expect, exchanges, filled, check);
  return checks;
}

type CheckFn = (id: string, expected: string | null, seen: string | null, ok?: boolean) => void;

function describeOutcome(seen: ObservedOutcome, observed: StepObservation): string {
  const { error } = observed.script;
  return error && seen.outcome === 'error' ? `error (${error.name})` : seen.outcome;
}

/**
 * `error` also covers failures after a complete answer that are not CORS's doing (a redirect to a bad scheme, a
 * failed integrity check), which the wire alone cannot tell from a block; the case says which it is.
 */
function sameOutcome(expect: Expectation, seen: ObservedOutcome): boolean {
  if (expect.outcome === 'error') return seen.outcome === 'error' || seen.outcome === 'blocked';
  return expect.outcome === seen.outcome;
}

function checkWire(expect: Expectation, exchanges: readonly Exchange[], check: CheckFn): void {
  if (expect.wire) {
    const names = exchanges.map(wireName);
    const order = (list: readonly string[]) =>
      (expect.anyOrder ? [...list].sort() : list).join(', ') || 'nothing';
    check('wire', order(expect.wire), order(names));
    return;
  }
  const roles = expectedRoles(expect);
  for (const role of ['preflight', 'actual'] as const) {
    const count = exchanges.filter(e => e.role === role).length;
    if (expect.anyRequests) {
      const wanted = expect[role];
      if (wanted) check(role, wanted, count === 0 ? 'not sent' : 'sent');
      continue;
    }
    const wanted = roles[role];
    const times = ['not sent', 'sent'][count] ?? `sent ${count} times`;
    check(role, wanted, times);
  }
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one line for each field of an expectation
function checkRequests(
  expect: Expectation,
  exchanges: readonly Exchange[],
  filled: (text: string) => string,
  check: CheckFn,
): void {
  const preflight = exchanges.find(e => e.role === 'preflight');
  const actual = exchanges.findLast(e => e.role === 'actual');
  const header = (exchange: Exchange | undefined, name: string) =>
    exchange ? headerValue(exchange.request.headers, name) : null;

  if (expect.accessControlRequestMethod !== undefined) {
    check(
      'access-control-request-method',
      expect.accessControlRequestMethod,
      header(preflight, 'access-control-request-method'),
    );
  }
  if (expect.accessControlRequestHeaders !== undefined) {
    const seen = preflight ? header(preflight, 'access-control-request-headers') : '(no preflight)';
    check('access-control-request-headers', expect.accessControlRequestHeaders, seen);
  }
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one line for each field of an expectation
  const lines = (id: string, wanted: Expectation['requestHeaders'], exchange: Exchange | undefined) => {
    for (const [name, value] of Object.entries(wanted ?? {})) {
      const seen = exchange ? header(exchange, name) : '(no such request)';
      if (value !== null && typeof value === 'object' && 'lacks' in value) {
        const text = filled(value.lacks);
        check(`${id}:${name}`, `without "${text}"`, seen, !seen?.includes(text) && exchange !== undefined);
      } else if (value !== null && typeof value === 'object') {
        check(
          `${id}:${name}`,
          `/${value.matches}/`,
          seen,
          seen !== null && new RegExp(value.matches, 'u').test(seen),
        );
      } else check(`${id}:${name}`, value === null ? null : filled(value), seen);
    }
  };
  lines('preflight-header', expect.preflightHeaders, preflight);
  lines('request-header', expect.requestHeaders, actual);
  for (const name of expect.requestHeaderNames ?? []) {
    const lower = name.toLowerCase();
    const spelt = actual?.request.headers.find(([n]) => n.toLowerCase() === lower)?.[0];
    check(`header-name:${lower}`, name, spelt ?? null);
  }
  const named = (where: string): Exchange | undefined => {
    const [name, nth] = where.split(' #');
    return exchanges.filter(e => wireName(e) === name)[Number(nth ?? 1) - 1];
  };
  for (const [where, wanted] of Object.entries(expect.requestHeadersAt ?? {}))
    lines(where, wanted, named(where));
  for (const [where, wanted] of Object.entries(expect.requestTargets ?? {})) {
    const url = named(where)?.request.url;
    const seen = /^https?:/.test(wanted) ? url : url?.replace(/^[a-z]+:\/\/[^/]*/, '');
    check(`target:${where}`, filled(wanted), seen ?? '(no such request)');
  }
  if (expect.requestBody !== undefined)
    check('request-body', filled(expect.requestBody), actual?.request.body ?? null);
  if (expect.connections) {
    const used = new Set(exchanges.filter(e => e.role === 'actual').map(e => e.connection));
    check('connections', expect.connections, used.size === 1 ? 'same' : 'different');
  }
}

/** All checks of a case; ids get their step's number in front where the case makes several requests. */
export function judge(scene: BoundCase, observed: readonly StepObservation[]): Check[] {
  const requests = requestSteps(scene.case);
  return requests.flatMap(({ step, index }, i) => {
    const prefix = requests.length > 1 ? `${i + 1}.` : '';
    const seen = observed.find(o => o.step === index);
    const checks = seen
      ? judgeStep(scene, step, seen)
      : [{ id: 'outcome', expected: step.expect.outcome, observed: '(the step did not run)', ok: false }];
    return checks.map(check => ({ ...check, id: prefix + check.id }));
  });
}

/** The steps that make a request, with their index among all steps. */
export function requestSteps(theCase: Case): { step: RequestStep; index: number }[] {
  return theCase.steps.flatMap((step, index) => ('request' in step ? [{ step, index }] : []));
}

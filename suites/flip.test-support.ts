/** Turns one expectation of a case around: the twin that must fail. */
import type { Case, Expectation, RequestStep } from '../harness/case/schema.ts';

type HeaderExpectations = NonNullable<Expectation['requestHeaders']>;

const more = (value: string): string => `${value} and more`;

function flipHeaders(headers: HeaderExpectations): HeaderExpectations[] {
  return Object.entries(headers).map(([name, value]) => ({
    ...headers,
    [name]: value === null ? 'flipped' : typeof value === 'string' ? more(value) : { matches: '^(?!)' },
  }));
}

/** Every way to turn one thing around in an expectation, by the name of what was turned. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: how each field of an expectation is turned round
function flips(expect: Expectation): { readonly what: string; readonly expect: Expectation }[] {
  const found: { what: string; expect: Expectation }[] = [];
  const flip = (what: string, change: Partial<Expectation>) =>
    found.push({ what, expect: { ...expect, ...change } });
  const sent = (value: 'sent' | 'not sent') => (value === 'sent' ? 'not sent' : 'sent');

  const { blockedAt: _at, ...rest } = expect;
  found.push({
    what: 'outcome',
    expect: { ...rest, outcome: expect.outcome === 'readable' ? 'timeout' : 'readable' },
  });
  if (expect.blockedAt)
    flip('blockedAt', { blockedAt: expect.blockedAt === 'preflight' ? 'response' : 'preflight' });
  if (expect.preflight) flip('preflight', { preflight: sent(expect.preflight) });
  if (expect.actual) flip('actual', { actual: sent(expect.actual) });
  if (expect.wire) flip('wire', { wire: [...expect.wire, 'GET nowhere'] });
  if (expect.status !== undefined) flip('status', { status: expect.status + 1 });
  if (expect.type) flip('type', { type: expect.type === 'default' ? 'error' : 'default' });
  if (expect.redirected !== undefined) flip('redirected', { redirected: !expect.redirected });
  for (const key of [
    'url',
    'body',
    'error',
    'result',
    'requestBody',
    'accessControlRequestMethod',
  ] as const) {
    const value = expect[key];
    if (value !== undefined) flip(key, { [key]: more(value) });
  }
  if (expect.accessControlRequestHeaders !== undefined) {
    flip('accessControlRequestHeaders', {
      accessControlRequestHeaders: more(expect.accessControlRequestHeaders ?? ''),
    });
  }
  if (expect.events) flip('events', { events: [...expect.events, 'flipped'] });
  if (expect.allHeaders) flip('allHeaders', { allHeaders: [...expect.allHeaders, 'x-flipped'] });
  for (const [name, value] of Object.entries(expect.readable ?? {})) {
    flip(`readable ${name}`, { readable: { ...expect.readable, [name]: more(value) } });
  }
  for (const name of expect.hidden ?? []) {
    flip(`hidden ${name}`, {
      hidden: (expect.hidden ?? []).filter(other => other !== name),
      readable: { ...expect.readable, [name]: 'visible' },
    });
  }
  for (const key of ['preflightHeaders', 'requestHeaders'] as const) {
    for (const headers of flipHeaders(expect[key] ?? {})) flip(key, { [key]: headers });
  }
  for (const [where, wanted] of Object.entries(expect.requestHeadersAt ?? {})) {
    for (const headers of flipHeaders(wanted))
      flip(`headers of ${where}`, { requestHeadersAt: { ...expect.requestHeadersAt, [where]: headers } });
  }
  for (const [where, wanted] of Object.entries(expect.requestTargets ?? {}))
    flip(`target of ${where}`, { requestTargets: { ...expect.requestTargets, [where]: more(wanted) } });
  for (const name of expect.requestHeaderNames ?? [])
    flip(`spelling of ${name}`, { requestHeaderNames: [more(name)] });
  if (expect.connections)
    flip('connections', { connections: expect.connections === 'same' ? 'different' : 'same' });
  return found;
}

/** Every twin of a case, each with one expectation turned around. */
export function twins(theCase: Case): { readonly what: string; readonly case: Case }[] {
  return theCase.steps.flatMap((step, i) => {
    if (!('request' in step)) return [];
    return flips(step.expect).map(({ what, expect }) => {
      const flipped: RequestStep = { ...step, expect };
      return { what: `step ${i + 1}: ${what}`, case: { ...theCase, steps: theCase.steps.with(i, flipped) } };
    });
  });
}

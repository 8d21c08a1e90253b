/** Checks suites and case files, and says exactly what is wrong with them. */
import { z } from 'zod';
import { expectedRoles } from './expect.ts';
import { type Case, type RequestStep, type Suite, showsResponse, suiteSchema } from './schema.ts';
import { PLACEHOLDERS } from './script.ts';

/** A suite or case file that cannot be used. The message names file, case and path. */
export class CaseError extends Error {
  override readonly name = 'CaseError';
}

/** The place in a suite that a zod path points at, with the case's id where there is one. */
function where(value: unknown, path: readonly PropertyKey[]): string {
  const at = (key: PropertyKey) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`);
  const cases = (value as { cases?: { id?: unknown }[] } | null)?.cases;
  if (path[0] !== 'cases' || typeof path[1] !== 'number')
    return path.map(at).join('').replace(/^\./, '') || 'the top level';
  const id = cases?.[path[1]]?.id;
  const rest = path.slice(2).map(at).join('').replace(/^\./, '');
  return `case ${typeof id === 'string' ? `"${id}"` : `number ${path[1] + 1}`}${rest ? `, ${rest}` : ''}`;
}

/** The most specific complaint of a zod error: inside a union, that of the branch that went furthest. */
function complaint(error: z.ZodError): { path: PropertyKey[]; message: string } {
  const [issue] = error.issues;
  if (!issue) return { path: [], message: error.message };
  if (issue.code !== 'invalid_union' || issue.errors.length === 0)
    return { path: [...issue.path], message: issue.message };
  const branches = issue.errors.map(issues => complaint(new z.ZodError(issues)));
  const best = branches.reduce((a, b) => (b.path.length > a.path.length ? b : a));
  return {
    path: [...issue.path, ...best.path],
    message: best.path.length > 0 ? best.message : branches.map(b => b.message).join('; or '),
  };
}

/**
 * Validates a suite.
 * @param source what to call it in messages: a file name or a suite's id
 * @throws CaseError for the first thing that is wrong
 */
export function checkSuite(value: unknown, source: string): Suite {
  const parsed = suiteSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = complaint(parsed.error);
    throw new CaseError(`${source}: ${where(value, path)}: ${message}`);
  }
  const suite = value as Suite;
  const seen = new Set<string>();
  for (const one of suite.cases) {
    if (seen.has(one.id)) throw new CaseError(`${source}: case "${one.id}": the id is used twice`);
    seen.add(one.id);
    checkCase(one, source);
  }
  return suite;
}

type Fail = (path: string, message: string) => never;

/** What the schema cannot say: steps that refer to each other, and placeholders that exist. */
function checkCase(theCase: Case, source: string): void {
  const fail: Fail = (path, message) => {
    throw new CaseError(`${source}: case "${theCase.id}", ${path}: ${message}`);
  };
  const resources = new Set(['main']);
  for (const [i, step] of theCase.steps.entries()) {
    if ('wait' in step) continue;
    for (const name of Object.keys(step.server?.resources ?? {})) resources.add(name);
    checkStep(step, `steps[${i}]`, resources, fail);
  }
  if (!theCase.steps.some(step => 'request' in step)) fail('steps', 'no step makes a request');
  if (['may', 'disputed', 'outside'].includes(theCase.class ?? 'must') && !theCase.because) {
    fail('because', `a case of class ${theCase.class} says why`);
  }
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: rules of a case, one after the other, each with its own message
function checkStep(step: RequestStep, at: string, resources: ReadonlySet<string>, fail: Fail): void {
  const { request, expect } = step;
  const scripted = `scripted so far: ${[...resources].join(', ')}`;
  if (request.to !== undefined && !resources.has(request.to)) {
    fail(`${at}.request.to`, `no resource is called "${request.to}"; ${scripted}`);
  }
  if (expect.wire && (expect.preflight || expect.actual))
    fail(`${at}.expect`, 'give either wire or preflight and actual, not both');
  if (expect.blockedAt && expect.outcome !== 'blocked')
    fail(`${at}.expect.blockedAt`, `only a blocked outcome is blocked somewhere, not "${expect.outcome}"`);
  const never = neverSeen(step);
  if (never !== undefined) fail(`${at}.expect.outcome`, never);
  checkBlock(step, `${at}.expect`, fail);
  for (const [i, line] of (expect.wire ?? []).entries()) {
    const [, name = 'main'] = line.split(' ');
    if (!resources.has(name)) fail(`${at}.expect.wire[${i}]`, `no resource is called "${name}"; ${scripted}`);
  }
  for (const [whole, name = '', arg] of JSON.stringify(step).matchAll(PLACEHOLDER)) {
    if (!(name in PLACEHOLDERS))
      fail(at, `${whole} is not a placeholder; known: ${Object.keys(PLACEHOLDERS).join(', ')}`);
    if ((name === 'url' || name === 'path') && arg !== undefined && !resources.has(arg)) {
      fail(at, `${whole} names no resource; ${scripted}`);
    }
  }
  for (const pattern of patterns(expect)) {
    const wrong = whyNoPattern(pattern);
    if (wrong !== null) fail(`${at}.expect`, `"${pattern}" is not a regular expression: ${wrong}`);
  }
}

/** Why no engine can ever show this outcome; undefined if one can. */
function neverSeen({ request: { api = 'fetch' }, expect: { outcome } }: RequestStep): string | undefined {
  if (!showsResponse(api) && ['blocked', 'opaque'].includes(outcome))
    return `api "${api}" shows no response, only a result: expect "readable", and what came of it as result, such as "load" or "error"${api === 'image' ? ' (of an image "load, canvas readable" or "load, canvas tainted"; without mode "no-cors" it has the attribute crossorigin)' : ''}`;
  return undefined;
}

/** What the last request that is expected may be; undefined where any may be sent. */
function lastRoles({ request: { method }, expect }: RequestStep): Set<'preflight' | 'actual'> | undefined {
  const { wire, anyOrder, anyRequests } = expect;
  if (wire) {
    const last = anyOrder ? wire : wire.slice(-1);
    return new Set(
      last.flatMap(line => {
        if (line.split(' ')[0] !== 'OPTIONS') return ['actual'] as const;
        return method === 'OPTIONS' ? (['preflight', 'actual'] as const) : (['preflight'] as const);
      }),
    );
  }
  if (anyRequests) return undefined;
  const roles = expectedRoles(expect);
  return new Set((['preflight', 'actual'] as const).filter(role => roles[role] === 'sent'));
}

/** A block is told from other errors by the last answer, so there has to be one, to a request of the right kind. */
function checkBlock(step: RequestStep, at: string, fail: Fail): void {
  const { outcome, blockedAt, wire } = step.expect;
  const last = outcome === 'blocked' ? lastRoles(step) : undefined;
  if (!last) return;
  if (last.size === 0)
    fail(
      `${at}.${wire ? 'wire' : 'actual'}`,
      'what is blocked is told from other errors by its answer: say which request is sent, or expect the outcome "error"',
    );
  if (blockedAt === 'preflight' && !last.has('preflight'))
    fail(`${at}.blockedAt`, 'the last request that is expected is no preflight (OPTIONS)');
  if (blockedAt === 'response' && !last.has('actual'))
    fail(`${at}.blockedAt`, 'the last request that is expected is a preflight');
}

const PLACEHOLDER = /\{([a-z]+(?:-[a-z]+)*)(?::([^{}]*))?\}/g;

function whyNoPattern(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function patterns(expect: object): string[] {
  const found: string[] = [];
  JSON.stringify(expect, (key, value) => {
    if (key === 'matches' && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

/** The JSON Schema of a case file: a suite as JSON. */
export function caseFileSchema(): object {
  return {
    $id: 'cors-conformance/case-file/1',
    title: 'A cors-conformance case file',
    ...z.toJSONSchema(suiteSchema, { io: 'input' }),
  };
}

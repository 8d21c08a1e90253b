/** Everything that a run would send, as text, before it is sent. */
import { headerValue } from '../wire/exchange.ts';
import type { AttemptInfo, PageAttempt, WireProbe } from './attempts.ts';
import { asksOf, type Derived } from './derive.ts';
import { SAFE_METHODS } from './names.ts';
import type { PolicyPlan } from './plan.ts';

/** What one question sends to one resource. */
interface Group {
  readonly title: string;
  /** Line and how often it is sent. */
  readonly lines: ReadonlyMap<string, number>;
}

const changes = (method: string): boolean => !SAFE_METHODS.includes(method);

function linesOfCase({ case: theCase, about }: PageAttempt): string[] {
  return theCase.steps.flatMap(step => {
    if ('wait' in step) return [];
    const { method = 'GET', url, headers = [] } = step.request;
    const names = headers.map(([name]) => name);
    const withHeaders = names.length > 0 ? ` with ${names.join(', ')}` : '';
    const preflight = about.headers.length > 0 || !['GET', 'HEAD', 'POST'].includes(method);
    return [
      `${changes(method) ? '! ' : ''}${method} ${url}${withHeaders}${preflight ? ', after a preflight' : ''}`,
    ];
  });
}

function lineOfProbe({ request }: WireProbe): string {
  const asks = headerValue(request.headers, 'access-control-request-method');
  const names = headerValue(request.headers, 'access-control-request-headers');
  const asked = asks
    ? ` (a preflight for ${asks}${names ? ` with ${names}` : ''}; the request is not sent)`
    : '';
  return `${request.method} ${request.url}${asked}`;
}

type Lines = Map<string, number>;

/** What each question sends to each resource, by `keyOf`; in one pass, as there may be thousands of both. */
function linesByKey({ cases, probes }: Derived): ReadonlyMap<string, Lines> {
  const all = new Map<string, Lines>();
  const add = ({ ask, resource }: AttemptInfo, sent: readonly string[]) => {
    const key = keyOf(ask, resource);
    const lines: Lines = all.get(key) ?? new Map();
    all.set(key, lines);
    for (const line of sent) lines.set(line, (lines.get(line) ?? 0) + 1);
  };
  for (const one of cases) add(one.about, linesOfCase(one));
  for (const one of probes) add(one.about, [lineOfProbe(one)]);
  return all;
}

const keyOf = (ask: string, resource: string): string => `${ask} ${resource}`;

const groupsOf = (all: ReadonlyMap<string, Lines>, resource: string): Group[] =>
  asksOf().flatMap(({ id, what }) => {
    const lines = all.get(keyOf(id, resource));
    return lines ? [{ title: what, lines }] : [];
  });

/** How many requests and preflights go out, and how many of the requests may change data. */
function totalsOf({ cases, probes }: Derived): { requests: number; preflights: number; changing: number } {
  const lines = cases.flatMap(linesOfCase);
  const asked = probes.filter(({ request }) => request.method === 'OPTIONS').length;
  return {
    requests: lines.length + probes.length - asked,
    preflights: lines.filter(line => line.endsWith('after a preflight')).length + asked,
    changing: lines.filter(line => line.startsWith('! ')).length,
  };
}

/**
 * What is sent, by resource and question, with the totals at the end. What may change data is marked.
 * @param derived what the plan comes to
 */
export function dryRun(plan: PolicyPlan, derived: Derived): string[] {
  const all = linesByKey(derived);
  const lines = [
    ...plan.resources.map(({ name, path }) => ({ name, path })),
    { name: 'errors', path: '' },
  ].flatMap(({ name, path }) => {
    const groups = groupsOf(all, name);
    if (groups.length === 0) return [];
    return [
      path === '' ? 'Errors' : `${name}: ${path}`,
      ...groups.flatMap(({ title, lines: sent }) => [
        `  ${title}`,
        ...[...sent].map(([line, count]) => `    ${line}${count > 1 ? ` · ${count} times` : ''}`),
      ]),
    ];
  });
  const { requests, preflights, changing } = totalsOf(derived);
  return [
    ...lines,
    `At most ${requests} requests and ${preflights} preflights on the wire; each browser then repeats those that it has to confirm.`,
    changing === 0
      ? 'Nothing here may change data.'
      : `${changing} of the requests, marked "!", use declared methods that may change data.`,
  ];
}

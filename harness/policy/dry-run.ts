/** Everything that a run would send, as text, before it is sent. */
import { headerValue } from '../wire/exchange.ts';
import type { Ask, AttemptInfo, Attempts, PageAttempt, WireProbe } from './attempts.ts';
import type { PolicyCheck } from './checks/check.ts';
import { asksOf } from './derive.ts';
import { SAFE_METHODS } from './names.ts';
import type { PolicyPlan } from './plan.ts';

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

interface Totals {
  requests: number;
  preflights: number;
  /** Requests that may change data. */
  changing: number;
}

/** What is sent, question after question: thousands of resources make more attempts than fit in memory at ease. */
class Listing {
  /** What each question sends to each resource, by `keyOf`. */
  readonly #lines = new Map<string, Lines>();
  readonly totals: Totals = { requests: 0, preflights: 0, changing: 0 };

  add({ cases = [], probes = [] }: Attempts): void {
    for (const one of cases) {
      const lines = linesOfCase(one);
      this.totals.requests += lines.length;
      this.totals.preflights += lines.filter(line => line.endsWith('after a preflight')).length;
      this.totals.changing += lines.filter(line => line.startsWith('! ')).length;
      this.#count(one.about, lines);
    }
    for (const one of probes) {
      this.totals[one.request.method === 'OPTIONS' ? 'preflights' : 'requests']++;
      this.#count(one.about, [lineOfProbe(one)]);
    }
  }

  #count({ ask, resource }: AttemptInfo, sent: readonly string[]): void {
    const key = keyOf(ask, resource);
    const lines: Lines = this.#lines.get(key) ?? new Map();
    this.#lines.set(key, lines);
    for (const line of sent) lines.set(line, (lines.get(line) ?? 0) + 1);
  }

  /** What a resource is asked, question by question. */
  of(resource: string, asks: readonly Ask[]): string[] {
    return asks.flatMap(({ id, what }) => {
      const lines = this.#lines.get(keyOf(id, resource));
      if (!lines) return [];
      const sent = [...lines].map(([line, count]) => `    ${line}${count > 1 ? ` · ${count} times` : ''}`);
      return [`  ${what}`, ...sent];
    });
  }
}

const keyOf = (ask: string, resource: string): string => `${ask} ${resource}`;

/**
 * What is sent, by resource and question, with the totals at the end. What may change data is marked.
 * @param checks those that are wanted
 * @param tick called after each question
 */
export function dryRun(
  plan: PolicyPlan,
  checks?: readonly PolicyCheck[],
  tick: () => void = () => undefined,
): string[] {
  const asks = asksOf(checks);
  const listing = new Listing();
  for (const ask of asks) {
    listing.add(ask.attempts(plan));
    tick();
  }
  const lines = [...plan.resources, { name: 'errors', path: '' }].flatMap(({ name, path }) => {
    const asked = listing.of(name, asks);
    return asked.length === 0 ? [] : [path === '' ? 'Errors' : `${name}: ${path}`, ...asked];
  });
  const { requests, preflights, changing } = listing.totals;
  return [
    ...lines,
    `At most ${requests} requests and ${preflights} preflights on the wire; each browser then repeats those that it has to confirm.`,
    changing === 0
      ? 'Nothing here may change data.'
      : `${changing} of the requests, marked "!", use declared methods that may change data.`,
  ];
}

/** Cases with every request or every answer changed: what an engine takes a case for. */
import type { Answer, Case, CaseRequest, RequestStep, Resource } from '../../harness/case/schema.ts';

type Lines = NonNullable<CaseRequest['headers']>;

/** Changes every request; the same case comes back where none changes. */
function asIfRequests(theCase: Case, change: (request: CaseRequest) => CaseRequest): Case {
  let changed = false;
  const steps = theCase.steps.map(step => {
    if ('wait' in step) return step;
    const request = change(step.request);
    changed ||= request !== step.request;
    return { ...step, request };
  });
  return changed ? { ...theCase, steps } : theCase;
}

/** Changes the header lines of every request that has some. */
export const asIfLines = (theCase: Case, change: (lines: Lines, request: CaseRequest) => Lines): Case =>
  asIfRequests(theCase, request => {
    if (!request.headers) return request;
    const headers = change(request.headers, request);
    return same(headers, request.headers) ? request : { ...request, headers };
  });

/** Changes the header lines of every answer. */
export function asIfAnswers(
  theCase: Case,
  change: (lines: Lines, role: 'preflight' | 'actual') => Lines,
): Case {
  let changed = false;
  const ofResource = <T extends Resource>(resource: T): T => {
    const next = { ...resource };
    for (const role of ['preflight', 'actual'] as const) {
      const answer = next[role] as Answer | undefined;
      if (!answer?.headers) continue;
      const headers = change(answer.headers, role);
      if (same(headers, answer.headers)) continue;
      changed = true;
      next[role] = { ...answer, headers };
    }
    return next;
  };
  const steps = theCase.steps.map((step): RequestStep | { wait: number } => {
    if ('wait' in step || !step.server) return step;
    const { resources, ...main } = step.server;
    const more =
      resources && Object.fromEntries(Object.entries(resources).map(([n, r]) => [n, ofResource(r)]));
    return { ...step, server: { ...ofResource(main), ...(more && { resources: more }) } };
  });
  return changed ? { ...theCase, steps } : theCase;
}

const same = (a: Lines, b: Lines): boolean =>
  a.length === b.length && a.every(([name, value], at) => name === b[at]?.[0] && value === b[at]?.[1]);

/** Each name once, its values joined as "combine" joins them. */
export function combined(lines: Lines): Lines {
  const all = new Map<string, [string, string]>();
  for (const [name, value] of lines) {
    const before = all.get(name.toLowerCase());
    all.set(name.toLowerCase(), before ? [before[0], `${before[1]}, ${value}`] : [name, value]);
  }
  return [...all.values()];
}

/** Without the lines of these names, given in lower case. */
export const lacking = (lines: Lines, names: ReadonlySet<string>): Lines =>
  lines.filter(([name]) => !names.has(name.toLowerCase()));

/** Words for cases of several requests, and for those in which only some of them ask first. */
import type { Case, CaseRequest, Expectation, RequestStep } from '../harness/case/schema.ts';
import { type CaseDetails, links, readable, type Titled } from './helpers.ts';

type Server = NonNullable<RequestStep['server']>;

export const DELETE: CaseRequest = { method: 'DELETE' };

/** Readable without a preflight, because an earlier answer is remembered. */
export const fromPreflightCache = (more: Partial<Expectation> = {}): Expectation =>
  readable({ preflight: 'not sent', actual: 'sent', ...more });

/**
 * For cases that claim only that something is still remembered. They run alone: an engine makes room for what other
 * requests give it to remember.
 */
export const MAY_FORGET_EARLY = {
  class: 'may',
  alone: true,
  because: 'A user agent may remove a cache entry early; it then only preflights once more.',
} as const satisfies Partial<Case>;

/** One request made again and again, with what each time must show, and waits between. */
export function repeated({
  id,
  title,
  spec,
  request = {},
  server,
  times,
  ...details
}: Titled &
  CaseDetails & {
    spec: string | string[];
    request?: CaseRequest;
    server: Server;
    times: readonly (Expectation | { wait: number })[];
  }): Case {
  let scripted = false;
  const steps = times.map(time => {
    if ('wait' in time) return time;
    const step = { request, ...(!scripted && { server }), expect: time };
    scripted = true;
    return step;
  });
  return { id, title, spec: links(spec), ...details, steps };
}

/** A step of a sequence; without a request, a GET by fetch(). */
export type SequenceStep = { wait: number } | (Omit<RequestStep, 'request'> & { request?: CaseRequest });

/** A case of several different steps. */
export function sequence({
  id,
  title,
  spec,
  steps,
  ...details
}: Titled & CaseDetails & { spec: string | string[]; steps: readonly SequenceStep[] }): Case {
  return {
    id,
    title,
    spec: links(spec),
    ...details,
    steps: steps.map(step => ('wait' in step ? step : { ...step, request: step.request ?? {} })),
  };
}

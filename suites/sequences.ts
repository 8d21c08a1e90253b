/** Words for cases of several requests, and for those in which only some of them ask first. */
import type { Case, CaseRequest, Expectation, RequestStep } from '../harness/case/schema.ts';
import { readable } from './helpers.ts';

type Server = NonNullable<RequestStep['server']>;

export const DELETE: CaseRequest = { method: 'DELETE' };

/** Readable without a preflight, because an earlier answer is remembered. */
export const fromCache = (more: Partial<Expectation> = {}): Expectation =>
  readable({ preflight: 'not sent', actual: 'sent', ...more });

/**
 * For cases that claim only that something is still remembered. They run alone: an engine makes room for what other
 * requests give it to remember.
 */
export const EARLY_REMOVAL = {
  class: 'may',
  alone: true,
  because: 'A user agent may forget an answer early; it then only asks once more.',
} as const satisfies Partial<Case>;

/** One request made again and again, with what each time must show, and waits between. */
export function repeated(
  id: string,
  title: string,
  link: string | string[],
  request: CaseRequest,
  server: Server,
  times: readonly (Expectation | { wait: number })[],
  more: Partial<Case> = {},
): Case {
  let scripted = false;
  const steps = times.map(time => {
    if ('wait' in time) return time;
    const step = { request, ...(!scripted && { server }), expect: time };
    scripted = true;
    return step;
  });
  return { id, title, spec: [link].flat(), ...more, steps };
}

/** One step of a sequence. */
export const step = (
  request: CaseRequest,
  server: Server | undefined,
  expect: Expectation,
  more: Partial<RequestStep> = {},
): RequestStep => ({ request, ...(server && { server }), expect, ...more });

/** A case of several different steps. */
export const sequence = (
  id: string,
  title: string,
  link: string | string[],
  steps: Case['steps'],
  more: Partial<Case> = {},
): Case => ({ id, title, spec: [link].flat(), ...more, steps });

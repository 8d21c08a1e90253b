/** The same case through fetch() and through XMLHttpRequest. */
import type { Case, CaseRequest, Expectation, RequestStep, Step } from '../harness/case/schema.ts';

export const BOTH_APIS = ['fetch', 'xhr'] as const;

/** The case that `make` makes, for each of the two. */
export const forBoth = (make: (api: (typeof BOTH_APIS)[number]) => Case): Case[] => BOTH_APIS.map(make);

/** The request as XMLHttpRequest makes it: credentials mode include is its withCredentials. */
function xhrRequest(request: CaseRequest): CaseRequest {
  const { credentials, mode: _mode, ...rest } = request;
  return { ...rest, api: 'xhr', ...(credentials === 'include' && { withCredentials: true }) };
}

/** XMLHttpRequest shows no response type and no redirected flag, and a failure is an event instead of an exception. */
function xhrExpectation(expect: Expectation): Expectation {
  const { type: _type, redirected: _redirected, error, ...rest } = expect;
  return { ...rest, ...(error === 'TypeError' && { error: 'error' }) };
}

const isRequest = (step: Step): step is RequestStep => 'request' in step;

/** A fetch() case as XMLHttpRequest makes it, under the id `row/xhr` or `row/variant-xhr`. */
export function viaXhr(theCase: Case): Case {
  return {
    ...theCase,
    id: variantOf(theCase, 'xhr'),
    title: `${theCase.title} (XMLHttpRequest)`,
    steps: theCase.steps.map(step =>
      isRequest(step)
        ? { ...step, request: xhrRequest(step.request), expect: xhrExpectation(step.expect) }
        : step,
    ),
  };
}

const variantOf = ({ id }: Case, api: string): string => `${id}${id.includes('/') ? '-' : '/'}${api}`;

/** A fetch() case under its own id, and its XMLHttpRequest twin. */
export const withXhr = (theCase: Case): Case[] => [theCase, viaXhr(theCase)];

/** A fetch() case and its XMLHttpRequest twin; ids end in `fetch` and `xhr`. */
export const inBothApis = (theCase: Case): Case[] => [
  { ...theCase, id: variantOf(theCase, 'fetch') },
  viaXhr(theCase),
];

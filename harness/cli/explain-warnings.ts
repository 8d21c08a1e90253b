/** What is wrong with a server's answers even where the request in hand was allowed. */
import { extractDeltaSeconds, extractTokens, FAILURE, get, valuesOf } from '../standard/header-list.ts';
import type { HeaderList, WireReply, WireResponse, WireSend } from '../standard/types.ts';

/** One request and what came of it. */
export interface Talk {
  readonly send: WireSend;
  readonly reply: WireReply;
}

/** @param origin the page's origin */
export function warningsOf(talks: readonly Talk[], origin: string): string[] {
  const warnings: string[] = [];
  for (const { send, reply } of talks) {
    if (reply.kind !== 'response') continue;
    warnings.push(...aboutAnswer(send, reply, origin));
  }
  if (preflightAlone(talks)) {
    warnings.push(
      'The server answers the preflight with CORS headers, but not the actual request: both need them, error answers included.',
    );
  }
  return [...new Set(warnings)];
}

function aboutAnswer(send: WireSend, { status, headers }: WireResponse, origin: string): string[] {
  const warnings: string[] = [];
  const what = send.role === 'preflight' ? 'preflight' : 'actual request';
  const allowed = valuesOf(headers, 'access-control-allow-origin');
  if (allowed.length > 1) {
    warnings.push(
      `The answer to the ${what} has Access-Control-Allow-Origin ${allowed.length} times: browsers join the lines, and the sum matches no origin. Two layers, such as a proxy and the application, may both add it.`,
    );
  }
  if (allowed[0] === origin && origin !== 'null' && !variesByOrigin(headers)) {
    warnings.push(
      `The answer to the ${what} names one origin, and Vary does not name Origin: a cache may hand it to another origin, where it fails.`,
    );
  }
  if (send.role !== 'preflight') return warnings;
  if (status >= 300 && status <= 399) {
    warnings.push(
      `The preflight is redirected (status ${status}): browsers do not follow, and the request fails.`,
    );
  }
  if (status === 401 || status === 403 || status === 407 || get(headers, 'www-authenticate') !== null) {
    warnings.push(
      `The preflight is met with a demand for authentication (status ${status}): browsers never send credentials with it.`,
    );
  }
  if (extractDeltaSeconds(headers, 'access-control-max-age') === FAILURE) {
    warnings.push(
      'Access-Control-Max-Age is not one plain number of seconds: the preflight is kept for 5 seconds only.',
    );
  }
  return warnings;
}

function variesByOrigin(headers: HeaderList): boolean {
  const names = extractTokens(headers, 'vary');
  return Array.isArray(names) && names.some(name => name === '*' || name.toLowerCase() === 'origin');
}

function preflightAlone(talks: readonly Talk[]): boolean {
  const answers = (role: WireSend['role']) =>
    talks.flatMap(({ send, reply }) =>
      send.role === role && reply.kind === 'response' ? [reply.headers] : [],
    );
  const has = (headers: HeaderList) => get(headers, 'access-control-allow-origin') !== null;
  const actual = answers('actual');
  return answers('preflight').some(has) && actual.length > 0 && !actual.some(has);
}

/** What is wrong with a server's answers even where the request in hand was allowed. */

import { extractDeltaSeconds, FAILURE, get, valuesOf } from '../standard/header-list.ts';
import { isLocalHost } from '../standard/origin.ts';
import { isRedirectStatus } from '../standard/redirect.ts';
import type { HeaderList, ResponseReply, WireReply, WireSend } from '../standard/types.ts';
import { variesByOrigin } from '../standard/vary.ts';

/** One request and what came of it. */
export interface ExchangePair {
  readonly send: WireSend;
  readonly reply: WireReply;
}

/** @param origin the page's origin */
export function warningsOf(talks: readonly ExchangePair[], origin: string): string[] {
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
  if (!isLocalPage(origin) && talks.some(({ send }) => isLocalHost(new URL(send.url).hostname))) {
    warnings.push(
      'The URL leads to this machine or network, and the page comes from elsewhere: whatever the server answers, Chromium asks the user for permission first, and only for https pages (Local Network Access).',
    );
  }
  return [...new Set(warnings)];
}

/** Of an opaque origin nobody knows where its page came from, and an app is where the user is. */
const isLocalPage = (origin: string) => !/^https?:/.test(origin) || isLocalHost(new URL(origin).hostname);

function aboutAnswer(send: WireSend, { status, headers }: ResponseReply, origin: string): string[] {
  const warnings: string[] = [];
  const what = send.role === 'preflight' ? 'preflight' : 'actual request';
  const allowed = valuesOf(headers, 'access-control-allow-origin');
  if (allowed.length > 1) {
    warnings.push(
      `The answer to the ${what} has Access-Control-Allow-Origin ${allowed.length} times: browsers join the lines, and the sum matches no origin. Two layers, such as a proxy and the application, may both add it.`,
    );
  }
  if (allowed[0] === origin && origin !== 'null' && !variesByOrigin(get(headers, 'vary'))) {
    warnings.push(
      `The answer to the ${what} names one origin, and Vary does not name Origin: a cache may hand it to another origin, where it fails.`,
    );
  }
  if (send.role !== 'preflight') return warnings;
  if (isRedirectStatus(status)) {
    warnings.push(
      `The preflight is redirected (status ${status}): browsers do not follow, and the request fails.`,
    );
  }
  if (status === 401 || status === 407 || get(headers, 'www-authenticate') !== null) {
    warnings.push(
      `The server asks for authentication at the preflight (status ${status}): browsers never send credentials with it.`,
    );
  }
  const named = onlyNamed(send);
  if (REFUSED_BY_GUARDS.has(status) && named.length > 0) {
    warnings.push(
      `The preflight only names ${named.join(', ')}, in Access-Control-Request-Headers: a server that looks for ${named.length > 1 ? 'their values' : 'its value'} before it answers OPTIONS refuses every page.`,
    );
  }
  if (extractDeltaSeconds(headers, 'access-control-max-age') === FAILURE) {
    warnings.push(
      'Access-Control-Max-Age is not one plain number of seconds: the preflight is kept for 5 seconds only.',
    );
  }
  return warnings;
}

/** What servers answer where a key or a session is missing; 404 hides that there is anything. */
const REFUSED_BY_GUARDS = new Set([400, 401, 403, 404]);

/** Request headers that servers look for, and that the request itself would carry. */
const onlyNamed = ({ headers }: WireSend): string[] =>
  (get(headers, 'access-control-request-headers') ?? '')
    .split(',')
    .filter(name => name !== '' && name !== 'content-type');

function preflightAlone(talks: readonly ExchangePair[]): boolean {
  const answers = (role: WireSend['role']) =>
    talks.flatMap(({ send, reply }) =>
      send.role === role && reply.kind === 'response' ? [reply.headers] : [],
    );
  const has = (headers: HeaderList) => get(headers, 'access-control-allow-origin') !== null;
  const actual = answers('actual');
  return answers('preflight').some(has) && actual.length > 0 && !actual.some(has);
}

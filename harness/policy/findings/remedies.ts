/** What to change, in the policy's own values: in bytes whatever the server, and for the stack if it is known. */

import type { Concept, PolicyCheck } from '../checks/check.ts';
import type { PolicyResource } from '../config/read.ts';
import type { PolicyPlan } from '../plan.ts';
import type { PolicyValues } from '../policy-values.ts';

/** The CORS layer of a server. */
export interface KnownStack {
  /** The name under which its whole configuration can be written. */
  readonly id: string;
  readonly title: string;
  /** Only guessed from the answers. */
  readonly guessed: boolean;
  /** Why its configurations could not be run; absent if they were. */
  readonly notProven?: string;
  /** The release that they were run on. */
  readonly provenOn?: string;
  /** What sets it there, or where it goes: a first line that names the stack, then lines of configuration. */
  textFor(concept: Concept, too?: Concept): string | undefined;
}

export interface Remedy {
  readonly fix: string;
  readonly fixFor?: string;
  readonly fixGuessed?: boolean;
}

/** @param concerned an origin: if the policy lists it, it is the example of a fix */
export function remedyValues(
  resource: PolicyResource,
  { methods }: PolicyPlan,
  concerned?: string,
): PolicyValues {
  const exact = resource.rules.filter(rule => rule.kind === 'exact').map(rule => rule.declared);
  return {
    origins: [...exact].sort((a, b) => Number(b === concerned) - Number(a === concerned)),
    listable: exact.length > 0 && exact.length === resource.rules.length,
    any: resource.rules.some(rule => rule.kind === 'any'),
    credentials: resource.credentials,
    methods: resource.anyMethod ? ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] : [...methods],
    headers: resource.requestHeaders.filter(name => name !== '*'),
    anyHeader: resource.requestHeaders.includes('*'),
    expose: resource.exposedHeaders.filter(name => name !== '*'),
    anyExposed: resource.exposedHeaders.includes('*'),
    seconds: resource.maxAge,
  };
}

const list = (values: readonly string[], otherwise: string): string =>
  values.length > 0 ? values.join(', ') : otherwise;

/** The lines of an answer to a declared origin. */
function allowingLines({ any, credentials, origins }: PolicyValues): string {
  if (any && !credentials) return 'Send "Access-Control-Allow-Origin: *", whatever the Origin.';
  const origin = origins[0] ?? 'the Origin of the request';
  const include = credentials ? ', "Access-Control-Allow-Credentials: true"' : '';
  const which =
    origins.length > 0 ? `an Origin of ${origins.join(' or ')}` : 'an Origin that the policy declares';
  return `Compare the whole Origin. To ${which} send that origin ("Access-Control-Allow-Origin: ${origin}"${include}); to any other neither. Send "Vary: Origin" in any case.`;
}

function allowedHeaders({ headers, anyHeader, credentials }: PolicyValues): string {
  if (anyHeader && credentials)
    return 'Answer the preflight with an Access-Control-Allow-Headers that repeats the names in Access-Control-Request-Headers, as "*" does not count for a request with credentials.';
  if (anyHeader)
    return 'Send "Access-Control-Allow-Headers: *, Authorization" with the preflight, as "*" does not stand for Authorization.';
  return headers.length > 0
    ? `Send "Access-Control-Allow-Headers: ${headers.join(', ')}" with the preflight.`
    : 'Leave Access-Control-Allow-Headers out of the preflight, as the policy declares no request headers.';
}

function exposedHeaders({ expose, anyExposed, credentials }: PolicyValues): string {
  if (anyExposed && credentials)
    return 'Name each response header in Access-Control-Expose-Headers of every answer to an actual request, as "*" does not count for a request with credentials.';
  if (anyExposed) return 'Send "Access-Control-Expose-Headers: *" with every answer to an actual request.';
  return expose.length > 0
    ? `Send "Access-Control-Expose-Headers: ${expose.join(', ')}" with every answer to an actual request.`
    : 'Leave Access-Control-Expose-Headers out, as the policy declares no exposed headers.';
}

const general: Readonly<Record<Exclude<Concept, 'none'>, (values: PolicyValues) => string>> = {
  origins: allowingLines,
  credentials: values =>
    values.credentials
      ? allowingLines(values)
      : 'Leave Access-Control-Allow-Credentials out of every answer, as the policy declares no credentials.',
  methods: ({ methods }) =>
    `Send "Access-Control-Allow-Methods: ${list(methods, 'GET')}" with the preflight.`,
  headers: allowedHeaders,
  expose: exposedHeaders,
  'max-age': ({ seconds }) => `Send "Access-Control-Max-Age: ${seconds ?? 600}" with the preflight.`,
  vary: () => 'Send "Vary: Origin" with every answer of the URL, whatever the Origin of the request.',
  cache: () =>
    "Make Origin a part of the cache's key, or let it keep nothing of these paths: proxy_cache_key with $http_origin in nginx, a cache policy with the header Origin in CloudFront, a custom cache key in Cloudflare. Then empty it.",
  preflight: () =>
    'Answer OPTIONS requests that carry Access-Control-Request-Method with 204 and the CORS headers, before authentication, rate limits and routing; do not look for Access-Control-Request-Headers to recognise them.',
  errors: () =>
    'Put the CORS layer around error handling and routing, so that errors get its headers too, with their own status.',
  'every-time': () =>
    'Answers differ from request to request: look for instances, nodes or caches behind the URL that answer differently, or for a regular expression with the flag "g" or "y", which remembers where it stopped. Send the same CORS headers every time.',
  once: () =>
    'Let exactly one layer (application or proxy) set CORS headers, on the preflight and on the answer.',
  redirect: () =>
    'Let clients ask for the final URL, or let the CORS layer run before the redirect; never redirect OPTIONS.',
  'other-server': () =>
    'See what a page gets there: npx cors-conformance explain URL --origin ORIGIN, with those of the curl line, follows the redirect. If it is allowed, accept this finding in a baseline (--baseline FILE --update-baseline). If it is not, let that server answer everybody, or give clients its URL instead of a redirect: they then ask with their own origin.',
  'no-origin': () => 'Let requests without Origin pass; CORS is not access control for them.',
  'private-network': () =>
    'Send "Access-Control-Allow-Private-Network: true" only if the policy says so (policy.privateNetwork).',
  conditional: () => 'Send the same CORS headers and the same Vary with 304 and 206 as with 200.',
  complete: () =>
    'Send as many bytes as Content-Length says, or a last chunk, and Content-Encoding only if the body is so encoded; look for a time-out, or for a proxy that cuts or recodes answers.',
  limit: () =>
    'Set target.maxRequestsPerSecond, raise the limit for this run, or let preflights and declared origins pass it; then verify again.',
  reach: () => 'Try the curl line, and look at the log of the server.',
  cookies: () =>
    'Let pages ask under a host of the same site (target.publicUrl, such as https://api.example.com for https://app.example.com), or set the cookie with "SameSite=None; Secure; Partitioned".',
};

/** What is wrong: what kind of change mends it, and the one thing that is missing, if that can be told. */
export type Wrong = Pick<PolicyCheck, 'fixes' | 'fixesToo' | 'send'>;

/**
 * What to change.
 * @param stack the CORS layer, or null if it is not known
 * @param more what mends other places, in whole sentences
 * @returns null if nothing on the server helps
 */
export function remedyFor(
  wrong: Wrong,
  values: PolicyValues,
  stack: KnownStack | null,
  more: readonly string[] = [],
): Remedy | null {
  const { fixes, fixesToo, send } = wrong;
  const bytes = fixInBytes(wrong, values);
  if (bytes === null) return null;
  const fix = [bytes, ...more].join('\n');
  if (!stack || NOT_CONFIGURED.has(fixes)) return { fix };
  const { id, title, guessed } = stack;
  const own = stack.textFor(fixes, fixesToo);
  const tried = triedOn(stack);
  const whole = `The whole configuration${tried}: npx cors-conformance configure --stack ${id}`;
  // What is surely this stack needs no bytes where its own lines say the same.
  const parts = guessed
    ? [
        fix,
        `If ${title} is what answers here:`,
        ...(own === undefined ? [] : [withoutName(own, title)]),
        whole,
      ]
    : [...(send || own === undefined ? [fix] : more), ...(own === undefined ? [] : [own]), whole];
  return { fix: parts.join('\n'), fixFor: title, ...(guessed && { fixGuessed: true }) };
}

/** What to send, whatever the stack; null if nothing on the server helps. */
export const fixInBytes = ({ fixes, send }: Wrong, values: PolicyValues): string | null =>
  fixes === 'none' ? null : (send?.(values) ?? general[fixes](values));

/** Older releases may do otherwise with the same lines. */
const triedOn = ({ notProven, provenOn }: KnownStack): string =>
  notProven === undefined
    ? provenOn === undefined
      ? ''
      : ` (proven on ${provenOn})`
    : ' (written from its documentation, never run)';

/** Lines that begin with the name of the stack alone: it stands before them already. */
const withoutName = (own: string, title: string): string =>
  own.startsWith(`${title}:\n`) ? own.slice(title.length + 2) : own;

/** What no configuration of a CORS layer changes. */
const NOT_CONFIGURED: ReadonlySet<Concept> = new Set([
  'reach',
  'limit',
  'complete',
  'cookies',
  'cache',
  'other-server',
  'none',
]);

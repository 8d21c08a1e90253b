/** How to mend a fault where the server's own CORS layer is known, and how to know it from the answers. */
import { FIXES } from './fix-table.ts';
import type { Stack } from './schema.ts';

/** What has to be changed, whatever the stack. */
export type Concept =
  | 'origins'
  | 'credentials'
  | 'methods'
  | 'headers'
  | 'expose'
  | 'max-age'
  | 'vary'
  | 'preflight'
  | 'errors'
  | 'once'
  | 'redirect'
  | 'no-origin'
  | 'private-network'
  | 'reach'
  | 'none';

const GENERAL: Readonly<Record<Exclude<Concept, 'none'>, string>> = {
  origins:
    'Compare the whole Origin with a fixed list, byte by byte, and answer that origin; no substring, no unanchored pattern, no flag "g".',
  credentials:
    'For declared origins answer the origin by name and "Access-Control-Allow-Credentials: true"; otherwise send neither.',
  methods: 'List the declared methods, in upper case, in Access-Control-Allow-Methods of the preflight.',
  headers: 'List the declared header names in Access-Control-Allow-Headers of the preflight.',
  expose:
    'List the declared header names in Access-Control-Expose-Headers of every answer to an actual request.',
  'max-age': 'Send Access-Control-Max-Age: <seconds> with the preflight.',
  vary: 'Send "Vary: Origin" with every answer of the URL, whatever the request\'s Origin.',
  preflight:
    'Answer OPTIONS requests that carry Access-Control-Request-Method with 204, before authentication, rate limits and routing.',
  errors:
    'Let the CORS layer stand outside of error handling and routing, so that errors get its headers too.',
  once: 'Let exactly one layer (application or proxy) set CORS headers, on the preflight and on the answer.',
  redirect:
    'Let clients ask the final URL, or let the CORS layer run before the redirect; never redirect OPTIONS.',
  'no-origin': 'Let requests without Origin pass; CORS is no access control for them.',
  'private-network': 'Answer Access-Control-Request-Private-Network only where the policy says so.',
  reach: 'Ask the URL by hand, and look at the log of the server.',
};

/**
 * What to change.
 * @param stack the CORS layer, or null where it is not known
 * @returns undefined where nothing on the server mends it
 */
export function fixFor(concept: Concept, stack: Stack | null): string | undefined {
  if (concept === 'none') return undefined;
  const own = stack === null ? undefined : FIXES[stack][concept];
  return own === undefined ? GENERAL[concept] : `${GENERAL[concept]} ${own}`;
}

type Lines = readonly (readonly [string, string])[];

/** Marks that servers leave in their answers, the more telling ones first. */
const MARKS: readonly (readonly [Stack, string, RegExp])[] = [
  ['s3', 'server', /^AmazonS3$/i],
  ['s3', 'x-amz-request-id', /./],
  ['envoy', 'x-envoy-upstream-service-time', /./],
  ['envoy', 'server', /^envoy$/i],
  ['aspnet', 'x-powered-by', /ASP\.NET/i],
  ['aspnet', 'server', /^Kestrel|^Microsoft-IIS/i],
  ['express-cors', 'x-powered-by', /^Express$/i],
  ['fastapi', 'server', /^uvicorn|^hypercorn/i],
  ['django', 'server', /^WSGIServer/i],
  ['flask', 'server', /^Werkzeug/i],
  ['caddy', 'server', /^Caddy/i],
  ['nginx', 'server', /^nginx|^openresty/i],
  ['apache', 'server', /^Apache/i],
];

/** The CORS layer that the answers' header lines tell of, or null. A proxy in front may hide it. */
export function stackOf(answers: Iterable<Lines>): Stack | null {
  const all = [...answers];
  for (const [stack, name, mark] of MARKS)
    if (all.some(lines => lines.some(([n, value]) => n.toLowerCase() === name && mark.test(value))))
      return stack;
  return null;
}

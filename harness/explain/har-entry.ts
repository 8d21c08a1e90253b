/** One entry of a recorded session, and what it says about CORS. */

import { z } from 'zod';
import { isUrl } from '../standard/url.ts';
import { isConditional, isSetByBrowser, requestedNames } from './browser-headers.ts';

const pairSchema = z.object({ name: z.string(), value: z.string() });

/** The members that matter here. */
export const entrySchema = z.object({
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: z.array(pairSchema).default([]),
    cookies: z.array(z.unknown()).default([]),
    postData: z.object({ mimeType: z.string().default(''), text: z.string().optional() }).optional(),
  }),
  response: z.object({
    status: z.number(),
    statusText: z.string().default(''),
    headers: z.array(pairSchema).default([]),
    redirectURL: z.string().nullish(),
    _error: z.string().nullish(),
  }),
  _resourceType: z.string().nullish(),
});

export type HarEntry = z.infer<typeof entrySchema>;

/** One answer with the preflight that went before it. One of the two is there. */
export interface HarHop {
  readonly actual?: HarEntry;
  readonly preflight?: HarEntry;
}

/** One request of a page across origins. */
export interface HarExchange extends HarHop {
  /** Of the page. */
  readonly origin: string;
  /** Where its redirects led, in order. */
  readonly hops: readonly HarHop[];
  /**
   * The browser's cache asked whether what it had stored is still good, and the answer was 304: `actual` has the answer
   * that the cache then gave, by its status, and the recording holds all of it or only the headers of the 304.
   */
  readonly revalidated?: 'whole' | 'headers of the 304';
}

/** Why a request with an Origin header is not told. */
export type LeftOut = 'navigation' | 'WebSocket' | 'no-cors' | 'not-modified';

/** What a recording tells of CORS. */
export interface HarRecording {
  /** In order. */
  readonly exchanges: readonly HarExchange[];
  /** One for each request to another origin that is left out. */
  readonly leftOut: readonly LeftOut[];
}

/** A request header of an entry; the name in lower case. */
export const headerOfEntry = ({ request }: HarEntry, name: string): string | undefined =>
  request.headers.find(own => own.name.toLowerCase() === name)?.value;

export function isCrossOrigin(entry: HarEntry): boolean {
  const origin = headerOfEntry(entry, 'origin');
  if (origin === undefined || !isUrl(entry.request.url)) return false;
  return new URL(entry.request.url).origin !== origin;
}

export const isPreflight = (entry: HarEntry): boolean =>
  entry.request.method === 'OPTIONS' && headerOfEntry(entry, 'access-control-request-method') !== undefined;

/** Chromium's types of what is never sent in mode cors. */
const NO_CORS_TYPES = new Set(['ping', 'cspviolationreport', 'csp-violation-report']);

/**
 * Why CORS has no say in a request (Fetch, "request mode"), by what the browser says of its mode; of requests to
 * untrustworthy URLs, which carry no Sec-Fetch-Mode, by their kind. Null if it has.
 */
export function whyNotCors(entry: HarEntry): LeftOut | null {
  const mode = headerOfEntry(entry, 'sec-fetch-mode')?.toLowerCase();
  const type = entry._resourceType?.toLowerCase() ?? '';
  const upgrade = headerOfEntry(entry, 'upgrade')?.toLowerCase();
  if (/^wss?:/i.test(entry.request.url) || [mode, type, upgrade].includes('websocket')) return 'WebSocket';
  if (mode !== undefined) {
    if (/navigate$/.test(mode)) return 'navigation';
    return mode === 'no-cors' ? 'no-cors' : null;
  }
  if (type === 'document' || headerOfEntry(entry, 'upgrade-insecure-requests') !== undefined)
    return 'navigation';
  return NO_CORS_TYPES.has(type) ? 'no-cors' : null;
}

/** The header names that a preflight asks permission for. */
export const askedFor = (preflight: HarEntry | undefined): string[] =>
  requestedNames(preflight && headerOfEntry(preflight, 'access-control-request-headers')).map(name =>
    name.toLowerCase(),
  );

/** Whether script set a header of a request: the browser asked permission for it, or is not known to set it itself. */
export function isOfScript(name: string, preflight: HarEntry | undefined): boolean {
  if (askedFor(preflight).includes(name.toLowerCase())) return true;
  return !isSetByBrowser(name) && !isConditional(name);
}

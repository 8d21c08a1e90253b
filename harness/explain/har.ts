/** Finds the CORS requests of a recorded session (HTTP Archive 1.2), each with its preflight. */

import { z } from 'zod';
import { isUrl } from '../standard/url.ts';
import { isSetByBrowser } from './browser-headers.ts';

const pairSchema = z.object({ name: z.string(), value: z.string() });

const entrySchema = z.object({
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
    _error: z.string().nullish(),
  }),
  _resourceType: z.string().optional(),
});

const harSchema = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });

export type HarEntry = z.infer<typeof entrySchema>;

/** One request across origins, with the preflight that went before it. */
export interface HarExchange {
  readonly origin: string;
  readonly actual?: HarEntry;
  readonly preflight?: HarEntry;
}

/** The text is not a HAR file that can be read. */
export class HarError extends Error {
  override readonly name = 'HarError';
}

/**
 * @param text a HAR file, as browsers' Network panels save it
 * @returns the requests that carry an Origin of another site than their URL, in order. Preflights without their request
 *   are among them: that is what a failed preflight leaves
 * @throws HarError if it is not JSON or not a HAR file, with the path of the wrong value
 */
export function readHar(text: string): HarExchange[] {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new HarError('it is not JSON');
  }
  const har = harSchema.safeParse(json);
  if (!har.success) throw new HarError('it has no log.entries: save it from the Network panel as "HAR"');
  const entries = har.data.log.entries.map((raw, index) => {
    const entry = entrySchema.safeParse(raw);
    if (entry.success) return entry.data;
    const issue = entry.error.issues[0];
    throw new HarError(`log.entries.${index}.${issue?.path.join('.')}: ${issue?.message}`);
  });
  return pair(entries.filter(isCrossOrigin));
}

const header = ({ request }: HarEntry, name: string): string | undefined =>
  request.headers.find(own => own.name.toLowerCase() === name)?.value;

function isCrossOrigin(entry: HarEntry): boolean {
  const origin = header(entry, 'origin');
  if (origin === undefined || !isUrl(entry.request.url)) return false;
  return new URL(entry.request.url).origin !== origin;
}

const isPreflight = (entry: HarEntry): boolean =>
  entry.request.method === 'OPTIONS' && header(entry, 'access-control-request-method') !== undefined;

/** Browsers record the preflight before or after its request. */
function pair(entries: readonly HarEntry[]): HarExchange[] {
  const preflights = entries.filter(isPreflight);
  const used = new Set<HarEntry>();
  const exchanges = entries.map((entry): HarExchange | null => {
    const origin = header(entry, 'origin') as string;
    if (isPreflight(entry)) return null;
    const preflight = preflights.find(
      one =>
        !used.has(one) &&
        one.request.url === entry.request.url &&
        header(one, 'access-control-request-method') === entry.request.method &&
        header(one, 'origin') === origin,
    );
    if (preflight) used.add(preflight);
    return { origin, actual: entry, ...(preflight && { preflight }) };
  });
  const alone = preflights
    .filter(one => !used.has(one))
    .map((preflight): HarExchange => ({ origin: header(preflight, 'origin') as string, preflight }));
  return [...exchanges.filter(one => one !== null), ...alone];
}

/** The request that script made, as far as the recording tells it. */
export interface HarRequest {
  readonly origin: string;
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** It carried cookies. */
  readonly credentials: boolean;
}

/** @returns the request behind an exchange; of a preflight alone, the one that it asked permission for */
export function recordedRequestOf({ origin, actual, preflight }: HarExchange): HarRequest {
  const entry = actual ?? (preflight as HarEntry);
  const body = actual?.request.postData?.text;
  const asked = (header(entry, 'access-control-request-headers') ?? '')
    .split(',')
    .filter(name => name.trim() !== '');
  return {
    origin,
    url: entry.request.url,
    method: actual?.request.method ?? header(entry, 'access-control-request-method') ?? 'GET',
    headers: actual
      ? actual.request.headers
          .filter(({ name }) => !isSetByBrowser(name))
          .map(({ name, value }) => [name, value] as const)
      : asked.map(name => [name.trim(), '1'] as const),
    ...(body !== undefined && { body }),
    credentials: header(entry, 'cookie') !== undefined || (actual?.request.cookies.length ?? 0) > 0,
  };
}

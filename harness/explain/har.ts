/** Finds the CORS requests of a recorded session (HTTP Archive 1.2), each with its preflight and its redirects. */

import { z } from 'zod';
import { UNSAFE_VALUE } from './browser-headers.ts';
import {
  askedFor,
  entrySchema,
  type HarEntry,
  type HarExchange,
  type HarRecording,
  headerOfEntry,
  isOfScript,
} from './har-entry.ts';
import { pair } from './har-pairs.ts';

const harSchema = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });

/** The text is not a HAR file that can be read. */
export class HarError extends Error {
  override readonly name = 'HarError';
}

/**
 * @param text a HAR file, as browsers' Network panels save it
 * @returns the CORS requests that carry an Origin of another site than their URL. Preflights without their request are
 *   among them: that is what a failed preflight leaves
 * @throws HarError if it is not JSON or not a HAR file, with the path of the wrong value
 */
export function readHar(text: string): HarRecording {
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
  return pair(entries);
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
  return {
    origin,
    url: entry.request.url,
    method: actual?.request.method ?? headerOfEntry(entry, 'access-control-request-method') ?? 'GET',
    headers: actual
      ? actual.request.headers
          .filter(({ name }) => isOfScript(name, preflight))
          .map(({ name, value }) => [name, value] as const)
      : askedFor(preflight).map(name => [name, UNSAFE_VALUE] as const),
    ...(body !== undefined && { body }),
    credentials: headerOfEntry(entry, 'cookie') !== undefined || (actual?.request.cookies.length ?? 0) > 0,
  };
}

/** Reads a call of fetch() as browsers copy it ("Copy as fetch"): a URL and options that are JSON. */

import { isUrl } from '../standard/url.ts';
import { isSetByBrowser } from './browser-headers.ts';
import { CurlError, type CurlRequest } from './curl-command.ts';

interface Options {
  readonly method?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly mode?: unknown;
  readonly credentials?: unknown;
  readonly referrer?: unknown;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * @param text whatever was given for a curl command
 * @returns null if it is no call of fetch()
 * @throws CurlError if it is one whose URL or options are not written out
 */
export function readFetchCall(text: string): CurlRequest | null {
  const call =
    /^\s*(?:(?:const|let|var)\s+\w+\s*=\s*)?(?:await\s+)?(?:window\.)?fetch\s*\(([\s\S]*)\)\s*;?\s*$/.exec(
      text,
    )?.[1];
  if (call === undefined) return null;
  const [url, options = {}] = argumentsOf(call);
  if (typeof url !== 'string') throw new CurlError(NOT_LITERAL);
  const { method, headers, body, mode, credentials, referrer } = options as Options;
  const given = Object.entries((headers ?? {}) as object).map(
    ([name, value]) => [name, String(value)] as const,
  );
  const page = textOf(referrer);
  const origin =
    given.find(([name]) => /^origin$/i.test(name))?.[1] ??
    (page !== undefined && isUrl(page) ? new URL(page).origin : undefined);
  const sent = textOf(body);
  return {
    url,
    method: textOf(method) ?? 'GET',
    headers: given.filter(([name]) => !isSetByBrowser(name)),
    ...(sent !== undefined && { body: sent }),
    ...(typeof mode === 'string' && { mode }),
    credentials: credentials === 'include',
    ...(origin !== undefined && { origin }),
    insecure: false,
    notes: [],
  };
}

const NOT_LITERAL =
  'this is a call of fetch() whose URL and options are not written out as JSON: in the Network panel choose "Copy as cURL" or "Copy as fetch"';

function argumentsOf(text: string): unknown[] {
  try {
    return JSON.parse(`[${text.trim().replace(/,$/, '')}]`) as unknown[];
  } catch {
    throw new CurlError(NOT_LITERAL);
  }
}

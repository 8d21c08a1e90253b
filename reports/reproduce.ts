/** Lines that repeat one result: with this tool, with curl, and in a browser's console. */

import type { Result, RunRecord } from '../harness/verdict/record.ts';
import type { HeaderLine } from '../harness/wire/exchange.ts';
import { headerValue } from '../harness/wire/exchange.ts';
import { shellWord, visible } from './escape.ts';

type Exchange = Result['exchanges'][number];

/** What says which verb made a record: only `verify` looks for findings. */
export type RunKind = Pick<RunRecord, 'findings'> & { readonly run: Pick<RunRecord['run'], 'command'> };

/**
 * The command that repeats one case; null where there is none, since `verify` always takes the policy as a whole.
 *
 * @param engines none means every engine
 */
export function rerunCommand(
  { findings, run }: RunKind,
  id: string,
  engines: readonly string[] = [],
): string | null {
  if (findings) return null;
  const flag = engines.length === 0 ? '' : ` --engine ${engines.map(shellWord).join(',')}`;
  // Cases of a file are found there only.
  const files = CASE_FILES.exec(run.command)?.[0] ?? '';
  return `npx cors-conformance run${files} --only ${shellWord(id)}${flag}`;
}

/** The flag and its files, as they stand in a command line. */
const CASE_FILES = / --cases(?: (?!-)(?:'[^']*'|[^\s'])+)+/;

const curlHeader = ([name, value]: HeaderLine): string =>
  `-H ${shellWord(value === '' ? `${name};` : `${name}: ${value}`)}`;

// What a browser or curl adds by itself, and what must not be copied: the connection's own lines.
const OWN_LINES = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'transfer-encoding',
  'te',
]);

/** What is needed of an exchange to send its request again. */
interface RecordedRequest {
  readonly role: Exchange['role'];
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly HeaderLine[];
    readonly body?: string | undefined;
  };
}

/** The recorded request again, with the lines that decide about CORS. */
export function curlOf(exchange: RecordedRequest): string {
  const { method, url, headers, body } = exchange.request;
  const lines = headers.filter(([name]) => {
    const lower = name.toLowerCase();
    if (OWN_LINES.has(lower) || lower.startsWith('sec-') || lower === 'user-agent') return false;
    return exchange.role === 'actual' || lower === 'origin' || lower.startsWith('access-control-request-');
  });
  const parts = ['curl -i', `-X ${shellWord(method)}`, ...lines.map(curlHeader)];
  if (exchange.role === 'actual' && body) parts.push(`--data-binary ${shellWord(body)}`);
  return [...parts, shellWord(url)].join(' ');
}

const script = (text: string): string => `'${visible(text.replace(/[\\']/g, '\\$&'))}'`;

/**
 * A fetch() for the console of the page's origin, put together from what reached the server: a method and headers
 * that only the preflight knew stand in with the value `x`. Null where nothing reached the server.
 */
export function consoleSnippet(exchanges: readonly Exchange[]): string | null {
  const preflight = exchanges.find(exchange => exchange.role === 'preflight');
  const actual = exchanges.find(exchange => exchange.role === 'actual');
  const first = preflight ?? actual;
  if (!first) return null;
  const sent = actual?.request.headers ?? [];
  const method =
    (preflight && headerValue(preflight.request.headers, 'access-control-request-method')) ??
    first.request.method;
  const asked = preflight
    ? (headerValue(preflight.request.headers, 'access-control-request-headers') ?? '')
    : '';
  const names = asked
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  const own = headerValue(sent, 'content-type');
  if (own !== null && !names.includes('content-type')) names.push('content-type');
  const init: string[] = [];
  if (method !== 'GET') init.push(`method: ${script(method)}`);
  if (names.length > 0) {
    const pairs = names.map(name => `[${script(name)}, ${script(headerValue(sent, name) ?? 'x')}]`);
    init.push(`headers: [${pairs.join(', ')}]`);
  }
  if (headerValue(sent, 'cookie') !== null) init.push("credentials: 'include'");
  if (actual?.request.body && !['GET', 'HEAD'].includes(method))
    init.push(`body: ${script(actual.request.body)}`);
  const options = init.length === 0 ? '' : `, { ${init.join(', ')} }`;
  return `await fetch(${script(first.request.url)}${options})`;
}

/** The page's origin as the server heard it. */
export function originHeard(exchanges: readonly Exchange[]): string | null {
  for (const exchange of exchanges) {
    const origin = headerValue(exchange.request.headers, 'origin');
    if (origin !== null) return origin;
  }
  return null;
}

/** The way from a case of the report to the playground: the page beside it, opened with the case as its state. Pure. */
import {
  ANSWER,
  type PlaygroundAnswer,
  type PlaygroundStep,
  STEP,
  toFragment,
} from '../harness/case/playground-state.ts';
import { isSetByBrowser } from '../harness/explain/browser-headers.ts';
import type { Result } from '../harness/verdict/record.ts';

/** The playground, in the folder of the report. */
export const PLAYGROUND_FILE = 'playground.html';

type Exchange = Result['exchanges'][number];

const headerOf = (exchange: Exchange | undefined, name: string): string | undefined =>
  exchange?.request.headers.find(([own]) => own.toLowerCase() === name)?.[1];

const linesOf = (headers: Exchange['request']['headers']): string =>
  headers.map(([name, value]) => `${name}: ${value}`).join('\n');

/** What frames a body says nothing of CORS. */
const FRAMING = /^(?:content-length|transfer-encoding|connection|keep-alive|date)$/i;

function answerOf({ role, request, response }: Exchange, own: string): PlaygroundAnswer {
  return {
    ...ANSWER,
    role,
    url: request.url === own ? '' : request.url,
    ...(response
      ? {
          status: String(response.status),
          headers: linesOf(response.headers.filter(([name]) => !FRAMING.test(name))),
        }
      : { fault: 'failure' as const }),
  };
}

/** The headers that script set: of a request that was only asked for, their names are in the preflight. */
function scriptHeaders(actual: Exchange | undefined, preflight: Exchange | undefined): string {
  if (actual) return linesOf(actual.request.headers.filter(([name]) => !isSetByBrowser(name)));
  const names = headerOf(preflight, 'access-control-request-headers')?.split(',') ?? [];
  return names.map(name => `${name.trim()}: 1`).join('\n');
}

function stepOf(exchanges: readonly Exchange[]): PlaygroundStep | null {
  const [first] = exchanges;
  if (!first) return null;
  const preflight = exchanges.find(({ role }) => role === 'preflight');
  const actual = exchanges.find(({ role }) => role === 'actual');
  const { url } = first.request;
  const page = headerOf(first, 'origin');
  const mode = headerOf(actual, 'sec-fetch-mode');
  return {
    ...STEP,
    ...(page !== undefined && { page }),
    url,
    method: actual?.request.method ?? headerOf(preflight, 'access-control-request-method') ?? STEP.method,
    headers: scriptHeaders(actual, preflight),
    body: actual?.request.body ?? '',
    ...(mode === 'no-cors' && { mode }),
    ...(headerOf(actual, 'cookie') !== undefined && { credentials: 'include' }),
    answers: exchanges.map(exchange => answerOf(exchange, url)),
  };
}

/** A half of a surrogate pair, which no URL can hold, becomes U+FFFD. */
const encoded = (text: string): string =>
  encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(text)));

/**
 * The address of a case in the playground, relative to the report. It names the case, which the playground shows as the
 * suites have it, and carries the requests and answers that were recorded, for every case that the suites do not have.
 */
export function playgroundLink(results: readonly Result[]): string {
  const about = results[0]?.case;
  const { exchanges = [] } =
    results.find(({ engine, exchanges: seen }) => engine !== 'model' && seen.length > 0) ??
    results.find(({ exchanges: seen }) => seen.length > 0) ??
    {};
  const byStep = [...new Set(exchanges.map(({ step }) => step))].sort((a, b) => a - b);
  const steps = byStep.flatMap(at => stepOf(exchanges.filter(({ step }) => step === at)) ?? []);
  const parts = [
    ...(about ? [`case=${encoded(`${about.suite}:${about.id}`)}`] : []),
    ...(steps.length > 0 ? [toFragment({ steps })] : []),
  ];
  return `${PLAYGROUND_FILE}#${parts.join('&')}`;
}

/**
 * Compares everything that was seen of a case with everything that a model predicts of it: each request in order with
 * its URL, header lines and body, and all that script sees. What no standard decides is left out by name. Pure.
 */
import type { PredictedStep, ScriptReport, StepObservation } from '../case/observation.ts';
import { trimTabOrSpace } from '../standard/bytes.ts';
import { DEFAULT_USER_AGENT } from '../standard/network.ts';
import { type Exchange, type HeaderLine, headerValue } from '../wire/exchange.ts';
import { wireName } from './judge.ts';
import type { Check } from './record.ts';

/** Header lines that the user agent or its connection chooses; compared only where script has a say in them. */
const CHOSEN = new Set([
  'host',
  'connection',
  'user-agent',
  'accept-encoding',
  'accept-language',
  'dnt',
  'keep-alive',
  'priority',
  'proxy-connection',
  'sec-gpc',
  'te',
  'upgrade-insecure-requests',
]);
const isChosen = (name: string): boolean =>
  CHOSEN.has(name) || name.startsWith('sec-ch-') || name === 'sec-fetch-storage-access';

/** Header lines that other standards than Fetch's CORS protocol rule: Fetch Metadata, Referrer Policy, HTTP caching. */
const ASIDE = /:(?:sec-fetch-[a-z]+|referer|cache-control|pragma|accept-encoding)$/;

/** Whether a difference is about a header that plays no part in the CORS protocol. */
export const isAside = ({ id }: Pick<Check, 'id'>): boolean => ASIDE.test(id);

/**
 * Everything in which steps differ from what a model predicts. Ids are those of the checks of an expectation:
 * "2.GET hop2:origin" is a header line, "wire" the list of requests, "body" what script reads.
 *
 * @param observed the steps that ran, in order; one that the model predicts and that did not run differs as a whole
 */
export function differencesFrom(
  predicted: readonly PredictedStep[],
  observed: readonly StepObservation[],
): Check[] {
  return predicted.flatMap((step, at) => {
    const seen = observed.find(one => one.step === step.step);
    const prefix = predicted.length > 1 ? `${at + 1}.` : '';
    const differences = seen ? stepDifferences(step, seen) : [difference('outcome', 'a request', null)];
    return differences.map(check => ({ ...check, id: prefix + check.id }));
  });
}

function difference(id: string, expected: string | null, observed: string | null): Check {
  return { id, expected: expected ?? '(absent)', observed: observed ?? '(absent)', ok: false };
}

/** Everything in which one step differs. */
function stepDifferences(predicted: PredictedStep, observed: StepObservation): Check[] {
  const exchanges = withoutRetries(observed.exchanges);
  return [
    ...wireDifferences(predicted, exchanges),
    ...requestDifferences(predicted, exchanges),
    ...connectionDifferences(predicted, exchanges),
    ...scriptDifferences(predicted.script, observed.script),
  ];
}

/** A user agent may repeat a request whose connection ended before an answer (RFC 9110, section 9.2.2). */
function withoutRetries(exchanges: readonly Exchange[]): Exchange[] {
  return exchanges.filter((exchange, at) => {
    const before = exchanges[at - 1];
    return !(before?.end === 'no-answer' && urlName(before) === urlName(exchange));
  });
}

const urlName = ({ request }: Exchange): string => `${request.method} ${request.url}`;

const listed = (names: readonly string[]): string => names.join(', ') || 'nothing';

function wireDifferences({ exchanges: wanted }: PredictedStep, exchanges: readonly Exchange[]): Check[] {
  const [expected, observed] = [wanted.map(wireName), exchanges.map(wireName)].map(listed);
  return expected === observed ? [] : [difference('wire', expected as string, observed as string)];
}

/** The requests that both have, one by one, up to the first that is another one altogether. */
function requestDifferences(predicted: PredictedStep, exchanges: readonly Exchange[]): Check[] {
  const found: Check[] = [];
  const times = new Map<string, number>();
  for (const [at, wanted] of predicted.exchanges.entries()) {
    const seen = exchanges[at];
    const name = wireName(wanted);
    if (!seen || wireName(seen) !== name) break;
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    const id = count === 1 ? name : `${name} #${count}`;
    found.push(...exchangeDifferences(id, wanted, seen, predicted));
  }
  return found;
}

/** The User-Agent that script set, if it did. */
function authorAgentOf({ wire }: PredictedStep): string | undefined {
  return wire
    .flatMap(({ headers }) => headerValue(headers, 'user-agent') ?? [])
    .find(v => v !== DEFAULT_USER_AGENT);
}

function exchangeDifferences(
  id: string,
  { request: wanted }: Exchange,
  { request: seen }: Exchange,
  step: PredictedStep,
): Check[] {
  const found: Check[] = [];
  if (wanted.url !== seen.url) found.push(difference(`${id}:url`, wanted.url, seen.url));
  const [wantedValues, seenValues] = [combined(wanted.headers), combined(seen.headers)];
  for (const name of new Set([...wantedValues.keys(), ...seenValues.keys()])) {
    const [expected, observed] = [comparedValue(wantedValues, name), comparedValue(seenValues, name)];
    if (expected === observed) continue;
    if (name === 'content-length' && boundaryOf(wanted) !== undefined) continue;
    if (isChosen(name) && !scriptDecides(name, expected, observed, step)) continue;
    found.push(difference(`${id}:${name}`, expected, observed));
  }
  const [expected, observed] = [comparedBody(wanted), comparedBody(seen)];
  if (expected !== observed) found.push(difference(`${id}:body`, expected, observed));
  return found;
}

/** Whether a header that is the user agent's choice was script's, or should not be script's and is. */
function scriptDecides(
  name: string,
  expected: string | null,
  observed: string | null,
  step: PredictedStep,
): boolean {
  if (expected === null) return false;
  if (name !== 'user-agent') return true;
  if (expected !== DEFAULT_USER_AGENT) return true;
  const authorAgent = authorAgentOf(step);
  return authorAgent !== undefined && observed === authorAgent;
}

const BOUNDARY = /boundary=("?)([^";]+)\1/;

/** The boundary of a FormData body, which the engine makes up: whatever Content-Type says. */
const boundaryOf = ({ body = '' }: Exchange['request']): string | undefined =>
  /^--([^\r\n]+)\r\nContent-Disposition: form-data;/.exec(body)?.[1];

/** The values of lines by their names in lower case, joined by ", " (Fetch, "get"). */
function combined(headers: readonly HeaderLine[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const before = values.get(lower);
    values.set(lower, before === undefined ? value : `${before}, ${value}`);
  }
  return values;
}

/** As compared: without the whitespace that HTTP takes off, and without what tells the lab's own pages apart. */
function comparedValue(values: ReadonlyMap<string, string>, name: string): string | null {
  const value = values.get(name);
  if (value === undefined) return null;
  if (name === 'content-type') return trimTabOrSpace(value).replace(BOUNDARY, 'boundary=…');
  if (name === 'referer') return value.replace(/(\/agent\/[^?]*)\?.*$/, '$1');
  return trimTabOrSpace(value);
}

function comparedBody(request: Exchange['request']): string {
  const { body = '', bodyBytes } = request;
  const boundary = boundaryOf(request);
  if (boundary !== undefined) return body.replaceAll(boundary, '…');
  return bodyBytes > body.length ? `${body} (${bodyBytes} bytes)` : body;
}

/** A request that needs a connection of its own must not go out on that of the request before. */
function connectionDifferences({ wire }: PredictedStep, exchanges: readonly Exchange[]): Check[] {
  return wire.flatMap((send, at) => {
    const [before, now] = [exchanges[at - 1], exchanges[at]];
    const same = send.newConnection && before && now && before.connection === now.connection;
    return same ? [difference('connections', 'different', 'same')] : [];
  });
}

/** What of a report is compared, with its check's id. */
const SCRIPT: readonly (readonly [id: string, read: (report: ScriptReport) => string | undefined])[] = [
  ['settled', ({ settled }) => settled],
  ['error', ({ error }) => error?.name],
  ['type', ({ type }) => type],
  ['status', ({ status }) => status?.toString()],
  ['status-text', ({ statusText }) => statusText],
  ['url', ({ url }) => url],
  ['redirected', ({ redirected }) => redirected?.toString()],
  ['headers', ({ headers }) => headers?.map(([name, value]) => `${name.toLowerCase()}: ${value}`).join('\n')],
  ['body', ({ body }) => body],
  ['body-error', ({ bodyError }) => bodyError],
  ['events', ({ events }) => events?.join(' ')],
  ['result', ({ result }) => result],
];

function scriptDifferences(predicted: ScriptReport, observed: ScriptReport): Check[] {
  const found: Check[] = [];
  for (const [id, read] of SCRIPT) {
    const expected = read(predicted);
    const seen = read(observed);
    if (expected !== seen) found.push(difference(id, expected ?? null, seen ?? null));
  }
  return found;
}

/** What people paste into the playground: a curl command, console lines, a HAR file. Pure. */

import {
  ANSWER,
  type PlaygroundAnswer,
  type PlaygroundState,
  type PlaygroundStep,
  STEP,
} from '../case/playground-state.ts';
import { readConsole } from '../explain/console-message.ts';
import { CurlError, readCurl } from '../explain/curl-command.ts';
import { readFetchCall } from '../explain/fetch-call.ts';
import { HarError, readHar, recordedRequestOf } from '../explain/har.ts';
import type { HarEntry, HarExchange } from '../explain/har-entry.ts';

/** Either what was pasted, or why it cannot be shown: a whole sentence. */
export type Pasted = { readonly state: PlaygroundState } | { readonly problem: string };

/** @param text whatever was pasted */
export function fromText(text: string): Pasted {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (/^\$?\s*curl(?:\.exe)?\s/i.test(trimmed)) return fromCurl(trimmed);
  if (/^(?:await\s+)?fetch\s*\(/.test(trimmed)) return fromCurl(trimmed);
  if (trimmed.startsWith('{')) return fromHar(trimmed);
  const messages = readConsole(trimmed);
  if (messages.length === 0) {
    return { problem: 'This is neither a curl command, nor a console message about CORS, nor a HAR file.' };
  }
  const steps = messages.map((message): PlaygroundStep => {
    const credentials = ['wildcard-with-credentials', 'allow-credentials-missing'].includes(message.reason);
    return {
      ...STEP,
      ...(message.origin !== undefined && { page: message.origin }),
      ...(message.url !== undefined && { url: message.url }),
      method: message.method ?? (message.at === 'preflight' && message.header === undefined ? 'PUT' : 'GET'),
      headers: message.reason === 'header-not-allowed' ? `${message.header}: 1` : '',
      credentials: credentials ? 'include' : STEP.credentials,
      answers: [
        { ...ANSWER, role: 'preflight', status: '204' },
        { ...ANSWER, status: String(message.status ?? 200) },
      ],
    };
  });
  return { state: { steps } };
}

function fromCurl(text: string): Pasted {
  try {
    const { url, method, headers, body = '', credentials, origin } = readFetchCall(text) ?? readCurl(text);
    const step: PlaygroundStep = {
      ...STEP,
      page: origin ?? STEP.page,
      url,
      method,
      headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
      body,
      credentials: credentials ? 'include' : STEP.credentials,
      answers: [{ ...ANSWER, role: 'preflight', status: '204' }, ANSWER],
    };
    return { state: { steps: [step] } };
  } catch (error) {
    if (error instanceof CurlError) return { problem: `The request cannot be read: ${error.message}.` };
    throw error;
  }
}

function fromHar(text: string): Pasted {
  try {
    const { exchanges } = readHar(text);
    if (exchanges.length === 0) return { problem: 'No request of this HAR file is a CORS request.' };
    return { state: { steps: exchanges.slice(0, 20).map(harStep) } };
  } catch (error) {
    if (error instanceof HarError) return { problem: `The HAR file cannot be read: ${error.message}.` };
    throw error;
  }
}

function harStep(exchange: HarExchange): PlaygroundStep {
  const { origin, url, method, headers, body = '', credentials } = recordedRequestOf(exchange);
  const { actual, preflight, hops } = exchange;
  return {
    ...STEP,
    page: origin,
    url,
    method,
    headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body,
    credentials: credentials ? 'include' : STEP.credentials,
    answers: [
      ...(preflight ? [harAnswer(preflight, 'preflight')] : []),
      ...(actual ? [harAnswer(actual, 'actual')] : [ANSWER]),
      ...hops.flatMap(hop => [
        ...(hop.preflight ? [harAnswer(hop.preflight, 'preflight', hop.preflight.request.url)] : []),
        ...(hop.actual ? [harAnswer(hop.actual, 'actual', hop.actual.request.url)] : []),
      ]),
    ],
  };
}

/** @param url for the answer of another URL than the step's */
const harAnswer = (
  { response }: HarEntry,
  role: PlaygroundAnswer['role'],
  url = ANSWER.url,
): PlaygroundAnswer => ({
  ...ANSWER,
  role,
  url,
  status: String(response.status === 0 ? 200 : response.status),
  headers: lines(response.headers),
});

const lines = (pairs: readonly { readonly name: string; readonly value: string }[]): string =>
  pairs
    .filter(({ name }) => !name.startsWith(':'))
    .map(({ name, value }) => `${name}: ${value}`)
    .join('\n');

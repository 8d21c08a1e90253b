/** A case as a reader can picture it: every placeholder filled in, with addresses that stay the same in every run. */
import { EXAMPLE_PORTS, originOf } from './places.ts';
import type { Answer, Case, RequestStep } from './schema.ts';
import { type BoundCase, fill, placeOf, scriptOriginOf } from './script.ts';
import { grouped, wordList } from './words.ts';

/** Stands where a run has its own letters and digits; taken out again, since they only keep runs apart. */
const NONCE = '0example0nonce00';

/** Most characters of one value and most values of a list: a sentence is no place for 16,000 letters. */
const MOST = 100;
const MOST_ITEMS = 8;

/** What every sentence about a step needs: the case with its example addresses, and the step. */
export interface ExampleStep {
  readonly scene: BoundCase;
  readonly step: RequestStep;
}

export function exampleOf(theCase: Case): BoundCase {
  return { case: theCase, nonce: NONCE, ports: EXAMPLE_PORTS, anyOrigin: true };
}

/** Several things in one sentence: "a, b and c", or "a, b … and 12 more". */
export function joined(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  const more = words.length - MOST_ITEMS;
  const shown = more > 1 ? [...words.slice(0, MOST_ITEMS), `${more} more`] : words;
  return wordList(shown, last);
}

/** A piece of HTTP or of script between backticks, cut in its middle if it is very long. */
export function code(text: string): string {
  const quoted = text.replaceAll('`', '\\x60');
  if (quoted.length <= MOST) return `\`${quoted}\``;
  const length = grouped(quoted.length);
  return `\`${quoted.slice(0, MOST - 40)}…${quoted.slice(-20)}\` (${length} characters)`;
}

/** Without the parts of names and paths that are unique to a run. */
const plain = (text: string): string =>
  text.replaceAll(`/c/${NONCE}/`, '/').replaceAll(`/c/${NONCE}`, '/').replaceAll(NONCE, '');

/** A text of the case with its placeholders filled in. One that only a request could fill in says so. */
export function filled(text: string, { scene, step }: ExampleStep): string {
  const named = text.replace(/\{request:([^{}]*)\}/g, (_, name: string) => `(the request's ${name})`);
  try {
    return plain(fill(named, scene, step));
  } catch {
    return plain(named);
  }
}

export const headerLine = ([name, value]: readonly [string, string], at: ExampleStep): string =>
  code(`${filled(name, at)}: ${filled(value, at)}`.trimEnd());

/** The address of a resource of the case. */
export function exampleAddress(resource: string, { scene }: ExampleStep): string {
  return `${originOf(placeOf(scene.case, resource), scene.ports)}/${resource}`;
}

/** The page's origin, or that of a frame in it. */
export const originIn = ({ scene, step }: ExampleStep): string => scriptOriginOf(scene, step);

const headersWords = (lines: readonly string[]): string =>
  lines.length === 0
    ? ' and no further headers'
    : ` and the header${lines.length === 1 ? '' : 's'} ${joined(lines)}`;

/** What a server answers, as in "The request is answered with 200 and …": status, headers, how the body ends. */
export function answerWords(answer: Answer, role: 'preflight' | 'actual', at: ExampleStep): string {
  if (answer.raw !== undefined) return `with the bytes ${code(JSON.stringify(filled(answer.raw, at)))}`;
  if (answer.fault === 'reset') return 'with a connection reset';
  if (answer.fault === 'hang') return 'with nothing at all';
  const lines = (headers: Answer['headers'] = []) => headers.map(line => headerLine(line, at));
  const interim = (answer.interim ?? []).map(
    ({ status, headers }) => `first with ${status}${headersWords(lines(headers))}, then `,
  );
  return [
    ...interim,
    `with ${answer.status ?? (role === 'preflight' ? 204 : 200)}`,
    headersWords(lines(answer.headers)),
    answer.trailers ? `, with the trailers ${joined(lines(answer.trailers))}` : '',
    answer.delayMs ? `, after ${answer.delayMs} ms` : '',
    answer.fault === 'reset-in-body' ? ', with a connection reset in the middle of the body' : '',
    answer.fault === 'hang-in-body' ? ', with a body that stops in the middle' : '',
  ].join('');
}

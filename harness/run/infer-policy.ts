/** Asks a running server what its policy is today. */
import { asPage } from '../lab/as-browser.ts';
import {
  firstQuestions,
  grantsOf,
  type InferenceAnswer,
  type InferenceQuestion,
  type InferredPolicy,
  inferPolicy,
  preflightQuestions,
} from '../policy/infer.ts';
import { ask } from '../wire/ask.ts';
import { upstreamOf } from '../wire/server-link.ts';
import { CliError, EXIT } from './exit.ts';
import { sideBySide } from './side-by-side.ts';
import { waitingFor } from './waiting.ts';

/** Requests under way at a time. */
const AT_ONCE = 6;
const TIMEOUT_MS = 10_000;

/** What to ask, and whom about. */
export interface InferenceTarget {
  readonly url: string;
  /** Origins that are meant to read. */
  readonly origins: readonly string[];
  /** Request headers that applications set there, beside the usual ones. */
  readonly headers?: readonly string[];
  readonly signal?: AbortSignal;
  /** Told of a server that takes long. */
  readonly say?: (line: string) => void;
}

/**
 * @returns the policy that the server keeps today; null if it lets no origin in
 * @throws CliError if it does not answer; the signal's reason
 */
export async function inferFrom(target: InferenceTarget): Promise<InferredPolicy | null> {
  const { url, origins, headers, signal, say } = target;
  const asked = (questions: readonly InferenceQuestion[]) =>
    waitingFor(`${new URL(url).host} to answer`, askAll(url, questions, { signal, alone: origins }), say);
  const first = await asked(firstQuestions(origins));
  if (first.every(({ response }) => response === null)) {
    throw new CliError(`${url} does not answer: start the server, or correct the URL`, EXIT.target);
  }
  const grants = grantsOf(first);
  const asker = grants.find(({ origin }) => origins.includes(origin)) ?? grants[0];
  const second = asker ? await asked(preflightQuestions(asker.origin, { ...(headers && { headers }) })) : [];
  return inferPolicy(first, second, origins);
}

/**
 * Asks questions side by side, but those of the named origins each alone: a server that keeps the origin of a request
 * where all of them share it would answer them with that of another.
 */
export function askAll(
  url: string,
  questions: readonly InferenceQuestion[],
  { signal, alone = [] }: { readonly signal?: AbortSignal | undefined; readonly alone?: readonly string[] },
): Promise<InferenceAnswer[]> {
  const upstream = upstreamOf(new URL(url).origin);
  const isAlone = ({ origin }: InferenceQuestion) => origin !== undefined && alone.includes(origin);
  return sideBySide(questions, { atOnce: AT_ONCE, isAlone }, async question => {
    signal?.throwIfAborted();
    const options = { upstream, timeoutMs: TIMEOUT_MS, ...(signal && { signal }) };
    const { response } = await ask(asPage({ ...question, url }), options);
    signal?.throwIfAborted();
    return { question, response };
  });
}

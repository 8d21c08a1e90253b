/** Plain requests to a server that may be slow, may limit how many it answers, or may not answer at all. */
import { isPutOff } from '../standard/response.ts';
import { isUrl } from '../standard/url.ts';
import { type AskOptions, ask, type PlainRequest } from '../wire/ask.ts';
import { type Exchange, headerValue, UNSENT } from '../wire/exchange.ts';
import { Silence } from './silence.ts';

export interface Pace {
  /** No more requests than these in a second. */
  readonly maxPerSecond?: number;
  readonly signal?: AbortSignal;
  /** URLs of which 429 or 503 is the answer that is wanted: nothing waits for another one. */
  readonly refused?: ReadonlySet<string>;
}

/** A server that asks for a longer pause than this is not waited for. */
const LONGEST_PAUSE_MS = 5_000;
/** A timer may be early by this much. */
const CLOCK_MS = 5;
/** How often a request that was refused for now is sent again. */
const RETRIES = 2;

/** Nothing came, or not all of it, in the whole time that one answer may take. */
const isSilent = ({ end, startedMs, endedMs }: Exchange, timeoutMs: number): boolean =>
  (end === 'no-answer' || end === 'cut') && endedMs - startedMs >= timeoutMs - CLOCK_MS;

export class PacedWire {
  readonly #pace: Pace;
  #next = 0;
  readonly #silence = new Silence();
  #limitedAfter: number | undefined;
  #gaveUp = false;
  #requests = 0;
  #preflights = 0;

  constructor(pace: Pace = {}) {
    this.#pace = pace;
  }

  /** Actual requests that were sent. */
  get requests(): number {
    return this.#requests;
  }

  get preflights(): number {
    return this.#preflights;
  }

  /** How many requests had been answered when the first was refused with 429 or 503, for good. */
  get limitedAfter(): number | undefined {
    return this.#limitedAfter;
  }

  /** True if what answers at the URL has been given up: nobody needs to wait for it any more. */
  hasGivenUp(url: string): boolean {
    return this.#silence.hasGivenUp(resourceOf({ url }));
  }

  /** As ask() does, in its turn; a request that was refused for now is sent again after the pause that was asked for. */
  readonly ask = async (question: PlainRequest, options: AskOptions): Promise<Exchange> => {
    const resource = resourceOf(question);
    const silent = this.#silence.ask(resource);
    if (silent > 0) return unsent(question, options, silent);
    let exchange = await this.#once(question, options);
    const isLimited = (): boolean =>
      !this.#pace.refused?.has(question.url) && isPutOff(exchange.response?.status ?? 0);
    for (let n = 0; n < RETRIES && isLimited() && !this.#gaveUp; n++) {
      const pause = pauseOf(exchange, n);
      if (pause > LONGEST_PAUSE_MS) break;
      await this.#sleep(pause);
      exchange = await this.#once(question, options);
    }
    if (isLimited()) {
      this.#gaveUp = true;
      this.#limitedAfter ??= this.#requests + this.#preflights - 1;
    }
    return exchange;
  };

  async #once(question: PlainRequest, options: AskOptions): Promise<Exchange> {
    await this.turn();
    const { signal } = this.#pace;
    const exchange = await ask(question, { ...options, ...(signal && { signal }) });
    signal?.throwIfAborted();
    if (exchange.role === 'preflight') this.#preflights++;
    else this.#requests++;
    const silent = isSilent(exchange, options.timeoutMs);
    this.#silence.heard(resourceOf(question), silent, exchange.response !== null || !silent);
    return exchange;
  }

  /** Waits until one more request may be sent. */
  async turn(): Promise<void> {
    const { maxPerSecond, signal } = this.#pace;
    signal?.throwIfAborted();
    if (maxPerSecond === undefined) return;
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + 1000 / maxPerSecond;
    if (at > now) await this.#sleep(at - now);
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, ms));
    this.#pace.signal?.throwIfAborted();
  }
}

/** Seconds or a date (RFC 9110, 10.2.3); a short pause that grows if the server names none. */
function pauseOf({ response }: Exchange, tried: number): number {
  const wanted = headerValue(response?.headers ?? [], 'retry-after');
  if (wanted === null) return 250 * 2 ** tried;
  const ms = /^\d+$/.test(wanted) ? Number(wanted) * 1000 : Date.parse(wanted) - Date.now();
  return Number.isNaN(ms) ? 250 : Math.max(ms, 0);
}

const resourceOf = ({ url }: Pick<PlainRequest, 'url'>): string => (isUrl(url) ? new URL(url).pathname : url);

function unsent({ method, url, headers, body }: PlainRequest, { now }: AskOptions, silent: number): Exchange {
  const at = now?.() ?? performance.now();
  return {
    role: method === 'OPTIONS' ? 'preflight' : 'actual',
    resource: 'main',
    request: { method, url, headers, bodyBytes: body?.length ?? 0 },
    response: null,
    end: 'no-answer',
    connection: 0,
    startedMs: at,
    endedMs: at,
    note: `${UNSENT}: ${silent} requests before it were not answered in time`,
  };
}

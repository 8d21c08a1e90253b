/** Requests that are not sent although their turn has come: preflights can be asked again, what changes data cannot. */
import type { AsyncTransport, WireReply } from '../standard/user-agent.ts';
import type { ExchangePair } from './explain-warnings.ts';

const withheld = (reason: string): WireReply => ({ kind: 'failure', reason });

/** Stands for the answer of a request that could change data. */
const COULD_CHANGE_DATA = withheld('not sent, because it could change data');
const ONLY_PREFLIGHT = withheld('not sent: the command is only its preflight');
/** Stands for the answer of a request of which only the preflight was recorded. */
export const NOT_RECORDED = withheld('not recorded');

const WITHHELD: ReadonlySet<WireReply> = new Set([COULD_CHANGE_DATA, ONLY_PREFLIGHT, NOT_RECORDED]);

/** Whether the last request that was due was not sent. */
export function isWithheld(talks: readonly ExchangePair[]): boolean {
  const last = talks.at(-1);
  return last !== undefined && WITHHELD.has(last.reply);
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Preflights and safe methods only: nobody asked for a request that changes data to be repeated. */
export const safelyBy =
  (answer: AsyncTransport): AsyncTransport =>
  async send =>
    send.role === 'preflight' || SAFE.has(send.method) ? answer(send) : COULD_CHANGE_DATA;

/** Preflights only. */
export const preflightsBy =
  (answer: AsyncTransport): AsyncTransport =>
  async send =>
    send.role === 'preflight' ? answer(send) : ONLY_PREFLIGHT;

/** Takes credentials out of a result before it is stored. */

import type { Exchange } from '../wire/exchange.ts';
import { redactExchange } from '../wire/redact.ts';
import type { Result } from './record.ts';

/** The same result with the values of cookies, authorization and tokens replaced in its exchanges. */
export function redactResult(result: Result): Result {
  const exchanges = result.exchanges.map(exchange => ({
    ...exchange,
    ...redactExchange(exchange as Exchange),
    step: exchange.step,
  }));
  return { ...result, exchanges: exchanges as Result['exchanges'] };
}

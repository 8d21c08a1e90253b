/** Predictions per second on one core: a preflighted request with 10 headers each way, by the model alone. */
import { predict, type Transport, type WireReply } from '../harness/standard/user-agent.ts';

const headers = (prefix: string) =>
  Array.from({ length: 10 }, (_, n): readonly [string, string] => [`x-${prefix}-${n}`, `value ${n}`]);

const requestHeaders = headers('request');
const origin = 'https://app.example';
const allowOrigin = ['access-control-allow-origin', origin] as const;

const preflightAnswer: WireReply = {
  kind: 'response',
  status: 204,
  headers: [
    allowOrigin,
    ['access-control-allow-methods', 'PUT'],
    ['access-control-allow-headers', requestHeaders.map(([name]) => name).join(', ')],
    ...headers('other').slice(0, 7),
  ],
};
const answer: WireReply = {
  kind: 'response',
  status: 200,
  headers: [allowOrigin, ...headers('response').slice(0, 9)],
  body: 'ok',
};
const exchange: Transport = send => (send.role === 'preflight' ? preflightAnswer : answer);

/**
 * Counts by the processor's time, so that what else the machine does plays less of a part, once the engine has had as
 * long to compile.
 *
 * @param ms how much of that time to spend
 */
export function measure(ms = 2000): Measured {
  spend(ms);
  return spend(ms);
}

interface Measured {
  readonly predictions: number;
  readonly perSecond: number;
}

function spend(ms: number): Measured {
  const clock = { now: () => 0 };
  const request = {
    client: { origin, url: `${origin}/page` },
    url: 'https://api.example/items/1',
    method: 'PUT',
    headers: requestHeaders,
    body: '{}',
  };
  const began = process.cpuUsage();
  let predictions = 0;
  let spent = 0;
  while (spent < ms) {
    for (let turn = 0; turn < 1000; turn++) predict(request, exchange, clock);
    predictions += 1000;
    const { user, system } = process.cpuUsage(began);
    spent = (user + system) / 1000;
  }
  return { predictions, perSecond: Math.round((predictions / spent) * 1000) };
}

if (process.argv[1] === import.meta.filename) {
  console.log(`model: ${measure().perSecond.toLocaleString('en')} predictions per second on one core`);
}

/** A page, a server and a clock for tests of the model. */
import {
  type Client,
  type Clock,
  type Header,
  type Prediction,
  predict,
  type ScriptRequest,
  UserAgent,
  type UserAgentOptions,
  type WireReply,
  type WireSend,
} from './user-agent.ts';

export const PAGE = 'https://app.example';
export const TARGET = 'https://api.test/items';
export const client: Client = { origin: PAGE, url: `${PAGE}/page?q` };

export const acao = (value = PAGE): Header => ['Access-Control-Allow-Origin', value];
export const acac = (value = 'true'): Header => ['Access-Control-Allow-Credentials', value];
export const acam = (value: string): Header => ['Access-Control-Allow-Methods', value];
export const acah = (value: string): Header => ['Access-Control-Allow-Headers', value];
export const maxAge = (value: string): Header => ['Access-Control-Max-Age', value];

type Response = Extract<WireReply, { kind: 'response' }>;

/** A response with these headers; */
export function answer(status: number, ...headers: Header[]): Response {
  return { kind: 'response', status, headers };
}

class TestClock implements Clock {
  time = 0;

  now(): number {
    return this.time;
  }

  sleep(ms: number): void {
    this.time += ms;
  }
}

/** One user agent over several requests. */
export class Browser {
  readonly clock = new TestClock();
  readonly agent: UserAgent;

  constructor(options: UserAgentOptions = {}) {
    this.agent = new UserAgent(options);
  }

  run(
    request: Partial<ScriptRequest>,
    server: { preflight?: WireReply; actual?: WireReply } | ((send: WireSend) => WireReply),
  ): Prediction {
    const exchange =
      typeof server === 'function'
        ? server
        : (send: WireSend) => server[send.role] ?? { kind: 'failure' as const };
    return predict({ client, url: TARGET, ...request }, exchange, this.clock, this.agent);
  }
}

/** The wire in short: "OPTIONS PUT". */
export function methods({ wire }: Prediction): string {
  return wire.map(send => send.method).join(' ');
}

/** The value of a header of a wire request, or undefined. */
export function sent(prediction: Prediction, index: number, name: string): string | undefined {
  return prediction.wire[index]?.headers.find(([n]) => n.toLowerCase() === name)?.[1];
}

/** The id of the step that stopped it. */
export function stopped({ trace }: Prediction): string | undefined {
  return trace.findLast(step => step.result === 'stop')?.id;
}

/** The harness's end of the channel to the agent in a page. */
import type { WebSocket } from 'ws';
import type { AgentRequest, FromPage, ToPage } from '../../fixtures/origins/agent/protocol.ts';
import type { ScriptReport } from '../case/observation.ts';
import type { Realm } from '../case/schema.ts';

/** The page went away, never came, or could not do what it was asked: always a failure of the harness or the engine. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  /** True if a request was under way in the page, false if the page was already gone. */
  readonly underWay: boolean;

  constructor(message: string, underWay = false) {
    super(message);
    this.underWay = underWay;
  }
}

export interface RunMessage {
  readonly order: AgentRequest;
  readonly realm: Realm;
  /** The origin of a frame to run in, instead of a realm. */
  readonly frame?: string;
  /** Names a realm for this run alone, which dispose() closes; without it, cases share the page's. */
  readonly key?: string;
  readonly worker?: string;
}

interface Pending {
  resolve(report: ScriptReport): void;
  reject(error: AgentError): void;
}

/** A message of the page; null if it is not one. */
function readMessage(text: string): FromPage | null {
  let value: Partial<Extract<FromPage, { type: 'report' }> & Extract<FromPage, { type: 'failure' }>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { type, id, report, message } = value as { type?: unknown } & typeof value;
  if (type === 'ready') return { type };
  if (!Number.isSafeInteger(id)) return null;
  if (type === 'report' && typeof report === 'object' && report !== null && 'settled' in report)
    return value as FromPage;
  return type === 'failure' && typeof message === 'string' ? (value as FromPage) : null;
}

export class Agent {
  #socket: WebSocket | null = null;
  #next = 1;
  readonly #pending = new Map<number, Pending>();
  #ready: () => void = () => undefined;
  #failed: (error: AgentError) => void = () => undefined;
  /** Settles when the page's agent has connected, or the page is given up. */
  readonly ready: Promise<void>;
  /** Resolves when the page has gone away. */
  readonly gone: Promise<void>;
  #left: () => void = () => undefined;

  constructor() {
    this.gone = new Promise(resolve => {
      this.#left = resolve;
    });
    this.ready = new Promise((resolve, reject) => {
      this.#ready = resolve;
      this.#failed = reject;
    });
    this.ready.catch(() => undefined);
  }

  /** True from when the page has arrived until it goes away. */
  get connected(): boolean {
    return this.#socket !== null;
  }

  /** Called by the site when the page's WebSocket arrives. What is not a message of the protocol ends it. */
  connect(socket: WebSocket): void {
    this.#socket = socket;
    socket.on('message', data => {
      const message = readMessage(String(data));
      if (message) this.#receive(message);
      else socket.terminate();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.fail(new AgentError('the page went away')));
  }

  /** The page is gone: every request under way ends with an error. */
  fail(error: AgentError): void {
    this.#socket = null;
    this.#failed(error);
    this.#left();
    for (const pending of this.#pending.values()) pending.reject(new AgentError(error.message, true));
    this.#pending.clear();
  }

  #receive(message: FromPage): void {
    if (message.type === 'ready') {
      this.#ready();
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'report') pending?.resolve(message.report);
    else pending?.reject(new AgentError(message.message));
  }

  #send(message: ToPage): void {
    if (!this.#socket) throw new AgentError('the page went away');
    this.#socket.send(JSON.stringify(message));
  }

  /**
   * Has the page make a request.
   * @returns its report, and a function that aborts the request
   */
  run(message: RunMessage): { report: Promise<ScriptReport>; abort(): void } {
    const id = this.#next++;
    const report = new Promise<ScriptReport>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ type: 'run', id, ...message });
    });
    return { report, abort: () => this.#send({ type: 'abort', id }) };
  }

  /** Closes the realms that were made under this key. */
  dispose(key: string): void {
    if (this.#socket) this.#send({ type: 'dispose', key });
  }

  close(): void {
    this.#socket?.terminate();
    this.fail(new AgentError('the lab was closed'));
  }
}

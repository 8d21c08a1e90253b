/** The harness's end of the channel to the agent in a page. */
import type { WebSocket } from 'ws';
import type { FromPage, Order, ToPage } from '../../fixtures/origins/agent/protocol.ts';
import type { ScriptReport } from '../case/observation.ts';
import type { Realm } from '../case/schema.ts';

/** The page went away, never came, or could not do what it was asked. Always the harness's or the engine's trouble. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  /** True where the page was busy with the request, false where it was already gone. */
  readonly inHand: boolean;

  constructor(message: string, inHand = false) {
    super(message);
    this.inHand = inHand;
  }
}

export interface Errand {
  readonly order: Order;
  readonly realm: Realm;
  /** The origin of a frame to run in, instead of a realm. */
  readonly frame?: string;
  /** Names a realm of one's own, which dispose() closes; without it, cases share the page's. */
  readonly key?: string;
  readonly worker?: string;
}

interface Pending {
  resolve(report: ScriptReport): void;
  reject(error: AgentError): void;
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

  /** Called by the site when the page's WebSocket arrives. */
  connect(socket: WebSocket): void {
    this.#socket = socket;
    socket.on('message', data => this.#receive(JSON.parse(String(data)) as FromPage));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.fail(new AgentError('the page went away')));
  }

  /** Ends every request under way with an error. */
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
  run(errand: Errand): { report: Promise<ScriptReport>; abort(): void } {
    const id = this.#next++;
    const report = new Promise<ScriptReport>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ type: 'run', id, ...errand });
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

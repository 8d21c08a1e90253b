/** A connection that speaks W3C WebDriver BiDi: commands out, their results and the events subscribed to back. */

import { once } from 'node:events';
import WebSocket from 'ws';
import { within } from './within.ts';

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface Answer {
  readonly id?: number;
  readonly type?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

/** A BiDi connection. Commands that are under way when it closes are rejected. */
export class BidiConnection {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  readonly #onEvent: (method: string, params: unknown) => void;
  #next = 1;
  /** Resolves when the connection has closed, from either side. */
  readonly closed: Promise<void>;

  /**
   * @param url of the endpoint, for example "ws://127.0.0.1:4444/session"
   * @param onEvent is told the events that the session has subscribed to
   * @throws Error when nobody accepts within `timeoutMs` milliseconds
   */
  static async open(
    url: string,
    timeoutMs: number,
    onEvent: (method: string, params: unknown) => void,
  ): Promise<BidiConnection> {
    const socket = new WebSocket(url, { maxPayload: 0, perMessageDeflate: false });
    try {
      await within(once(socket, 'open'), timeoutMs, `${url} was not ready`);
    } catch (error) {
      socket.on('error', () => undefined);
      socket.terminate();
      throw error;
    }
    return new BidiConnection(socket, onEvent);
  }

  private constructor(socket: WebSocket, onEvent: (method: string, params: unknown) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('message', data => this.#receive(JSON.parse(String(data)) as Answer));
    socket.on('error', () => socket.terminate());
    // Not by once(): it would reject where an error comes before the close.
    this.closed = new Promise<void>(resolve => socket.once('close', () => resolve())).then(() => {
      for (const { reject } of this.#pending.values()) reject(new Error('the browser closed the connection'));
      this.#pending.clear();
    });
  }

  /**
   * Sends a command.
   * @returns its result, as the WebDriver BiDi specification describes it for the method
   * @throws Error with the browser's own words when it refuses, or when the connection closes
   */
  send(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error('the browser closed the connection'));
    }
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #receive(answer: Answer): void {
    if (answer.type === 'event') {
      this.#onEvent(answer.method ?? '', answer.params);
      return;
    }
    const pending = this.#pending.get(answer.id ?? 0);
    this.#pending.delete(answer.id ?? 0);
    if (answer.type === 'success') pending?.resolve(answer.result);
    else pending?.reject(new Error(`${answer.error}: ${answer.message}`));
  }

  close(): void {
    this.#socket.terminate();
  }
}

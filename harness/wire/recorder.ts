/** Turns what passes through the gateway into exchanges, while it passes. */
import { BodySample } from './body-sample.ts';
import { undecodable } from './content-coding.ts';
import type { Exchange, ExchangeEnd, HeaderLine, WireRequest, WireResponse } from './exchange.ts';
import { roleOf } from './exchange.ts';
import type { RequestHead, ResponseHead } from './http1.ts';

/** An exchange from its request head on. */
export interface LiveExchange {
  /** Counts up from 1 in the order in which request heads were received. */
  readonly id: number;
  readonly origin: string;
  /** False once the exchange has been handed to `onExchange`. */
  readonly inFlight: boolean;
  /**
   * The exchange as it stands: while in flight, it ends `no-answer` or `cut`. A server may answer before it has read
   * the request; the bytes of the request's body that come later are counted here, even after the exchange's end.
   */
  snapshot(): Exchange;
}

export interface RecorderEvents {
  /** A request head was received; nothing has been relayed yet. */
  readonly onRequest?: ((live: LiveExchange) => void) | undefined;
  /** The head of the final response was received; the client has not got it yet. */
  readonly onResponse?: ((live: LiveExchange) => void) | undefined;
  /** The exchange ended; the client may not have got its last bytes yet. */
  readonly onExchange?: ((exchange: Exchange, live: LiveExchange) => void) | undefined;
}

/** How many interim (1xx) answers of an exchange are kept; a server may send thousands. */
const KEPT_INTERIM = 20;

/** One exchange being recorded. */
export class Recording implements LiveExchange {
  readonly id: number;
  readonly origin: string;
  readonly requestBody = new BodySample();
  readonly responseBody = new BodySample();
  readonly #recorder: Recorder;
  readonly #head: RequestHead;
  readonly #target: string;
  readonly #startedMs: number;
  #connection = 0;
  #response: ResponseHead | null = null;
  #interim: { status: number; headers: readonly HeaderLine[] }[] = [];
  #interims = 0;
  #trailers: readonly HeaderLine[] = [];
  #ended: Exchange | null = null;

  constructor(recorder: Recorder, id: number, origin: string, target: string, head: RequestHead) {
    this.#recorder = recorder;
    this.id = id;
    this.origin = origin;
    this.#target = target;
    this.#head = head;
    this.#startedMs = recorder.now();
  }

  get inFlight(): boolean {
    return this.#ended === null;
  }

  get answered(): boolean {
    return this.#response !== null;
  }

  /** Which connection to the server carries it. */
  carriedBy(connection: number): void {
    this.#connection = connection;
  }

  interim(head: ResponseHead): void {
    this.#interims++;
    if (this.#interim.length < KEPT_INTERIM)
      this.#interim.push({ status: head.status, headers: head.headers });
  }

  response(head: ResponseHead): void {
    this.#response = head;
    this.#recorder.events.onResponse?.(this);
  }

  trailers(lines: readonly HeaderLine[]): void {
    this.#trailers = lines;
  }

  /** Ends the exchange; only the first call counts. */
  end(end: ExchangeEnd, note?: string): void {
    if (this.#ended !== null) return;
    this.#ended = this.#exchange(end, note);
    this.#recorder.ended(this, this.#ended);
  }

  /** Ends the exchange with the end that the loss of the connection means at this point. */
  lost(note: string): void {
    this.end(this.answered ? 'cut' : 'no-answer', note);
  }

  snapshot(): Exchange {
    const ended = this.#ended;
    if (ended === null) return this.#exchange(this.answered ? 'cut' : 'no-answer', 'still in flight');
    return { ...ended, request: { ...ended.request, ...this.requestBody.toWire() } };
  }

  #exchange(end: ExchangeEnd, why: string | undefined): Exchange {
    const cut = this.#interims - this.#interim.length;
    const note =
      cut === 0 ? why : [why, `${cut} more interim answers are not recorded`].filter(Boolean).join('; ');
    const path = this.#target.split('?', 1)[0] ?? this.#target;
    const request: WireRequest = {
      method: this.#head.method,
      url: this.origin + this.#target,
      headers: this.#head.headers,
      ...this.requestBody.toWire(),
    };
    return {
      role: roleOf(request.method, request.headers),
      resource: path,
      request,
      response: this.#wireResponse(),
      end,
      connection: this.#connection,
      startedMs: this.#startedMs,
      endedMs: this.#recorder.now(),
      ...(note === undefined ? {} : { note }),
    };
  }

  #wireResponse(): WireResponse | null {
    if (this.#response === null) return null;
    const { status, reason, headers } = this.#response;
    return {
      status,
      reason,
      headers,
      ...(this.#interim.length > 0 ? { interim: [...this.#interim] } : {}),
      ...(this.#trailers.length > 0 ? { trailers: this.#trailers } : {}),
      ...this.responseBody.toWire(),
      ...undecodable({ status, headers, body: this.responseBody.kept }),
    };
  }
}

/** All recordings of one gateway. */
export class Recorder {
  readonly events: RecorderEvents;
  readonly #live = new Set<Recording>();
  readonly #began = performance.now();
  #ids = 0;
  #connections = 0;

  constructor(events: RecorderEvents) {
    this.events = events;
  }

  /** Milliseconds since the recorder was made: the clock of every exchange it records. */
  now(): number {
    return performance.now() - this.#began;
  }

  /** The next number for a connection that carries recorded exchanges. */
  nextConnection(): number {
    this.#connections += 1;
    return this.#connections;
  }

  /** Begins to record the exchange that a request head begins. */
  begin(origin: string, target: string, head: RequestHead): Recording {
    this.#ids += 1;
    const recording = new Recording(this, this.#ids, origin, target, head);
    this.#live.add(recording);
    this.events.onRequest?.(recording);
    return recording;
  }

  /** Called by a recording when it has ended. */
  ended(recording: Recording, exchange: Exchange): void {
    this.#live.delete(recording);
    this.events.onExchange?.(exchange, recording);
  }

  /** The exchanges in flight, oldest first. */
  inFlight(): Exchange[] {
    return [...this.#live].map(recording => recording.snapshot());
  }

  /** Ends whatever is in flight. */
  endAll(note: string): void {
    for (const recording of [...this.#live]) recording.lost(note);
  }
}

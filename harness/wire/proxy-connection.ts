/**
 * One client connection and the server connections it is paired with. Bytes of answers go to the client exactly as
 * they came; of requests only the head's first line and Proxy-Connection change. What happens to the one side happens
 * to the other: an end becomes an end, a reset a reset, a hang stays a hang.
 * Longer than other files: one state machine, whose states are its fields.
 */
import type { Socket } from 'node:net';
import type { WireOrigin } from './authority.ts';
import { destinationOf, directHead, forwardedLines, RefusedRequest, refusal } from './authority.ts';
import { headerValues } from './exchange.ts';
import { BodyReader, requestFraming } from './framing.ts';
import type { GatewayCore, Route } from './gateway-core.ts';
import type { RequestHead } from './http1.ts';
import { HeadReader, Http1Error, parseRequestHead } from './http1.ts';
import type { Turn } from './response-tracker.ts';
import { linkKey, reset, resetAfterWrites, ServerLink } from './server-link.ts';

/** So long a connection of which one side has ended may be silent before it is taken down. */
const LINGER_MS = 5000;
/** So much may a client send ahead of the answer it waits for. */
const HELD_BYTES = 64 * 1024;

/**
 * `head`: between requests · `body`: inside a request · `waiting`: for its answer · `tunnel`: another protocol ·
 * `spent`: a further request can't be carried · `refused`: what comes is ignored.
 */
type State = 'head' | 'body' | 'waiting' | 'tunnel' | 'spent' | 'refused';

export class ProxyConnection {
  readonly #core: GatewayCore;
  readonly #stream: Socket;
  readonly #raw: Socket;
  readonly #tunnel: WireOrigin | null;
  readonly #onConnect: ((head: RequestHead, rest: Buffer) => void) | null;
  readonly #links = new Map<string, ServerLink>();
  readonly #headReader: HeadReader;
  #state: State = 'head';
  #link: ServerLink | null = null;
  #turn: Turn | null = null;
  #responded = false;
  #body: BodyReader | null = null;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** No further request can be carried: the server has ended its side, or sent what nobody asked for. */
  #lastTurn = false;
  #clientEnded = false;
  #linger: NodeJS.Timeout | null = null;

  /**
   * @param stream the client's requests as plain bytes
   * @param raw the socket underneath, the same one where there is no TLS
   * @param tunnel the origin that the client has connected to, or null
   * @param onConnect takes over the socket when a CONNECT request comes; null where none may come
   */
  constructor(
    core: GatewayCore,
    stream: Socket,
    raw: Socket,
    tunnel: WireOrigin | null,
    onConnect: ((head: RequestHead, rest: Buffer) => void) | null,
  ) {
    this.#core = core;
    this.#stream = stream;
    this.#raw = raw;
    this.#tunnel = tunnel;
    this.#onConnect = onConnect;
    this.#headReader = new HeadReader(core.maxHeadBytes);
    stream.on('data', this.#onData);
    stream.on('drain', this.#onDrain);
    stream.on('end', this.#onEnd);
    stream.on('error', this.#onError);
    stream.on('close', this.#onClose);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#linger?.refresh();
    try {
      this.#feed(chunk);
    } catch (error) {
      if (!(error instanceof RefusedRequest || error instanceof Http1Error)) throw error;
      this.#giveUp(error);
    }
  };

  readonly #onDrain = (): void => {
    this.#link?.stream.resume();
  };

  readonly #onEnd = (): void => {
    this.#clientEnded = true;
    const link = this.#link;
    for (const other of this.#links.values()) if (other !== link) other.reset();
    link?.stream.end();
    if (link === null || (this.#turn === null && this.#state !== 'tunnel')) this.#stream.end();
    this.#startLinger();
  };

  readonly #onError = (): void => {
    this.#abandon('the client reset the connection');
    for (const link of this.#links.values()) link.reset();
  };

  readonly #onClose = (): void => {
    if (this.#linger) clearTimeout(this.#linger);
    this.#abandon('the client closed the connection');
    for (const link of this.#links.values()) link.reset();
  };

  #feed(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      switch (this.#state) {
        case 'head': {
          const { consumed, raw } = this.#headReader.push(rest);
          rest = rest.subarray(consumed);
          if (raw === null) return;
          const head = parseRequestHead(raw);
          if (head.method === 'CONNECT') {
            this.#handOver(head, rest);
            return;
          }
          this.#begin(head);
          break;
        }
        case 'body': {
          const consumed = this.#body?.push(rest) ?? 0;
          this.#toServer(rest.subarray(0, consumed));
          rest = rest.subarray(consumed);
          if (this.#body?.done) this.#requestDone();
          break;
        }
        case 'waiting':
          this.#hold(rest);
          return;
        case 'tunnel':
          this.#toServer(rest);
          return;
        case 'spent':
          reset(this.#stream, this.#raw);
          return;
        case 'refused':
          return;
      }
    }
  }

  #handOver(head: RequestHead, rest: Buffer): void {
    if (this.#onConnect === null || this.#links.size > 0) {
      throw new RefusedRequest('CONNECT must be the first request of a connection');
    }
    this.#stream.off('data', this.#onData);
    this.#stream.off('drain', this.#onDrain);
    this.#stream.off('end', this.#onEnd);
    this.#stream.off('error', this.#onError);
    this.#stream.off('close', this.#onClose);
    this.#onConnect(head, rest);
  }

  #begin(head: RequestHead): void {
    const { origin, target } = destinationOf(head, this.#tunnel);
    const framing = requestFraming(head);
    const route = this.#core.route(origin);
    if (route === null) throw new RefusedRequest(`${origin.origin} is not part of this run`);
    const recording = route.record ? this.#core.recorder.begin(origin.origin, target, head) : null;
    const link = this.#linkTo(origin, route);
    recording?.carriedBy(link.number);
    this.#turn = {
      method: head.method,
      upgrade: headerValues(head.headers, 'upgrade').length > 0,
      recording,
    };
    this.#responded = false;
    this.#body = new BodyReader(framing, content => recording?.requestBody.add(content));
    this.#state = 'body';
    link.tracker.expect(this.#turn);
    this.#toServer(directHead(head, target, forwardedLines(origin, route.upstream.tls)));
    if (this.#body.done) this.#requestDone();
  }

  #requestDone(): void {
    this.#body = null;
    this.#state = 'waiting';
    if (this.#responded) this.#turnDone();
  }

  #turnDone(): void {
    this.#turn = null;
    this.#state = this.#lastTurn ? 'spent' : 'head';
    this.#releaseHeld();
  }

  #releaseHeld(): void {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    this.#stream.resume();
    for (const chunk of held) this.#onData(chunk);
  }

  #hold(chunk: Buffer): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > HELD_BYTES) this.#stream.pause();
  }

  #toServer(bytes: Buffer): void {
    const link = this.#link;
    if (link === null || link.stream.destroyed || !link.stream.writable) return;
    if (!link.stream.write(bytes)) this.#stream.pause();
  }

  #linkTo(origin: WireOrigin, route: Route): ServerLink {
    const known = this.#links.get(linkKey(origin, route.upstream));
    if (known !== undefined) {
      this.#link = known;
      return known;
    }
    const number = route.record ? this.#core.recorder.nextConnection() : 0;
    const link = new ServerLink(origin, route.upstream, number, this.#core.maxHeadBytes);
    this.#links.set(link.key, link);
    this.#link = link;
    link.stream.on('data', (chunk: Buffer) => this.#fromServer(link, chunk));
    link.stream.on('drain', () => {
      if (link === this.#link && this.#heldBytes <= HELD_BYTES) this.#stream.resume();
    });
    link.stream.on('end', () => this.#serverEnd(link));
    link.stream.on('error', error => this.#serverError(link, error));
    link.stream.on('close', () => this.#links.delete(link.key));
    return link;
  }

  #fromServer(link: ServerLink, chunk: Buffer): void {
    this.#linger?.refresh();
    // Bytes of a server that was not asked must not pass for another one's answer, and a client that has ended
    // can't be given any.
    if (link !== this.#link || !this.#stream.writable) {
      link.reset();
      return;
    }
    const unasked = this.#state === 'head';
    const progress = link.tracker.push(chunk);
    // A request that comes behind unasked bytes could be given them for its answer: it gets a new connection.
    if (unasked) this.#state = 'spent';
    if (progress === 'endless-head') {
      link.reset();
      resetAfterWrites(this.#stream, this.#raw);
      return;
    }
    if (!this.#stream.write(chunk)) link.stream.pause();
    if (progress === 'upgraded' && this.#state !== 'tunnel') {
      this.#state = 'tunnel';
      this.#turn = null;
      this.#releaseHeld();
    } else if (progress === 'answered' || progress === 'overlong') {
      this.#lastTurn ||= progress === 'overlong';
      this.#responded = true;
      if (this.#state === 'waiting') this.#turnDone();
    }
  }

  #serverEnd(link: ServerLink): void {
    if (link !== this.#link) {
      link.reset();
      return;
    }
    this.#lastTurn = true;
    link.tracker.finish(
      this.#clientEnded ? 'the client closed the connection' : 'the server closed the connection',
    );
    this.#responded = true;
    this.#stream.end();
    if (this.#state === 'waiting') this.#turnDone();
    else if (this.#state === 'head') this.#state = 'spent';
    this.#startLinger();
  }

  #serverError(link: ServerLink, error: Error): void {
    if (link !== this.#link) return;
    this.#abandon(link.describe(error));
    resetAfterWrites(this.#stream, this.#raw);
  }

  #abandon(who: string): void {
    if (this.#turn !== null) this.#link?.tracker.abandon(who);
  }

  #startLinger(): void {
    this.#linger ??= setTimeout(() => {
      reset(this.#stream, this.#raw);
    }, LINGER_MS).unref();
  }

  #giveUp(error: RefusedRequest | Http1Error): void {
    this.#core.refused(this.#tunnel?.origin ?? 'a request', error.message);
    if (this.#turn !== null) {
      this.#turn.recording?.lost(`the request body was malformed: ${error.message}`);
      reset(this.#stream, this.#raw);
      return;
    }
    this.#state = 'refused';
    for (const link of this.#links.values()) link.reset();
    this.#stream.end(refusal(error));
    this.#startLinger();
  }
}

/** Follows the bytes of one server connection from answer to answer, for the record; it changes none of them. */
import { BodyReader, isInterim, responseFraming } from './framing.ts';
import { HeadReader, Http1Error, mayBeResponse, parseResponseHead } from './http1.ts';
import type { Recording } from './recorder.ts';

/** One request on its way, and what became of it. */
export interface Turn {
  readonly method: string;
  /** The request asked for another protocol (RFC 9110 §7.8). */
  readonly upgrade: boolean;
  /** Null where the route is not recorded. */
  readonly recording: Recording | null;
}

/**
 * What a chunk of bytes brought: nothing new, the end of the answer, its end and bytes behind it, another protocol,
 * or a head beyond its limit.
 */
export type ResponseProgress = 'going-on' | 'answered' | 'overlong' | 'upgraded' | 'endless-head';

/** Browsers give heads up between 256 KiB and our own limit: beyond this size, it is the head that was at fault. */
const LARGE_HEAD = 128 * 1024;

export class ResponseTracker {
  readonly #maxHeadBytes: number;
  #turn: Turn | null = null;
  /** `opaque`: what comes can't be understood any more and is only handed on. */
  #state: 'idle' | 'head' | 'body' | 'upgraded' | 'opaque' = 'idle';
  #head: HeadReader;
  #body: BodyReader | null = null;

  constructor(maxHeadBytes: number) {
    this.#maxHeadBytes = maxHeadBytes;
    this.#head = new HeadReader(maxHeadBytes);
  }

  /** The next answer belongs to this request. */
  expect(turn: Turn): void {
    this.#turn = turn;
    this.#head = new HeadReader(this.#maxHeadBytes);
    this.#state = 'head';
  }

  /** Follows a chunk from the server. Bytes that come while nothing is awaited are left alone. */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the states of an answer on a connection, in the order in which they follow
  push(chunk: Buffer): ResponseProgress {
    const turn = this.#turn;
    if (turn === null) return 'going-on';
    let at = 0;
    try {
      while (at < chunk.length && (this.#state === 'head' || this.#state === 'body')) {
        const rest = chunk.subarray(at);
        at += this.#state === 'head' ? this.#pushHead(turn, rest) : (this.#body?.push(rest) ?? 0);
        if (this.#state === 'body' && this.#body?.done) this.#state = 'idle';
      }
    } catch (error) {
      if (!(error instanceof Http1Error)) throw error;
      this.#state = 'opaque';
      turn.recording?.end('malformed', error.message);
      return error.reason === 'head-too-large' ? 'endless-head' : 'going-on';
    }
    if (this.#state === 'upgraded') return 'upgraded';
    if (this.#state !== 'idle') return 'going-on';
    const extra = chunk.length - at;
    this.#complete(turn, extra > 0 ? `${extra} more bytes followed the end of the answer` : undefined);
    return extra > 0 ? 'overlong' : 'answered';
  }

  /** The server ended its side: that ends the answer properly, or cuts it. */
  finish(who: string): void {
    if (this.#turn !== null && this.#state === 'body' && this.#body?.finish()) this.#complete(this.#turn);
    else this.abandon(who);
  }

  /**
   * Nothing more comes of the answer.
   * @param who ended it, in words, for the note
   */
  abandon(who: string): void {
    const recording = this.#turn?.recording;
    this.#turn = null;
    const begun = this.#head.bytes;
    if (begun === 0) recording?.lost(who);
    else if (begun <= LARGE_HEAD) recording?.lost(`${who} after ${begun} bytes of a head`);
    else recording?.end('malformed', `${who} after ${begun} bytes of a head that did not end`);
  }

  #pushHead(turn: Turn, chunk: Buffer): number {
    if (this.#head.bytes === 0 && !mayBeResponse(chunk)) throw new Http1Error('not-http');
    const { consumed, raw } = this.#head.push(chunk);
    if (raw === null) return consumed;
    const head = parseResponseHead(raw);
    if (head.status === 101) {
      if (!turn.upgrade) throw new Http1Error('unexpected-upgrade');
      this.#state = 'upgraded';
      turn.recording?.response(head);
      turn.recording?.end('complete');
    } else if (isInterim(head.status)) {
      turn.recording?.interim(head);
    } else {
      const framing = responseFraming(head, turn.method);
      turn.recording?.response(head);
      this.#body = new BodyReader(framing, content => turn.recording?.responseBody.add(content));
      this.#state = this.#body.done ? 'idle' : 'body';
    }
    return consumed;
  }

  #complete(turn: Turn, note?: string): void {
    turn.recording?.trailers(this.#body?.trailers ?? []);
    turn.recording?.end('complete', note);
    this.#turn = null;
    this.#body = null;
    this.#state = 'idle';
  }
}

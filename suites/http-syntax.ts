/** Answers that are not quite HTTP/1.1: what browsers read all the same, the harness has to read, too. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { one, PUT, preflighted, readable } from './helpers.ts';

const ALLOW = 'Access-Control-Allow-Origin: *';

interface Answer {
  readonly id: string;
  readonly title: string;
  readonly spec: string;
  readonly raw: string;
  /** Default: readable, with the body "ok". */
  readonly expect?: Expectation;
  readonly because?: string;
}

const LENIENT = 'HTTP/1.1 forbids a server to send this, and leaves open whether a client reads it.';

const ANSWERS: readonly Answer[] = [
  {
    id: 'bare-lf',
    title: 'An answer whose lines end in LF alone is read',
    spec: SPEC.httpMessage,
    raw: `HTTP/1.1 200 OK\n${ALLOW}\nContent-Length: 2\n\nok`,
  },
  {
    id: 'empty-line-first',
    title: 'An empty line before the status line is skipped',
    spec: SPEC.httpMessage,
    raw: `\r\nHTTP/1.1 200 OK\r\n${ALLOW}\r\nContent-Length: 2\r\n\r\nok`,
  },
  {
    id: 'cr-in-value',
    title: 'A CR inside another header value does not stop the response from being read',
    spec: SPEC.httpMessage,
    raw: `HTTP/1.1 200 OK\r\nX-A: a\rb\r\n${ALLOW}\r\nContent-Length: 2\r\n\r\nok`,
  },
  {
    id: 'no-reason',
    title: 'A status line without a reason phrase is read',
    spec: SPEC.httpStatusLine,
    raw: `HTTP/1.1 200\r\n${ALLOW}\r\nContent-Length: 2\r\n\r\nok`,
    expect: readable({ status: 200, body: 'ok' }),
  },
  {
    id: 'spaces-in-status-line',
    title: 'A status line with two spaces between its parts is read',
    spec: SPEC.httpStatusLine,
    raw: `HTTP/1.1  200  OK\r\n${ALLOW}\r\nContent-Length: 2\r\n\r\nok`,
  },
  {
    id: 'status-000',
    title: 'A status of 000 is read as 0',
    spec: SPEC.httpStatusLine,
    raw: `HTTP/1.1 000 OK\r\n${ALLOW}\r\nContent-Length: 2\r\n\r\nok`,
    expect: readable({ status: 0, body: 'ok' }),
    because: 'No such status exists; Chromium and Firefox give it to script, WebKit fails.',
  },
  {
    id: 'no-colon',
    title: 'A header line without a colon does not stop the response from being read',
    spec: SPEC.httpFieldLines,
    raw: `HTTP/1.1 200 OK\r\nnonsense\r\n${ALLOW}\r\nContent-Length: 2\r\n\r\nok`,
  },
  {
    id: 'chunked-over-length',
    title: 'Transfer-Encoding: chunked wins over Content-Length',
    spec: SPEC.httpBodyLength,
    raw: `HTTP/1.1 200 OK\r\n${ALLOW}\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  },
  {
    id: 'equal-lengths',
    title: 'Two equal Content-Length lines count as one',
    spec: SPEC.httpBodyLength,
    raw: `HTTP/1.1 200 OK\r\n${ALLOW}\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok`,
  },
  {
    id: 'lf-in-chunks',
    title: 'A chunked body whose lines end in LF alone is read',
    spec: SPEC.httpChunked,
    raw: `HTTP/1.1 200 OK\r\n${ALLOW}\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n`,
  },
  {
    id: 'bad-chunk',
    title: 'A chunk without its size fails when the body is read',
    spec: SPEC.httpChunked,
    raw: `HTTP/1.1 200 OK\r\n${ALLOW}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n`,
    expect: readable({ bodyError: 'TypeError' }),
    because: 'Chromium fails when the body is read, Firefox at once, and WebKit reads an empty body.',
  },
];

/** The answer ends its connection and says so: else a browser's next request may go out on it while it closes. */
const ending = (raw: string) => ({
  raw: raw.replace(/(Access-Control-Allow-Origin: \*)(\r?\n)/, '$1$2Connection: close$2'),
  close: true,
});

const answered = ({ id, title, spec, raw, expect, because = LENIENT }: Answer): Case =>
  one({
    id: `http-syntax/${id}`,
    title,
    spec: [spec, SPEC.networkFetch],
    server: { actual: ending(raw) },
    expect: expect ?? readable({ status: 200, body: 'ok' }),
    class: 'outside',
    because,
  });

const PREFLIGHTS: readonly (readonly [id: string, title: string, raw: string])[] = [
  [
    'bare-lf',
    'A preflight is allowed by an answer whose lines end in LF alone',
    `HTTP/1.1 204 No Content\n${ALLOW}\nAccess-Control-Allow-Methods: PUT\n\n`,
  ],
  [
    'no-reason',
    'A preflight is allowed by an answer without a reason phrase',
    `HTTP/1.1 204\r\n${ALLOW}\r\nAccess-Control-Allow-Methods: PUT\r\n\r\n`,
  ],
  [
    'chunked-over-length',
    'A preflight is allowed by an answer that is chunked and has a Content-Length',
    `HTTP/1.1 200 OK\r\n${ALLOW}\r\nAccess-Control-Allow-Methods: PUT\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
];

export const httpSyntax = defineSuite({
  id: 'http-syntax',
  title: 'Sloppy HTTP',
  about:
    'Servers send answers that HTTP/1.1 forbids, and browsers read many of them. Whether CORS allows the request must not depend on that.',
  cases: [
    ...ANSWERS.map(answered),
    ...PREFLIGHTS.map(([id, title, raw]) =>
      one({
        id: `http-syntax-preflight/${id}`,
        title,
        spec: [SPEC.httpMessage, SPEC.preflightFetch],
        request: PUT,
        server: {
          preflight: ending(raw),
          actual: { headers: [['Access-Control-Allow-Origin', '*']] },
        },
        expect: preflighted(),
        class: 'outside',
        because: LENIENT,
      }),
    ),
  ],
});

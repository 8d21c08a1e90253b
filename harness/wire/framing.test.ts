import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Framing } from './framing.ts';
import { BodyReader, requestFraming, responseFraming } from './framing.ts';
import { Http1Error, parseRequestHead, parseResponseHead } from './http1.ts';

function ofResponse(lines: string, method = 'GET', status = 200, version = '1.1'): Framing {
  return responseFraming(
    parseResponseHead(Buffer.from(`HTTP/${version} ${status} X\r\n${lines}\r\n`)),
    method,
  );
}

function ofRequest(lines: string): Framing {
  return requestFraming(parseRequestHead(Buffer.from(`POST / HTTP/1.1\r\n${lines}\r\n`)));
}

test('should frame responses as browsers do', () => {
  assert.deepEqual(ofResponse('Content-Length: 5\r\n'), { kind: 'length', bytes: 5 });
  assert.deepEqual(ofResponse('Content-Length: 5, 5\r\ncontent-length: 5\r\n'), { kind: 'length', bytes: 5 });
  assert.deepEqual(ofResponse('Content-Length: 0\r\n'), { kind: 'none' });
  assert.deepEqual(ofResponse(''), { kind: 'until-close' });
  assert.deepEqual(ofResponse('Transfer-Encoding: gzip, Chunked\r\n'), { kind: 'chunked' });
  assert.deepEqual(ofResponse('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'), { kind: 'chunked' });
  assert.deepEqual(ofResponse('Transfer-Encoding: gzip\r\nContent-Length: 5\r\n'), {
    kind: 'length',
    bytes: 5,
  });
  assert.deepEqual(ofResponse('Transfer-Encoding: gzip\r\n'), { kind: 'until-close' });
  assert.deepEqual(ofResponse('Transfer-Encoding: chunked\r\n', 'GET', 200, '1.0'), { kind: 'until-close' });
});

test('should know responses that never have a body', () => {
  const lines = 'Content-Length: 5\r\n';
  assert.deepEqual(ofResponse(lines, 'HEAD'), { kind: 'none' });
  for (const status of [100, 103, 204, 304])
    assert.deepEqual(ofResponse(lines, 'GET', status), { kind: 'none' });
  assert.deepEqual(ofResponse('', 'CONNECT', 200), { kind: 'none' });
  assert.deepEqual(ofResponse(lines, 'CONNECT', 403), { kind: 'length', bytes: 5 });
});

test('should give up lengths that do not agree', () => {
  for (const lines of ['Content-Length: 5\r\nContent-Length: 6\r\n', 'Content-Length: 5, 6\r\n']) {
    assert.throws(
      () => ofResponse(lines),
      (e: Http1Error) => e.reason === 'bad-content-length',
      lines,
    );
    assert.throws(
      () => ofRequest(lines),
      (e: Http1Error) => e.reason === 'bad-content-length',
      lines,
    );
  }
});

test('should leave out a length that is no number in a response, and refuse it in a request', () => {
  for (const lines of [
    'Content-Length: x\r\n',
    'Content-Length:\r\n',
    'Content-Length: +5\r\n',
    'Content-Length: 99999999999999999999\r\n',
  ]) {
    assert.deepEqual(ofResponse(lines), { kind: 'until-close' }, lines);
    assert.throws(
      () => ofRequest(lines),
      (e: Http1Error) => e.reason === 'bad-content-length',
      lines,
    );
  }
});

test('should refuse requests that two readers could frame differently', () => {
  assert.deepEqual(ofRequest(''), { kind: 'none' });
  assert.deepEqual(ofRequest('Transfer-Encoding: chunked\r\n'), { kind: 'chunked' });
  const reason = (lines: string) => {
    try {
      return ofRequest(lines).kind;
    } catch (error) {
      assert.ok(error instanceof Http1Error);
      return error.reason;
    }
  };
  assert.equal(reason('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'), 'length-and-chunked');
  assert.equal(
    reason('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n'),
    'unknown-transfer-coding',
  );
  assert.equal(reason('Transfer-Encoding: \x0bchunked\r\n'), 'unknown-transfer-coding');
  assert.equal(reason('Transfer-Encoding:\r\n'), 'unknown-transfer-coding');
});

/** Reads a body cut in pieces of one size; gives its content, the bytes consumed, and the reader. */
function read(framing: Framing, stream: string, pieces: number) {
  let content = '';
  const reader = new BodyReader(framing, part => {
    content += part.toString('latin1');
  });
  let consumed = 0;
  const all = Buffer.from(stream, 'latin1');
  while (consumed < all.length && !reader.done) {
    consumed += reader.push(all.subarray(consumed, consumed + pieces));
  }
  return { content, consumed, reader };
}

const bodies: [name: string, framing: Framing, body: string, content: string][] = [
  ['a length', { kind: 'length', bytes: 5 }, 'hello', 'hello'],
  ['chunks', { kind: 'chunked' }, '5\r\nhello\r\n01 ;a="b;c"\r\n!\r\n0\r\n\r\n', 'hello!'],
  ['chunks with bare LF', { kind: 'chunked' }, 'A\n0123456789\n0\n\n', '0123456789'],
  [
    'chunks that hold what looks like chunks',
    { kind: 'chunked' },
    '5\r\n0\r\n\r\n\r\n0\r\n\r\n',
    '0\r\n\r\n',
  ],
  ['no chunks', { kind: 'chunked' }, '0\r\n\r\n', ''],
  ['trailers', { kind: 'chunked' }, '1\r\nx\r\n0\r\nA: 1\r\nb:2\r\n\r\n', 'x'],
];
for (const [name, framing, body, content] of bodies) {
  test(`should follow ${name} however the bytes are cut`, () => {
    for (let pieces = 1; pieces <= body.length + 4; pieces++) {
      const result = read(framing, `${body}NEXT`, pieces);
      assert.equal(result.content, content);
      assert.equal(result.consumed, body.length);
      assert.ok(result.reader.done);
    }
  });
}

test('should read trailers', () => {
  const { reader } = read({ kind: 'chunked' }, '0\r\nA: 1\r\na: 2\r\n\r\n', 3);
  assert.deepEqual(reader.trailers, [
    ['A', '1'],
    ['a', '2'],
  ]);
});

test('should tell a body that the end of the stream ends from one that it cuts', () => {
  assert.ok(read({ kind: 'until-close' }, 'abc', 2).reader.finish());
  assert.ok(!read({ kind: 'length', bytes: 4 }, 'abc', 2).reader.finish());
  assert.ok(!read({ kind: 'chunked' }, '3\r\nabc\r\n', 2).reader.finish());
});

for (const [stream, reason] of [
  ['x\r\n', 'bad-chunk-size'],
  ['\r\n', 'bad-chunk-size'],
  ['-1\r\n', 'bad-chunk-size'],
  ['0x5\r\n', 'bad-chunk-size'],
  ['fffffffffffffffff\r\n', 'bad-chunk-size'],
  ['1\r\nab', 'bad-chunk-end'],
  ['1\r\na\rb', 'bad-chunk-end'],
] as const) {
  test(`should give up the chunk ${JSON.stringify(stream)}`, () => {
    assert.throws(
      () => read({ kind: 'chunked' }, stream, 1),
      (e: Http1Error) => e.reason === reason,
    );
  });
}

test('should bound chunk lines and trailers', () => {
  assert.throws(() => read({ kind: 'chunked' }, `1;${'x'.repeat(20_000)}`, 1000), Http1Error);
  const reader = new BodyReader({ kind: 'chunked' }, () => {}, 100);
  assert.throws(() => reader.push(Buffer.from(`0\r\nX: ${'y'.repeat(200)}`)), Http1Error);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeadReader, type Http1Error, mayBeResponse, parseRequestHead, parseResponseHead } from './http1.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const heads = [
  'HTTP/1.1 200 OK\r\nA: 1\r\n\r\n',
  'HTTP/1.1 200 OK\nA: 1\n\n',
  'HTTP/1.1 200 OK\r\nA: 1\n\r\n',
  '\r\n\nHTTP/1.1 200 OK\r\nA: 1\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  'HTTP/1.1 200 OK\r\nA: x\ry\r\n\rB: 2\r\n\r\n',
];
for (const head of heads) {
  test(`should find the end of ${JSON.stringify(head)} however it is cut`, () => {
    const stream = bytes(`${head}BODY\r\n\r\n`);
    for (let first = 0; first <= head.length; first++) {
      for (let second = first; second <= head.length; second++) {
        const reader = new HeadReader();
        let at = 0;
        let raw: Buffer | null = null;
        for (const end of [first, second, stream.length]) {
          if (raw !== null || end === at) continue;
          const step = reader.push(stream.subarray(at, end));
          raw = step.raw;
          at += step.consumed;
        }
        assert.equal(raw?.toString('latin1'), head);
        assert.equal(at, head.length);
      }
    }
  });
}

test('should read heads one after the other', () => {
  const reader = new HeadReader();
  const stream = bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\n\n');
  const first = reader.push(stream);
  const second = reader.push(stream.subarray(first.consumed));
  assert.equal(parseRequestHead(first.raw as Buffer).target, '/');
  assert.equal(parseRequestHead(second.raw as Buffer).target, '/2');
});

test('should give a head up beyond its limit, and not before', () => {
  const exact = bytes('HTTP/1.1 200 OK\r\n\r\n');
  assert.ok(new HeadReader(exact.length).push(exact).raw);
  const reader = new HeadReader(exact.length - 1);
  assert.throws(
    () => reader.push(exact),
    (error: Http1Error) => error.reason === 'head-too-large',
  );
});

test('should keep order, case, duplicates and odd bytes of header lines', () => {
  const head = parseResponseHead(
    bytes('HTTP/1.1 200 OK\r\nb: 1\r\nA:2\r\nB:\t 3\t \r\nX: \x0b\x00\xff\r\nE:\r\nE: : \r\n\r\n'),
  );
  assert.deepEqual(head.headers, [
    ['b', '1'],
    ['A', '2'],
    ['B', '3'],
    ['X', '\x0b\x00\xff'],
    ['E', ''],
    ['E', ':'],
  ]);
  assert.deepEqual([...head.oddities], []);
});

test('should read and name what servers get wrong and browsers accept', () => {
  const head = parseResponseHead(
    bytes('\r\nHTTP/1.0 404\n lost\nA: 1\r\n\t 2 \r\n \r\nno colon\r\nB : 3\r\n\r\n'),
  );
  assert.deepEqual([head.status, head.reason, head.version], [404, '', 10]);
  assert.deepEqual(head.headers, [
    [' lost', ''],
    ['A', '1 2'],
    ['no colon', ''],
    ['B ', '3'],
  ]);
  assert.deepEqual([...head.oddities].sort(), [
    'bare-lf',
    'empty-lines-before',
    'folded-line',
    'leading-space',
    'no-colon',
    'space-before-colon',
  ]);
});

test('should read reason phrases as they are', () => {
  const reason = (line: string) => parseResponseHead(bytes(`${line}\r\n\r\n`)).reason;
  assert.equal(reason('HTTP/1.1 200 All is well\xe9'), 'All is well\xe9');
  assert.equal(reason('HTTP/1.1 200 '), '');
  assert.equal(reason('HTTP/1.1 200'), '');
});

test('should read the status lines that most browsers take', () => {
  const read = (line: string) => {
    const { status, version } = parseResponseHead(bytes(`${line}\r\n\r\n`));
    return [status, version];
  };
  assert.deepEqual(read('HTTP/1.1 000 OK'), [0, 11]);
  assert.deepEqual(read('HTTP/1.1 20'), [20, 11]);
  assert.deepEqual(read('HTTP/1.1  204  OK'), [204, 11]);
  assert.deepEqual(read('HTTP/1.1'), [200, 11]);
  assert.deepEqual(read('HTTP/1.0 200 OK'), [200, 10]);
  assert.deepEqual(read('HTTP/2.0 200 OK'), [200, 11]);
});

for (const line of [
  'HTTP/2 200 OK',
  'HTTP/0.9 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1 abc',
  'ICY 200 OK',
  '<html>',
]) {
  test(`should not take ${JSON.stringify(line)} for a status line`, () => {
    assert.throws(
      () => parseResponseHead(bytes(`${line}\r\n\r\n`)),
      (e: Http1Error) => e.reason === 'not-http',
    );
  });
}

for (const line of [
  'GET /',
  'GET  / HTTP/1.1',
  'GET / HTTP/1.1 ',
  'GET / HTTP/2.0',
  'G@T / HTTP/1.1',
  'GET /a b HTTP/1.1',
]) {
  test(`should not take ${JSON.stringify(line)} for a request line`, () => {
    assert.throws(
      () => parseRequestHead(bytes(`${line}\r\n\r\n`)),
      (e: Http1Error) => e.reason === 'bad-request-line',
    );
  });
}

test('should tell early what can be no response', () => {
  for (const start of ['H', 'HTTP/1.', 'HTTP/1.1 200', 'HTTP/2.0', '\r\nHTT'])
    assert.ok(mayBeResponse(bytes(start)), start);
  for (const start of ['<', 'http/1', 'SSH-2.0', '\x16\x03']) assert.ok(!mayBeResponse(bytes(start)), start);
});

test('should read a line of a million blanks in no time worth mention', () => {
  const value = `a${' '.repeat(1_000_000)}b`;
  const { headers } = parseResponseHead(bytes(`HTTP/1.1 200 OK\r\nX: ${value}\r\n\r\n`));
  assert.equal(headers[0]?.[1], value);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Http1Error } from './http1.ts';
import { type RawRequest, RequestReader } from './requests.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const GET = 'GET /a?b HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n';
const POST = 'POST /p HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED =
  'PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n';

/** Reads all that can be read. */
function takeAll(reader: RequestReader): RawRequest[] {
  const taken: RawRequest[] = [];
  for (let one = reader.take(); one; one = reader.take()) taken.push(one);
  return taken;
}

const brief = ({ method, target, headers, body, bodyBytes }: RawRequest) =>
  [method, target, headers.length, body, bodyBytes].join(' ');

const wanted = ['GET /a?b 2  0', 'POST /p 1 hello 5', 'PUT /c 1 \r\nabc 5', 'GET /a?b 2  0'];

test('should read pipelined requests cut in two anywhere', () => {
  const stream = bytes(GET + POST + CHUNKED + GET);
  for (let at = 0; at <= stream.length; at++) {
    const reader = new RequestReader();
    reader.push(stream.subarray(0, at));
    const first = takeAll(reader);
    reader.push(stream.subarray(at));
    assert.deepEqual([...first, ...takeAll(reader)].map(brief), wanted, `cut at ${at}`);
    assert.equal(reader.rest().length, 0);
  }
});

test('should read pipelined requests in pieces of any size, looked at before they are taken', () => {
  const stream = bytes(GET + POST + CHUNKED + GET);
  for (let size = 1; size <= stream.length; size++) {
    const reader = new RequestReader();
    const taken: string[] = [];
    for (let at = 0; at < stream.length; at += size) {
      reader.push(stream.subarray(at, at + size));
      for (let head = reader.peek(); head; head = reader.peek()) {
        const request = reader.take();
        if (!request) break;
        assert.equal(request.target, head.target);
        taken.push(brief(request));
      }
    }
    assert.deepEqual(taken, wanted, `pieces of ${size}`);
  }
});

test('should keep header lines as they stand', () => {
  const reader = new RequestReader();
  reader.push(bytes('GET / HTTP/1.1\r\nb:1\r\nB: \t2 \r\nÀ: \xff\r\n\r\n'));
  assert.deepEqual(reader.take()?.headers, [
    ['b', '1'],
    ['B', '2'],
    ['À', '\xff'],
  ]);
});

test('should give every byte not consumed, however the request is cut', () => {
  const stream = `\r\n${POST}`;
  for (let at = 0; at <= stream.length; at++) {
    const reader = new RequestReader();
    reader.push(bytes(GET));
    assert.ok(reader.take());
    reader.push(bytes(stream.slice(0, at)));
    reader.peek();
    reader.push(bytes(stream.slice(at)));
    assert.equal(reader.rest().toString('latin1'), stream, `cut at ${at}`);
    assert.equal(reader.peek()?.method, 'POST');
    assert.equal(reader.rest().toString('latin1'), stream, `cut at ${at}, looked at`);
  }
});

test('should count a body of which the rest is missing as consumed', () => {
  const reader = new RequestReader();
  reader.push(bytes(POST.slice(0, -2)));
  assert.equal(reader.take(), null);
  assert.equal(reader.peek()?.target, '/p');
  assert.equal(reader.rest().length, 0);
  reader.push(bytes(`lo${GET}`));
  assert.equal(reader.take()?.body, 'hello');
  assert.equal(reader.rest().toString('latin1'), GET);
});

test('should count a large body and keep its beginning', () => {
  const reader = new RequestReader();
  reader.push(bytes('POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n'));
  for (let sent = 0; sent < 100_000; sent += 1000) {
    assert.equal(reader.take(), null);
    reader.push(bytes(String(sent / 1000).padStart(1000)));
  }
  const request = reader.take();
  assert.equal(request?.bodyBytes, 100_000);
  assert.equal(request?.body.length, 4096);
  assert.equal(request?.body.slice(3000, 4000), '3'.padStart(1000));
});

for (const [what, stream, reason] of [
  ['a line that is no request line', 'GET /\r\n\r\n', 'bad-request-line'],
  ['lengths that differ', 'PUT / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n', 'bad-content-length'],
  [
    'a length beside chunks',
    'PUT / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'length-and-chunked',
  ],
  ['a chunk without its size', 'PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n', 'bad-chunk-size'],
  ['a head that is too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100)}`, 'head-too-large'],
] as const) {
  test(`should end with an error at ${what}`, () => {
    const reader = new RequestReader(100);
    reader.push(bytes(stream));
    assert.throws(
      () => reader.take(),
      (error: unknown) => error instanceof Http1Error && error.reason === reason,
    );
  });
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { decodeContent, undecodable } from './content-coding.ts';

const under = (...codings: string[]) =>
  codings.map((coding): [string, string] => ['Content-Encoding', coding]);
const text = Buffer.from('hello, world');
const decoded = (bytes: Buffer, ...codings: string[]) => {
  const { body, failed } = decodeContent(under(...codings), bytes);
  return failed ? null : body.toString('latin1');
};

describe('decodeContent', () => {
  test('should take off what engines take off', () => {
    for (const [coding, coded] of [
      ['gzip', gzipSync(text)],
      ['GZIP', gzipSync(text)],
      ['x-gzip', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['deflate', deflateRawSync(text)],
      ['br', brotliCompressSync(text)],
      ['identity', text],
    ] as const)
      assert.equal(decoded(coded, coding), 'hello, world', coding);
  });

  test('should take off several in turn, on one line or on two', () => {
    const twice = brotliCompressSync(gzipSync(text));
    assert.equal(decoded(twice, 'gzip, br'), 'hello, world');
    assert.equal(decoded(twice, 'gzip', 'br'), 'hello, world');
    assert.equal(decoded(twice, 'br, gzip'), null);
  });

  test('should leave a body alone whose coding it does not know', () => {
    assert.equal(decoded(text, 'x-none'), 'hello, world');
    assert.equal(decoded(gzipSync(text), 'gzip, x-none')?.slice(0, 2), '\x1f\x8b');
    assert.equal(decoded(text), 'hello, world');
    assert.equal(decoded(Buffer.alloc(0), 'gzip'), '');
  });

  test('should decode the beginning of a body, and refuse what is not so coded', () => {
    assert.equal(decoded(gzipSync(text).subarray(0, 16), 'gzip'), 'hello');
    for (const coding of ['gzip', 'deflate', 'br']) assert.equal(decoded(text, coding), null, coding);
    assert.equal(decodeContent(under('gzip, gzip'), gzipSync(text)).body.toString(), 'hello, world');
  });

  test('should not mind what follows, nor a wrong check sum', () => {
    const named = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 2, 0, 1, 2]),
      Buffer.from('name\0comment\0hc'),
      deflateRawSync(text),
      Buffer.from('no check sum'),
    ]);
    assert.equal(decoded(named, 'gzip'), 'hello, world');
    for (const [coding, coded] of [
      ['gzip', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['br', brotliCompressSync(text)],
    ] as const)
      for (const more of ['junk', '\n', '\0'])
        assert.equal(
          decoded(Buffer.concat([coded, Buffer.from(more)]), coding),
          'hello, world',
          coding + more,
        );
    assert.equal(decoded(Buffer.concat([gzipSync('a'), gzipSync('b')]), 'gzip'), 'ab');
  });

  test('should not unpack a bomb', () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024);
    // As small as by the highest quality, which takes seconds.
    const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
    for (const [coding, bomb] of [
      ['gzip', gzipSync(zeros)],
      ['deflate', deflateSync(zeros)],
      ['deflate', deflateRawSync(zeros)],
      ['br', brotliCompressSync(zeros, quick)],
    ] as const)
      assert.deepEqual(decodeContent(under(coding), bomb), { body: bomb, failed: false }, coding);
  });
});

test('undecodable says so of whole bodies only', () => {
  const answer = { headers: under('gzip'), body: 'hello, world' };
  assert.deepEqual(undecodable({ status: 200, ...answer }), { undecodable: true });
  assert.deepEqual(undecodable({ status: 206, ...answer }), {});
  assert.deepEqual(undecodable({ status: 200, headers: under('gzip') }), {});
});

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  abbreviated,
  byteLowercase,
  byteLowercaseStartsWith,
  decode,
  hasForbiddenValueByte,
  isByteLowercaseOf,
  isByteString,
  isHeaderValue,
  isToken,
  NameSet,
  normalizeValue,
  trimTabOrSpace,
  utf8,
} from './bytes.ts';

test('should take only token bytes for a token', () => {
  for (const token of ['GET', "!#$%&'*+-.^_`|~09azAZ", '*']) assert.equal(isToken(token), true, token);
  for (const other of ['', 'a b', 'a@b', 'a\x0b', 'é', '"a"', 'a:', '\0', '\ud800', 'a\n']) {
    assert.equal(isToken(other), false, JSON.stringify(other));
  }
});

test('should lower-case A to Z only', () => {
  assert.equal(byteLowercase('X-Abc'), 'x-abc');
  assert.equal(byteLowercase('À-K'), 'À-k');
});

test('should compare with a name in lower case as byte-lowercasing does', () => {
  for (const [text, lower] of [
    ['X-Abc', 'x-abc'],
    ['x-abc', 'x-abc'],
    ['X-Abc', 'x-abd'],
    ['X-Ab', 'x-abc'],
    ['À', 'à'],
    ['À', 'À'],
    // Bytes beside A and Z, and those that differ from a letter's by the bit of its case.
    ['@[', '`{'],
    ['\u212a', 'k'],
    ['', ''],
  ] as const) {
    assert.equal(
      isByteLowercaseOf(text, lower),
      byteLowercase(text) === lower,
      JSON.stringify([text, lower]),
    );
  }
});

test('should tell byte strings from other text', () => {
  assert.equal(isByteString('a\0\xff'), true);
  assert.equal(isByteString('\u0100'), false);
  assert.equal(isByteString('\ud800'), false);
});

test('should trim what the Standard trims and nothing else', () => {
  assert.equal(trimTabOrSpace(' \ta b\t '), 'a b');
  assert.equal(trimTabOrSpace('\na'), '\na');
  assert.equal(trimTabOrSpace('   '), '');
  assert.equal(normalizeValue('\r\n\t a\x0b '), 'a\x0b');
});

test('should find the bytes that no header value may have', () => {
  for (const byte of ['\0', '\n', '\r']) {
    assert.equal(hasForbiddenValueByte(`a${byte}b`), true);
    assert.equal(isHeaderValue(`a${byte}b`), false);
  }
  assert.equal(hasForbiddenValueByte('a\x0b\x7f\xff\u0100'), false);
  assert.equal(isHeaderValue('a\x0b\x7f\xff'), true);
  assert.equal(isHeaderValue('\u0100'), false);
});

test('should encode as UTF-8 and decode again', () => {
  assert.equal(utf8('abc'), 'abc');
  assert.equal(utf8('é'), '\xc3\xa9');
  assert.equal(utf8('\ud800'), '\xef\xbf\xbd');
  assert.equal(utf8('é'.repeat(10_000)).length, 20_000);
  assert.equal(decode('abc'), 'abc');
  assert.equal(decode('\xc3\xa9'), 'é');
  assert.equal(decode('\xe9', 'windows-1252'), 'é');
  assert.equal(decode('\xc3\xa9', 'no-such-encoding'), 'é');
});

test('should shorten long values and say how long they were, and show what is absent', () => {
  assert.equal(abbreviated('a'.repeat(200)).length, 200);
  assert.match(abbreviated('a'.repeat(201)), /^a{200}… \(201 bytes\)$/);
  assert.equal(abbreviated(null), '(absent)');
});

test('should know the names of a set in any case, and no others', () => {
  const names = new NameSet(['te', 'via', 'dnt', 'range']);
  for (const name of ['te', 'TE', 'Via', 'dnT', 'Range']) assert.ok(names.has(name), name);
  for (const name of ['', 't', 'tee', 'vib', 'r\u00e4nge', 'DN\u0054X']) assert.ok(!names.has(name), name);
});

test('should lowercase nothing but A to Z at the beginning of a text', () => {
  assert.ok(byteLowercaseStartsWith('Proxy-Anything', 'proxy-'));
  assert.ok(!byteLowercaseStartsWith('prox', 'proxy-'));
  assert.ok(!byteLowercaseStartsWith('\u212aey', 'key'));
});

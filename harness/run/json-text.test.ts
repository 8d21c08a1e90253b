import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from './json-text.ts';
import { bytesOf, decoded } from './text-file.ts';

test('should read JSON with comments and with a comma after the last member', () => {
  const text = '// c\n{ /* x */ "a": ["// no comment", ",]",], "b": {"c": 1,},\n}';
  assert.deepEqual(parseJson(text), { a: ['// no comment', ',]'], b: { c: 1 } });
});

test('should say at which line and column a text is no JSON', () => {
  for (const [text, at] of [
    ['{"a": 1,\n  b: 2}', 'line 2, column 3: unexpected "b"'],
    ["{\n'a': 1}", `line 2, column 1: unexpected "'"`],
    ['{"a": [1, 2\n', 'line 2, column 1: the text ends too early'],
    ['', 'line 1, column 1: the text ends too early'],
    ['/* x */ {"a" 1}', 'line 1, column 14: unexpected "1"'],
    ['{"a": 01}', 'line 1, column 8: unexpected "1"'],
    ['{"a": 1} x', 'line 1, column 10: unexpected "x"'],
    ['{"a": "b', 'line 1, column 7: unexpected "\\""'],
    ['[1,,2]', 'line 1, column 4: unexpected ","'],
    ['target: x', 'line 1, column 1: unexpected "t"'],
  ] as const)
    assert.throws(
      () => parseJson(text),
      ({ message }: Error) => message.startsWith(`${at}. In JSON,`) || assert.fail(`${text}: ${message}`),
    );
});

test('should read what Windows writes, with its byte order mark', () => {
  assert.equal(decoded(Buffer.from('\ufeff{}', 'utf8')), '{}');
  assert.equal(decoded(Buffer.from('\ufeff{"é"}', 'utf16le')), '{"é"}');
  assert.equal(decoded(Buffer.from('{"é"}', 'utf8')), '{"é"}');
});

test('should read a saved head byte by byte, whatever an editor or a shell has put before it', () => {
  const head = 'HTTP/1.1 200 OK\r\nX: ';
  assert.equal(bytesOf(Buffer.concat([Buffer.from(head), Buffer.from([0xe9])])), `${head}\u00e9`);
  assert.equal(bytesOf(Buffer.from(`${head}é`, 'utf8')), `${head}\u00c3\u00a9`);
  assert.equal(bytesOf(Buffer.from(`\ufeff${head}`, 'utf8')), head);
  assert.equal(bytesOf(Buffer.from(`\ufeff${head}é`, 'utf16le')), `${head}\u00c3\u00a9`);
});

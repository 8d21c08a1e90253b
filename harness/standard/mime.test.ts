import assert from 'node:assert/strict';
import test from 'node:test';
import { parseMimeType, serializeMimeType } from './mime.ts';

const round = (value: string): string | null => {
  const type = parseMimeType(value);
  return type && serializeMimeType(type);
};

const cases: [value: string, expected: string | null][] = [
  ['text/plain', 'text/plain'],
  [' TEXT/Plain \t', 'text/plain'],
  ['text/plain;charset=utf-8', 'text/plain;charset=utf-8'],
  ['text/plain; CHARSET=UTF-8', 'text/plain;charset=UTF-8'],
  ['text/plain;', 'text/plain'],
  ['text/plain;garbage', 'text/plain'],
  ['text/plain;;;a=b', 'text/plain;a=b'],
  ['text/plain;a=', 'text/plain'],
  ['text/plain;a=;b=c', 'text/plain;b=c'],
  ['text/plain;a= ;b=c', 'text/plain;b=c'],
  ['text/plain;a=b;a=c', 'text/plain;a=b'],
  ['text/plain;=b', 'text/plain'],
  ['text/plain;a b=c', 'text/plain'],
  ['text/plain;a=b c', 'text/plain;a="b c"'],
  ['text/plain;a=\x01', 'text/plain'],
  ['text/html;charset="shift_jis"iso-2022-jp;x=y', 'text/html;charset=shift_jis;x=y'],
  ['text/html;a="b\\"c"', 'text/html;a="b\\"c"'],
  ['text/html;a="b\\', 'text/html;a="b\\\\"'],
  ['text/html;a="', 'text/html;a=""'],
  ['', null],
  ['text', null],
  ['/plain', null],
  ['text/', null],
  ['text /plain', null],
  ['text/pl ain', null],
  ['text/plain,text/plain', null],
  ['text/plain\x0b', null],
];
for (const [value, expected] of cases) {
  test(`should parse the MIME type ${JSON.stringify(value)}`, () => assert.equal(round(value), expected));
}

test('should know the essence', () => {
  assert.equal(parseMimeType('Multipart/Form-Data; boundary=x')?.essence, 'multipart/form-data');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUrl, parseFixedUrl, parseUrl } from './url.ts';

test('should know a URL with a Latin-1 letter, however often it was asked', () => {
  // Enough for the code to be optimized: Node 20's own test for it then answers otherwise.
  for (let times = 0; times < 100_000; times++) assert.ok(isUrl('https://a.example'));
  assert.ok(isUrl('https://bücher.example/'));
  assert.ok(!isUrl('bücher'));
  assert.ok(isUrl('bücher', 'https://a.example/'));
});

test("should keep the base's query, be it empty, where a relative URL has none of its own", () => {
  const parsed = (text: string, base: string) => parseUrl(text, base)?.href;
  assert.equal(parsed('', 'http://a.example/b?'), 'http://a.example/b?');
  assert.equal(parsed('#c', 'http://a.example/b?#d'), 'http://a.example/b?#c');
  assert.equal(parsed('', 'http://a.example/b?c#d'), 'http://a.example/b?c');
  assert.equal(parsed('', 'http://a.example/b'), 'http://a.example/b');
  assert.equal(parsed('e', 'http://a.example/b?'), 'http://a.example/e');
});

test('should give the same fixed URL for the same absolute text, and resolve others with their base', () => {
  const base = 'https://app.example/a/b';
  assert.equal(
    parseFixedUrl('https://api.example/x', base),
    parseFixedUrl('https://api.example/x', 'https://b.example'),
  );
  assert.equal(parseFixedUrl('x', base)?.href, 'https://app.example/a/x');
  assert.equal(parseFixedUrl('x', 'https://b.example/')?.href, 'https://b.example/x');
  assert.equal(parseFixedUrl('https://[', base), null);
});

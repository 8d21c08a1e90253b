import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedOutFinding, lookAlikesOf } from './audit-preflights.ts';
import type { InferenceAnswer } from './infer.ts';

const answered = (
  origin: string,
  method: string,
  allowOrigin: string,
  credentials: boolean,
): InferenceAnswer => ({
  question: { method: 'OPTIONS', origin, asksMethod: method, headers: [['Origin', origin]] },
  response: {
    status: 204,
    headers: [
      ['Access-Control-Allow-Origin', allowOrigin],
      ...(credentials ? [['Access-Control-Allow-Credentials', 'true'] as const] : []),
      ['Access-Control-Allow-Methods', 'PUT, DELETE'],
    ],
  },
});

const LOOK_ALIKES = lookAlikesOf('https://api.example/items?x=1', ['https://app.example.com']);
const SITE = 'https://any-site.example';
const find = (...sends: InferenceAnswer[]) =>
  carriedOutFinding('https://api.example/items?x=1', sends, LOOK_ALIKES);

test('should find that any website can have requests carried out with cookies', () => {
  const found = find(answered(SITE, 'PUT', SITE, true), answered(SITE, 'DELETE', SITE, true));
  assert.equal(found?.id, 'origin-reflected');
  assert.equal(found.severity, 'error');
  assert.equal(
    found.headline,
    "Any website can have PUT and DELETE /items?x=1 carried out with your users' cookies, where they are served",
  );
  assert.deepEqual(found.places, ['PUT /items?x=1', 'DELETE /items?x=1']);
});

test('should find it of sandboxed frames by the check about null', () => {
  assert.equal(find(answered('null', 'PUT', 'null', true))?.id, 'origin-null');
});

test('should find nothing where no cookies go along, the method is not allowed, or nobody answers', () => {
  assert.equal(find(answered(SITE, 'PUT', SITE, false)), null);
  assert.equal(find(answered(SITE, 'PUT', '*', true)), null);
  assert.equal(find(answered(SITE, 'PATCH', SITE, true)), null);
  assert.equal(find(answered('https://app.example', 'PUT', 'https://app.example', true)), null);
  assert.equal(find({ ...answered(SITE, 'PUT', SITE, true), response: null }), null);
});

test('should find that a look-alike can, by the check of its kind, and say who can besides', () => {
  const suffix = 'https://evilexample.com';
  const prefix = 'https://app.example.com.evil.test';
  const found = find(answered(prefix, 'PUT', prefix, true), answered(suffix, 'PUT', suffix, true));
  assert.equal(found?.id, 'origin-prefix');
  assert.match(found.headline ?? '', /^Any website whose name begins with an allowed one, .* can have PUT /);
  assert.deepEqual(found.letIn, [`2 look-alikes such as ${prefix}`]);
  assert.equal(find(answered(suffix, 'PUT', suffix, true))?.id, 'origin-suffix');
  const both = find(answered(suffix, 'PUT', suffix, true), answered(SITE, 'PUT', SITE, true));
  assert.deepEqual([both?.id, both?.letIn], ['origin-reflected', ['any https site', suffix]]);
});

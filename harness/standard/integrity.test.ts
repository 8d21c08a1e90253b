import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { acao, answer, Browser, stopped } from './testing.test-support.ts';
import type { WireReply } from './user-agent.ts';

const digest = (algorithm: string, bytes: string) =>
  createHash(algorithm).update(bytes, 'latin1').digest('base64');
const body = 'x';
const good = `sha256-${digest('sha256', body)}`;
const strong = `sha512-${digest('sha512', body)}`;
const run = (integrity: string, actual: WireReply = { ...answer(200, acao()), body }, mode = 'cors') =>
  new Browser({ digest }).run({ integrity, mode }, { actual });

test('should let a matching body through', () => {
  assert.equal(run(good).script.outcome, 'readable');
  assert.equal(run(`${good} sha256-AAAA?x`).script.outcome, 'readable');
  assert.equal(run(`sha384-AAAA ${strong}`).script.outcome, 'readable');
  assert.equal(run(good.replaceAll('+', '-').replaceAll('/', '_')).script.outcome, 'readable');
});

test('should fail where the strongest digest differs', () => {
  assert.equal(stopped(run('sha256-AAAA')), 'integrity');
  assert.equal(stopped(run(`${good} sha512-AAAA`)), 'integrity');
  assert.equal(run('sha256-AAAA').script.outcome, 'error');
});

test('should take metadata that it does not know for none', () => {
  assert.equal(run('md5-AAAA').script.outcome, 'readable');
});

test('should fail without a whole body', () => {
  assert.equal(stopped(run(good, answer(204, acao()))), 'integrity');
  assert.equal(stopped(run(good, answer(200), 'no-cors')), 'integrity');
  assert.equal(stopped(run(good, { ...answer(200, acao()), body, bodyEnd: 'cut' })), 'integrity');
});

test('should let a digest that throws be heard', () => {
  const broken = new Browser({
    digest: () => {
      throw new RangeError('broken');
    },
  });
  assert.throws(
    () => broken.run({ integrity: good }, { actual: { ...answer(200, acao()), body } }),
    RangeError,
  );
});

test('should say what it cannot know', () => {
  assert.match(run(good, { ...answer(200, acao()), body, bodyEnd: 'hang' }).notModelled ?? '', /never ends/);
  const without = new Browser().run({ integrity: good }, { actual: { ...answer(200, acao()), body } });
  assert.match(without.notModelled ?? '', /digest/);
});

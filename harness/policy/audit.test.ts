import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessSummaries, originGroups, readQuestions, sendQuestions } from './audit.ts';
import { lookAlikesOf, suspectOrigins } from './audit-preflights.ts';
import type { InferenceQuestion } from './infer.ts';

const groups = originGroups('https://api.example.com/items', ['https://app.example.com']);
const questions = readQuestions(groups);
const summaries = (statusOf: (question: InferenceQuestion) => number) =>
  accessSummaries(
    groups,
    questions.map(question => ({
      question,
      response: {
        status: statusOf(question),
        headers: question.headers.some(([name]) => name === 'Cookie')
          ? [['Access-Control-Allow-Origin', question.origin ?? '']]
          : [],
      },
    })),
    [],
  );

test('should ask for every origin with a cookie, too, and count all that read', () => {
  for (const row of summaries(() => 200)) assert.equal(row.reads.length, row.asked, row.who);
});

test('should call origins untried whose requests the server would rather not answer now', () => {
  for (const row of summaries(() => 200)) assert.equal(row.untried, 0, row.who);
  const refused = summaries(({ headers }) => (headers.length === 1 ? 429 : 503));
  for (const row of refused) assert.deepEqual([row.reads.length, row.untried], [row.asked, 0]);
  const silent = accessSummaries(
    groups,
    questions.map(question => ({ question, response: { status: 429, headers: [] } })),
    [],
  );
  for (const row of silent) assert.deepEqual([row.reads, row.untried], [[], row.asked], row.who);
});

test('should ask for the methods of strangers and of look-alikes, and name each method of a group once', () => {
  const alike = ['https://evilexample.com', 'https://appxexample.com'];
  const suspects = suspectOrigins(lookAlikesOf('https://api.example.com/items', ['https://app.example.com']));
  const sends = sendQuestions(groups, [], { known: {}, suspects });
  for (const origin of [...alike, 'null'])
    assert.deepEqual(
      sends.filter(one => one.origin === origin).map(one => one.asksMethod),
      ['PUT', 'PATCH', 'DELETE'],
    );
  const answers = sends
    .filter(({ origin }) => alike.includes(origin ?? ''))
    .map(question => ({
      question,
      response: {
        status: 204,
        headers: [
          ['Access-Control-Allow-Origin', question.origin ?? ''],
          ['Access-Control-Allow-Methods', 'PUT'],
        ] as const,
      },
    }));
  const row = accessSummaries(groups, [], answers).find(({ who }) => who === 'look-alikes');
  assert.deepEqual(row?.methods, ['PUT']);
});

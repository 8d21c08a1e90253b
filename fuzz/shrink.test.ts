/** What smaller cases are offered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case, RequestStep } from '../harness/case/schema.ts';
import { generateCases } from './generate.ts';
import { smaller } from './shrink.ts';

test('should offer only cases that are smaller, and valid', () => {
  for (const one of generateCases(6, 10)) {
    for (const candidate of smaller(one)) {
      assert.notDeepEqual(candidate, one);
      assert.ok(candidate.steps.length > 0);
    }
  }
});

test('should keep the server silent while it makes a request smaller that script gives up', () => {
  const one: Case = {
    id: 'given-up',
    title: 'Given up',
    spec: ['https://fetch.spec.whatwg.org/'],
    steps: [
      {
        request: { abort: { when: 'actual' }, cache: 'no-store' },
        server: { actual: { status: 201, fault: 'hang' } },
        expect: { outcome: 'readable' },
      },
    ],
  };
  for (const { steps } of smaller(one)) {
    const [{ request, server }] = steps as [RequestStep];
    const { fault } = (server?.actual ?? {}) as { fault?: string };
    assert.ok(request.abort === undefined || fault === 'hang', JSON.stringify(steps));
  }
});

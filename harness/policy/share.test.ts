import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from './config/read.ts';
import { confirmations } from './confirm.ts';
import { derive } from './derive.ts';
import { PolicyEvidence } from './evidence.ts';
import { planFor } from './plan.ts';
import { shareOfPages } from './share.ts';

const { config } = readConfig({
  target: { url: 'http://localhost:3000' },
  policy: {
    origins: ['https://app.example.com', 'https://other.example.com'],
    methods: ['GET', 'PUT'],
    requestHeaders: ['X-Token'],
    resources: [{ path: '/items' }, { path: '/others' }],
  },
});
const plan = planFor(config, 'http://localhost:3000');
const derived = derive(plan);
const evidence = new PolicyEvidence(plan, { runs: [], probes: [] });
const partsOf = (pages: typeof derived.cases, of: number) =>
  Array.from({ length: of }, (_, n) =>
    shareOfPages(pages, { derived, evidence, shard: { part: n + 1, of } }),
  );

test('should give each page to one part, evenly', () => {
  const pages = confirmations(derived, evidence);
  for (const of of [1, 2, 3, 4]) {
    const parts = partsOf(pages, of);
    assert.deepEqual(new Set(parts.flat()), new Set(pages));
    assert.equal(parts.flat().length, pages.length);
    const sizes = parts.map(({ length }) => length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${of} parts: ${sizes}`);
  }
});

test('should leave a page where it is, whatever else the answers call for', () => {
  const [first] = partsOf(confirmations(derived, evidence), 2);
  const [more] = partsOf(derived.cases, 2);
  for (const page of first ?? []) assert.ok(more?.includes(page), page.case.id);
});

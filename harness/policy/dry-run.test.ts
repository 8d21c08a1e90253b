import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CHECKS } from './checks/index.ts';
import { readConfig } from './config/read.ts';
import { dryRun } from './dry-run.ts';
import { planFor } from './plan.ts';

const URL = 'https://api.example.com';
const { config } = readConfig({
  target: { url: URL },
  policy: {
    origins: ['https://app.example.com', 'https://admin.example.com'],
    credentials: true,
    methods: ['GET', 'PUT'],
    requestHeaders: ['X-A', 'Content-Type'],
    resources: [
      { path: '/items', body: '{}' },
      { path: '/orders', methods: ['POST'] },
    ],
    errors: [{ path: '/teapot', status: 418 }],
  },
});
const plan = planFor(config, URL);

describe('dryRun', () => {
  test('should group what is sent by resource and question, mark what may change data, and count', () => {
    const lines = dryRun(plan);
    assert.ok(lines.includes('items: /items'));
    assert.ok(lines.includes('  every declared request header alone, and all of them together'));
    const marked = lines.filter(line => line.startsWith('    ! '));
    assert.ok(marked.length > 0);
    assert.ok(marked.every(line => /^ {4}! (?:PUT|POST) https:\/\/api\.example\.com\//.test(line)));
    assert.match(lines.at(-2) ?? '', /^At most \d+ requests and \d+ preflights/);
    assert.match(lines.at(-1) ?? '', /^\d+ of the requests, marked "!"/);
  });

  test('should tell after each question that it goes on, and list only what the selected checks need', () => {
    let ticks = 0;
    const checks = CHECKS.filter(({ id }) => id === 'vary-injected');
    const lines = dryRun(plan, checks, () => ticks++);
    assert.equal(ticks, 1);
    assert.deepEqual(
      lines.filter(line => /^ {2}\S/.test(line)),
      [`  ${checks[0]?.ask?.what}`],
    );
  });
});

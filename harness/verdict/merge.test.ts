import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeRecord, fakeResult } from '../../reports/fake-record.test-support.ts';
import type { Finding } from './finding.ts';
import { MergeError, mergeRecords } from './merge.ts';
import type { RunRecord } from './record.ts';

const part = (
  name: string,
  ids: string[],
  engines: ('chromium' | 'firefox')[],
  change: Partial<RunRecord> = {},
) => ({
  name,
  record: fakeRecord(
    engines.flatMap(engine => ids.map(id => fakeResult(id, engine))),
    change,
  ),
});
const ids = (record: RunRecord) => record.results.map(({ case: { id }, engine }) => `${id} ${engine}`);

describe('mergeRecords', () => {
  test('should put the results of shards behind each other', () => {
    const merged = mergeRecords([
      part('a', ['one', 'two'], ['chromium', 'firefox']),
      part('b', ['three'], ['chromium', 'firefox']),
    ]);
    assert.deepEqual(ids(merged), [
      'one chromium',
      'one firefox',
      'two chromium',
      'two firefox',
      'three chromium',
      'three firefox',
    ]);
  });

  test('should put shards into their own order, and refuse parts of different wholes', () => {
    const shard = (name: string, n: number, of: number) => {
      const made = part(name, [name], ['chromium']);
      return { ...made, record: { ...made.record, run: { ...made.record.run, shards: { of, has: [n] } } } };
    };
    const parts = [shard('one', 1, 10), shard('ten', 10, 10), shard('two', 2, 10)];
    assert.deepEqual(ids(mergeRecords(parts)), ['one chromium', 'two chromium', 'ten chromium']);
    assert.throws(
      () => mergeRecords([shard('a', 1, 2), shard('b', 2, 3)]),
      /b is one of 3 parts, a one of 2/,
    );
  });

  test('should put the engines of a case beside each other', () => {
    const merged = mergeRecords([
      part('a', ['one', 'two'], ['firefox']),
      part('b', ['one', 'two'], ['chromium']),
    ]);
    assert.deepEqual(ids(merged), ['one chromium', 'one firefox', 'two chromium', 'two firefox']);
    assert.deepEqual(
      merged.engines.map(({ name }) => name),
      ['chromium', 'firefox'],
    );
  });

  test('should take the first start and the longest time', () => {
    const run = { started: '2026-01-02T00:00:00.000Z', durationMs: 5, command: 'b', host: 'h' };
    const merged = mergeRecords([
      part('a', ['one'], ['chromium'], { run }),
      part('b', ['two'], ['chromium'], {
        run: { ...run, started: '2026-01-01T00:00:00.000Z', durationMs: 9, command: 'a' },
      }),
    ]);
    assert.deepEqual(merged.run, {
      ...run,
      started: '2026-01-01T00:00:00.000Z',
      durationMs: 9,
      command: 'b + a',
    });
  });

  test('should count an engine as run that ran in one of the parts', () => {
    const whole = part('a', ['one'], ['chromium']);
    const engine = whole.record.engines[0] as RunRecord['engines'][number];
    const absent = { ...engine, version: '', notRun: 'not installed' };
    const merged = mergeRecords([
      { name: 'b', record: { ...part('b', [], []).record, engines: [absent] } },
      whole,
    ]);
    assert.deepEqual(merged.engines, [engine]);
  });

  test('should not tell targets apart by the port that they were started on', () => {
    const target = (port: number) => ({
      name: `http://localhost:${port}`,
      url: `http://localhost:${port}`,
      policy: { origins: '*' },
    });
    const merged = mergeRecords([
      part('a', ['one'], ['chromium'], { target: target(1001) }),
      part('b', ['one'], ['firefox'], { target: target(1002) }),
    ]);
    assert.deepEqual(merged.target, target(1001));
  });

  test('should have no findings where no part looked for any', () => {
    assert.equal(mergeRecords([part('a', ['one'], ['chromium'])]).findings, undefined);
  });

  const found = (engine: string, change: Partial<Finding> = {}): Finding => ({
    id: 'vary-missing',
    rule: 'vary-missing',
    severity: 'warning',
    resource: '/items',
    places: ['/items'],
    origin: 'https://app.example.com',
    engines: [engine],
    explanation: 'A cache may mix the answers up.',
    evidence: [{ engine, saw: 'no Vary' }],
    ...change,
  });
  const joined = (...findings: Finding[]) =>
    mergeRecords(findings.map((one, i) => ({ name: `${i}`, record: fakeRecord([], { findings: [one] }) })))
      .findings;

  test('should make one finding of what engines in parts of their own found', () => {
    assert.deepEqual(joined(found('firefox'), found('chromium')), [
      {
        ...found('firefox'),
        engines: ['chromium', 'firefox'],
        evidence: [
          { engine: 'firefox', saw: 'no Vary' },
          { engine: 'chromium', saw: 'no Vary' },
        ],
      },
    ]);
  });

  test('should list what stands on the wire once, though every part found it', () => {
    const onWire = found('', { engines: [], evidence: [{ saw: 'no Vary' }] });
    assert.deepEqual(joined(onWire, onWire), [onWire]);
  });

  test('should name every place and every origin of a finding', () => {
    const [one, ...others] = joined(
      found('firefox', { resource: '/items, /users', places: ['/items', '/users'] }),
      found('chromium', { origin: 'https://app.example.com, null' }),
      found('webkit', { resource: '/about', places: ['/about'], origin: 'null and 3 more' }),
    ) as [Finding, ...Finding[]];
    assert.deepEqual(others, []);
    assert.deepEqual(one.places, ['/about', '/items', '/users']);
    assert.equal(one.resource, '/about, /items, /users');
    assert.equal(one.origin, 'https://app.example.com, null and more');
  });

  test('should keep apart what is accepted and what is said otherwise, worst first', () => {
    const findings = joined(
      found('firefox'),
      found('chromium', { accepted: true }),
      found('webkit', { severity: 'error', explanation: 'A cache has mixed the answers up.' }),
    );
    assert.deepEqual(
      findings?.map(({ engines, severity, accepted }) => [...engines, severity, accepted]),
      [
        ['webkit', 'error', undefined],
        ['firefox', 'warning', undefined],
        ['chromium', 'warning', true],
      ],
    );
  });

  const refused: [string, Parameters<typeof mergeRecords>[0], RegExp][] = [
    ['nothing', [], /nothing to merge/],
    [
      'a result twice',
      [part('a', ['one'], ['chromium']), part('b', ['one'], ['chromium'])],
      /:one in chromium is in a and in b/,
    ],
    [
      'another version of the tool',
      [part('a', ['one'], ['chromium']), part('b', ['two'], ['chromium'], { tool: { version: '9.9.9' } })],
      /b was made by version 9\.9\.9/,
    ],
    [
      'another target',
      [part('a', ['one'], ['chromium']), part('b', ['two'], ['chromium'], { target: { name: 'other' } })],
      /b is about another target than a: other/,
    ],
    [
      'another browser',
      [
        part('a', ['one'], ['chromium']),
        part('b', ['two'], ['chromium'], {
          engines: part('c', ['one'], ['chromium']).record.engines.map(e => ({ ...e, version: '1.0' })),
        }),
      ],
      /b ran another chromium than a: 1\.0/,
    ],
  ];
  for (const [what, parts, why] of refused) {
    test(`should refuse ${what}`, () => {
      assert.throws(
        () => mergeRecords(parts),
        (error: Error) => error instanceof MergeError && why.test(error.message),
      );
    });
  }

  test('should join what the parts of verify say: checks by the worst state, the wire once', () => {
    const findings: Finding[] = [
      {
        id: 'a',
        rule: 'a',
        severity: 'warning',
        resource: 'GET /',
        engines: [],
        explanation: 'x',
        evidence: [],
      },
    ];
    const check = (state: 'kept' | 'broken' | 'not-tried', tried: [string, number][], more = {}) => ({
      id: 'a',
      title: 'A',
      severity: 'warning' as const,
      state,
      tried: tried.map(([engine, attempts]) => ({ engine, attempts })),
      ...more,
    });
    const of = (engine: 'chromium' | 'firefox', checks: ReturnType<typeof check>[]) => {
      const one = part(engine, ['one'], [engine], { findings, checks });
      const { record } = one;
      return {
        ...one,
        record: {
          ...record,
          results: [...record.results, fakeResult('one', 'model')],
          run: { ...record.run, requests: 5 },
        },
      };
    };
    const merged = mergeRecords([
      of('chromium', [
        check('kept', [
          ['model', 4],
          ['chromium', 2],
        ]),
      ]),
      of('firefox', [
        check('broken', [
          ['model', 4],
          ['firefox', 1],
        ]),
      ]),
    ]);
    assert.deepEqual(ids(merged), ['one chromium', 'one firefox', 'one model']);
    assert.equal(merged.run.requests, 10);
    assert.equal(merged.findings?.length, 1);
    assert.equal(merged.checks?.[0]?.state, 'broken');
    assert.deepEqual(
      merged.checks?.[0]?.tried.map(({ engine, attempts }) => `${engine} ${attempts}`),
      ['model 4', 'chromium 2', 'firefox 1'],
    );
  });
});

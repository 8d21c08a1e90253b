import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeRun, poison } from './fake-record.test-support.ts';
import { BadRecordError, parseRecord, renderJson, resultsSchema } from './json.ts';

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
};

describe('renderJson', () => {
  it('should read back as the same record, whatever its texts are', () => {
    const record = poison(fakeRun(30));
    assert.deepEqual(parseRecord(renderJson(record)), JSON.parse(JSON.stringify(record)));
  });
  it('should not depend on the order in which the record was put together', () => {
    const record = fakeRun(10);
    const scripts = record.results.map(result => ({
      ...result,
      observed: result.observed && { ...result.observed, script: [] },
    }));
    const plain = { ...record, results: scripts };
    assert.equal(renderJson(reversed(plain) as typeof record), renderJson(plain));
  });
  it('should refuse to write what its own schema refuses', () => {
    assert.throws(() => renderJson({ ...fakeRun(1), schema: 'other' as never }));
  });
});

describe('parseRecord', () => {
  it('should name the place that is wrong', () => {
    const record = JSON.parse(renderJson(fakeRun(2)));
    record.results[1].verdict = 'perhaps';
    assert.throws(() => parseRecord(JSON.stringify(record)), {
      name: 'BadRecordError',
      message: /at results\.1\.verdict: /,
    });
    assert.throws(() => parseRecord('{'), BadRecordError);
    assert.throws(() => parseRecord('[]'), { message: /at the top level/ });
  });

  it('should refuse a file that holds a result twice', () => {
    const record = fakeRun(4);
    const text = JSON.stringify({ ...record, results: [...record.results, record.results[1]] });
    assert.throws(() => parseRecord(text), {
      name: 'BadRecordError',
      message: /^not a results file: results\.\d+ is \S+:\S+ in \w+ again, which results\.1 is already$/,
    });
  });

  it('should say what to do about a file in another version of the format', () => {
    const written = (version: number) => JSON.stringify({ schema: `cors-conformance/results/${version}` });
    assert.throws(() => parseRecord(written(1)), {
      message: /^written in version 1 of the format, and this program reads version 2: run the cases again/,
    });
    assert.throws(() => parseRecord(written(3)), {
      message: /^written in version 3 of the format, and this program reads version 2: update it/,
    });
  });
});

describe('resultsSchema', () => {
  it('should describe the parts of results.json', () => {
    const schema = JSON.parse(resultsSchema());
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
    assert.ok(schema.required.includes('results'));
    assert.ok(schema.properties.results.items.properties.verdict.enum.includes('harness-error'));
  });
});

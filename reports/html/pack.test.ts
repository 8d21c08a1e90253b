import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fakeRun } from '../fake-record.test-support.ts';
import { pack, unpacker } from './pack.ts';

const through = (value: unknown): unknown =>
  unpacker(JSON.parse(JSON.stringify(pack([['it', value]]))))('it');

describe('pack', () => {
  it('should give back every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), value => {
        assert.deepEqual(through(value), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  it('should keep a member called __proto__ a member', () => {
    const value = JSON.parse('{"__proto__":{"polluted":1},"a":[{"__proto__":null}]}');
    assert.equal(JSON.stringify(through(value)), JSON.stringify(value));
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });
  it('should leave out what JSON leaves out', () => {
    assert.deepEqual(through({ a: undefined, b: [undefined, 1], c: Number.NaN }), { b: [null, 1], c: null });
  });
  it('should be much smaller than the JSON of a run, and read its parts one by one', () => {
    const record = fakeRun(140);
    const packed = pack(record.results.map((result, n) => [`r${n}`, result]));
    assert.ok(JSON.stringify(packed).length * 5 < JSON.stringify(record.results).length);
    const read = unpacker(packed);
    assert.deepEqual(read('r77'), JSON.parse(JSON.stringify(record.results[77])));
    assert.equal(read('r9999'), undefined);
  });
});

/** In which order the fuzzer runs cases. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../harness/case/schema.ts';
import { observeWithModel } from '../harness/lab/model.ts';
import { hunt } from './hunt.ts';

test('should run nothing again while others of its batch are under way', async () => {
  const cases = ['differs', 'same', 'same-too', 'later'].map(
    (id): Case => ({
      id,
      title: 'With X-A',
      spec: ['https://fetch.spec.whatwg.org/'],
      steps: [{ request: { headers: [['X-A', '1']] }, server: {}, expect: { outcome: 'readable' } }],
    }),
  );
  const ran: string[] = [];
  await hunt(cases, {
    engine: { name: 'chromium', version: '156.0', build: '', channel: '', os: '', driver: '' },
    deviations: [],
    runner: {
      prefetch: () => undefined,
      run: async one => {
        ran.push(one.id);
        const quirks = one.id === 'differs' ? { safelists: () => true } : {};
        return { observed: observeWithModel(one, { quirks }) };
      },
    },
    batch: 3,
    shrinkAtMost: 0,
    again: 1,
    onProgress: () => undefined,
  });
  assert.deepEqual(ran, ['differs', 'same', 'same-too', 'differs', 'later']);
});

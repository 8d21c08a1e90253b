import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCase } from './describe.ts';
import type { Case } from './schema.ts';

const theCase: Case = {
  id: 'a',
  title: 'a',
  spec: ['https://fetch.spec.whatwg.org/'],
  steps: [
    {
      realm: 'sandboxed-frame',
      request: { api: 'xhr', method: 'PUT', headers: [['x-a', '1']], withCredentials: true },
      server: {
        preflight: { headers: [['Access-Control-Allow-Origin', 'null']] },
        actual: { fault: 'reset' },
      },
      expect: { outcome: 'blocked', blockedAt: 'preflight' },
    },
    { wait: 1500 },
    { request: {}, expect: { outcome: 'readable', wire: ['GET', 'GET hop2'] } },
  ],
};

test('should say what is sent, answered and expected, step by step', () => {
  assert.deepEqual(describeCase(theCase), [
    'Step 1: A sandboxed frame of a page on site sends an XMLHttpRequest PUT to main with the header x-a: 1 and withCredentials true.',
    'Step 1: The target answers the preflight with 204 (Access-Control-Allow-Origin: null).',
    'Step 1: The target answers the actual request with a connection reset.',
    'Step 1: The response must be blocked at the preflight; one preflight and no actual request may reach the target.',
    'Wait 1.5 s.',
    'Step 2: A page on site sends a fetch() GET to main.',
    'Step 2: Script must be able to read the response; exactly these requests reach the servers: GET, GET hop2.',
  ]);
});

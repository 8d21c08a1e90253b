import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeCase } from './describe.ts';
import type { Case, CaseRequest, RequestStep } from './schema.ts';

const caseOf = (...steps: Case['steps']): Case => ({
  id: 'a',
  title: 'a',
  spec: ['https://fetch.spec.whatwg.org/'],
  steps,
});
const simple: RequestStep = { request: {}, expect: { outcome: 'readable' } };

describe('describeCase', () => {
  it('should begin with the request as HTTP and say what is answered and what must happen', () => {
    assert.deepEqual(
      describeCase(
        caseOf({
          request: { method: 'PUT', headers: [['X-A', '1']], credentials: 'include' },
          server: {
            preflight: { headers: [['Access-Control-Allow-Origin', '{origin}']] },
            actual: { fault: 'reset' },
          },
          expect: { outcome: 'blocked', blockedAt: 'preflight' },
        }),
      ),
      [
        '`PUT http://localhost:9001/main` from a page on `http://localhost:8001`, by fetch(), with `X-A: 1` and `credentials: "include"`.',
        'The preflight is answered with 204 and the header `Access-Control-Allow-Origin: http://localhost:8001`.',
        'The request is answered with a connection reset.',
        'The browser must stop after the preflight.',
        'The target must receive exactly one preflight and no other request.',
      ],
    );
  });

  it('should number the steps of a case with several requests and say that answers stay', () => {
    const second: RequestStep = {
      name: 'ask again',
      request: {},
      expect: { outcome: 'blocked', blockedAt: 'response' },
    };
    assert.deepEqual(describeCase(caseOf(simple, { wait: 1500 }, second)), [
      'Step 1: `GET http://localhost:9001/main` from a page on `http://localhost:8001`, by fetch().',
      'Step 1: The browser must let script read the response.',
      'Step 1: The target must receive exactly one request, without a preflight.',
      'Wait 1.5 s.',
      'Step 2 (ask again): `GET http://localhost:9001/main` from a page on `http://localhost:8001`, by fetch().',
      'Step 2 (ask again): The servers answer as in the step before.',
      'Step 2 (ask again): The browser must block the response.',
      'Step 2 (ask again): The target must receive exactly one request, without a preflight.',
    ]);
  });

  it('should name the realm, the frame and the origin of a policy', () => {
    const first = (step: Partial<RequestStep>, more: Partial<Case> = {}): string =>
      describeCase({ ...caseOf({ ...simple, ...step }), ...more })[0] ?? '';
    assert.match(
      first({ realm: 'sandboxed-frame' }),
      /from a sandboxed frame in a page on `http:\/\/localhost:8001`/,
    );
    assert.match(
      first({ frame: 'other-site' }),
      /from a frame on `http:\/\/localhost:8002` in a page on `http:\/\/localhost:8001`/,
    );
    assert.match(
      first({ request: { url: 'https://api.example/x' } }, { page: 'https://app.example' }),
      /^`GET https:\/\/api\.example\/x` from a page on `https:\/\/app\.example`/,
    );
    assert.match(first({ request: { api: 'beacon' } }), /^`POST .* by navigator\.sendBeacon\(\)/);
  });

  it('should show the attribute crossorigin of elements, and what they report alone', () => {
    const described = (request: CaseRequest) =>
      describeCase(caseOf({ request, expect: { outcome: 'readable', result: 'error' } }));
    const [first, result] = described({ api: 'image' });
    assert.match(first ?? '', /, by an <img crossorigin> element\.$/);
    assert.equal(result, 'The page must report `error`.');
    const words = (request: CaseRequest) => / by (.*)\.$/.exec(described(request)[0] ?? '')?.[1];
    assert.equal(words({ api: 'image', mode: 'no-cors' }), 'an <img> element');
    assert.equal(
      words({ api: 'stylesheet', credentials: 'include' }),
      'a <link rel="stylesheet" crossorigin="use-credentials"> element',
    );
  });

  it('should say everything that is expected of headers, in the requests and for script', () => {
    const sentences = describeCase(
      caseOf({
        request: {},
        expect: {
          outcome: 'readable',
          readable: { 'x-a': '{origin}' },
          hidden: ['x-b', 'x-c'],
          accessControlRequestHeaders: null,
          requestHeaders: {
            origin: '{origin}',
            cookie: null,
            'user-agent': { matches: '^M' },
            dnt: { lacks: 'zz' },
          },
          requestHeadersAt: { 'GET hop2 #2': { origin: 'null' } },
          wire: ['GET', 'GET hop2'],
        },
      }),
    );
    assert.deepEqual(sentences.slice(2), [
      'Script must be able to read `x-a: http://localhost:8001`.',
      'Script must not see `x-b` or `x-c`.',
      'The servers must receive exactly these requests, in this order: `GET /main`, `GET /hop2`.',
      'The preflight must not carry `Access-Control-Request-Headers`.',
      'The request must carry `origin: http://localhost:8001` and a `user-agent` that matches `/^M/`.',
      'The request must not carry `cookie` or `zz` in `dnt`.',
      '`GET /hop2` number 2 must carry `origin: null`.',
    ]);
  });

  it('should cut long values and lists, and keep a placeholder that it cannot fill in', () => {
    const [first = ''] = describeCase(
      caseOf({
        ...simple,
        request: {
          headers: [
            ['X-Long', 'x'.repeat(5000)],
            ...Array.from({ length: 30 }, (_, n) => [`X-${n}`, '{odd:y}'] as [string, string]),
          ],
        },
      }),
    );
    assert.ok(first.length < 600, `${first.length}`);
    assert.match(first, /… ?x{20}` \(5,008 characters\)/);
    assert.match(first, /`X-0: \{odd:y\}`.* and 23 more\./);
  });
});

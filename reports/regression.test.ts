import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeRecord, type RegressRecord, regressSchema } from '../harness/regress/record.ts';
import { HOSTILE } from './fake-record.test-support.ts';
import { regressionSentence, renderRegression, renderRegressionMarkdown } from './regression.ts';

type Change = RegressRecord['changes'][number];

const request = (id: string) => ({
  id,
  title: `${id.toUpperCase()} /x from https://app.example`,
  engines: ['chromium', 'firefox'],
});

const exchange = (header: string, value: string) => ({
  role: 'preflight' as const,
  request: { method: 'OPTIONS', url: 'https://localhost:1/x', headers: [] },
  response: { status: 204, headers: [[header, value] as const], bodyBytes: 0 },
  end: 'complete' as const,
});

const CLOSED: Change = {
  id: 'no-longer-reads:listed:access-control-allow-methods:changed',
  level: 'page',
  severity: 'closed',
  effect: 'no-longer-reads',
  who: 'listed',
  seen: { before: 'readable', after: 'blocked at the preflight' },
  cause: { on: 'preflight', name: 'access-control-allow-methods', before: 'GET, PUT', after: 'GET' },
  meaning: 'A page of a listed origin can no longer read the answer.',
  requests: [request('put')],
  engines: ['chromium', 'firefox'],
  evidence: {
    before: [exchange('Access-Control-Allow-Methods', 'GET, PUT')],
    after: [exchange('Access-Control-Allow-Methods', 'GET')],
  },
  why: {
    side: 'after',
    text: 'Method PUT is not allowed.',
    spec: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
  },
};

const OPENED: Change = {
  ...CLOSED,
  id: 'reads:unlisted',
  severity: 'unlisted',
  effect: 'reads',
  who: 'unlisted',
  seen: { before: 'blocked at the response', after: 'readable' },
  cause: null,
  meaning: 'A page of an origin that is not listed can now read the answer.',
  engines: ['chromium'],
};

const FORM: Change = {
  ...CLOSED,
  id: 'form:vary:removed',
  level: 'form',
  severity: 'form',
  effect: 'header',
  seen: null,
  cause: { on: 'actual', name: 'vary', before: 'origin', after: null },
  requests: Array.from({ length: 20 }, (_, n) => request(`get-${n}`)),
  engines: [],
  meaning: 'It is not needed.',
};

const engine = (name: 'chromium' | 'firefox', more = {}) => ({
  name,
  version: '1.2',
  build: 'b',
  channel: 'c',
  os: 'o',
  driver: 'd',
  ...more,
});

const side = (version: string) => ({ label: version, version, dependencies: [] });

function record(changes: readonly Change[], more: Partial<RegressRecord> = {}): RegressRecord {
  return completeRecord({
    tool: { version: '1' },
    run: { started: '2026-01-01T00:00:00.000Z', durationMs: 2000, command: 'regress' },
    subject: {
      ecosystem: 'npm',
      name: 'cors',
      along: [],
      others: [{ package: 'express', version: '5.0.0' }],
    },
    sides: { before: side('1.0.0'), after: side('2.0.0') },
    differing: [],
    script: 'server.mjs',
    asked: { requests: 40, origins: ['https://app.example'], paths: ['/x'], headers: ['x-a'], assumed: [] },
    engines: [engine('chromium'), engine('firefox')],
    gaps: [],
    changes,
    unstable: [],
    unfinished: [],
    stale: [],
    failOn: 'wire',
    ...more,
  });
}

describe('renderRegression', () => {
  it('should say which releases, what changed in which engines, by which header, and why', () => {
    const text = renderRegression(record([CLOSED]));
    assert.match(
      text,
      /^cors 1\.0\.0 → 2\.0\.0 with express 5\.0\.0\n40 requests to each release, from Chromium 1\.2/,
    );
    for (const line of [
      '  ✗ readable → blocked at the preflight  in every engine',
      '      PUT /x from https://app.example',
      '      Access-Control-Allow-Methods of the preflight',
      '        before  GET, PUT',
      '        after   GET',
      '      A page of a listed origin can no longer read the answer.',
      '      why  Now: Method PUT is not allowed.',
    ])
      assert.ok(text.split('\n').includes(line), line);
    assert.match(text, /cors 2\.0\.0 changes CORS behaviour: 1 change that a page notices\.\n$/);
  });
  it('should raise the alarm for what an unlisted origin may read now', () => {
    const text = renderRegression(record([OPENED]));
    assert.match(text, /‼ blocked at the response → readable {2}in Chromium/);
    assert.match(text, /A page of an origin that is not listed can now read the answer/);
    assert.match(regressionSentence(record([OPENED])), /1 change lets an origin that is not listed do more/);
  });
  it('should name few of many requests, and call form no change', () => {
    const text = renderRegression(record([FORM]));
    assert.match(text, /· Vary of the response: origin → absent {2}on the wire/);
    assert.match(text, /and 12 more requests/);
    assert.match(
      text,
      /The CORS behaviour of cors is the same in both releases\. 1 difference without effect\.\n$/,
    );
    assert.equal(record([FORM]).outcome, 'same');
    assert.equal(record([FORM], { failOn: 'form' }).outcome, 'changed');
  });
  it('should never call the same what was not exercised, and say what was assumed', () => {
    const one = record([], {
      gaps: [{ id: 'no-cors-header', text: 'No answer of either server carried a CORS header.' }],
      asked: { ...record([]).asked, assumed: ['origins', 'paths'] },
    });
    assert.equal(one.outcome, 'not-exercised');
    for (const text of [renderRegression(one), renderRegressionMarkdown(one)]) {
      assert.doesNotMatch(text, /is the same/);
      assert.match(text.replaceAll('\\', ''), /No answer of either server carried a CORS header/);
      assert.match(text.replaceAll('\\', ''), /\/x was assumed/);
    }
  });
  it('should say which other packages differ, and what must come from them', () => {
    const differing = [{ package: 'express', before: '4.0.0', after: '5.0.0' }];
    assert.match(
      renderRegression(record([], { differing }), { width: 160 }),
      /Besides cors, .*express 4\.0\.0\s→\s5\.0\.0/s,
    );
    const same = { before: side('1.0.0'), after: side('1.0.0') };
    assert.match(
      renderRegression(record([CLOSED], { differing, sides: same })),
      /cors is the same on both sides: what differs comes from express/,
    );
  });
  it('should say which part of a change is accepted, and which not', () => {
    const part = (transition: string, requests: string[]) => [{ transition, requests }];
    const one = record([
      {
        ...CLOSED,
        acceptedInPart: { covered: part('now PUT', ['put']), uncovered: part('now PATCH', ['a', 'b']) },
      },
    ]);
    const said = /only in part\. Accepted: "now PUT" in put\. Not accepted: "now PATCH" in a and b\./;
    for (const text of [renderRegression(one), renderRegressionMarkdown(one)])
      assert.match(text.replaceAll('\\', '').replace(/\s+/g, ' '), said);
  });

  it('should not count an accepted change, and show that it is one', () => {
    const one = record([{ ...CLOSED, accepted: 'PUT is gone on purpose' }]);
    assert.equal(one.outcome, 'same');
    assert.match(renderRegression(one), /accepted: PUT is gone on purpose/);
    const stale = record([], { stale: [{ id: 'reads', reason: 'once' }] });
    assert.equal(stale.outcome, 'changed');
    assert.match(
      renderRegression(stale),
      /Nothing else changed, but there is 1 accepted change that no longer happens/,
    );
    assert.match(renderRegression(one), /changes CORS behaviour only as accepted\. 1 change is accepted/);
  });
  it('should keep a comment within what a pull request takes', () => {
    const many = Array.from({ length: 60 }, (_, n) => ({
      ...CLOSED,
      id: `c${n}`,
      meaning: 'x'.repeat(2_000),
    }));
    const text = renderRegressionMarkdown(record(many));
    assert.ok(text.length < 65_000);
    assert.equal(text.split('<details').length, text.split('</details>').length);
  });
  it('should not hide an engine that did not run, an unfinished request, or an inconsistent answer', () => {
    const text = renderRegression(
      record([], {
        engines: [engine('chromium'), engine('firefox', { notRun: 'not installed', fix: 'get it' })],
        unfinished: [{ title: 'GET /x', engine: 'chromium', reason: 'the page did not report' }],
        unstable: [{ title: 'PUT /x', engine: 'chromium', sides: ['before'], counts: true }],
      }),
    );
    assert.match(text, /Firefox did not run: not installed; to get it: get it/);
    assert.match(text, /chromium: GET \/x: the page did not report/);
    assert.match(text, /PUT \/x: on the earlier side/);
    assert.match(text, /1 request answered inconsistently.*1 request did not finish/s);
  });
  it('should let no foreign text move the cursor or end its Markdown', () => {
    const hostile: Change = {
      ...CLOSED,
      seen: { before: HOSTILE, after: 'readable' },
      cause: { on: 'preflight', name: 'vary', before: HOSTILE, after: null },
      requests: [{ id: 'x', title: HOSTILE, engines: [] }],
      meaning: HOSTILE,
      output: [HOSTILE],
      accepted: HOSTILE,
      why: { side: 'after', text: HOSTILE, spec: 'javascript:alert(1)' },
    };
    const one = record([hostile], {
      unfinished: [{ title: HOSTILE, engine: 'chromium', reason: HOSTILE }],
      stale: [{ id: HOSTILE, reason: HOSTILE }],
      differing: [{ package: HOSTILE, before: null, after: HOSTILE }],
      gaps: [{ id: 'no-success', text: HOSTILE }],
    });
    assert.doesNotMatch(renderRegression(one), /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    const markdown = renderRegressionMarkdown(one);
    assert.doesNotMatch(markdown, /(?<!\\)\]\(javascript:/);
    const prose = markdown.replace(/\\`/g, '').replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(prose, /<(?!\/?details|\/?summary|!-- -->)|@octocat/);
  });
});

describe('renderRegressionMarkdown', () => {
  it('should open what matters and fold what is form', () => {
    const text = renderRegressionMarkdown(record([CLOSED, FORM]));
    assert.match(text, /^### ❌ cors 1\\\.0\\\.0 → 2\\\.0\\\.0 with express/);
    assert.match(text, /<details open><summary>What a page notices \(1\)<\/summary>/);
    assert.match(text, /<details><summary>Differences without effect \(1\)<\/summary>/);
    assert.match(text, /\[the step that decides\]\(https:\/\/fetch\.spec\.whatwg\.org/);
  });
});

describe('regress.json', () => {
  it('should be what its schema says', () => {
    const one = record([CLOSED, OPENED, FORM]);
    assert.deepEqual(regressSchema.parse(JSON.parse(JSON.stringify(one))), one);
  });
});

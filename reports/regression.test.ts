import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeRecord, type RegressRecord, regressSchema } from '../harness/regress/record.ts';
import { HOSTILE } from './fake-record.test-support.ts';
import { regressionSentence, renderRegression, renderRegressionMarkdown } from './regression.ts';

type Change = RegressRecord['changes'][number];

const request = (id: string) => ({ id, words: `${id.toUpperCase()} /x from https://app.example` });

const CLOSED: Change = {
  level: 'page',
  direction: 'closed',
  seen: { before: 'readable', after: 'blocked at the preflight' },
  headers: [{ on: 'preflight', name: 'access-control-allow-methods', before: 'GET, PUT', after: 'GET' }],
  standing: 'listed',
  requests: [request('put')],
  engines: ['chromium', 'firefox'],
  why: { text: 'Method PUT is not allowed.', spec: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0' },
};

const OPENED: Change = {
  ...CLOSED,
  direction: 'opened',
  seen: { before: 'blocked at the response', after: 'readable' },
  standing: 'unlisted',
  headers: [],
  engines: ['chromium'],
};

const FORM: Change = {
  level: 'form',
  direction: 'other',
  seen: null,
  headers: [{ on: 'actual', name: 'vary', before: 'origin', after: null }],
  standing: 'listed',
  requests: Array.from({ length: 20 }, (_, n) => request(`get-${n}`)),
  engines: [],
  note: 'It is not needed.',
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

function record(changes: readonly Change[], more: Partial<RegressRecord> = {}): RegressRecord {
  return completeRecord({
    tool: { version: '1' },
    run: { started: '2026-01-01T00:00:00.000Z', durationMs: 2000, command: 'regress' },
    package: {
      ecosystem: 'npm',
      name: 'cors',
      before: '1.0.0',
      after: '2.0.0',
      others: { express: '5.0.0' },
    },
    script: 'server.mjs',
    asked: { requests: 40, origins: ['https://app.example'], paths: ['/x'], headers: ['x-a'] },
    engines: [engine('chromium'), engine('firefox')],
    changes,
    unsteady: [],
    trouble: [],
    ...more,
  });
}

describe('renderRegression', () => {
  it('should say which releases, what changed in which engines, by which bytes, and why', () => {
    const text = renderRegression(record([CLOSED]));
    assert.match(
      text,
      /^cors 1\.0\.0 → 2\.0\.0 with express 5\.0\.0\n40 requests to each release, from Chromium 1\.2/,
    );
    assert.match(
      text,
      /What a page notices \(1\)\n {2}✗ readable → blocked at the preflight {2}in every engine\n {6}PUT \/x from https:\/\/app\.example\n {6}Access-Control-Allow-Methods of the preflight\n {8}before {2}GET, PUT\n {8}after {3}GET\n {6}why {2}Method PUT is not allowed\.\n {11}https:\/\/fetch/,
    );
    assert.match(text, /cors 2\.0\.0 changes CORS behaviour: 1 change that a page notices\.\n$/);
  });
  it('should raise the alarm for what an unlisted origin may read now', () => {
    const text = renderRegression(record([OPENED]));
    assert.match(text, /‼ blocked at the response → readable {2}in Chromium/);
    assert.match(text, /An origin that the script does not list may now read this/);
    assert.match(regressionSentence(record([OPENED])), /1 change let an unlisted origin read/);
  });
  it('should name few of many requests, and call form no change', () => {
    const text = renderRegression(record([FORM]));
    assert.match(text, /· Vary of the answer: origin → absent {2}on the wire/);
    assert.match(text, /and 12 more requests/);
    assert.match(text, /The CORS behaviour of cors is the same in both releases\. 1 difference of form\.\n$/);
    assert.equal(record([FORM]).changed, false);
  });
  it('should not hide an engine that did not run, a request without an end, or an unsteady answer', () => {
    const text = renderRegression(
      record([], {
        engines: [engine('chromium'), engine('firefox', { notRun: 'not installed', fix: 'get it' })],
        trouble: [{ words: 'GET /x', engine: 'chromium', reason: 'the page did not report' }],
        unsteady: [{ words: 'PUT /x', engine: 'chromium', sides: ['before'], counts: true }],
      }),
    );
    assert.match(text, /Firefox did not run: not installed; to get it: get it/);
    assert.match(text, /chromium: GET \/x: the page did not report/);
    assert.match(text, /PUT \/x: by the earlier release/);
    assert.match(text, /1 request not answered alike each time.*1 request came to no end/s);
  });
  it('should let no foreign text move the cursor or end its Markdown', () => {
    const hostile: Change = {
      ...CLOSED,
      seen: { before: HOSTILE, after: 'readable' },
      headers: [{ on: 'preflight', name: 'vary', before: HOSTILE, after: null }],
      requests: [{ id: 'x', words: HOSTILE }],
      why: { text: HOSTILE, spec: 'javascript:alert(1)' },
    };
    const one = record([hostile], { trouble: [{ words: HOSTILE, engine: 'chromium', reason: HOSTILE }] });
    assert.doesNotMatch(renderRegression(one), /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    const markdown = renderRegressionMarkdown(one);
    assert.doesNotMatch(markdown, /(?<!\\)\]\(javascript:/);
    const prose = markdown.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(prose, /<(?!\/?details|\/?summary)|@octocat/);
  });
});

describe('renderRegressionMarkdown', () => {
  it('should open what matters and fold what is form', () => {
    const text = renderRegressionMarkdown(record([CLOSED, FORM]));
    assert.match(text, /^### ❌ cors 1\\\.0\\\.0 → 2\\\.0\\\.0\n/);
    assert.match(text, /<details open><summary>What a page notices \(1\)<\/summary>/);
    assert.match(text, /<details><summary>What stands on the wire and changes nothing \(1\)<\/summary>/);
    assert.match(text, /\[the step that decides\]\(https:\/\/fetch\.spec\.whatwg\.org/);
  });
});

describe('regress.json', () => {
  it('should be what its schema says', () => {
    const one = record([CLOSED, OPENED, FORM]);
    assert.deepEqual(regressSchema.parse(JSON.parse(JSON.stringify(one))), one);
  });
});

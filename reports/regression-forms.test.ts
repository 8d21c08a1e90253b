import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeRecord, type RegressRecord } from '../harness/regress/record.ts';
import { HOSTILE } from './fake-record.test-support.ts';
import { renderRegressionAnnotations, renderRegressionJunit } from './regression-ci.ts';
import { evidenceOf } from './regression-evidence.ts';
import { renderRegressionHtml } from './regression-html.ts';

type Change = RegressRecord['changes'][number];

const exchange = (methods: string, more: readonly (readonly [string, string])[] = []) => ({
  role: 'preflight' as const,
  request: {
    method: 'OPTIONS',
    url: 'https://localhost:41234/x?cors-conformance=put-1',
    headers: [
      ['Origin', 'https://app.example'],
      ['Access-Control-Request-Method', 'PUT'],
    ] as const,
  },
  response: {
    status: 204,
    headers: [['Access-Control-Allow-Methods', methods] as const, ...more],
    bodyBytes: 0,
  },
  end: 'complete' as const,
});

const CHANGE: Change = {
  id: 'no-longer-reads:listed:access-control-allow-methods:changed',
  level: 'page',
  severity: 'closed',
  effect: 'no-longer-reads',
  who: 'listed',
  seen: { before: 'readable', after: 'blocked at the preflight' },
  cause: { on: 'preflight', name: 'access-control-allow-methods', before: 'GET, PUT', after: 'GET' },
  meaning: 'A page of a listed origin can no longer read the answer.',
  requests: [{ id: 'put', title: 'PUT /x from https://app.example', engines: ['model'] }],
  engines: ['model'],
  evidence: {
    before: [exchange('GET, PUT', [['Date', 'Mon, 01 Jan 2026 00:00:00 GMT']])],
    after: [exchange('GET', [['Date', 'Mon, 01 Jan 2026 00:00:01 GMT']])],
  },
};

const side = (label: string) => ({ label, version: label, dependencies: [] });

const record = (changes: readonly Change[], more: Partial<RegressRecord> = {}): RegressRecord =>
  completeRecord({
    tool: { version: '1' },
    run: { started: '2026-01-01T00:00:00.000Z', durationMs: 2000, command: 'regress' },
    subject: { ecosystem: 'npm', name: 'cors', along: [], others: [] },
    sides: { before: side('1.0.0'), after: side('2.0.0') },
    differing: [],
    script: 'server.mjs',
    asked: { requests: 40, origins: ['https://app.example'], paths: ['/x'], headers: ['x-a'], assumed: [] },
    engines: [],
    gaps: [],
    changes,
    unstable: [],
    unfinished: [],
    stale: [],
    failOn: 'wire',
    ...more,
  });

describe('the evidence of a change', () => {
  it('should mark the lines that differ, and not those of the moment', () => {
    const [first] = evidenceOf(record([CHANGE]), CHANGE, 'after');
    assert.deepEqual(
      first?.lines.filter(({ differs }) => differs).map(({ text }) => text),
      ['< Access-Control-Allow-Methods: GET'],
    );
  });
  it('should repeat a request by curl where people reach the server', () => {
    const [first] = evidenceOf(record([CHANGE]), CHANGE, 'before');
    assert.match(
      first?.curl ?? '',
      /^curl -i -X OPTIONS .*'?http:\/\/localhost:8080\/x\?cors-conformance=put-1'?$/,
    );
    const servers = record([CHANGE], {
      subject: { ecosystem: 'servers', name: 'server', along: [], others: [] },
      sides: { before: side('http://old.example:81/x'), after: side('https://new.example') },
    });
    assert.match(evidenceOf(servers, CHANGE, 'before')[0]?.curl ?? '', /http:\/\/old\.example:81\/x/);
  });
});

describe('renderRegressionHtml', () => {
  it('should show both sides with their bytes', () => {
    const page = renderRegressionHtml(record([CHANGE]));
    assert.match(page, /<details class="change bad" open>/);
    assert.match(page, /<h3>1\.0\.0<\/h3>.*<mark>&lt; Access-Control-Allow-Methods: GET, PUT<\/mark>/s);
    assert.match(page, /<h3>2\.0\.0<\/h3>.*<mark>&lt; Access-Control-Allow-Methods: GET<\/mark>/s);
    assert.match(page, /curl -i -X OPTIONS/);
    assert.doesNotMatch(page, /<script/);
  });
  it('should let nothing of a server become part of the page', () => {
    const hostile: Change = {
      ...CHANGE,
      meaning: HOSTILE,
      output: [HOSTILE],
      accepted: HOSTILE,
      evidence: { before: [exchange(HOSTILE)], after: [] },
      why: { side: 'after', text: HOSTILE, spec: 'javascript:alert(1)' },
    };
    const page = renderRegressionHtml(
      record([hostile], { sides: { before: side(HOSTILE), after: side(HOSTILE) } }),
    );
    assert.doesNotMatch(page, /<script|<img|<svg|href="javascript:/i);
  });
});

describe('a comparison in CI', () => {
  it('should be a failure of JUnit for what fails, and pass for what is accepted', () => {
    const failed = renderRegressionJunit(record([CHANGE]));
    assert.match(failed, /tests="1" failures="1" errors="0"/);
    assert.match(failed, /<failure message="A page of a listed origin can no longer read the answer\.">/);
    assert.match(renderRegressionJunit(record([{ ...CHANGE, accepted: 'on purpose' }])), /failures="0"/);
    assert.match(renderRegressionJunit(record([])), /tests="1" failures="0" errors="0"/);
    const gap = { gaps: [{ id: 'no-answer', text: 'No request was answered.' }] };
    assert.match(
      renderRegressionJunit(record([], gap)),
      /errors="1".*<error message="No request was answered\."/s,
    );
    assert.doesNotMatch(renderRegressionJunit(record([{ ...CHANGE, meaning: HOSTILE }])), /<script|<img/);
  });
  it('should be an annotation on one line for each change that fails', () => {
    const text = renderRegressionAnnotations(record([CHANGE, { ...CHANGE, accepted: 'on purpose' }]));
    assert.match(text, /^::error title=CORS%3A cors 1\.0\.0 → 2\.0\.0::A page of a listed origin/);
    assert.equal(text.trim().split('\n').length, 1);
    const hostile = renderRegressionAnnotations(record([{ ...CHANGE, meaning: HOSTILE }]));
    assert.equal(hostile.trim().split('\n').length, 1);
  });
});

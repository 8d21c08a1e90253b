/**
 * Every report of `verify` on the same records: they must tell one truth.
 * Longer than other files: the records and what each format says of them stand side by side.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOfFindings } from '../harness/run/exit.ts';
import { type CheckState, type Finding, RANKS } from '../harness/verdict/finding.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { badgeText, renderBadge } from './badge.ts';
import { renderConsole } from './console.ts';
import { FINDINGS, fake, fakeRecord, fakeVerify, poison } from './fake-record.test-support.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderSarif } from './sarif.ts';
import { summaryOf } from './summary.ts';
import { widthOf } from './terminal.ts';

const assets = { style: '', script: '' };
const text = (record: RunRecord, more = {}): string => renderConsole(record, { width: 80, ...more });
const accepted = FINDINGS.map((finding): Finding => ({ ...finding, accepted: true }));
const warnings = FINDINGS.filter(({ severity }) => severity === 'warning');
const sarif = (record: RunRecord) => JSON.parse(renderSarif(record)).runs[0];
const junit = (record: RunRecord, name: string): number =>
  Number(new RegExp(`<testsuites [^>]*${name}="(\\d+)"`).exec(renderJunit(record))?.[1]);

describe('the console under verify', () => {
  it('should begin with the worst finding and say who, the bytes, the fix and where to read on', () => {
    const lines = text(fakeVerify()).split('\n');
    const at = lines.findIndex(line => line.startsWith('✗ '));
    assert.deepEqual(lines.slice(at, at + 13), [
      "✗ 1. Any website can read /api/items with your users' cookies",
      '    who   any https site, null, 6 look-alikes of https://app.example.com',
      '    sent  GET http://localhost:3000/api/items   Cookie: session=abc',
      '    got   200 OK   Access-Control-Allow-Origin: https://evil.example',
      '          Access-Control-Allow-Credentials: true',
      "    try   curl -i -H 'Origin: https://evil.example' http://localhost:3000/api/items",
      '    fix   cors({',
      "            origin: ['https://app.example.com'],",
      '            credentials: true,',
      '          }) (for Express)',
      '    seen  GET /api/items, PUT /api/items: on the wire, in Chromium and Firefox ·',
      '          docs/findings/origin-reflected.md',
      '',
    ]);
  });

  it('should fit three faults on a screen, within 80 columns, and never cut a header line', () => {
    const lines = text(fakeVerify()).split('\n');
    assert.ok(lines.length <= 36, `${lines.length} lines`);
    for (const line of lines) if (!line.includes('curl')) assert.ok(widthOf(line) <= 80, line);
    const long = 'x'.repeat(900);
    const finding = {
      ...(FINDINGS[1] as Finding),
      answer: { status: 200, lines: [['Vary', long] as const] },
    };
    assert.ok(text(fakeVerify([finding])).includes(`Vary: ${long}`));
  });

  it('should not tell a finding twice, nor of engines that disagree, nor of the Standard', () => {
    const record = fakeVerify();
    for (const result of record.results) Object.assign(result, { verdict: 'fail', outcome: 'expected' });
    for (const shown of [text(record), renderMarkdown(record), renderHtml(record, assets)])
      assert.doesNotMatch(shown, /Unexpected|disagree|Standard expects|differ from the Standard/);
    assert.equal(text(record).split('Any website can read').length, 2);
  });

  it('should name what was not tried, and every check if asked to', () => {
    assert.match(
      text(fakeVerify()),
      /○ Not tried: 1, as the policy exposes no header \(--verbose lists them\)/,
    );
    assert.match(text(fakeVerify()), /2 of\s+7\s+checks are kept, 1 was not tried/);
    const verbose = text(fakeVerify(), { verbose: true });
    assert.match(verbose, /✓ The rule origin-null holds\n {4}origin-null: wire 4\n/);
    assert.match(
      verbose,
      /✗ The rule method-undeclared holds\n {4}method-undeclared: broken error; explained by/,
    );
  });

  it('should show the same request and answer once, and of each answer what decides', () => {
    const [, reflected] = FINDINGS as readonly [Finding, Finding];
    const answer = { ...reflected.answer, decides: ['Access-Control-Allow-Origin', 'Vary', 'Age'] } as const;
    const second = { ...reflected, id: 'vary-missing', rule: 'vary-missing', rank: 4, answer } as Finding;
    const alike = { ...second, id: 'x', rule: 'x', rank: 5 };
    const shown = text(fakeVerify([reflected, second, alike]));
    assert.match(
      shown,
      / 2\. [^\n]*\n.*?got {3}200 OK {3}Access-Control-Allow-Origin: https:\/\/evil\.example {3}no Vary\n/s,
    );
    assert.equal(shown.split("try   curl -i -H 'Origin").length, 2);
    assert.match(shown, / 3\. .*\(the same request and answer as in 1\)/s);
    assert.doesNotMatch(shown, /no Age/);
    assert.match(text(fakeVerify([second]), { verbose: true }), /Access-Control-Allow-Credentials: true/);
  });

  it('should mark the verdict and tell it before what was not tried', () => {
    const lines = text(fakeVerify([])).split('\n');
    assert.match(lines[2] ?? '', /^✓ The server does what its policy declares/);
    assert.ok(lines.findIndex(line => line.startsWith('○ ')) > 2);
  });

  it('should count what was not tried by reason, whatever there is', () => {
    const untried = (id: string, reason: string): CheckState => ({
      id,
      title: 'It holds',
      state: 'not-tried',
      severity: 'error',
      tried: [],
      reason,
    });
    const checks = ['a', 'a', 'a', 'b', 'b', 'c', 'd', 'e'].map((reason, n) => untried(`x${n}`, reason));
    assert.match(
      text(fakeVerify([], { checks })),
      /○ Not tried: 3, as a; 2, as b; 3 for other reasons \(--verbose lists them\)\./,
    );
  });

  it('should say what the tool could not do', () => {
    const record = fakeVerify([], {
      results: [fake('x', 'webkit', 'harness-error'), fake('y', 'webkit', 'harness-error')],
    });
    assert.match(text(record), /! WebKit: 2 attempts without a result: the browser went away/);
    assert.equal(summaryOf(record).tone, 'trouble');
    assert.equal(sarif(record).invocations[0].executionSuccessful, false);
    assert.equal(junit(record, 'errors'), 1);
    assert.match(renderGithub(record), /^::warning .*2 attempts gave no result/);
  });

  it('should still read a file of an older version, without headline or checks', () => {
    const old: Finding = {
      id: 'f',
      rule: 'vary-missing',
      severity: 'warning',
      resource: 'GET /',
      origin: 'https://app.example',
      engines: [],
      explanation: 'x',
      evidence: [{ saw: 'no Vary' }],
    };
    const record = fakeRecord([fake('a', 'model', 'pass')], { findings: [old] });
    assert.match(
      text(record),
      /! vary-missing on GET \/\n {4}who {3}pages on https:\/\/app\.example\n {4}seen {2}GET \/: on the wire\n/,
    );
    assert.match(renderMarkdown(record), /- Evidence: `no Vary`/);
    assert.equal(junit(record, 'tests'), 1);
  });
});

describe('every report of verify', () => {
  const records: readonly (readonly [string, RunRecord, { tone: string; failures: number; code: number }])[] =
    [
      ['faults', fakeVerify(), { tone: 'bad', failures: 2, code: 1 }],
      ['accepted faults', fakeVerify(accepted), { tone: 'good', failures: 0, code: 0 }],
      ['warnings', fakeVerify(warnings), { tone: 'warning', failures: 0, code: 0 }],
      ['nothing', fakeVerify([]), { tone: 'good', failures: 0, code: 0 }],
    ];
  for (const [name, record, want] of records)
    it(`should agree with the exit code on ${name}`, () => {
      const { tone, sentence } = summaryOf(record);
      assert.equal(tone, want.tone);
      assert.equal(codeOfFindings(record, { demanded: false }), want.code);
      assert.equal(junit(record, 'failures'), want.failures);
      const mark = { bad: ['❌', '✗'], good: ['✅', '✓'], warning: ['⚠️', '!'] }[want.tone] ?? [];
      assert.ok(renderMarkdown(record).startsWith(`### ${mark[0]}`));
      assert.match(renderHtml(record, assets), new RegExp(`<h1 class="tone-${tone}"><i[^>]*>${mark[1]}<`));
      const open = sarif(record).results.filter((item: { suppressions?: unknown }) => !item.suppressions);
      assert.equal(open.filter((item: { level: string }) => item.level === 'error').length, want.failures);
      assert.equal((renderGithub(record).match(/^::error/gm) ?? []).length, want.failures);
      assert.equal(/does not do/.test(sentence), want.code === 1);
    });

  it('should let a warning fail when the run is strict', () => {
    const record = fakeVerify(warnings);
    const strict = { ...record, run: { ...record.run, strict: true } };
    assert.equal(summaryOf(strict).tone, 'bad');
    assert.equal(junit(strict, 'failures'), 1);
  });

  it('should fail on an entry of the baseline that no longer holds', () => {
    const record = fakeVerify([], {
      stale: [{ what: 'finding vary-missing at GET /', reason: 'old cache' }],
    });
    assert.equal(summaryOf(record).tone, 'bad');
    assert.equal(junit(record, 'failures'), 1);
    assert.equal(badgeText(record), 'stale baseline');
    for (const shown of [
      text(record),
      renderMarkdown(record),
      renderHtml(record, assets),
      renderGithub(record),
    ])
      assert.match(shown, /stale baseline entry/i);
  });

  it('should show what the baseline accepts as accepted', () => {
    const record = fakeVerify(accepted);
    assert.match(text(record), /= accepted error: Any website can read/);
    assert.match(renderMarkdown(record), /Accepted by the baseline \(3\)/);
    assert.match(renderHtml(record, assets), /accepted error/);
    assert.match(renderJunit(record), /name="state" value="accepted"/);
    assert.equal(sarif(record).results[0].suppressions[0].kind, 'external');
    assert.equal(renderGithub(record), '');
    assert.equal(badgeText(record), '2 of 7 checks kept');
  });

  it('should be empty-handed rather than green if nothing was tried', () => {
    const record = fakeVerify([], { results: [], checks: [] });
    assert.equal(summaryOf(record).tone, 'empty');
    assert.equal(badgeText(record), 'nothing tried');
  });

  it('should give numbers on the badge that a reader understands', () => {
    assert.deepEqual([fakeVerify(), fakeVerify(warnings)].map(badgeText), ['2 errors', '1 warning']);
  });

  it('should write hostile texts as text only', () => {
    const record = poison(fakeVerify());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must be gone
    const forbidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;
    for (const shown of [text(record), renderMarkdown(record), renderGithub(record)])
      assert.doesNotMatch(shown, forbidden);
    const prose = renderMarkdown(record)
      .replace(/^( *)(`{3,}).*?^\1\2$/gms, '')
      .replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(prose, /<(?!\/?details|\/?summary|!-- -->|https?:)|@octocat/);
    for (const line of renderGithub(record).trimEnd().split('\n'))
      assert.match(line, /^::(error|warning|notice) file=[^:,\r]*,title=[^:,\r]*::[^\r]*$/);
    assert.doesNotMatch(renderHtml(record, assets), /<img src=x|<svg onload/);
  });
});

describe('a record that does not hold the whole run', () => {
  const run = fakeRecord([fake('a', 'webkit', 'pass')]).run;
  const incomplete: readonly (readonly [string, RunRecord['run'], RegExp, boolean])[] = [
    ['an interrupted run', { ...run, interrupted: { done: 1, of: 64 } }, /Interrupted after 1 of 64/i, true],
    ['a part', { ...run, shards: { of: 4, has: [1] } }, /part 1 of 4/i, false],
    ['a merge', { ...run, shards: { of: 4, has: [1], merged: true } }, /parts 2, 3 and 4 are missing/i, true],
  ];
  for (const [name, of, said, fails] of incomplete)
    for (const record of [
      fakeRecord([fake('a', 'webkit', 'pass')], { run: of }),
      fakeVerify([], { run: of, ...(of.interrupted && { results: [], checks: [] }) }),
    ])
      it(`should be told as ${name} in every report of ${record.findings ? 'verify' : 'run'}`, () => {
        const shown = [text(record), renderMarkdown(record), renderHtml(record, assets), renderJunit(record)];
        for (const report of [...shown, ...(fails ? [renderGithub(record)] : [])]) {
          assert.match(report.replaceAll(/\s+/g, ' '), said);
          assert.doesNotMatch(report, /All as expected/);
        }
        assert.match(renderBadge(record), /interrupted after 1 of 64|part 1 of 4/);
        assert.equal(summaryOf(record).tone === 'good', !fails);
        assert.equal(junit(record, 'errors'), fails ? 1 : 0);
        assert.equal(sarif(record).invocations[0].executionSuccessful, !fails);
      });
});

describe('renderSarif', () => {
  it('should attach findings to the configuration that was used, with a severity and a page', () => {
    const run = sarif(fakeVerify());
    const [first] = run.results;
    assert.equal(first.ruleId, 'origin-reflected');
    assert.equal(first.locations[0].physicalLocation.artifactLocation.uri, 'api/cors.config.json');
    const rule = run.tool.driver.rules.find(({ id }: { id: string }) => id === 'origin-reflected');
    assert.equal(rule.properties['security-severity'], '9.1');
    assert.match(rule.helpUri, /^https:\/\/fetch/);
    const docs = JSON.parse(renderSarif(fakeVerify(), { docs: 'https://example.org/blob/main/' })).runs[0];
    assert.ok(
      docs.tool.driver.rules.some(
        ({ helpUri }: { helpUri?: string }) =>
          helpUri === 'https://example.org/blob/main/docs/findings/origin-reflected.md',
      ),
    );
  });
  it('should have one rule per check and only absolute links, whatever the texts are', () => {
    for (const record of [fakeVerify(), poison(fakeVerify())]) {
      const run = sarif(record);
      const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id);
      assert.equal(new Set(ids).size, 3);
      for (const { ruleId } of run.results) assert.ok(ids.includes(ruleId));
      for (const rule of run.tool.driver.rules) assert.ok(!rule.helpUri || /^https?:/.test(rule.helpUri));
    }
  });
  it('should rank a reader with credentials above one without, and both above the rest', () => {
    const severity = (rank: number): number =>
      Number(
        sarif(fakeVerify([{ ...(FINDINGS[1] as Finding), rank }])).tool.driver.rules[0].properties[
          'security-severity'
        ],
      );
    const all = [RANKS.readsWithCredentials, RANKS.reads, RANKS.fails, RANKS.fragile, RANKS.beyond].map(
      severity,
    );
    assert.deepEqual(
      all,
      [...all].sort((a, b) => b - a),
    );
    assert.ok((all[1] ?? 0) >= 7 && (all[2] ?? 9) < 7);
  });
  it('should have an empty list if nothing was found', () => {
    assert.deepEqual(sarif(fakeRecord([])).results, []);
  });
});

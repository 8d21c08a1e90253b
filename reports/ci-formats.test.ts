import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SaxesParser } from 'saxes';
import type { RunRecord } from '../harness/verdict/record.ts';
import { badgeText, renderBadge } from './badge.ts';
import { FAKES, fake, fakeRecord, fakeRun, poison } from './fake-record.test-support.ts';
import { renderGithub } from './github.ts';
import { renderMarkdown } from './markdown.ts';

const every = (): RunRecord => {
  const statuses = Object.keys(FAKES) as (keyof typeof FAKES)[];
  const results = statuses.flatMap(status => [
    fake(`the-${status}`, 'chromium', 'pass'),
    fake(`the-${status}`, 'firefox', status),
  ]);
  return fakeRecord(results);
};

describe('renderMarkdown', () => {
  it('should sum up, give the matrix, and list what is unexpected with the way to see it again', () => {
    const text = renderMarkdown(
      fakeRecord([fake('a-case', 'chromium', 'pass'), fake('a-case', 'firefox', 'fail')]),
    );
    assert.match(
      text,
      /^### ❌ CORS conformance\n\n1 result not as expected; 1 of 2 are as expected\. Target `embedded`, 8\.4 s\./,
    );
    assert.match(
      text,
      /\n\| Suite \| Chromium \| Firefox \|\n\| --- \| ---: \| ---: \|\n\| `preflight` \| 1 ✓ \| 1 ✗ \|\n\| \*\*all\*\* \| 1 ✓ \| 1 ✗ \|\n/,
    );
    assert.match(
      text,
      /<details open><summary>Unexpected \(1\)<\/summary>\n\n- \*\*✗ `a-case`\*\* unexpected in Firefox/,
    );
    assert.match(text, / {2}- `outcome`: expected `readable`, observed `blocked at preflight`\n/);
    assert.match(text, / {2}- Again: `npx cors-conformance run --only a-case --engine firefox`\n/);
  });

  it('should say once what several engines do alike', () => {
    const text = renderMarkdown(
      fakeRecord([
        fake('one', 'chromium', 'pass'),
        fake('one', 'chromium@92', 'pass'),
        fake('one', 'firefox', 'fail'),
      ]),
    );
    assert.match(text, /\n- `one`: chromium, chromium@92 `[^`]+`; firefox `[^`]+`\n/);
  });

  it('should be short when all is well, and honest about an engine that did not run', () => {
    const record = fakeRecord([fake('a-case', 'chromium', 'pass')]);
    record.engines.push({
      name: 'webkit',
      version: '',
      build: '',
      channel: '',
      os: '',
      driver: '',
      notRun: 'no driver',
      fix: 'apt-get install webkit2gtk-driver',
    });
    const text = renderMarkdown(record);
    assert.match(text, /^### ✅/);
    assert.match(text, /WebKit not run \(no driver\)/);
    assert.ok(!text.includes('<details'));
  });
  it('should keep hostile texts inside their cell, list item and code span', () => {
    const text = renderMarkdown(poison(every()));
    const table = text.split('\n').filter(line => line.startsWith('|'));
    for (const line of table) assert.equal(line.match(/(?<!\\)\|/g)?.length, 4, line);
    const prose = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '').replace(/<https?:[^<>\s]*>/g, '');
    assert.doesNotMatch(prose, /<(?!\/?details|\/?summary|!-- -->)/);
    assert.doesNotMatch(prose, /@octocat|(?<!\\)\]\(|https?:\/\//);
    assert.ok(
      text
        .split('\n')
        .every(line => line === '' || /^(###|\||- | {2}- |<\/?details|[✗✓≈↺!⊘i–○0-9A-Z])/u.test(line)),
      'no line of its own',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must be gone
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  });
  it('should stay within what GitHub takes, however much goes wrong', () => {
    const record = fakeRun(700);
    for (const result of record.results) Object.assign(result, FAKES.fail);
    assert.ok(renderMarkdown(record).length < 60_000);
  });
});

describe('renderGithub', () => {
  it('should annotate each case once and name its engines', () => {
    const text = renderGithub(
      fakeRecord([
        fake('a', 'chromium', 'pass'),
        fake('a', 'firefox', 'fail'),
        fake('a', 'webkit', 'fail'),
        fake('b', 'webkit', 'harness-error'),
        fake('c', 'webkit', 'known'),
      ]),
    );
    const lines = text.trimEnd().split('\n');
    assert.equal(lines.length, 2);
    assert.match(
      lines[0] ?? '',
      /^::error title=CORS%3A a \(firefox%2C webkit\)::a PUT with an author header.*%0AFirefox and WebKit: unexpected\. outcome: expected readable, observed blocked at preflight/,
    );
    assert.match(lines[1] ?? '', /^::warning title=CORS%3A b \(webkit\)::/);
  });
  it('should let no text start a command of its own', () => {
    const [plain, hostile] = [every(), poison(every())].map(record =>
      renderGithub(record).trimEnd().split('\n'),
    );
    assert.equal(hostile?.length, plain?.length);
    for (const line of hostile ?? []) assert.match(line, /^::(error|warning|notice) title=[^:,\r]*::[^\r]*$/);
  });
  it('should say nothing where all is as expected', () => {
    assert.equal(renderGithub(fakeRecord([fake('a', 'webkit', 'pass')])), '');
  });
});

describe('renderBadge', () => {
  it('should count cases, not results, and only those that every engine found as expected', () => {
    const record = fakeRecord([
      fake('a', 'chromium', 'pass'),
      fake('a', 'webkit', 'fail'),
      fake('b', 'chromium', 'known'),
      fake('b', 'webkit', 'not-run'),
      fake('c', 'webkit', 'not-run'),
    ]);
    assert.equal(badgeText(record), '1/2 as expected');
    assert.equal(badgeText(fakeRecord([])), 'not run');
  });
  it('should be well-formed SVG in the colour of the verdict', () => {
    const bad = renderBadge(fakeRecord([fake('a', 'webkit', 'fail')]));
    const good = renderBadge(fakeRecord([fake('a', 'webkit', 'pass')]));
    for (const svg of [bad, good]) {
      const parser = new SaxesParser();
      parser.on('error', error => {
        throw error;
      });
      parser.write(svg).close();
    }
    assert.match(bad, /#b3261e/);
    assert.match(good, /#2c7a4b/);
    assert.match(good, /aria-label="CORS: 1\/1 as expected"/);
  });
});

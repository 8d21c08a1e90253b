/** What is not listed for an engine's build stands apart from what got worse, in every form. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { badgeText, renderBadge } from './badge.ts';
import { renderConsole } from './console.ts';
import { differencesOf } from './differences.ts';
import { fake, fakeRecord } from './fake-record.test-support.ts';
import { renderGithub } from './github.ts';
import { pageSuites } from './html/facts.ts';
import { parseFilter } from './html/filter.ts';
import { renderHtml } from './html.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { suitesOf } from './rows.ts';
import { summaryOf } from './summary.ts';

const deviation = { id: 'elsewhere', what: 'sends no preflight', link: 'https://example.org/bugs/9' };
const results = [
  fake('plain', 'firefox', 'pass'),
  fake('fresh', 'firefox', 'unlisted'),
  { ...fake('alike', 'firefox', 'unlisted'), deviation },
];
const unlisted = fakeRecord(results);
const passing = { ...unlisted, run: { ...unlisted.run, unlisted: 'ok' as const } };
const worse = fakeRecord([...results, fake('worse', 'firefox', 'fail')]);

describe('a difference that is not listed for the build', () => {
  it('should be told by the summary, with the build, what to do, and whether it fails the run', () => {
    assert.deepEqual(summaryOf(unlisted), {
      tone: 'bad',
      sentence:
        '2 results differ from the Standard and are not listed for this build of Firefox; 1 of 3 are as expected. The list of deviations was never held against it; deviations.json proposes entries.',
    });
    const { tone, sentence } = summaryOf(passing);
    assert.equal(tone, 'warning');
    assert.match(sentence, /deviations\.json proposes entries\. That does not fail this run\.$/);
    assert.match(
      summaryOf(worse).sentence,
      /^1 result not as expected; 1 of 4 are as expected\. 2 results differ/,
    );
  });

  it('should stand in a section of its own on the console, apart from what an entry describes elsewhere', () => {
    const text = renderConsole(worse);
    const heads = [
      'Unexpected (1)',
      'Differs from the Standard; not listed for this build (2)',
      'As other builds do, for which it is listed:',
    ].map(head => text.indexOf(head));
    assert.ok(heads.every(at => at > 0));
    assert.deepEqual(
      heads,
      [...heads].sort((a, b) => a - b),
    );
    assert.match(text, /\? fresh {2}not listed in firefox\n/);
    assert.match(text, /\? sends no preflight — https:\/\/example\.org\/bugs\/9\n {4}firefox: alike\n/);
    assert.doesNotMatch(renderConsole(unlisted), /Unexpected/);
  });

  it('should be a failure of its own type in JUnit, and pass with a property where it does not fail the run', () => {
    assert.match(
      renderJunit(unlisted),
      /<failure type="not-listed-for-this-build" message="differs from the Standard; not listed for this build: wire: /,
    );
    assert.doesNotMatch(renderJunit(unlisted), /unexpected-result/);
    assert.doesNotMatch(renderJunit(passing), /<failure/);
    assert.match(renderJunit(passing), /<property name="status" value="unlisted"\/>/);
  });

  it('should have its own fold in Markdown and one annotation on GitHub', () => {
    const markdown = renderMarkdown(worse);
    assert.match(markdown, /<summary>Unexpected \(1\)<\/summary>/);
    assert.match(markdown, /<summary>Differs from the Standard; not listed for this build \(2\)<\/summary>/);
    const commands = renderGithub(passing).trimEnd().split('\n');
    assert.equal(commands.length, 1);
    assert.match(
      commands[0] ?? '',
      /^::warning title=CORS%3A differs from the Standard; not listed for this build::/,
    );
    assert.match(renderGithub(unlisted), /^::error /);
  });

  it('should count neither as expected nor as unexpected on the badge', () => {
    assert.equal(badgeText(unlisted), '1/3 as expected, 2 not listed');
    assert.match(renderBadge(passing), /#8a5a00/);
  });

  it('should be found by the filter of the page, and not fold away', () => {
    assert.deepEqual(parseFilter('is:unlisted').problems, []);
    const [suite] = pageSuites(suitesOf(worse), differencesOf(worse));
    const order = suite?.rows.map(({ row, quiet }) => `${row.case.id}${quiet ? ' folds' : ''}`);
    assert.deepEqual(order, ['worse', 'fresh', 'alike', 'plain folds']);
    assert.match(renderHtml(unlisted), /href="#q=is%3Aunlisted"/);
  });
});

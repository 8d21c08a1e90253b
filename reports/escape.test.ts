import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as to from './escape.ts';
import { HOSTILE } from './fake-record.test-support.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must be gone
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/;

describe('visible', () => {
  it('should show what a terminal would obey', () => {
    assert.equal(to.visible('\u001b[31mred'), '\\x1b[31mred');
    assert.equal(to.visible('\u202egnp'), '\\u202egnp');
    assert.equal(to.visible('a\r\nb\tc'), 'a\\r\\nb\\tc');
    assert.equal(to.visible('\u{e0041}'), '\\u{e0041}');
    assert.equal(to.visible('\ud800!'), '\\ud800!');
  });
  it('should leave no character that hides or reorders', () =>
    assert.doesNotMatch(to.visible(HOSTILE), CONTROLS));
  it('should leave ordinary text of any language alone', () => {
    assert.equal(to.visible('naïve Ελλάδα 日本 עברית 🙂'), 'naïve Ελλάδα 日本 עברית 🙂');
  });
  it('should keep line ends where several lines are shown', () => {
    assert.equal(to.visibleLines('a\nb\u0000'), 'a\nb\\x00');
  });
});

describe('markup', () => {
  it('should turn every special character of HTML and XML into an entity', () => {
    assert.equal(to.html(`<a href="x" b='y'>&`), '&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;');
    assert.equal(to.xmlText(']]>'), ']]&gt;');
    assert.equal(to.xmlAttribute('a\nb'), 'a\\nb');
    assert.equal(to.xmlText('a\nb\u000b'), 'a\nb\\x0b');
  });
  it('should write JSON that cannot end its script element and reads back the same', () => {
    const text = to.jsonForHtml({ HOSTILE });
    assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
    assert.deepEqual(JSON.parse(text), { HOSTILE });
  });
});

describe('markdown', () => {
  it('should disarm formatting, mentions, references and links', () => {
    assert.equal(to.markdown('*b* [x](y)'), '\\*b\\* \\[x\\]\\(y\\)');
    assert.equal(to.markdown('@octocat #12'), '@<!-- -->octocat #<!-- -->12');
    assert.doesNotMatch(to.markdown(HOSTILE), /https:\/\//);
    assert.doesNotMatch(to.markdown(HOSTILE), /<(?!!-- -->)/);
  });
  it('should fence code with more backticks than it holds', () => {
    assert.equal(to.markdownCode('a ``b`` c'), '```a ``b`` c```');
    assert.equal(to.markdownCode('`'), '`` ` ``');
    assert.equal(to.markdownCode('a|b\nc'), '`a|b\\nc`');
    assert.equal(to.markdownTableCode('a|b'), '`a\\|b`');
  });
});

describe('workflow commands', () => {
  it('should keep a message in one command and a property in one property', () => {
    assert.equal(to.commandData('50%\n::error::x'), '50%25%0A::error::x');
    assert.equal(to.commandProperty('a:b,c%'), 'a%3Ab%2Cc%25');
    assert.equal(to.commandData(HOSTILE).split('\n').length, 1);
  });
});

describe('safeLink', () => {
  it('should accept absolute http and https addresses only', () => {
    assert.equal(to.safeLink('https://fetch.spec.whatwg.org/#x'), 'https://fetch.spec.whatwg.org/#x');
    for (const bad of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//x',
      'x',
      '',
      ' java\nscript:x',
      'file:///etc',
    ]) {
      assert.equal(to.safeLink(bad), null, bad);
    }
  });
});

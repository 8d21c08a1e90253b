import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderConsole } from './console.ts';
import { FAKES, fake, fakeRecord, fakeRun, poison } from './fake-record.test-support.ts';
import { summaryOf } from './summary.ts';
import { columns, cut, flow, wantsColor, widthOf, wrap } from './terminal.ts';

const engines = ['chromium', 'firefox', 'webkit'] as const;
const lines = (text: string): string[] => text.split('\n');
const lineWith = (text: string, part: string): string => {
  const found = lines(text).find(line => line.includes(part));
  assert.ok(found, `no line with "${part}" in\n${text}`);
  return found;
};

describe('renderConsole', () => {
  it('should give each suite a row, each engine a column, and count statuses', () => {
    const text = renderConsole(
      fakeRecord([
        ...engines.map(engine => fake('one', engine, 'pass', 'simple')),
        ...engines.map(engine => fake('two', engine, engine === 'webkit' ? 'known' : 'pass', 'simple')),
        ...engines.map(engine => fake('three', engine, engine === 'firefox' ? 'fail' : 'pass', 'max-age')),
      ]),
    );
    assert.match(lineWith(text, 'simple '), /simple +2 ✓ +2 ✓ +1 ✓ 1 ≈$/);
    assert.match(lineWith(text, 'max-age '), /max-age +1 ✓ +1 ✗ +1 ✓$/);
    assert.match(lineWith(text, 'all '), /all +3 ✓ +2 ✓ 1 ✗ +2 ✓ 1 ≈$/);
  });

  it('should say of an unexpected result everything that is needed to act on it', () => {
    const text = renderConsole(
      fakeRecord([fake('a-case', 'firefox', 'fail'), fake('a-case', 'webkit', 'fail')]),
    );
    const start = text.indexOf('✗ a-case');
    const block = text.slice(start, text.indexOf('\n\n', start));
    for (const part of [
      'unexpected in firefox and webkit',
      'expected  readable',
      'observed  blocked at preflight',
      'fault     the server',
      'why       The preflight response does not allow the method PUT.',
      'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
      'fix       Add PUT',
      'rerun     npx cors-conformance run --only a-case --engine firefox,webkit',
    ]) {
      assert.ok(block.includes(part), `${part} in\n${block}`);
    }
  });

  it('should put wrong results before stale ones, and those before harness trouble', () => {
    const record = fakeRecord([
      fake('case-a', 'webkit', 'harness-error'),
      fake('case-b', 'webkit', 'stale'),
      fake('case-c', 'webkit', 'fail'),
    ]);
    const text = renderConsole(record);
    const at = ['✗ case-c', '↺ case-b', '! case-a'].map(part => text.indexOf(part));
    assert.ok(at.every(index => index > 0));
    assert.deepEqual(
      at,
      [...at].sort((a, b) => a - b),
    );
  });

  it('should name each known deviation once, with link, engines and cases', () => {
    const text = renderConsole(
      fakeRecord([
        fake('one', 'webkit', 'known'),
        fake('two', 'webkit', 'known'),
        fake('two', 'firefox', 'known'),
      ]),
    );
    assert.equal(text.split('https://example.org/bugs/1').length, 2);
    assert.match(lineWith(text, 'webkit: one'), /webkit: one$/);
    assert.match(text, /webkit and firefox: two/);
    assert.match(text, /All as expected: 2 cases .*3 known deviations among them/);
  });

  it('should keep the builds of engines in one column, however long their names are', () => {
    const record = fakeRecord([fake('one', 'chromium', 'pass'), fake('one', 'chromium@123', 'pass')]);
    const section = lines(renderConsole(record)).slice(0, 8);
    const starts = section.flatMap(line => /^ {2}chromium(?:@123)? +(?=\S)/.exec(line)?.[0].length ?? []);
    assert.deepEqual(starts, [15, 15]);
  });

  it('should show an engine that did not run with its reason and the way to get it, never as a pass', () => {
    const record = fakeRecord([fake('one', 'chromium', 'pass'), fake('one', 'webkit', 'not-run')]);
    const webkit = record.engines.find(engine => engine.name === 'webkit');
    assert.ok(webkit);
    webkit.notRun = 'WebKitWebDriver was not found';
    webkit.fix = 'sudo apt-get install webkit2gtk-driver';
    const text = renderConsole(record, { width: 120 });
    assert.match(
      text,
      /webkit +not run: WebKitWebDriver was not found\n +get it with: sudo apt-get install webkit2gtk-driver/,
    );
    assert.match(lineWith(text, 'preflight '), /1 ✓ +not run$/);
    assert.match(text, /All as expected: 1 case in Chromium\. WebKit did not run\./);
    assert.equal(summaryOf(record).tone, 'good');
  });

  it('should not call a run good in which an engine broke down', () => {
    const record = fakeRecord([fake('one', 'chromium', 'pass'), fake('one', 'webkit', 'not-run')]);
    const webkit = record.engines.find(engine => engine.name === 'webkit');
    assert.ok(webkit);
    webkit.notRun = 'its worker gave no result';
    assert.equal(summaryOf(record).tone, 'trouble');
    const none = { ...record, results: [] };
    assert.match(renderConsole(none), /Nothing was run\. WebKit did not run\./);
  });

  it('should say that nothing ran instead of claiming success', () => {
    assert.match(renderConsole(fakeRecord([])), /Nothing was run: no case was selected/);
    const none = fakeRecord([]);
    const cut = { ...none, run: { ...none.run, interrupted: { done: 0, of: 9 } } };
    assert.match(renderConsole(cut), /Interrupted after 0 of 9 results\. Nothing was run\./);
    assert.match(renderConsole(fakeRecord([fake('one', 'webkit', 'not-run')])), /Nothing was judged/);
  });

  it('should list where engines differ, from the Standard and among themselves, per suite', () => {
    const record = fakeRecord([
      fake('same', 'chromium', 'pass', 'max-age'),
      fake('same', 'webkit', 'pass', 'max-age'),
      fake('differs', 'chromium', 'pass', 'max-age'),
      fake('differs', 'webkit', 'known', 'max-age'),
    ]);
    const text = renderConsole(record, { onlyDifferences: true });
    assert.match(lineWith(text, '  max-age'), /max-age +2 +1 +1$/);
    assert.match(
      text,
      /≠ § differs\n +chromium +readable\n +webkit +keeps a preflight of 0 seconds — differs from the Standard/,
    );
    assert.ok(!text.includes('Suites'));
    assert.ok(!text.includes(' same'));
  });

  it('should keep its own lines within the terminal and fall back to a list where the matrix is too wide', () => {
    for (const width of [60, 80, 120]) {
      const text = renderConsole(fakeRun(70), { width });
      const long = lines(text).filter(
        line => widthOf(line) > width && !line.includes('npx cors-conformance') && line.trim().includes(' '),
      );
      assert.deepEqual(long, [], `at ${width}`);
    }
  });

  it('should use colour only when told to, and say the same without it', () => {
    const record = fakeRun(70);
    const [plain, coloured] = [renderConsole(record), renderConsole(record, { color: true })];
    assert.ok(!plain.includes('\u001b'));
    assert.ok(coloured.includes('\u001b[31m'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it takes our own colours out
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), plain);
  });

  it('should let no foreign text move the cursor, break a line or colour anything', () => {
    const statuses = Object.keys(FAKES) as (keyof typeof FAKES)[];
    const record = fakeRecord(statuses.map((status, n) => fake(`case-${n}`, 'firefox', status)));
    const text = renderConsole(poison(record), { written: '\u001b[2J' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must be gone
    const forbidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;
    assert.doesNotMatch(text, forbidden);
    assert.ok(!lines(text).some(line => line.startsWith('::')));
  });
});

describe('terminal', () => {
  it('should follow FORCE_COLOR, then NO_COLOR, then the terminal', () => {
    assert.equal(wantsColor({}, true), true);
    assert.equal(wantsColor({}, false), false);
    assert.equal(wantsColor({ NO_COLOR: '1' }, true), false);
    assert.equal(wantsColor({ NO_COLOR: '' }, true), true);
    assert.equal(wantsColor({ FORCE_COLOR: '1', NO_COLOR: '1' }, false), true);
    assert.equal(wantsColor({ FORCE_COLOR: '0' }, true), false);
    assert.equal(wantsColor({ TERM: 'dumb' }, true), false);
  });
  it('should measure, cut, wrap and align by columns on the screen', () => {
    assert.equal(widthOf('日本 e\u0301'), 6);
    assert.equal(cut('日本語', 5), '日本…');
    assert.deepEqual(wrap('aa bb cc', 5), ['aa bb', 'cc']);
    assert.deepEqual(flow(['aaa', 'bbb', 'ccc'], 2, 11), ['  aaa   bbb', '  ccc']);
    assert.deepEqual(
      columns(
        [
          ['日', 'x'],
          ['abc', 'y'],
        ],
        0,
      ),
      ['日   x', 'abc  y'],
    );
  });
});

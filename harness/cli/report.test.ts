import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fake, fakeRecord, fakeRun } from '../../reports/fake-record.test-support.ts';
import { renderJson } from '../../reports/json.ts';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';

describe('report and compare', () => {
  const place = temporary();
  const path = (name: string): string => join(place.dir, name);
  before(() => {
    writeFileSync(
      path('good.json'),
      renderJson(fakeRecord([fake('a', 'webkit', 'pass'), fake('b', 'webkit', 'pass')])),
    );
    writeFileSync(
      path('bad.json'),
      renderJson(fakeRecord([fake('a', 'webkit', 'fail'), fake('b', 'webkit', 'pass')])),
    );
    writeFileSync(path('other.json'), renderJson(fakeRecord([fake('z', 'webkit', 'pass')])));
    writeFileSync(path('run.json'), renderJson(fakeRun(20)));
    writeFileSync(path('cut.json'), '{"schema":');
    writeFileSync(path('odd.json'), '{"schema":"other"}');
  });
  after(() => place.remove());

  it('should print one case alone, or as a script for a bug report', async () => {
    const one = await inProcess(['report', path('bad.json'), '--case', 'a', '--format', 'json']);
    assert.deepEqual(
      (JSON.parse(one.stdout) as { results: { case: { id: string } }[] }).results.map(each => each.case.id),
      ['a'],
    );
    const { code, stdout } = await inProcess(['report', '--case', 'acao-missing/fetch', '--format', 'repro']);
    assert.equal(code, 0);
    assert.match(stdout, /^\/\/ acao-missing\/fetch: [\s\S]*createServer/);
  });

  const wrong: [flags: string[], message: RegExp][] = [
    [['--format', 'repro'], /--format repro needs --case ID/],
    [
      ['--format', 'repro', '--case', 'acao-mising/fetch'],
      /no case "acao-mising\/fetch".*Did you mean acao-missing\/fetch\?/,
    ],
    [['--format', 'repro', '--case', 'acao-mising'], /Did you mean acao-missing\?/],
    [
      ['--format', 'repro', '--case', 'acao-missing'],
      /is several cases; name one of them: acao-missing\/fetch/,
    ],
    [['--format', 'json', '--case', 'c'], /no case "c"/],
  ];
  for (const [flags, message] of wrong) {
    it(`should refuse ${flags.join(' ')}`, async () => {
      const { code, stderr } = await inProcess(['report', path('bad.json'), ...flags]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  const formats: [string, RegExp][] = [
    ['html', /^<!doctype html>/],
    ['markdown', /^### /],
    ['github', /^::error /],
  ];
  for (const [format, start] of formats) {
    it(`should print a results file as ${format}`, async () => {
      const { code, stdout, stderr } = await inProcess(['report', path('run.json'), '--format', format]);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, start);
    });
  }

  it('should take the folder of a results file for it, as should compare and merge', async () => {
    const folder = path('whole');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'results.json'), renderJson(fakeRecord([fake('a', 'webkit', 'pass')])));
    const report = await inProcess(['report', folder]);
    assert.match(report.stdout, /All as expected/);
    const compared = await inProcess(['compare', folder, path('bad.json')]);
    assert.deepEqual([compared.code, compared.stderr], [1, '']);
    const merged = await inProcess(['merge', folder, '--out', path('merged')]);
    assert.deepEqual([merged.code, merged.stderr], [0, '']);
    assert.ok(existsSync(path('merged/results.json')));
  });

  it('should write into a file or a folder, and say where', async () => {
    const file = await inProcess([
      'report',
      path('run.json'),
      '--format',
      'badge',
      '--out',
      path('deep/cors.svg'),
    ]);
    assert.deepEqual([file.code, file.stdout, file.stderr], [0, '', `${path('deep/cors.svg')}\n`]);
    assert.match(readFileSync(path('deep/cors.svg'), 'utf8'), /^<svg /);
    await inProcess(['report', path('run.json'), '--format', 'junit', '--out', `${path('folder')}/`]);
    assert.ok(existsSync(path('folder/junit.xml')));
  });

  const refused: [string, string[], RegExp][] = [
    [
      'a file that is not there',
      ['report', '/nowhere/results.json'],
      /cannot read \/nowhere\/results\.json: there is no such file; name a results\.json/,
    ],
    ['a folder without results', ['report', '/'], /cannot read \/results\.json: there is no such file/],
    ['a file that is no JSON', ['report', path('cut.json')], /cut\.json: not JSON: /],
    ['a file of another schema', ['report', path('odd.json')], /odd\.json: not a results file: at schema: /],
    [
      'an unknown format',
      ['report', path('run.json'), '--format', 'pdf'],
      /'pdf' is invalid\. Allowed choices are console, html/,
    ],
    [
      'a place that cannot be written',
      ['report', path('run.json'), '--out', path('run.json/x')],
      /cannot write .*run\.json: .*; choose another folder/,
    ],
    [
      'two kinds of output at once',
      ['compare', path('good.json'), path('bad.json'), '--json', '--markdown'],
      /exclude each other/,
    ],
    ['one file only', ['compare', path('good.json')], /missing required argument 'after'/],
  ];
  for (const [what, args, message] of refused) {
    it(`should refuse ${what} with one clear message and exit code 2`, async () => {
      const { code, stdout, stderr } = await inProcess(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, / at .*\.ts:/);
    });
  }

  it('should end with 1 on a regression, and with 0 the other way round', async () => {
    const worse = await inProcess(['compare', path('good.json'), path('bad.json')]);
    assert.equal(worse.code, 1);
    assert.match(worse.stdout, /Regressed \(1\)\n {2}✗ a {2}in webkit/);
    const better = await inProcess(['compare', path('bad.json'), path('good.json')]);
    assert.equal(better.code, 0);
    assert.match(better.stdout, /Fixed \(1\)/);
  });
  it('should print the comparison as JSON and as Markdown', async () => {
    const json = await inProcess(['compare', path('good.json'), path('bad.json'), '--json']);
    const parsed = JSON.parse(json.stdout);
    assert.equal(json.code, 1);
    assert.equal(parsed.worse, true);
    assert.deepEqual([parsed.changes[0].kind, parsed.changes[0].case], ['regressed', 'a']);
    const markdown = await inProcess(['compare', path('good.json'), path('bad.json'), '--markdown']);
    assert.match(markdown.stdout, /^### ❌ CORS conformance compared/);
  });
  it('should not be green when a part is merged without its rest', async () => {
    const shard = (id: string, n: number): void => {
      const record = fakeRecord([fake(id, 'webkit', 'pass')]);
      record.run.shards = { of: 2, has: [n] };
      writeFileSync(path(`part-${n}.json`), renderJson(record));
    };
    shard('a', 1);
    shard('b', 2);
    const out = ['--out', path('merged')];
    const alone = await inProcess(['merge', path('part-1.json'), ...out]);
    assert.equal(alone.code, 4);
    assert.match(alone.stdout, /Part 1 of 2 of a run: part 2 is missing\./);
    assert.match(readFileSync(path('merged/results.json'), 'utf8'), /"shards"/);
    const whole = await inProcess(['merge', path('part-1.json'), path('part-2.json'), ...out]);
    assert.equal(whole.code, 0);
    assert.match(whole.stdout, /All as expected: 2 cases/);
  });
  it('should not call runs alike that have nothing in common', async () => {
    const { code, stderr } = await inProcess(['compare', path('good.json'), path('other.json')]);
    assert.equal(code, 5);
    assert.match(stderr, /have no result in common/);
  });
});

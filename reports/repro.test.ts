import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { suites } from '../suites/index.ts';
import { ReproError, renderRepro } from './repro.ts';

const cases = suites.flatMap(suite => suite.cases);
const named = (id: string) => {
  const found = cases.find(one => one.id === id);
  assert.ok(found, id);
  return found;
};

describe('renderRepro', () => {
  test('should stay short, and say what must happen, for every case that needs no more than it has', () => {
    let scripts = 0;
    for (const one of cases) {
      try {
        const text = renderRepro(one);
        scripts++;
        assert.ok(text.trimEnd().split('\n').length < 60, one.id);
        assert.match(text, /^\/\/ .* must /m, one.id);
        assert.doesNotMatch(
          text.slice(text.indexOf('const html'), text.indexOf('let current')),
          /<script>.*<script>/s,
        );
      } catch (error) {
        assert.ok(error instanceof ReproError, `${one.id}: ${error}`);
      }
    }
    assert.ok(scripts > cases.length / 2, `${scripts} of ${cases.length}`);
  });

  test('should say what a case needs that a short script has not', () => {
    const worker = cases.find(one => one.realm === 'worker');
    assert.ok(worker);
    assert.throws(() => renderRepro(worker), /needs .*a worker.*cors-conformance run --only/);
  });

  test('should let no text of a case end the script, a comment or the page early', () => {
    const one = { ...named('acao-missing/fetch'), title: 'a\nprocess.exit() // </script>\u2028' };
    const [first = ''] = renderRepro(one).split('\n');
    assert.match(first, /process\.exit/);
    assert.match(first, /^\/\//);
  });
});

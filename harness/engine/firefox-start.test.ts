import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { keepCompiled, warmProfile } from './firefox-start.ts';

const COMPILED = ['addonStartup.json.lz4', 'compatibility.ini', 'extensions.json', 'startupCache'];

/** Calls back with a cache folder of its own, a program, and what makes profiles. */
function within(use: (at: (name: string) => string, used: (name: string) => string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'firefox-start-'));
  const before = process.env.CORS_CONFORMANCE_CACHE;
  process.env.CORS_CONFORMANCE_CACHE = join(folder, 'cache');
  const at = (name: string) => join(folder, name);
  const used = (name: string) => {
    mkdirSync(join(at(name), 'startupCache'), { recursive: true });
    writeFileSync(join(at(name), 'startupCache', 'scriptCache.bin'), `compiled in ${name}`);
    for (const file of [...COMPILED.slice(0, 3), 'cookies.sqlite', 'prefs.js'])
      writeFileSync(join(at(name), file), name);
    return at(name);
  };
  writeFileSync(at('firefox'), 'a build');
  try {
    use(at, used);
  } finally {
    if (before === undefined) delete process.env.CORS_CONFORMANCE_CACHE;
    else process.env.CORS_CONFORMANCE_CACHE = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

function made(folder: string): string {
  mkdirSync(folder);
  return folder;
}

describe('what Firefox compiles at its first start', () => {
  test('should be in the next profile, and nothing else of the first', () => {
    within((at, used) => {
      assert.equal(warmProfile(made(at('new')), at('firefox')), false);
      keepCompiled(used('first'), at('firefox'));
      assert.equal(warmProfile(at('new'), at('firefox')), true);
      assert.deepEqual(readdirSync(at('new')).sort(), COMPILED);
      assert.equal(
        readFileSync(join(at('new'), 'startupCache', 'scriptCache.bin'), 'utf8'),
        'compiled in first',
      );
    });
  });

  test('should be kept for each build', () => {
    within((at, used) => {
      keepCompiled(used('first'), at('firefox'));
      writeFileSync(at('firefox'), 'another build');
      assert.equal(warmProfile(made(at('new')), at('firefox')), false);
      assert.deepEqual(readdirSync(at('new')), []);
    });
  });

  test('should be kept once, by whoever was first', () => {
    within((at, used) => {
      keepCompiled(used('first'), at('firefox'));
      keepCompiled(used('second'), at('firefox'));
      warmProfile(made(at('new')), at('firefox'));
      assert.equal(readFileSync(join(at('new'), 'compatibility.ini'), 'utf8'), 'first');
      assert.equal(readdirSync(join(at('cache'), 'firefox-start')).length, 1);
    });
  });

  test('should not be kept of a start that compiled nothing', () => {
    within((at, used) => {
      rmSync(join(used('first'), 'startupCache'), { recursive: true });
      keepCompiled(at('first'), at('firefox'));
      assert.equal(warmProfile(made(at('new')), at('firefox')), false);
    });
  });

  test('should be done without where nothing can be kept', () => {
    within((at, used) => {
      writeFileSync(at('cache'), 'a file');
      keepCompiled(used('first'), at('firefox'));
      assert.equal(warmProfile(made(at('new')), at('firefox')), false);
    });
  });
});

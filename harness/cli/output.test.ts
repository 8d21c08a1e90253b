/** `--json` and `--quiet`, on every verb. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Command } from 'commander';
import { fake, fakeRecord } from '../../reports/fake-record.test-support.ts';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';
import { VERBS } from './verbs.ts';

const { dir, remove } = temporary();
const file = (name: string, content: unknown): string => {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};

const ORIGIN = 'https://app.example';
const allowing = http.createServer((_, response) => {
  response.setHeader('Access-Control-Allow-Origin', ORIGIN);
  response.setHeader('Vary', 'Origin');
  response.end('{}');
});
const silent = http.createServer((_, response) => response.end('{}'));
const urlOf = (server: http.Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const listen = (server: http.Server) =>
  new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
await Promise.all([listen(allowing), listen(silent)]);
after(() => {
  remove();
  allowing.close();
  silent.close();
});

const good = file('good.json', fakeRecord([fake('a', 'webkit', 'pass')]));
const bad = file('bad.json', fakeRecord([fake('a', 'webkit', 'fail'), fake('b', 'webkit', 'known')]));
const config = file('cors.config.json', {
  target: { url: urlOf(allowing) },
  policy: { origins: [ORIGIN], resources: [{ path: '/' }] },
});
const out = ['--out', join(dir, 'out')];
const explained = [urlOf(silent), '--origin', ORIGIN, '--response', 'Vary: Origin'];

interface Line {
  readonly args: readonly string[];
  /** The exit code, the same in each form. */
  readonly code: number;
  /** What `--quiet` must still say, and what it must leave out. */
  readonly says: RegExp;
  readonly omits?: RegExp;
}

/** A command line that needs no browser for each verb that can do without one. */
const LINES: Readonly<Record<string, Line>> = {
  run: {
    args: ['--engine', 'model', '--only', 'simple-get*', ...out],
    code: 0,
    says: /^All as expected: .*\n$/,
    omits: /Engines|report/,
  },
  report: {
    args: [bad],
    code: 0,
    says: /Unexpected \(1\)\n.*✗ a .*1 of 2 are as expected\.\n$/s,
    omits: /Totals|Known/,
  },
  merge: {
    args: [bad, ...out],
    code: 1,
    says: /Unexpected \(1\)\n.*1 of 2 are as expected\.\n$/s,
    omits: /Totals|Known/,
  },
  compare: { args: [good, bad], code: 1, says: /✗ a.*Worse: /s, omits: /New|b {2}in/ },
  list: { args: ['--only', 'simple-get'], code: 0, says: /^\d+ cases in 1 suite\n$/ },
  engines: { args: [], code: 0, says: /\d of 3 engines are here\.\n$/ },
  explain: { args: explained, code: 1, says: /^ *Blocked/, omits: /Step by step/ },
  verify: {
    args: [config, '--engine', 'model', ...out],
    code: 0,
    says: /\n$/,
    omits: /Asked on the wire|report\.html|not tried:/,
  },
  audit: {
    args: [urlOf(allowing), '--origin', ORIGIN],
    code: 0,
    says: /^Nothing dangerous was found/,
    omits: /who +reads/,
  },
  regress: {
    args: [
      '--before',
      urlOf(allowing),
      '--after',
      urlOf(silent),
      '--origin',
      ORIGIN,
      '--engine',
      'model',
      '--only',
      'get',
      ...out,
    ],
    code: 1,
    says: /Access-Control-Allow-Origin/i,
    omits: /regress\.json/,
  },
  init: {
    args: ['--url', urlOf(allowing), '--origin', ORIGIN, '--file', join(dir, 'made.json'), '--force'],
    code: 0,
    says: /^Wrote .*made\.json\.\n$/,
  },
  configure: { args: [config, '--stack', 'express'], code: 0, says: /cors\(/ },
  completion: { args: ['bash'], code: 0, says: /complete / },
  playground: { args: out, code: 0, says: /^\S+playground\.html\n$/ },
};

/** Verbs that only do something with browsers, registries or commands: their end-to-end tests say what they print. */
const ELSEWHERE = ['start', 'bisect', 'gallery'];

test('should have a command line here for every verb that can do without a browser', () => {
  assert.deepEqual([...Object.keys(LINES), ...ELSEWHERE].sort(), Object.keys(VERBS).sort());
});

test('should offer both flags on every verb and every verb below it', async () => {
  for (const [name, { load }] of Object.entries(VERBS)) {
    const program = new Command();
    (await load()).register(program, undefined as never);
    const [verb] = program.commands;
    assert.ok(verb);
    for (const command of [verb, ...verb.commands]) {
      const flags = command.options.map(({ long }) => long);
      assert.ok(flags.includes('--json') && flags.includes('--quiet'), `${name}: ${command.name()}`);
    }
  }
});

for (const [verb, { args, code, says, omits }] of Object.entries(LINES)) {
  describe(`cors-conformance ${verb}`, () => {
    test('should print one JSON value on standard output with --json', async () => {
      const ran = await inProcess([verb, ...args, '--json']);
      assert.equal(ran.code, code, ran.stderr);
      const value: unknown = JSON.parse(ran.stdout);
      assert.ok(typeof value === 'object' && value !== null);
    });

    test('should print with --quiet what is wrong, and the last line', async () => {
      const [full, quiet] = [await inProcess([verb, ...args]), await inProcess([verb, ...args, '--quiet'])];
      assert.equal(quiet.code, code, quiet.stderr);
      assert.match(quiet.stdout, says);
      if (omits) {
        assert.match(full.stdout, omits);
        assert.doesNotMatch(quiet.stdout, omits);
      }
      assert.ok(quiet.stdout.length <= full.stdout.length);
      assert.doesNotMatch(quiet.stderr, /^Running cases|^Starting|^Installing/m);
    });
  });
}

/** Imports point one way; the pure parts stay pure. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which parts each part may import from, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'harness/standard': [],
  'harness/wire': [],
  'harness/process': [],
  'harness/explain': ['harness/standard'],
  'harness/playground': [
    'harness/standard',
    'harness/case',
    'harness/wire',
    'harness/explain',
    'suites',
    'reports',
  ],
  'harness/case': ['harness/standard', 'harness/wire'],
  'harness/engine': ['harness/process', 'harness/case'],
  'harness/verdict': ['harness/case', 'harness/wire', 'harness/standard'],
  'harness/policy': ['harness/case', 'harness/wire', 'harness/standard', 'harness/verdict'],
  'harness/stacks': ['harness/case', 'harness/standard', 'harness/policy'],
  'fixtures/origins': ['harness/case', 'harness/wire'],
  'fixtures/targets': ['harness/case', 'harness/wire'],
  'fixtures/gallery': [],
  'harness/lab': [
    'harness/case',
    'harness/wire',
    'harness/engine',
    'harness/standard',
    'fixtures/origins',
    'fixtures/targets',
  ],
  'harness/target': ['harness/process', 'harness/wire'],
  'harness/release': ['harness/process', 'harness/wire', 'harness/target'],
  'harness/regress': [
    'harness/case',
    'harness/wire',
    'harness/standard',
    'harness/verdict',
    'harness/policy',
  ],
  suites: ['harness/case', 'harness/verdict', 'harness/standard'],
  reports: [
    'harness/stacks',
    'harness/explain',
    'harness/case',
    'harness/verdict',
    'harness/wire',
    'harness/standard',
    'harness/policy',
    'harness/regress',
  ],
  'harness/run': [
    'harness/explain',
    'harness/playground',
    'harness/standard',
    'harness/case',
    'harness/wire',
    'harness/process',
    'harness/engine',
    'harness/lab',
    'harness/verdict',
    'harness/policy',
    'harness/stacks',
    'harness/target',
    'harness/release',
    'harness/regress',
    'suites',
    'reports',
  ],
  'harness/playwright': [
    'harness/process',
    'harness/case',
    'harness/wire',
    'harness/engine',
    'harness/lab',
    'harness/verdict',
    'harness/policy',
    'harness/target',
    'harness/run',
    'reports',
  ],
};

/** What stands at the end of the way: these may import anything but the command line. */
const ENDS = ['harness/cli', 'harness/docs', 'harness/testing', 'fuzz', 'bench', 'harness/packaging'];

/** Parts that run anywhere: no Node, no Playwright, no network. */
const PURE = [
  'harness/explain',
  'harness/standard',
  'harness/case',
  'harness/verdict',
  'harness/policy',
  'harness/stacks',
  'harness/regress',
];

/** What the pure parts may use of wire at run time: types and arithmetic. */
const PURE_WIRE = new Set([
  'harness/wire/bounds.ts',
  'harness/wire/command-secrets.ts',
  'harness/wire/exchange.ts',
  'harness/wire/redact.ts',
  'harness/wire/secrets.ts',
]);

const FOLDERS = ['harness', 'suites', 'fixtures', 'reports', 'fuzz', 'bench'];

const PARTS = [...Object.keys(MAY_IMPORT), ...ENDS].sort((a, b) => b.length - a.length);
const partOf = (file: string): string => PARTS.find(part => file.startsWith(`${part}/`)) ?? '';

/** Every TypeScript file of these folders that is not a server under test. */
function sources(): string[] {
  const found: string[] = [];
  const visit = (dir: string) => {
    for (const entry of readdirSync(join(root, dir), { withFileTypes: true })) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory() && !['node_modules', 'faulty', 'correct', 'gallery'].includes(entry.name))
        visit(path);
      else if (/\.ts$/.test(entry.name)) found.push(path);
    }
  };
  for (const dir of FOLDERS) visit(dir);
  return found;
}

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  for (const [, type, from = ''] of text.matchAll(
    /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'/gms,
  )) {
    found.push({ from, typeOnly: type !== undefined });
  }
  for (const [, from = ''] of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g))
    found.push({ from, typeOnly: false });
  return found;
}

const all = sources();
const files = all.filter(file => !/\.(test|spec|test-support)\.ts$/.test(file));

test('should import in one direction only', () => {
  assert.ok(files.length > 50, 'the walk found the sources');
  const trespasses: string[] = [];
  for (const file of files) {
    const part = partOf(file);
    for (const { from } of importsOf(file)) {
      if (!from.startsWith('.')) continue;
      const other = partOf(relative(root, resolve(root, dirname(file), from)));
      if (other === '' || other === part) continue;
      const allowed =
        MAY_IMPORT[part]?.includes(other) ?? (other !== 'harness/cli' || part === 'harness/docs');
      if (!allowed) trespasses.push(`${file} → ${from}`);
    }
  }
  assert.deepEqual(trespasses, []);
});

test('should give every source file a part with walls', () => {
  const OUTSIDE = new Set(['harness/index.ts']);
  assert.deepEqual(
    files.filter(file => partOf(file) === '' && !OUTSIDE.has(file)),
    [],
  );
});

test('should have no two files that import each other, however long the way', () => {
  const edges = new Map(
    files.map(file => [
      file,
      importsOf(file)
        .filter(({ from, typeOnly }) => from.startsWith('.') && !typeOnly)
        .map(({ from }) => relative(root, resolve(root, dirname(file), from))),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(cycles, []);
});

test('should keep the core free of Node, Playwright and the network', () => {
  const builtins = new Set(builtinModules);
  const trespasses: string[] = [];
  for (const file of files.filter(one => PURE.includes(partOf(one)))) {
    for (const { from, typeOnly } of importsOf(file)) {
      if (typeOnly) continue;
      const target = relative(root, resolve(root, dirname(file), from));
      const impure = from.startsWith('.')
        ? partOf(target) === 'harness/wire' && !PURE_WIRE.has(target)
        : from.startsWith('node:') || builtins.has(from) || /playwright|selenium|fastify|^ws$/.test(from);
      if (impure) trespasses.push(`${file} → ${from}`);
    }
  }
  assert.deepEqual(trespasses, []);
});

test('should start child processes in one room only', () => {
  // Playwright starts its own browsers; bootstrap.mjs runs npm before there is any package, and is plain JavaScript.
  const offenders = files.filter(
    file =>
      partOf(file) !== 'harness/process' &&
      importsOf(file).some(({ from }) => from === 'node:child_process' || from === 'child_process'),
  );
  assert.deepEqual(offenders, []);
});

test('should parse URLs rather than ask Node whether it could', () => {
  // Node 20: URL.canParse() denies URLs with a Latin-1 letter once it has been optimized.
  const offenders = files.filter(
    file => file !== 'harness/walls.test.ts' && readFileSync(join(root, file), 'utf8').includes('canParse('),
  );
  assert.deepEqual(offenders, ['harness/standard/url.ts'], 'there, its comment');
});

test('should name the folder of the results in one place', () => {
  const named = files.filter(file => /(['"`])cors-report\b/.test(readFileSync(join(root, file), 'utf8')));
  assert.deepEqual(named, ['harness/process/reports-folder.ts']);
});

test('should keep files short enough to be read', () => {
  const long = all.filter(file => {
    const text = readFileSync(join(root, file), 'utf8');
    const why = /longer than other files/i.test(text.slice(0, text.indexOf('*/')));
    return text.split('\n').length > (why ? 700 : 301);
  });
  assert.deepEqual(long, [], 'a file of over 300 lines says at its top why');
});

test('should give no exported name two meanings', () => {
  /** The same thing in rooms that do not know each other, or a convention that every file of a kind follows. */
  const SHARED = new Set(['RequestRole', 'HeaderLine', 'readText', 'main', 'register', 'parseUrl']);
  const places = new Map<string, string[]>();
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    const declared = text.matchAll(
      /^export (?:async )?(?:function\*?|const|(?:abstract )?class|interface|type) (\w+)/gm,
    );
    for (const [, name = ''] of declared) places.set(name, [...(places.get(name) ?? []), file]);
  }
  assert.ok(places.size > 500, 'the exports were found');
  assert.deepEqual(
    [...places].filter(([name, where]) => where.length > 1 && !SHARED.has(name)),
    [],
  );
});

test('should refuse everything that changes CORS by itself', () => {
  const banned =
    /(?:page|context)\.route\(|routeFromHAR|extraHTTPHeaders\s*:|userAgent\s*:|httpCredentials\s*:|bypassCSP\s*:|disable-web-security|\.\.\.devices\[/;
  const offenders = [...files, 'playwright.config.ts'].filter(
    // It names these in order to warn of them.
    file =>
      file !== 'harness/playwright/cors-fixture.ts' && banned.test(readFileSync(join(root, file), 'utf8')),
  );
  assert.deepEqual(offenders, []);
});

test('should keep unit tests free of browsers, spawned commands and hooks for a whole file', () => {
  const pure = all.filter(file => file.endsWith('.test.ts') && !file.endsWith('.e2e.test.ts'));
  assert.ok(pure.length > 50, 'the walk found the tests');
  const trespasses: string[] = [];
  for (const file of pure) {
    for (const { from, typeOnly } of importsOf(file)) {
      const starts = /^(?:node:)?child_process$|playwright|selenium|spawn\.test-support/.test(from);
      if (starts && !typeOnly) trespasses.push(`${file} → ${from}`);
    }
    // Unit tests share processes: such a hook would run for the tests of other files too.
    const text = readFileSync(join(root, file), 'utf8');
    if (/^(?:before|beforeEach|afterEach)\(/m.test(text))
      trespasses.push(`${file} has a hook outside of describe()`);
  }
  assert.deepEqual(trespasses, []);
});

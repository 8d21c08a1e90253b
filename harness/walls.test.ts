/** Imports point one way; the pure parts stay pure. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which parts each part may import from, besides itself. Parts that are not listed may import anything but the command line. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'harness/standard': [],
  'harness/wire': [],
  'harness/case': ['harness/standard', 'harness/wire'],
  'harness/process': [],
  'harness/engine': ['harness/process'],
  'harness/verdict': ['harness/case', 'harness/wire', 'harness/standard'],
  'harness/lab': ['harness/case', 'harness/wire', 'harness/engine', 'harness/standard', 'fixtures'],
  'harness/policy': ['harness/case', 'harness/wire', 'harness/standard', 'harness/verdict'],
  'harness/target': ['harness/wire'],
  'harness/release': ['harness/target', 'harness/process'],
  'harness/regress': [
    'harness/case',
    'harness/wire',
    'harness/standard',
    'harness/verdict',
    'harness/policy',
  ],
  fixtures: ['harness/case', 'harness/wire'],
  suites: ['harness/case', 'harness/verdict'],
  reports: [
    'harness/case',
    'harness/verdict',
    'harness/wire',
    'harness/standard',
    'harness/playwright',
    'harness/regress',
  ],
};

/** Parts that run anywhere: no Node, no Playwright, no network. */
const PURE = ['harness/standard', 'harness/case', 'harness/verdict'];

/** The one pure file of wire that the pure parts may use at run time is a matter of types and arithmetic. */
const PURE_WIRE = new Set(['harness/wire/exchange.ts', 'harness/wire/redact.ts']);

const PARTS = [...Object.keys(MAY_IMPORT), 'harness/playwright', 'harness/cli', 'bench'].sort(
  (a, b) => b.length - a.length,
);
const partOf = (file: string): string => PARTS.find(part => file.startsWith(`${part}/`)) ?? '';

function sources(): string[] {
  const found: string[] = [];
  const visit = (dir: string) => {
    for (const entry of readdirSync(join(root, dir), { withFileTypes: true })) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory() && !['node_modules', 'faulty', 'correct'].includes(entry.name)) visit(path);
      else if (/\.ts$/.test(entry.name) && !/\.(test|spec|test-support)\.ts$/.test(entry.name))
        found.push(path);
    }
  };
  for (const dir of ['harness', 'suites', 'fixtures', 'reports']) visit(dir);
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

const files = sources();

test('should import in one direction only', () => {
  assert.ok(files.length > 50, 'the walk found the sources');
  const trespasses: string[] = [];
  for (const file of files) {
    const part = partOf(file);
    for (const { from } of importsOf(file)) {
      if (!from.startsWith('.')) continue;
      const other = partOf(relative(root, resolve(root, dirname(file), from)));
      if (other === '' || other === part) continue;
      if (other === 'harness/cli' || (MAY_IMPORT[part] && !MAY_IMPORT[part].includes(other)))
        trespasses.push(`${file} → ${from}`);
    }
  }
  assert.deepEqual(trespasses, []);
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

test('should keep files short enough to be read', () => {
  const long = files.filter(file => readFileSync(join(root, file), 'utf8').split('\n').length > 420);
  assert.deepEqual(
    long.filter(file => !['suites/behaviours.ts'].includes(file)),
    [],
  );
});

test('should refuse everything that changes CORS by itself', () => {
  const banned =
    /(?:page|context)\.route\(|routeFromHAR|extraHTTPHeaders\s*:|userAgent\s*:|httpCredentials\s*:|bypassCSP\s*:|disable-web-security|\.\.\.devices\[/;
  const offenders = [...files, 'playwright.config.ts'].filter(file =>
    banned.test(readFileSync(join(root, file), 'utf8')),
  );
  assert.deepEqual(offenders, []);
});

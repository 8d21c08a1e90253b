import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SPEC } from './spec.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['harness', 'suites', 'fixtures', 'reports', 'fuzz', 'bench'];

/** A page of a standard: the Standards of the WHATWG, the drafts of the W3C and its groups, RFCs. */
const STANDARDS =
  /https?:\/\/(?:[a-z]+\.spec\.whatwg\.org|w3c\.github\.io|wicg\.github\.io|drafts\.csswg\.org|httpwg\.org|www\.rfc-editor\.org|www\.w3\.org\/TR)\/[^\s'"`)]*/g;

function sources(): string[] {
  return SOURCES.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => /\.(?:ts|mjs)$/.test(file) && !/\.(?:test|e2e\.test|test-support)\.ts$/.test(file))
      .map(file => `${folder}/${file}`),
  ).filter(file => file !== 'harness/standard/spec.ts');
}

test('should be the only source with links to standards', () => {
  const written = sources().flatMap(file => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return [...text.matchAll(STANDARDS)].map(([link]) => `${file}: ${link}`);
  });
  assert.deepEqual(written, []);
});

test('should link to each place once', () => {
  const links = Object.values(SPEC);
  assert.deepEqual(
    links.filter((link, i) => links.indexOf(link) !== i),
    [],
  );
});

test('should name every place by a well-formed https link', () => {
  for (const link of Object.values(SPEC)) {
    assert.equal(new URL(link).href, link);
    assert.match(link, /^https:/);
  }
});

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allPages } from './all-pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = Object.entries(await allPages());

test('should keep the generated pages as the code says (npm run docs writes them)', () => {
  assert.ok(pages.length > 20);
  for (const [path, text] of pages) {
    assert.ok(existsSync(join(root, path)), path);
    assert.equal(readFileSync(join(root, path), 'utf8'), text, path);
  }
});

test('should leave no page behind in a folder whose pages are generated', () => {
  const folders = new Set(pages.map(([path]) => dirname(path)).filter(folder => folder !== 'docs'));
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder))) {
      if (name.endsWith('.md'))
        assert.ok(
          pages.some(([path]) => path === `${folder}/${name}`),
          `${folder}/${name}`,
        );
    }
  }
});

test('should link only to pages that exist', () => {
  for (const [path, text] of pages) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/i.test(target)) continue;
      assert.ok(existsSync(join(root, dirname(path), target)), `${path} links to ${target}`);
    }
  }
});

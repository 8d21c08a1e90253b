/** Every configuration and every command of the recipes is one that the program takes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { VERBS } from '../cli/verbs.ts';
import { readConfig } from '../policy/config/read.ts';
import { commandPages } from './command-pages.ts';

const PAGES = ['docs/recipes.md', 'README.md'];
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const pages = await commandPages();

test('should show only configurations that can be read', () => {
  const blocks = PAGES.flatMap(path =>
    [...read(path).matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text),
  );
  assert.ok(blocks.length > 0);
  for (const block of blocks) assert.doesNotThrow(() => readConfig(JSON.parse(block)), block);
});

test('should show only verbs and flags that there are', () => {
  let commands = 0;
  for (const path of PAGES) {
    for (const [, line = ''] of read(path).matchAll(/npx cors-conformance ([^`\n#|&;]*)/g)) {
      const [verb = '', ...words] = line
        .replace(/(["']).*?\1/g, 'x')
        .trim()
        .split(/\s+/);
      if (verb.startsWith('-') || /^[A-Z]/.test(verb)) continue;
      assert.ok(Object.hasOwn(VERBS, verb), `${path}: ${verb}`);
      const help = pages[`docs/commands/${verb}.md`] ?? '';
      for (const flag of words.filter(word => /^--?[a-z]/.test(word))) {
        assert.ok(help.includes(flag.replace(/[=;)].*$/, '')), `${path}: ${verb} has no ${flag}`);
      }
      commands++;
    }
  }
  assert.ok(commands > 20, String(commands));
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GalleryEntry } from '../harness/stacks/gallery-record.ts';
import { renderGallery } from './gallery.ts';

const entry: GalleryEntry = {
  date: '2026-01-01',
  stack: 'express',
  title: 'Express with cors',
  ecosystem: 'npm',
  versions: { cors: '2.8.5' },
  engines: [{ name: 'model', version: '1' }],
  policies: [{ policy: 'public', engines: ['model'], found: [], announced: [], proven: true }],
  mutations: [
    {
      mistake: 'a method is missing',
      policy: 'public',
      wanted: 'method-not-allowed',
      found: [],
      proven: false,
    },
    {
      mistake: 'Vary is missing',
      policy: 'public',
      wanted: 'vary-missing',
      found: ['vary-missing'],
      proven: true,
    },
  ],
};
const printed = (mutations: GalleryEntry['mutations']) =>
  renderGallery({ entries: [{ ...entry, mutations }] }, { color: false });

describe('a run of the gallery on a terminal', () => {
  test('says which mistakes were not found', () => {
    const text = printed(entry.mutations);
    assert.match(text, /^✗ Express with cors .*\n.* policies kept 1\/1 in model; mistakes found 1\/2$/m);
    assert.match(text, /not found: a method is missing/);
    assert.match(text, /^0 of 1 stack proven, 0 not run$/m);
  });

  test('does not call proven what was held against no mistake', () => {
    const text = printed([]);
    assert.match(text, /policies kept 1\/1 in model; mistakes not tried/);
    assert.match(text, /^policies kept on 1 of 1 stack, 0 not run$/m);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptChanges, acceptFileOf, FIRST_ACCEPT_SCHEMA, type ReadAcceptFile } from './accept.ts';
import { changesOf, type Draft } from './causes.ts';
import type { Change } from './change.ts';
import type { HeaderChange } from './header-changes.ts';

/** The draft of one request. */
const drafts = (more: Partial<Draft>, id: string): Draft[] => [
  {
    level: 'wire',
    effect: 'header',
    who: 'listed',
    seen: null,
    cause: null,
    meaning: 'Changed.',
    evidence: { before: [], after: [] },
    request: { id, title: id },
    path: '/',
    engine: 'model',
    credentials: false,
    ...more,
  },
];

const change = (more: Partial<Draft>, ids: readonly string[] = ['put']): Change[] =>
  changesOf(ids.flatMap(id => drafts(more, id)));

const header = (name: HeaderChange['name'], before: string | null, after: string | null): Partial<Draft> => ({
  cause: { on: 'preflight', name, before, after },
});

/** Whether a change passes where another one was accepted, and how many entries are stale then. */
function passes(accepted: readonly Change[], now: readonly Change[]): string {
  const { changes, stale } = acceptChanges(now, acceptFileOf(accepted, null, 'meant'));
  return `${changes.every(one => one.accepted === 'meant') ? 'accepted' : 'fails'}, ${stale.length} stale`;
}

describe('acceptChanges', () => {
  test('should accept the same change, and fewer requests of it', () => {
    const lists = header('access-control-allow-headers', 'x-a', 'x-a, x-b');
    assert.equal(passes(change(lists), change(lists)), 'accepted, 0 stale');
    assert.equal(passes(change(lists, ['put', 'delete']), change(lists)), 'accepted, 0 stale');
    assert.equal(passes(change(lists), change(lists, ['put', 'delete'])), 'fails, 0 stale');
    // What stays in the list is nothing that changed.
    const longer = header('access-control-allow-headers', 'x-0, x-a', 'x-0, x-a, x-b');
    assert.equal(passes(change(lists), change(longer)), 'accepted, 0 stale');
  });

  for (const [what, accepted, now] of [
    [
      'another age',
      header('access-control-max-age', '600', '86400'),
      header('access-control-max-age', '600', '60'),
    ],
    [
      'another item',
      header('access-control-allow-headers', 'x-a', 'x-a, x-b'),
      header('access-control-allow-headers', 'x-a', 'authorization, x-a'),
    ],
    [
      'the opposite',
      header('access-control-allow-methods', 'GET', 'GET, PUT'),
      header('access-control-allow-methods', 'GET, PUT', 'GET'),
    ],
    [
      'another value of what was absent',
      header('access-control-allow-origin', null, 'https://a.example'),
      header('access-control-allow-origin', null, '*'),
    ],
    [
      'a name that can no longer be read',
      { level: 'page', effect: 'exposed', seen: { before: 'etag', after: 'etag, x-total' } },
      { level: 'page', effect: 'exposed', seen: { before: 'etag, x-total', after: 'etag' } },
    ],
  ] as const) {
    test(`should not take ${what} for what was accepted`, () => {
      const [before, after] = [change(accepted as Partial<Draft>), change(now as Partial<Draft>)];
      assert.equal(before[0]?.id, after[0]?.id, 'one cause');
      assert.equal(passes(before, after), 'fails, 1 stale');
    });
  }

  test('should not accept one transition in the requests of another', () => {
    const two = (a: string, b: string) =>
      changesOf([
        ...drafts(header('access-control-allow-methods', 'GET', 'GET, PUT'), a),
        ...drafts(header('access-control-allow-methods', 'GET', 'DELETE, GET'), b),
      ]);
    assert.equal(passes(two('put', 'delete'), two('put', 'delete')), 'accepted, 0 stale');
    assert.equal(passes(two('put', 'delete'), two('delete', 'put')), 'fails, 0 stale');
  });

  test('should say which part of a change an entry covers, and which not', () => {
    const methods = (after: string, ids: string[]) =>
      ids.flatMap(id => drafts(header('access-control-allow-methods', 'GET', after), id));
    const now = changesOf([...methods('GET, PUT', ['put', 'patch']), ...methods('DELETE, GET', ['delete'])]);
    const file = acceptFileOf(changesOf(methods('GET, PUT', ['put'])), null, 'meant');
    const [put, other] = [
      'access-control-allow-methods: now PUT',
      'access-control-allow-methods: now DELETE',
    ];
    assert.deepEqual(acceptChanges(now, file).changes[0]?.acceptedInPart, {
      covered: [{ transition: put, requests: ['put'] }],
      uncovered: [
        { transition: put, requests: ['patch'] },
        { transition: other, requests: ['delete'] },
      ],
    });
    const [entry] = file.changes;
    assert.ok(entry);
    const rest = {
      ...entry,
      transitions: [
        { transition: put, requests: ['patch'] },
        { transition: other, requests: ['delete'] },
      ],
    };
    const both = acceptChanges(now, { ...file, changes: [entry, rest] });
    assert.equal(both.changes[0]?.accepted, 'meant', 'two entries may cover it together');
    assert.deepEqual(both.stale, []);
  });

  test('should say what was accepted, and what it is now', () => {
    const file = acceptFileOf(change(header('access-control-max-age', '600', '86400')), null, 'meant');
    const { stale } = acceptChanges(change(header('access-control-max-age', '600', '60')), file);
    assert.equal(
      stale[0]?.note,
      'accepted was access-control-max-age: 600 → 86400, and now it is access-control-max-age: 600 → 60',
    );
    assert.deepEqual(acceptChanges([], file).stale, [
      { id: 'wire:access-control-max-age:changed', reason: 'meant' },
    ]);
  });

  test('should tell long lists from others as long', () => {
    const names = (first: number) => Array.from({ length: 1_000 }, (_, n) => `x-${first + n}`).join(', ');
    const long = (first: number) => change(header('access-control-allow-headers', names(first), null));
    const list = (text: string) => change(header('access-control-allow-headers', text, ''));
    assert.ok((list(names(0))[0]?.transitions[0]?.transition.length ?? 0) < 200);
    assert.equal(passes(list(names(0)), list(names(0))), 'accepted, 0 stale');
    assert.equal(passes(list(names(0)), list(`${names(0)}1`)), 'fails, 1 stale');
    assert.equal(long(0)[0]?.id, 'wire:access-control-allow-headers:removed');
  });

  test('should go by an entry of the first version only if its id says all', () => {
    const first = (one: Change): ReadAcceptFile => ({
      schema: FIRST_ACCEPT_SCHEMA,
      changes: [{ id: one.id, requests: ['put'], reason: 'meant' }],
    });
    const [list] = change(header('access-control-max-age', '600', '60')) as [Change];
    const { changes, stale } = acceptChanges([list], first(list));
    assert.equal(changes[0]?.accepted, undefined);
    assert.match(stale[0]?.note ?? '', /of an earlier version, which kept no values/);
    const [status] = change(header('status', '200', '403')) as [Change];
    assert.equal(acceptChanges([status], first(status)).changes[0]?.accepted, 'meant');
    assert.deepEqual(acceptChanges([status], first(status)).stale, []);
  });

  test('should keep reasons of the same change only', () => {
    const age = (after: string) => change(header('access-control-max-age', '600', after));
    const file = acceptFileOf(age('60'), null, 'meant');
    assert.equal(acceptFileOf(age('60'), file, 'new').changes[0]?.reason, 'meant');
    assert.equal(acceptFileOf(age('61'), file, 'new').changes[0]?.reason, 'new');
  });
});

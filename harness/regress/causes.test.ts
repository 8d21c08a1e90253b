import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changesOf, type Draft, transitionOf } from './causes.ts';

const METHODS = {
  on: 'preflight',
  name: 'access-control-allow-methods',
  before: 'GET, PUT',
  after: 'GET',
} as const;
const VARY = { on: 'actual', name: 'vary', before: 'origin', after: null } as const;

const draft = (id: string, more: Partial<Draft> = {}): Draft => ({
  level: 'page',
  effect: 'no-longer-reads',
  who: 'listed',
  seen: { before: 'readable', after: 'blocked at the preflight' },
  cause: METHODS,
  meaning: 'Can no longer.',
  evidence: { before: [], after: [] },
  request: { id, title: id },
  engine: 'model',
  credentials: false,
  path: '/',
  ...more,
});

const wire = (id: string, more: Partial<Draft> = {}): Draft =>
  draft(id, { level: 'wire', effect: 'header', seen: null, engine: null, meaning: 'Changed.', ...more });

describe('changesOf', () => {
  test('should make one change of one cause, over requests and engines', () => {
    const changes = changesOf([
      draft('put'),
      draft('put', { engine: 'firefox' }),
      draft('delete', { cause: { ...METHODS, after: 'GET, HEAD' } }),
    ]);
    assert.equal(changes.length, 1);
    assert.deepEqual(changes[0]?.requests, [
      { id: 'put', title: 'put', engines: ['model', 'firefox'] },
      { id: 'delete', title: 'delete', engines: ['model'] },
    ]);
    assert.equal(changes[0].severity, 'closed');
  });

  test('should leave out on the wire what a page shows, but not what a cache makes of it', () => {
    const changes = changesOf([
      draft('put'),
      wire('two-names'),
      wire('get', { cause: VARY }),
      wire('plain', { level: 'form', cause: VARY }),
    ]);
    assert.deepEqual(
      changes.map(({ level, cause }) => `${level} ${cause?.name}`),
      ['page access-control-allow-methods', 'wire vary'],
    );
  });

  test('should show everything else that changes beside what a page notices', () => {
    const name = 'access-control-allow-methods';
    const allowed = { on: 'actual', name: 'access-control-allow-origin', before: null, after: '*' } as const;
    const changes = changesOf([
      draft('delete'),
      draft('get', { effect: 'reads', cause: allowed }),
      wire('the same cause'),
      wire('on the server', { cause: { ...METHODS, before: 'GET, PUT, QUERY' } }),
      wire('at another path', { path: '/b' }),
      wire('of others', { who: 'unlisted', cause: allowed }),
      wire('of nobody', { who: 'none', cause: allowed }),
      wire('age', { cause: { ...METHODS, name: 'access-control-max-age', before: '1', after: '2' } }),
    ]);
    assert.deepEqual(
      changes
        .filter(({ level }) => level === 'wire')
        .map(({ cause, requests }) => `${cause?.name}: ${requests.map(({ id }) => id).join(', ')}`),
      [
        `${name}: on the server, at another path`,
        'access-control-allow-origin: of others',
        'access-control-max-age: age',
      ],
    );
  });

  test('should tell all that came and went of a list in any request', () => {
    const list = (before: string, after: string) => ({ cause: { ...METHODS, before, after } });
    const [change] = changesOf([
      wire('a', list('GET', 'GET, PUT')),
      wire('b', list('DELETE, GET', 'GET')),
      wire('c', list('GET', 'GET, PUT')),
    ]);
    assert.equal(change?.meaning, 'The preflight now also allows PUT and no longer allows DELETE (methods).');
    assert.deepEqual(change.transitions, [
      { transition: 'access-control-allow-methods: now PUT', requests: ['a', 'c'] },
      { transition: 'access-control-allow-methods: no longer DELETE', requests: ['b'] },
    ]);
  });

  test('should not say twice what holds with credentials too', () => {
    const reads = (id: string, credentials: boolean) =>
      draft(id, {
        effect: 'reads',
        credentials,
        meaning: `A page can now read the answer${credentials ? ', with the credentials of its user' : ''}.`,
      });
    const [change] = changesOf([reads('get', false), reads('get-credentials', true)]);
    assert.equal(change?.meaning, 'A page can now read the answer, also with the credentials of its user.');
  });

  test('should join what fails however it succeeds now, before what else the wire shows', () => {
    const status = (after: string) => ({ on: 'actual', name: 'status', before: '500', after }) as const;
    const changes = changesOf([
      wire('get', { cause: VARY }),
      wire('plain', { cause: status('200') }),
      wire('plain-options', { cause: status('204') }),
    ]);
    assert.deepEqual(
      changes.map(({ id }) => id),
      ['wire:status:500-to-2xx', 'wire:vary:loses-origin'],
    );
  });

  test('should say once what several requests with other statuses show', () => {
    const status = (before: string, after: string) =>
      ({ on: 'actual', name: 'status', before, after }) as const;
    const meaning = (...drafts: Draft[]) => changesOf(drafts)[0]?.meaning;
    assert.equal(
      meaning(
        wire('plain', { who: 'none', cause: status('500', '200') }),
        wire('plain-options', { who: 'none', cause: status('500', '204') }),
      ),
      'Without a foreign Origin (another program, or a page of the same origin) the answer is 200 or 204 instead of 500.',
    );
    assert.equal(
      meaning(
        wire('plain-options', { who: 'none', cause: status('204', '400') }),
        wire('not-a-preflight', { who: 'listed', cause: status('204', '400') }),
      ),
      'The same request is answered with 400 instead of 204, also without a foreign Origin (another program, or a page of the same origin).',
    );
    const preflight = { ...status('200', '403'), on: 'preflight' } as const;
    assert.equal(
      meaning(
        wire('two-names', { cause: preflight }),
        wire('not-a-preflight', { cause: status('204', '403') }),
      ),
      'The preflight passed with 200 and now fails with 403: only a status from 200 to 299 passes. The same request is answered with 403 instead of 204.',
    );
  });

  test('should put the worst first', () => {
    const allowed = { on: 'actual', name: 'access-control-allow-origin', before: null, after: '*' } as const;
    const changes = changesOf([
      wire('plain', { cause: VARY }),
      draft('get', { effect: 'reads', cause: allowed }),
      draft('head', { effect: 'no-longer-reads', who: 'unlisted', cause: allowed }),
      draft('put'),
      draft('post', { effect: 'carried-out' }),
      draft('a', { effect: 'carried-out', who: 'unlisted', credentials: true }),
      draft('b', { effect: 'reads', who: 'unlisted', cause: allowed }),
      draft('c', { effect: 'reads', who: 'unlisted', cause: allowed, credentials: true }),
    ]);
    assert.deepEqual(
      changes.map(({ severity, effect, who }) => `${severity} ${effect} ${who}`),
      [
        'unlisted reads unlisted',
        'unlisted carried-out unlisted',
        'page carried-out listed',
        'closed no-longer-reads listed',
        'page reads listed',
        'page no-longer-reads unlisted',
        'wire header listed',
      ],
    );
  });
});

describe('transitionOf', () => {
  test('should not follow values that differ from request to request', () => {
    const of = (name: typeof METHODS.name | 'vary', before: string | null, after: string | null) =>
      transitionOf({ on: 'actual', name, before, after });
    assert.equal(of('access-control-allow-methods', 'GET', 'PUT'), 'changed');
    assert.equal(of('vary', 'origin, accept', 'accept'), 'loses-origin');
    assert.equal(of('vary', null, 'origin'), 'gains-origin');
    assert.equal(of('vary', 'accept', null), 'removed');
  });

  test('should tell who is allowed, not which other value stands there', () => {
    const of = (before: string, after: string) =>
      transitionOf({ on: 'actual', name: 'access-control-allow-origin', before, after });
    const asking = "(the request's origin)";
    assert.equal(of('/a/ and https://a.example', asking), of(`/a/ and ${asking}`, asking));
    assert.equal(of('*', asking), `*-to-${asking}`);
    assert.notEqual(of('*', asking), of('', asking));
  });
});

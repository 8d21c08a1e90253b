import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acao, aceh, blockedAtResponse, type HeaderLine, one, readable, type Titled } from './helpers.ts';
import { sequence } from './sequence-helpers.ts';

/** A response that is stored, and asked about again before it is used. */
const stored = (...headers: HeaderLine[]): Answer => ({
  headers: [
    ['ETag', '"1"'],
    ['Cache-Control', 'max-age=0, must-revalidate'],
    ['X-A', 'a'],
    ['X-B', 'b'],
    ...headers,
  ],
  body: 'stored',
});
const notModified = (...headers: HeaderLine[]): Answer => ({
  status: 304,
  headers: [['ETag', '"1"'], ...headers],
});

const ASKED_AGAIN = { requestHeaders: { 'if-none-match': '"1"' } } as const;

/** A stored response, and what becomes of it when the server answers 304. */
const revalidated = ({
  id,
  title,
  first,
  again,
  expect,
}: Titled & {
  first: [request: CaseRequest, answer: Answer, expect: Expectation];
  again: Answer;
  expect: Expectation;
}): Case =>
  sequence({
    id,
    title,
    spec: SPEC.networkOrCache,
    steps: [
      { request: first[0], server: { actual: first[1] }, expect: first[2] },
      { request: { cache: 'no-cache' }, server: { actual: again }, expect },
    ],
    class: 'may',
    because:
      'A user agent need not have an HTTP cache; without one, the 304 answers a request that is not conditional.',
  });

const seen = (...headers: HeaderLine[]): [CaseRequest, Answer, Expectation] => [
  {},
  stored(acao(), ...headers),
  readable({ status: 200, body: 'stored' }),
];
const fromStore = (more: Partial<Expectation> = {}): Expectation =>
  readable({ status: 200, body: 'stored', ...ASKED_AGAIN, ...more });

/** Requests that are not conditional. */
const UNASKED: readonly [variant: string, what: string, request: CaseRequest, error: string][] = [
  ['fetch', 'fetch()', {}, 'TypeError'],
  ['xhr', 'XMLHttpRequest', { api: 'xhr' }, 'error'],
  ['sync', 'a synchronous XMLHttpRequest', { api: 'xhr', sync: true }, 'NetworkError'],
];

export const status304 = defineSuite({
  id: 'status-304',
  title: 'Status 304 and stored responses',
  about: 'The CORS check uses the stored headers as updated by the 304.',
  cases: [
    ...UNASKED.map(([variant, what, request, error]) =>
      one({
        id: `status-304-checked/${variant}`,
        title: `A 304 to ${what} is blocked without Access-Control-Allow-Origin`,
        spec: SPEC.httpFetch,
        request,
        server: notModified(['Content-Language', 'en']),
        expect: blockedAtResponse({ error }),
      }),
    ),
    revalidated({
      id: 'status-304-revalidation-inherits',
      title: 'A 304 without CORS headers keeps those of the stored response',
      first: seen(),
      again: notModified(),
      expect: fromStore({ type: 'cors' }),
    }),
    revalidated({
      id: 'status-304-updates-acao/other-origin',
      title: 'A 304 that allows another origin blocks the stored response',
      first: seen(),
      again: notModified(acao('{origin:other-site}')),
      expect: blockedAtResponse(ASKED_AGAIN),
    }),
    revalidated({
      id: 'status-304-updates-acao/star',
      title: 'A 304 with "*" replaces the stored Access-Control-Allow-Origin',
      first: [{}, stored(acao()), readable({ body: 'stored' })],
      again: notModified(acao('*'), aceh('access-control-allow-origin')),
      expect: fromStore({ readable: { 'access-control-allow-origin': '*' } }),
    }),
    revalidated({
      id: 'status-304-updates-aceh/widened',
      title: 'A 304 that exposes more headers exposes those of the stored response',
      first: seen(),
      again: notModified(aceh('x-a')),
      expect: fromStore({ readable: { 'x-a': 'a' }, hidden: ['x-b'] }),
    }),
    revalidated({
      id: 'status-304-updates-aceh/narrowed',
      title: 'A 304 that exposes other headers hides those that the stored response exposed',
      first: seen(aceh('x-a')),
      again: notModified(aceh('x-b')),
      expect: fromStore({ readable: { 'x-b': 'b' }, hidden: ['x-a'] }),
    }),
    revalidated({
      id: 'status-304-updates-aceh/kept',
      title: 'A 304 without Access-Control-Expose-Headers keeps the stored list',
      first: seen(aceh('x-a')),
      again: notModified(),
      expect: fromStore({ readable: { 'x-a': 'a' }, hidden: ['x-b'] }),
    }),
    revalidated({
      id: 'status-304-adds-acao',
      title: 'A 304 that allows the origin makes a response stored without CORS headers readable',
      first: [{ mode: 'no-cors' }, stored(), { outcome: 'opaque' }],
      again: notModified(acao()),
      expect: fromStore({ type: 'cors' }),
    }),
  ],
});

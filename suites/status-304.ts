import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { acao, aceh, blocked, readable, spec } from './helpers.ts';
import { sequence, step } from './sequences.ts';

type Line = [name: string, value: string];

/** A response that is stored, and asked about again before it is used. */
const stored = (...headers: Line[]): Answer => ({
  headers: [
    ['ETag', '"1"'],
    ['Cache-Control', 'max-age=0, must-revalidate'],
    ['X-A', 'a'],
    ['X-B', 'b'],
    ...headers,
  ],
  body: 'stored',
});
const notModified = (...headers: Line[]): Answer => ({ status: 304, headers: [['ETag', '"1"'], ...headers] });

const ASKED_AGAIN = { requestHeaders: { 'if-none-match': '"1"' } } as const;

/** A stored response, and what becomes of it when the server answers 304. */
const revalidated = (
  id: string,
  title: string,
  first: [request: CaseRequest, answer: Answer, expect: Expectation],
  again: Answer,
  expect: Expectation,
): Case =>
  sequence(
    id,
    title,
    spec.networkOrCache,
    [step(first[0], { actual: first[1] }, first[2]), step({ cache: 'no-cache' }, { actual: again }, expect)],
    {
      class: 'may',
      because:
        'A user agent may keep no HTTP cache; without one the server’s 304 answers a request that asked for no such thing.',
    },
  );

const seen = (...headers: Line[]): [CaseRequest, Answer, Expectation] => [
  {},
  stored(acao(), ...headers),
  readable({ status: 200, body: 'stored' }),
];
const fromStore = (more: Partial<Expectation> = {}): Expectation =>
  readable({ status: 200, body: 'stored', ...ASKED_AGAIN, ...more });

export const status304 = defineSuite({
  id: 'status-304',
  title: 'Status 304 and stored responses',
  about: 'The CORS check looks at the stored headers as the 304 has updated them.',
  cases: [
    revalidated(
      'status-304-revalidation-inherits',
      'A 304 without CORS headers leaves those of the stored response in force',
      seen(),
      notModified(),
      fromStore({ type: 'cors' }),
    ),
    revalidated(
      'status-304-updates-acao/other-origin',
      'A 304 that names another origin closes the stored response',
      seen(),
      notModified(acao('{origin:other-site}')),
      blocked(ASKED_AGAIN),
    ),
    revalidated(
      'status-304-updates-acao/star',
      'A 304 with "*" takes the place of the stored origin',
      [{}, stored(acao()), readable({ body: 'stored' })],
      notModified(acao('*'), aceh('access-control-allow-origin')),
      fromStore({ readable: { 'access-control-allow-origin': '*' } }),
    ),
    revalidated(
      'status-304-updates-aceh/widened',
      'A 304 that exposes more headers shows those of the stored response',
      seen(),
      notModified(aceh('x-a')),
      fromStore({ readable: { 'x-a': 'a' }, hidden: ['x-b'] }),
    ),
    revalidated(
      'status-304-updates-aceh/narrowed',
      'A 304 that exposes other headers hides those that were exposed',
      seen(aceh('x-a')),
      notModified(aceh('x-b')),
      fromStore({ readable: { 'x-b': 'b' }, hidden: ['x-a'] }),
    ),
    revalidated(
      'status-304-updates-aceh/kept',
      'A 304 that says nothing of exposed headers leaves the list in force',
      seen(aceh('x-a')),
      notModified(),
      fromStore({ readable: { 'x-a': 'a' }, hidden: ['x-b'] }),
    ),
    revalidated(
      'status-304-adds-acao',
      'A 304 that allows the origin opens a response that was stored without CORS',
      [{ mode: 'no-cors' }, stored(), { outcome: 'opaque' }],
      notModified(acao()),
      fromStore({ type: 'cors' }),
    ),
  ],
});

/**
 * How much a changed header line means where no page of the run noticed it. What a browser or a cache goes by is
 * `wire`; what neither looks at there is `form`.
 */
import type { Role } from '../wire/exchange.ts';
import { type AnswerFacts, ASKING_ORIGIN, type CorsHeader } from './facts.ts';
import type { Side } from './plan.ts';

export interface HeaderChange {
  readonly on: Role;
  /** A header, or the answer's status, or how it ended. */
  readonly name: CorsHeader | 'status' | 'end';
  /** Levelled; null where it is absent. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface Weight {
  readonly level: 'wire' | 'form';
  /** What the change means, or why it means nothing: one sentence. */
  readonly note?: string;
}

export interface Surroundings {
  readonly before: AnswerFacts;
  readonly after: AnswerFacts;
  /** Whether Access-Control-Allow-Origin depends on the request's Origin at that path. */
  readonly varies: Readonly<Record<Side, boolean>>;
}

const tokens = (value: string | null): string[] => (value ?? '').split(', ').filter(Boolean);

const namesOrigin = (vary: string | null): boolean =>
  tokens(vary).some(token => token === 'origin' || token === '*');

const allowed = ({ headers }: AnswerFacts): boolean =>
  headers['access-control-allow-origin'] === ASKING_ORIGIN || headers['access-control-allow-origin'] === '*';

const named = ({ headers }: AnswerFacts): boolean => headers['access-control-allow-origin'] === ASKING_ORIGIN;

const succeeded = ({ status }: AnswerFacts): boolean => status !== null && status >= 200 && status < 300;

const form = (note: string): Weight => ({ level: 'form', note });

/** https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches */
function weighVary({ before, after }: HeaderChange, { varies, after: { method } }: Surroundings): Weight {
  if (method !== 'GET' && method !== 'HEAD') return form('Caches keep answers to GET and HEAD only.');
  if (/x-cors-conformance/.test(`${before} ${after}`))
    return { level: 'wire', note: 'The Vary header of a request is copied into the answer.' };
  const [had, has] = [namesOrigin(before), namesOrigin(after)];
  if (had === has) return form('Origin is in it, or is not, as before.');
  if (has)
    return varies.before || varies.after
      ? { level: 'wire', note: 'Caches now keep the answers to different origins apart.' }
      : form('Access-Control-Allow-Origin is the same for every origin here, so it is not needed.');
  return varies.after
    ? { level: 'wire', note: 'A cache may now give one origin the answer that was meant for another.' }
    : form('Access-Control-Allow-Origin is the same for every origin here, so it is not needed.');
}

/** Weighs a change that no page noticed. */
export function weigh(change: HeaderChange, around: Surroundings): Weight {
  const both = (test: (answer: AnswerFacts) => boolean) => test(around.before) && test(around.after);
  switch (change.name) {
    case 'vary':
      return weighVary(change, around);
    case 'status':
      return around.after.method === 'OPTIONS' && (change.on === 'preflight' || both(succeeded))
        ? form('Any status from 200 to 299 lets a preflight pass, and no other does.')
        : { level: 'wire' };
    case 'access-control-allow-credentials':
      return both(named)
        ? { level: 'wire' }
        : form('It counts only beside an Access-Control-Allow-Origin that names the origin.');
    case 'access-control-allow-methods':
    case 'access-control-allow-headers':
    case 'access-control-max-age':
      return change.on === 'preflight' && both(allowed)
        ? { level: 'wire' }
        : form('It counts only in the answer to a preflight that allows the origin.');
    case 'access-control-expose-headers':
      return change.on === 'actual' && both(allowed)
        ? { level: 'wire' }
        : form('It counts only in an answer that the origin may read.');
    case 'access-control-allow-origin':
      return both(allowed)
        ? {
            level: 'wire',
            note: 'Without credentials a page may read either; with credentials, never by "*".',
          }
        : { level: 'wire' };
    case 'access-control-allow-private-network':
    case 'end':
      return { level: 'wire' };
  }
}

/** What a change that a page notices means, in sentences. */
import type { Effect, Who } from './change.ts';
import type { HeaderChange } from './header-changes.ts';
import type { BySide } from './plan.ts';
import type { ServerEnd } from './runs.ts';

export interface ChangeFacts {
  readonly effect: Effect;
  readonly who: Who;
  readonly method: string;
  readonly credentials: boolean;
  readonly seen: BySide<string>;
  readonly cause: HeaderChange | null;
  /** Whether the page can read the later answer. */
  readonly readable?: boolean;
}

const READERS: Readonly<Record<Who, string>> = {
  listed: 'A page of a listed origin',
  unlisted: 'A page of an origin that is not listed',
  null: 'A page with an opaque origin (a sandboxed frame, a data: URL)',
  none: 'A request without Origin',
  everyone: 'A page of any origin',
  others: 'A page of an origin that is not listed',
};

const WITH_CREDENTIALS = ', with the credentials of its user';

/** Sentences about requests of one change, each once: what holds with credentials too is not said twice. */
export function joinMeanings(meanings: readonly string[], most: number): string[] {
  const all = new Set(meanings.filter(Boolean));
  for (const one of [...all]) {
    const without = one.replace(WITH_CREDENTIALS, '');
    if (without === one || !all.has(without)) continue;
    all.delete(one);
    all.delete(without);
    all.add(one.replace(WITH_CREDENTIALS, WITH_CREDENTIALS.replace('with', 'also with')));
  }
  return [...all].slice(0, most);
}

/** One answer whose status changed: from whom, and by which request. */
export interface StatusChange extends Pick<HeaderChange, 'on' | 'before' | 'after'> {
  readonly who: Who;
}

/** What it means that answers have another status, over all requests of one change: the statuses of each side joined. */
export function statusMeanings(changes: readonly StatusChange[]): string[] {
  const preflights = changes.filter(({ on }) => on === 'preflight');
  const others = changes.filter(({ on }) => on !== 'preflight');
  return [
    ...(preflights.length > 0 ? [preflightStatus(preflights)] : []),
    ...(others.length > 0 ? [answerStatus(others)] : []),
  ];
}

const FOREIGN = 'a foreign Origin (another program, or a page of the same origin)';

function answerStatus(changes: readonly StatusChange[]): string {
  const instead = `${statuses(changes, 'after')} instead of ${statuses(changes, 'before')}`;
  const without = changes.filter(({ who }) => who === 'none').length;
  if (without === changes.length) return `Without ${FOREIGN} the answer is ${instead}.`;
  return `The same request is answered with ${instead}${without > 0 ? `, also without ${FOREIGN}` : ''}.`;
}

function preflightStatus(changes: readonly StatusChange[]): string {
  const [before, after] = [statuses(changes, 'before'), statuses(changes, 'after')];
  return changes[0]?.after?.startsWith('2')
    ? `The preflight failed with ${before} and now passes with ${after}.`
    : `The preflight passed with ${before} and now fails with ${after}: only a status from 200 to 299 passes.`;
}

const statuses = (changes: readonly StatusChange[], side: 'before' | 'after'): string =>
  [...new Set(changes.flatMap(change => change[side] ?? []))].sort().join(' or ');

/**
 * @returns what the change lets someone do, or keeps someone from. Every sentence is true of the later side in the
 *   present tense and of the earlier one in the past tense.
 */
export function meaningOf(facts: ChangeFacts): string {
  const { effect, who, method, credentials, seen, cause } = facts;
  const reader = READERS[who];
  const withThem = credentials ? WITH_CREDENTIALS : '';
  switch (effect) {
    case 'reads':
      return `${reader} can now read the answer${withThem}.`;
    case 'no-longer-reads':
      return who === 'others'
        ? 'Everyone could read the answer before; now only listed origins can.'
        : `${reader} can no longer read the answer.`;
    case 'carried-out':
      return carriedOut(facts, reader);
    case 'no-longer-sent':
      return `The ${method} of ${article(reader)} no longer reaches the server: the preflight stops it. The page could not read the answer before either.`;
    case 'cache-read':
      return `An answer that a cache holds from a request without CORS can now be read.${ofCache(cause, true)}`;
    case 'cache-blocked':
      return `An answer that a cache holds from a request without CORS now blocks the page.${ofCache(cause, false)}`;
    case 'status':
      return `The page sees the status ${seen.after} instead of ${seen.before}.`;
    case 'exposed':
      return exposure(seen);
    case 'preflights':
      return preflights(seen);
    case 'alternates':
      return 'The same request is now answered in different ways one after the other; what else differs is left out.';
    case 'no-longer-alternates':
      return 'The same request was answered in different ways one after the other and now is not; what else differs is left out.';
    case 'starts':
    case 'no-longer-starts':
    case 'fails':
    case 'recovers':
    case 'header':
      return '';
  }
}

function carriedOut({ method, credentials, cause, readable }: ChangeFacts, reader: string): string {
  const isRefused = cause?.name === 'status' && cause.on === 'actual';
  const reason = isRefused ? `it was refused with ${cause.before} before` : 'the preflight passes';
  const withThem = credentials ? WITH_CREDENTIALS : '';
  return `The ${method} of ${article(reader)} is now carried out by the server${withThem}: ${reason}.${readable ? '' : ' The page still cannot read the answer.'}`;
}

/** What happened to the server upon a request. */
export const endMeaning = (effect: 'fails' | 'recovers', { how }: ServerEnd): string =>
  effect === 'fails'
    ? `The server ${how} upon this request, for everyone who uses it. It was started again for the rest.`
    : `The server ${how} upon this request before; now it goes on.`;

const article = (reader: string): string => reader.replace(/^A /, 'a ');

function ofCache(cause: HeaderChange | null, opened: boolean): string {
  if (cause?.name !== 'vary') return '';
  return opened
    ? ' Vary keeps the answers to different origins apart.'
    : ' Without Vary: Origin a cache may give one origin the answer that was meant for another.';
}

function exposure({ before, after }: BySide<string>): string {
  const [had, has] = [before.split(', ').filter(Boolean), after.split(', ').filter(Boolean)];
  const come = has.filter(name => !had.includes(name));
  const gone = had.filter(name => !has.includes(name));
  const parts = [
    ...(come.length > 0 ? [`can now read ${come.join(', ')}`] : []),
    ...(gone.length > 0 ? [`can no longer read ${gone.join(', ')}`] : []),
  ];
  return parts.length > 0 ? `Script ${parts.join(' and ')}.` : '';
}

function preflights({ before, after }: BySide<string>): string {
  const last = (counts: string) => Number(counts.split(', ').at(-1));
  const [had, has] = [last(before), last(after)];
  if (had === has) return 'Preflights are sent at other times than before.';
  return has > had
    ? 'More preflights are sent: they are remembered for a shorter time, or not at all.'
    : 'Fewer preflights are sent: they are remembered for longer.';
}

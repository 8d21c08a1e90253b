/**
 * How much a changed header line means if no page of the run noticed it. What a browser or a cache goes by is
 * `wire`; what neither looks at there is `form`.
 */
import { isOkStatus } from '../standard/response.ts';
import { variesByOrigin } from '../standard/vary.ts';
import type { RequestRole } from '../wire/exchange.ts';
import { type AnswerFacts, ASKING_ORIGIN, type CorsHeader, SERVER } from './facts.ts';
import { idleMeaning } from './idle-items.ts';
import type { BySide, OriginKind } from './plan.ts';
import { statusMeanings } from './sentences.ts';
import { itemsOf, type ListDifference, listDifference } from './transitions.ts';

export interface HeaderChange {
  readonly on: RequestRole;
  /** A header, or the answer's status, or how it ended, or how long it took. */
  readonly name: CorsHeader | 'status' | 'end' | 'time';
  /** Normalised; null if it is absent. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface HeaderChangeClass {
  readonly level: 'wire' | 'form';
  /** What the change means, or why it means nothing. */
  readonly meaning: string;
}

/** What is known about a path on one side. */
export interface PathTraits {
  /** Access-Control-Allow-Origin depends on the request's Origin. */
  readonly varies: boolean;
  /** Every answer to GET that was seen, also without Origin, names Origin in Vary. */
  readonly varyEverywhere: boolean;
}

export interface Surroundings {
  readonly before: AnswerFacts;
  readonly after: AnswerFacts;
  readonly path: BySide<PathTraits>;
  readonly originKind: OriginKind;
  /** A page sent it, and was blocked before and after. */
  readonly blockedEitherWay: boolean;
  /** On one side only, the request is refused because of its Origin. */
  readonly refused: boolean;
}

/** True if the answer allows the origin that asked. */
export const allowsAsking = ({ headers }: AnswerFacts): boolean =>
  headers['access-control-allow-origin'] === ASKING_ORIGIN || headers['access-control-allow-origin'] === '*';

const named = ({ headers }: AnswerFacts): boolean => headers['access-control-allow-origin'] === ASKING_ORIGIN;

/** True for a status from 200 to 299. */
export const succeeded = (status: string | null): boolean => isOkStatus(Number(status));

const form = (meaning: string): HeaderChangeClass => ({ level: 'form', meaning });
const wire = (meaning: string): HeaderChangeClass => ({ level: 'wire', meaning });

/** The marker that the probe `vary` sends in a Vary header of its request. */
const COPIED = /x-cors-conformance/;

const sameVary = (names: boolean): HeaderChangeClass =>
  form(names ? 'Vary names Origin, as before.' : 'Vary does not name Origin, as before.');

/** Fetch, CORS protocol and HTTP caches. */
function classifyVary(
  { before, after }: HeaderChange,
  { path, after: { method } }: Surroundings,
): HeaderChangeClass {
  if (method !== 'GET' && method !== 'HEAD') return form('Caches keep answers to GET and HEAD only.');
  const [copied, copies] = [COPIED.test(before ?? ''), COPIED.test(after ?? '')];
  if (copied !== copies)
    return wire(
      copies
        ? 'The Vary header of a request is now copied into the answer.'
        : 'The Vary header of a request is no longer copied into the answer.',
    );
  const [had, has] = [variesByOrigin(before), variesByOrigin(after)];
  if (had === has) return sameVary(has);
  if (!path.before.varies && !path.after.varies)
    return form(
      'Access-Control-Allow-Origin is the same for every origin here, so Vary: Origin is not needed.',
    );
  if (has)
    return wire(
      path.after.varyEverywhere
        ? 'Vary now names Origin, so caches keep the answers to different origins apart.'
        : 'Vary now names Origin in some answers but not in all, so a cache may still give one origin the answer that was meant for another.',
    );
  return path.after.varies
    ? wire('Vary no longer names Origin: a cache may give one origin the answer that was meant for another.')
    : form('Access-Control-Allow-Origin no longer depends on the origin, so Vary: Origin is not needed.');
}

function classifyStatus(change: HeaderChange, around: Surroundings): HeaderChangeClass {
  const { before, after } = change;
  const [passed, passes] = [succeeded(before), succeeded(after)];
  const options = around.after.method === 'OPTIONS';
  if (options && passed && passes) return form('Any status from 200 to 299 lets a preflight pass.');
  if (change.on === 'preflight') {
    if (around.blockedEitherWay || around.originKind !== 'listed')
      return form(
        'The preflight is refused before and after, by the headers of its answer or by its status.',
      );
    if (passed === passes)
      return form('The preflight fails before and after: only a status from 200 to 299 passes.');
  } else if (around.blockedEitherWay && !around.refused)
    return form('No page can read the answer, before or after.');
  return wire(statusMeanings([{ ...change, who: around.originKind }]).join(' '));
}

function classifyOrigin({ before, after }: HeaderChange, around: Surroundings): HeaderChangeClass {
  const wasAllowed = allowsAsking(around.before);
  const isAllowed = allowsAsking(around.after);
  // A page of the server's own origin may send it along.
  const namesAsker = before === ASKING_ORIGIN || after === ASKING_ORIGIN;
  if (around.originKind === 'none' && !namesAsker) return wire(withoutOrigin(before, after));
  if (wasAllowed && isAllowed)
    return wire(
      after === '*'
        ? 'The answer now allows everyone with "*" instead of naming the origin that asked; "*" never passes with credentials.'
        : 'The answer now names the origin that asked instead of allowing everyone with "*"; only a named origin passes with credentials.',
    );
  if (!wasAllowed && !isAllowed)
    return wire(
      `The origin that asks is not allowed, before or after; the answer ${
        after === null
          ? `no longer ${namesNobody(before)}`
          : before === null
            ? `now ${namesNobody(after)}`
            : 'names another value'
      }.`,
    );
  return wire(
    isAllowed
      ? 'The origin that asks is now allowed by this answer.'
      : 'The origin that asks is no longer allowed by this answer.',
  );
}

/** True for a value that is no origin of any page: empty, "false", "undefined". */
const allowsNobody = (value: string | null): boolean =>
  value !== null &&
  value !== ASKING_ORIGIN &&
  value !== SERVER &&
  value !== 'null' &&
  !/\*|:\/\//.test(value);

/** As in "has an empty Access-Control-Allow-Origin". */
const valueWords = (value: string | null): string =>
  value === '' ? 'an empty Access-Control-Allow-Origin' : `"${value}" in Access-Control-Allow-Origin`;

/** What a value that does not allow the origin does. */
const namesNobody = (value: string | null): string =>
  allowsNobody(value) ? `has ${valueWords(value)}` : 'names another';

function withoutOrigin(before: string | null, after: string | null): string {
  if (allowsNobody(before) && after === null)
    return `An answer to a request without Origin no longer has ${valueWords(before)}, which allowed nobody.`;
  if (after === null) return 'An answer to a request without Origin no longer allows any origin.';
  if (allowsNobody(after))
    return `An answer to a request without Origin now has ${valueWords(after)}, which allows nobody.`;
  if (before === null || allowsNobody(before))
    return 'An answer to a request without Origin now allows an origin, also when it comes from a cache.';
  if (before === '*')
    return 'An answer to a request without Origin now allows one origin instead of everyone; from a cache it blocks any other.';
  if (after === '*')
    return 'An answer to a request without Origin now allows everyone instead of one origin, also when it comes from a cache.';
  return 'An answer to a request without Origin now allows other origins than before.';
}

/** Which items of a list of methods or names came, and which went. */
export function listMeaning(name: HeaderChange['name'], { come, gone }: ListDifference): string {
  const few = (items: readonly string[]) =>
    items.length > 6 ? `${items.slice(0, 6).join(', ')} and ${items.length - 6} more` : items.join(', ');
  const isExposed = name === 'access-control-expose-headers';
  const [may, mayNot] = isExposed
    ? ['may now read', 'may no longer read']
    : ['now also allows', 'no longer allows'];
  const parts = [
    ...(come.length > 0 ? [`${may} ${few(come)}`] : []),
    ...(gone.length > 0 ? [`${mayNot} ${few(gone)}`] : []),
  ];
  if (isExposed) return `Script ${parts.join(' and ')}, if they are sent.`;
  return `The preflight ${parts.join(' and ')} (${name === 'access-control-allow-methods' ? 'methods' : 'headers'}).`;
}

const onlyTrue = form('Only the value "true" allows anything.');
const emptyList = form('An empty list allows as little as none.');

/** True if one side has an empty list, and the other one has none. */
const sameItems = ({ before, after }: HeaderChange): boolean =>
  itemsOf(before).join() === itemsOf(after).join();

/** By the Standard's "CORS-preflight fetch", an absent list stands for the method that is asked for, in one case. */
const noMethods = (after: string | null): string =>
  after === null
    ? 'The list of methods is absent instead of empty: an upload that is preflighted only because script listens to it may now have any method.'
    : 'The list of methods is empty instead of absent: an upload that is preflighted only because script listens to it now needs its method listed.';

/** Two lists that are told apart by items without effect only; null if anything else differs. */
function idleDifference(change: HeaderChange): HeaderChangeClass | null {
  const meaning = idleMeaning(change, listDifference(change));
  return meaning === null ? null : form(meaning);
}

/** Classifies a change that no page noticed. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a table of headers and what a change of each means
export function classifyHeaderChange(change: HeaderChange, around: Surroundings): HeaderChangeClass {
  const both = (test: (answer: AnswerFacts) => boolean) => test(around.before) && test(around.after);
  const preflightAllows = change.on === 'preflight' && both(allowsAsking);
  const uncounted = form('It counts only in the answer to a preflight that allows the origin.');
  const { before, after } = change;
  switch (change.name) {
    case 'vary':
      return classifyVary(change, around);
    case 'status':
      return classifyStatus(change, around);
    case 'access-control-allow-origin':
      return classifyOrigin(change, around);
    case 'access-control-allow-credentials':
      if (before !== 'true' && after !== 'true') return onlyTrue;
      return both(named)
        ? wire(
            after === 'true'
              ? 'The answer now allows credentials.'
              : 'The answer no longer allows credentials.',
          )
        : form('It counts only with an Access-Control-Allow-Origin that names the origin.');
    case 'access-control-allow-methods':
      if (!preflightAllows) return uncounted;
      return sameItems(change)
        ? wire(noMethods(after))
        : (idleDifference(change) ?? wire(listMeaning(change.name, listDifference(change))));
    case 'access-control-allow-headers':
      if (!preflightAllows) return uncounted;
      if (sameItems(change)) return emptyList;
      return idleDifference(change) ?? wire(listMeaning(change.name, listDifference(change)));
    case 'access-control-max-age':
      if (preflightAllows && lastsFor(before) === lastsFor(after))
        return form(`A preflight may be remembered for ${ageOf(after)}, as before.`);
      return preflightAllows
        ? wire(`A preflight may be remembered for ${ageOf(after)} instead of ${ageOf(before)}.`)
        : uncounted;
    case 'access-control-expose-headers':
      if (sameItems(change)) return emptyList;
      return change.on === 'actual' && both(allowsAsking)
        ? (idleDifference(change) ?? wire(listMeaning(change.name, listDifference(change))))
        : form('It counts only in an answer that the origin may read.');
    case 'access-control-allow-private-network':
      if (before !== 'true' && after !== 'true') return onlyTrue;
      return wire(
        after === 'true'
          ? 'The server now lets public sites send requests into its private network.'
          : 'The server no longer lets public sites send requests into its private network.',
      );
    case 'end':
      return wire(endSentence(before, after));
    case 'time':
      return wire(
        after === null
          ? 'The answer took more than 2 seconds and no longer does.'
          : 'The answer now takes more than 2 seconds: such requests can keep the server busy.',
      );
  }
}

const ENDS: Readonly<Record<string, { readonly was: string; readonly is: string }>> = {
  'no-answer': { was: 'had no answer', is: 'has no answer' },
  cut: { was: 'had an answer that was cut off', is: 'has an answer that is cut off' },
  malformed: { was: 'had an answer that was no valid HTTP', is: 'has an answer that is no valid HTTP' },
};

function endSentence(before: string | null, after: string | null): string {
  const [had, has] = [ENDS[before ?? '']?.was, ENDS[after ?? '']?.is];
  if (has === undefined) return `The request ${had} before, and now has a whole one.`;
  return `The request now ${has}${had === undefined ? '' : `; before, it ${had}`}.`;
}

const ageOf = (value: string | null): string =>
  value === null || value === ''
    ? '5 seconds (the default)'
    : /^-?\d+$/.test(value)
      ? `${value} seconds`
      : `"${value}"`;

/** How long a preflight may be remembered; what is no number stands for itself. */
const lastsFor = (value: string | null): string =>
  value === null || value === '' ? '5' : /^\d+$/.test(value) ? String(Number(value)) : value;

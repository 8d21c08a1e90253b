/**
 * The policy that a server keeps today, from its answers: who may read, with what, for how long. Two rounds of
 * questions: first who is let in, then what they may send. Pure; safe methods only, preflights for the rest.
 */

import { corsCheck } from '../standard/cors-check.ts';
import { SAFELISTED_RESPONSE_HEADERS } from '../standard/expose.ts';
import { extractDeltaSeconds, extractTokens, FAILURE, get } from '../standard/header-list.ts';
import { isOkStatus, isPutOff } from '../standard/response.ts';
import { variesByOrigin } from '../standard/vary.ts';
import type { HeaderLine } from '../wire/exchange.ts';
import type { Attacker } from './attacker.ts';
import { attackersFor, LOOK_ALIKES } from './attackers.ts';
import { originRules } from './config/origins.ts';
import type { VerifyConfig } from './config/schema.ts';
import { CHANGING_METHODS } from './names.ts';

/** A plain request to the server, and what was asked by it. */
export interface InferenceQuestion {
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  /** The Origin header's value; undefined for none. */
  readonly origin?: string;
  /** Of a preflight: the method and the request header that it asks permission for. */
  readonly asksMethod?: string;
  readonly asksHeader?: string;
}

/** A question with its answer; null if there was none. */
export interface InferenceAnswer {
  readonly question: InferenceQuestion;
  readonly response: { readonly status: number; readonly headers: readonly HeaderLine[] } | null;
}

/** Sites that nobody can own (RFC 2606): a server that lets both in, lets everybody in. */
const STRANGERS = ['https://any-site.example', 'https://another-site.test'];

/** Headers that applications often set. */
const USUAL_HEADERS = ['Content-Type', 'Authorization', 'X-Requested-With'];

const getFrom = (origin: string | undefined, extra: readonly HeaderLine[] = []): InferenceQuestion => ({
  method: 'GET',
  headers: [...(origin === undefined ? [] : [['Origin', origin] as const]), ...extra],
  ...(origin !== undefined && { origin }),
});

/** @param origins those that are meant to read. The name of the server itself plays no part here */
const lookAlikesOf = (origins: readonly string[]): Attacker[] => {
  const exact = origins.filter(origin => /^https?:/.test(origin));
  const attackers = exact.length === 0 ? [] : attackersFor(originRules(exact), exact[0] as string);
  return LOOK_ALIKES.flatMap(id => attackers.find(one => one.id === id) ?? []);
};

/** Whom to ask about first. @param origins those that are meant to read, as far as the user knows them */
export function firstQuestions(origins: readonly string[]): InferenceQuestion[] {
  const lookAlikes = lookAlikesOf(origins).map(({ origin }) => origin);
  return [undefined, ...origins, ...STRANGERS, 'null', ...lookAlikes].map(origin => getFrom(origin));
}

/** What the server lets an origin do. */
export interface Grant {
  readonly origin: string;
  readonly credentials: boolean;
  /** It allows everybody by `*`, rather than this origin by name. */
  readonly wildcard: boolean;
}

/** @returns the origins that may read, in the order in which they were asked about */
export function grantsOf(answers: readonly InferenceAnswer[]): Grant[] {
  return answers.flatMap(({ question: { origin }, response }) => {
    if (origin === undefined || !response) return [];
    const { headers } = response;
    if (!corsCheck(origin, 'omit', headers).ok) return [];
    const wildcard = get(headers, 'access-control-allow-origin') === '*';
    return [{ origin, credentials: corsCheck(origin, 'include', headers).ok, wildcard }];
  });
}

/** Methods and headers that the user knows of, beside the usual ones. */
export interface KnownRequests {
  readonly methods?: readonly string[];
  readonly headers?: readonly string[];
}

/** The preflights that tell what an origin may send. */
export function preflightQuestions(
  origin: string,
  { methods = [], headers = [] }: KnownRequests = {},
): InferenceQuestion[] {
  const preflight = (asksMethod: string, asksHeader?: string): InferenceQuestion => ({
    method: 'OPTIONS',
    headers: [
      ['Origin', origin],
      ['Access-Control-Request-Method', asksMethod],
      ...(asksHeader === undefined
        ? []
        : [['Access-Control-Request-Headers', asksHeader.toLowerCase()] as const]),
    ],
    origin,
    asksMethod,
    ...(asksHeader !== undefined && { asksHeader }),
  });
  return [
    ...[...new Set([...CHANGING_METHODS, ...methods])].map(method => preflight(method)),
    ...[...new Set([...USUAL_HEADERS, ...headers])].map(header => preflight('GET', header)),
  ];
}

/** The policy, ready to be written, and what about it looks like a mistake. */
export interface InferredPolicy {
  readonly policy: Pick<
    VerifyConfig['policy'],
    'origins' | 'credentials' | 'methods' | 'requestHeaders' | 'exposedHeaders' | 'maxAge'
  >;
  /** Whole sentences, worst first. */
  readonly mistakes: readonly string[];
}

/**
 * @param first answers to firstQuestions
 * @param second answers to preflightQuestions, for the first origin that may read; empty if there is none
 * @param origins those that are meant to read
 * @returns null if nobody may read
 */
export function inferPolicy(
  first: readonly InferenceAnswer[],
  second: readonly InferenceAnswer[],
  origins: readonly string[],
): InferredPolicy | null {
  const grants = grantsOf(first);
  if (grants.length === 0) return null;
  const strangers = grants.filter(({ origin }) => STRANGERS.includes(origin));
  const everybody = strangers.length === STRANGERS.length;
  const meant = grants.filter(({ origin }) => origins.includes(origin));
  const credentials = (meant.length > 0 ? meant : grants).some(grant => grant.credentials);
  const everybodyByName = everybody && strangers.every(({ wildcard }) => !wildcard);
  const open = everybody && !(everybodyByName && credentials);
  const named = meant.map(({ origin }) => origin);
  const byName = named.length > 0 ? named : ['https://app.example.com'];
  const allowedMethods = second
    .filter(answer => isMethodAllowed(answer))
    .map(({ question }) => question.asksMethod as string);
  const maxAge = maxAgeOf(second);
  return {
    policy: {
      origins: open ? '*' : byName.length === 1 ? (byName[0] as string) : byName,
      credentials: credentials && !open,
      methods: ['GET', ...new Set(allowedMethods)],
      requestHeaders: second
        .filter(answer => allowsHeader(answer))
        .map(({ question }) => question.asksHeader as string),
      exposedHeaders: exposedBy(first).filter(name => name !== '*' || !(credentials && !open)),
      ...(maxAge !== undefined && { maxAge }),
    },
    mistakes: mistakesOf({ first, second, grants, everybody, everybodyByName, meant, origins, named }),
  };
}

const passes = ({ question, response }: InferenceAnswer): boolean =>
  response !== null &&
  isOkStatus(response.status) &&
  corsCheck(question.origin ?? '', 'omit', response.headers).ok;

const listed = (headers: readonly HeaderLine[], name: string): readonly string[] => {
  const names = extractTokens(headers, name);
  return names === null || names === FAILURE ? [] : names;
};

/** Whether an answer to a preflight allows the method that it asked for. */
export function isMethodAllowed(answer: InferenceAnswer): boolean {
  const { asksMethod, asksHeader } = answer.question;
  if (asksHeader !== undefined || asksMethod === undefined || !passes(answer)) return false;
  const names = listed(answer.response?.headers ?? [], 'access-control-allow-methods');
  return names.includes(asksMethod) || names.includes('*');
}

/** Whether an answer to a preflight allows the header that it asked for. */
export function allowsHeader(answer: InferenceAnswer): boolean {
  const { asksHeader } = answer.question;
  if (asksHeader === undefined || !passes(answer)) return false;
  const names = listed(answer.response?.headers ?? [], 'access-control-allow-headers').map(name =>
    name.toLowerCase(),
  );
  const star = names.includes('*') && asksHeader !== 'Authorization';
  return names.includes(asksHeader.toLowerCase()) || star;
}

function maxAgeOf(second: readonly InferenceAnswer[]): number | undefined {
  const ages = second
    .filter(passes)
    .map(({ response }) => extractDeltaSeconds(response?.headers ?? [], 'access-control-max-age'));
  return ages.find(age => typeof age === 'number');
}

/** Names that are exposed and not safelisted anyway. `*` exposes what the answer has. */
function exposedBy(first: readonly InferenceAnswer[]): string[] {
  const names = first.flatMap(({ question, response }) => {
    if (question.origin === undefined || !response) return [];
    const exposed = listed(response.headers, 'access-control-expose-headers');
    return exposed.includes('*') ? ['*'] : exposed;
  });
  const known = new Map(names.map(name => [name.toLowerCase(), name]));
  return [...known.values()].filter(name => !SAFELISTED_RESPONSE_HEADERS.includes(name.toLowerCase()));
}

interface Seen {
  readonly first: readonly InferenceAnswer[];
  readonly second: readonly InferenceAnswer[];
  readonly grants: readonly Grant[];
  readonly everybody: boolean;
  readonly everybodyByName: boolean;
  readonly meant: readonly Grant[];
  readonly origins: readonly string[];
  readonly named: readonly string[];
}

/** Whether an answer says nothing of what is allowed. */
export const isUntold = ({ response }: InferenceAnswer): boolean =>
  response === null || isPutOff(response.status);

function untold(...rounds: readonly (readonly InferenceAnswer[])[]): string[] {
  const all = rounds.flat();
  const unknown = all.filter(isUntold).length;
  return unknown === 0
    ? []
    : [
        `${unknown} of ${all.length} requests got no answer, or 429 or 503: what they asked for may be missing here.`,
      ];
}

/** What lets in a site that only looks like one that is meant: the broadest reason alone, as it explains the others. */
function letInToo(grants: readonly Grant[], origins: readonly string[]): string[] {
  const found = lookAlikesOf(origins).find(({ origin }) => grants.some(grant => grant.origin === origin));
  return found
    ? [
        `Today ${found.origin} may read, too: ${found.why.replace(/^it /, 'the server ')}. The policy leaves it out; verify finds the others like it.`,
      ]
    : [];
}

function mistakesOf({ first, second, grants, everybody, everybodyByName, origins, named }: Seen): string[] {
  const mistakes: string[] = [];
  const withCredentials = grants.filter(grant => grant.credentials).map(({ origin }) => origin);
  if (everybodyByName && STRANGERS.some(origin => withCredentials.includes(origin))) {
    mistakes.push(
      'Today any website may read with the cookies of your users: the server answers every Origin with itself. The policy names origins instead; list yours.',
    );
  }
  const nullGrant = grants.find(({ origin }) => origin === 'null');
  if (nullGrant && !everybody) {
    mistakes.push(
      'Today "null" may read: every sandboxed frame and every local file has that origin. The policy leaves it out.',
    );
  }
  if (!everybody) mistakes.push(...letInToo(grants, origins));
  mistakes.push(...untold(first, second));
  const told = first.filter(answer => !isUntold(answer)).map(({ question }) => question.origin);
  for (const origin of origins.filter(one => !named.includes(one) && told.includes(one)))
    mistakes.push(`Today ${origin} may not read, although you named it. The policy leaves it out.`);
  if (named.length === 0 && !everybody)
    mistakes.push('No origin is known that is meant to read: replace https://app.example.com.');
  if (!everybody || everybodyByName) {
    const varies = first.every(
      ({ question, response }) =>
        question.origin === undefined || !response || variesByOrigin(get(response.headers, 'vary')),
    );
    if (!varies)
      mistakes.push(
        'Answers depend on the Origin, and not all of them say so by Vary: Origin: a cache may hand out the wrong one.',
      );
  }
  if (second.length > 0 && !second.some(answer => passes(answer) || isUntold(answer))) {
    mistakes.push('No preflight is allowed today: only GET, HEAD and simple POST work from other origins.');
  }
  return mistakes;
}

/**
 * Who may do what at a URL whose policy nobody has told: the kinds of origin to ask for, and the table that the answers
 * make. Pure. Only GET and preflights are asked, each with and without a cookie, because some servers answer otherwise
 * to a request that carries one.
 */

import { corsCheck } from '../standard/cors-check.ts';
import { get } from '../standard/header-list.ts';
import { isLoopbackHost } from '../standard/origin.ts';
import type { HeaderLine } from '../wire/exchange.ts';
import { attackersFor } from './attackers.ts';
import { baseDomain, isAllowed, originRules } from './config/origins.ts';
import {
  allowsHeader,
  type InferenceAnswer,
  type InferenceQuestion,
  isMethodAllowed,
  isUntold,
  type KnownRequests,
  preflightQuestions,
} from './infer.ts';

/** Origins of one kind: a row of the table. */
export interface OriginGroup {
  /** Who that is, in a few words: "any https site". */
  readonly who: string;
  readonly origins: readonly string[];
  /** The user named them: it is no surprise that they may read. */
  readonly given: boolean;
}

/** What one group may do, by the answers. */
export interface AccessSummary {
  readonly who: string;
  readonly given: boolean;
  /** How many origins of the group were asked for. */
  readonly asked: number;
  /** Of how many of them nothing is known, because every answer was 429 or 503, or there was none. */
  readonly untried: number;
  /** Those that may read a GET. */
  readonly reads: readonly string[];
  /** Those of them that may read it with cookies. */
  readonly withCookies: readonly string[];
  /** What they may send beyond a plain GET, by the preflights, whether or not they may read. */
  readonly methods: readonly string[];
  readonly headers: readonly string[];
}

const COOKIE: HeaderLine = ['Cookie', 'cors_conformance=1'];

/** Schemes of pages that no web server has. */
const APPS = [
  'chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'moz-extension://00000000-0000-4000-8000-000000000000',
];
const SHELLS = ['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'app://localhost'];

/**
 * @param url that is audited
 * @param given origins or patterns of origins that the user named
 * @returns the kinds of origin to ask for, each origin once
 */
export function originGroups(url: string, given: readonly string[]): OriginGroup[] {
  const { origin, hostname, protocol } = new URL(url);
  const base = baseDomain(hostname);
  const named = isLoopbackHost(hostname) || /^[\d.]+$/.test(hostname) ? [] : [base];
  const rules = originRules(given.length > 0 ? [...given] : [origin]);
  const attackers = attackersFor(rules, origin);
  const originsOfKind = (wanted: string) =>
    attackers.filter(({ kind }) => kind === wanted).map(attacker => attacker.origin);
  const lookAlikes = attackers.filter(
    ({ kind }) =>
      ![
        'unrelated',
        'null',
        'localhost',
        'private',
        'app',
        'hosting',
        'subdomain',
        'sibling',
        'deep',
      ].includes(kind),
  );
  const groups: OriginGroup[] = [
    ...(given.length > 0 ? rules : []).map(({ declared, samples }) => ({
      who: declared,
      origins: samples,
      given: true,
    })),
    { who: 'any https site', origins: ['https://any-site.example'], given: false },
    { who: 'any http site', origins: ['http://any-site.example'], given: false },
    { who: 'null (sandboxed frames, files)', origins: ['null'], given: false },
    ...named.map(site => ({
      who: `other hosts of ${site}`,
      origins: [`${protocol}//${site}`, `${protocol}//evil.${site}`].filter(one => one !== origin),
      given: false,
    })),
    { who: 'look-alikes', origins: lookAlikes.map(attacker => attacker.origin), given: false },
    {
      who: 'shared hosting',
      origins: ['https://attacker.github.io', 'https://attacker.vercel.app'],
      given: false,
    },
    {
      who: 'localhost',
      origins: originsOfKind('localhost').filter(one => one !== origin),
      given: false,
    },
    {
      who: 'the local network',
      origins: originsOfKind('private').filter(one => one !== origin),
      given: false,
    },
    { who: 'browser extensions', origins: APPS, given: false },
    { who: 'app shells (Capacitor, Tauri …)', origins: SHELLS, given: false },
  ];
  const known = new Set<string>();
  return groups.flatMap(group => {
    const meant = (one: string) => given.length > 0 && !group.given && isAllowed(rules, one);
    const origins = group.origins.filter(one => !known.has(one) && !meant(one));
    for (const one of origins) known.add(one);
    return origins.length === 0 ? [] : [{ ...group, origins }];
  });
}

/** Whom to ask about: everybody, without a cookie and with one, since some servers answer that otherwise. */
export function readQuestions(groups: readonly OriginGroup[]): InferenceQuestion[] {
  return groups.flatMap(({ origins }) =>
    origins.flatMap((origin): InferenceQuestion[] => [
      { method: 'GET', origin, headers: [['Origin', origin]] },
      { method: 'GET', origin, headers: [['Origin', origin], COOKIE] },
    ]),
  );
}

const isReadable = ({ question, response }: InferenceAnswer, credentials: 'omit' | 'include'): boolean =>
  response !== null && corsCheck(question.origin ?? '', credentials, response.headers).ok;

const originsThat = (answers: readonly InferenceAnswer[], credentials: 'omit' | 'include'): Set<string> =>
  new Set(
    answers.filter(one => isReadable(one, credentials)).map(({ question }) => question.origin as string),
  );

export interface SendOptions {
  /** Methods and headers that the user named. */
  readonly known: KnownRequests;
  /** Origins whose methods are asked for even if they do not read. */
  readonly suspects: ReadonlySet<string>;
}

/** What to ask for one origin of each group that reads, and methods for those that are suspect in any case. */
export function sendQuestions(
  groups: readonly OriginGroup[],
  answers: readonly InferenceAnswer[],
  { known: extra, suspects }: SendOptions,
): InferenceQuestion[] {
  const readers = originsThat(answers, 'omit');
  return groups.flatMap(({ origins }) => {
    const first = origins.find(origin => readers.has(origin));
    if (first !== undefined) return preflightQuestions(first, extra);
    return origins
      .filter(origin => suspects.has(origin))
      .flatMap(origin => preflightQuestions(origin, extra))
      .filter(({ asksHeader }) => asksHeader === undefined);
  });
}

/** What was asked for, each once. */
const namesIn = (
  answers: readonly InferenceAnswer[],
  name: (question: InferenceQuestion) => string | undefined,
): string[] => [...new Set(answers.flatMap(({ question }) => name(question) ?? []))];

/** @returns a row for each group, in their order */
export function accessSummaries(
  groups: readonly OriginGroup[],
  reads: readonly InferenceAnswer[],
  sends: readonly InferenceAnswer[],
): AccessSummary[] {
  const readers = originsThat(reads, 'omit');
  const told = new Set(reads.filter(one => !isUntold(one)).map(({ question }) => question.origin as string));
  const withCookies = originsThat(reads, 'include');
  return groups.map(({ who, given, origins }) => {
    const granted = sends.filter(({ question }) => origins.includes(question.origin ?? ''));
    return {
      who,
      given,
      asked: origins.length,
      untried: origins.filter(origin => !told.has(origin) && !readers.has(origin)).length,
      reads: origins.filter(origin => readers.has(origin)),
      withCookies: origins.filter(origin => withCookies.has(origin)),
      methods: namesIn(granted.filter(isMethodAllowed), ({ asksMethod }) => asksMethod),
      headers: namesIn(granted.filter(allowsHeader), ({ asksHeader }) => asksHeader),
    };
  });
}

/** What no policy can mean, and no check of one looks for: whole sentences. */
export function auditRemarks(reads: readonly InferenceAnswer[], sends: readonly InferenceAnswer[]): string[] {
  const remarks: string[] = [];
  const value = ({ response }: InferenceAnswer, name: string) => get(response?.headers ?? [], name);
  if (
    reads.some(
      answer =>
        value(answer, 'access-control-allow-origin') === '*' &&
        value(answer, 'access-control-allow-credentials') === 'true',
    )
  ) {
    remarks.push(
      'Answers carry "Access-Control-Allow-Credentials: true" beside "Access-Control-Allow-Origin: *": no browser accepts the two together, so requests with cookies fail.',
    );
  }
  const misspelt = reads
    .map(answer => value(answer, 'access-control-allow-credentials'))
    .find(said => said !== null && said !== 'true' && /^["']?true\b/i.test(said));
  if (misspelt) {
    remarks.push(
      `Answers carry "Access-Control-Allow-Credentials: ${misspelt}": browsers take nothing but "true" for yes, once and in lower case, so requests with cookies fail.`,
    );
  }
  const unasked = namedOrigins(reads);
  if (unasked.length > 0) {
    remarks.push(
      `The answers allow ${unasked.join(', ')}: --origin ${unasked.join(',')} shows what ${unasked.length > 1 ? 'those' : 'that one'} may do.`,
    );
  }
  const own = sends.filter(one => !isUntold(one) && isGranted(reads, one.question));
  const failed = own.filter(
    ({ response }) => response === null || response.status < 200 || response.status > 299,
  );
  if (own.length > 0 && failed.length === own.length) {
    const status = failed[0]?.response?.status;
    remarks.push(
      `Every preflight fails (OPTIONS is answered with ${status ?? 'nothing'}): from other origins only GET, HEAD and simple POST requests work.`,
    );
  }
  return remarks;
}

/** Origins that answers name though nobody asked from there: servers that allow one send it to everybody. */
function namedOrigins(reads: readonly InferenceAnswer[]): string[] {
  const asked = new Set(reads.map(({ question }) => question.origin));
  const named = reads.flatMap(
    ({ response }) => get(response?.headers ?? [], 'access-control-allow-origin') ?? [],
  );
  return [...new Set(named)].filter(one => /^https?:\/\/[^\s,*/]+$/.test(one) && !asked.has(one));
}

const isGranted = (reads: readonly InferenceAnswer[], { origin }: InferenceQuestion): boolean =>
  reads.some(answer => answer.question.origin === origin && isReadable(answer, 'omit'));

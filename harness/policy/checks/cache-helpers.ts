/** Answers that a cache in front of the server may have made for somebody else, and what the server itself answers. */
import { variesByOrigin } from '../../standard/vary.ts';
import { type Exchange, type HeaderLine, headerValue } from '../../wire/exchange.ts';
import { AGAIN } from '../asks/again.ts';
import {
  type Ask,
  type AttemptInfo,
  cookieLine,
  preflightLines,
  type SeenAnswers,
  type WireProbe,
} from '../attempts.ts';
import { slug } from '../config/read.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { SAFE_METHODS } from '../names.ts';
import type { PolicyPlan } from '../plan.ts';
import { hasRedirect, type Trial } from '../trial.ts';
import { remembersOrigins, UNCACHED } from './remembered-helpers.ts';
import { unknownUrl } from './unknown-url.ts';

/** Questions about what may be asked for without changing anything. */
const ANSWERS = ['allowed', 'errors', 'no-origin', AGAIN];

/** For each origin another one: a cache by URL would else give one the answer of the other. */
const unknownUrlFor = (plan: PolicyPlan, { path, origin }: AttemptInfo): string =>
  unknownUrl(plan, path, origin === null ? 'without-origin' : slug(origin));

const MUST =
  'What a URL answers that no cache knows shows whether one of them gives out what was made for another';

/** The same preflight. */
function preflightProbe(plan: PolicyPlan, about: AttemptInfo): WireProbe {
  const { resource, method, origin, headers } = about;
  return {
    id: `${UNCACHED}/${slug(`${resource} preflight ${origin ?? ''}`)}`,
    about: { ...about, ask: UNCACHED },
    must: MUST,
    request: {
      method: 'OPTIONS',
      url: unknownUrlFor(plan, about),
      headers: preflightLines({ origin: origin ?? 'null', method, headers }),
    },
  };
}

/** The same request. */
function probe(plan: PolicyPlan, about: AttemptInfo): WireProbe {
  const resource = plan.resources.find(({ name }) => name === about.resource);
  const error = plan.errors.find(({ path, method }) => path === about.path && method === about.method);
  const cookie = about.credentials && resource ? cookieLine(resource) : [];
  const own: readonly HeaderLine[] = (resource ?? error)?.headers ?? [];
  return {
    id: `${UNCACHED}/${slug(`${about.resource} ${about.path} ${about.origin ?? ''}`)}`,
    about: { ...about, ask: UNCACHED },
    must: MUST,
    request: {
      method: about.method,
      url: unknownUrlFor(plan, about),
      headers: [...own, ...(about.origin === null ? [] : [['Origin', about.origin] as const]), ...cookie],
    },
  };
}

/** An answer that names somebody although nobody asked, or not the one who did. */
const isForAnother = ({ about, allowOrigin }: { about: AttemptInfo; allowOrigin: string | null }): boolean =>
  allowOrigin !== '*' && (about.origin === null ? allowOrigin !== null : allowOrigin !== about.origin);

/** One of each place and origin that are answered for another one. */
function suspectsOf(seen: SeenAnswers, asks: readonly string[]): AttemptInfo[] {
  const byPlace = new Map<string, AttemptInfo>();
  for (const one of asks.flatMap(ask => seen.allowedBy(ask))) {
    const { resource, path, origin } = one.about;
    const key = JSON.stringify([resource, path, origin]);
    if (isForAnother(one) && !byPlace.has(key)) byPlace.set(key, one.about);
  }
  return [...byPlace.values()];
}

const followUps = (plan: PolicyPlan, seen: SeenAnswers): WireProbe[] => [
  ...suspectsOf(seen, ANSWERS)
    .filter(({ method }) => SAFE_METHODS.includes(method))
    .map(about => probe(plan, about)),
  ...suspectsOf(seen, ['preflights']).map(about => preflightProbe(plan, about)),
];

/** An answer that looks as if it was made for another origin, asked for by a URL that no cache knows. */
export const uncachedAsk: Ask = {
  id: UNCACHED,
  what: 'an answer that looks as if a cache had made it for another origin, by a URL that none knows',
  attempts: () => ({}),
  followUps,
};

/** An answer out of a cache, and what the server says to the same request. */
export interface KeptAnswer {
  readonly trial: Trial;
  readonly kept: Exchange;
  readonly fresh: Exchange;
  /** The server says that its answer depends on Origin. */
  readonly says: boolean;
}

const allowOriginOf = ({ response }: Exchange): string | null =>
  headerValue(response?.headers ?? [], 'access-control-allow-origin');

/** The same request, as it was asked first. */
const isOf =
  (about: AttemptInfo) =>
  (trial: Trial): boolean => {
    const { about: other, last } = trial;
    // What a redirect led to was asked for by another URL.
    return (
      last?.response != null &&
      !hasRedirect(trial) &&
      other.resource === about.resource &&
      other.path === about.path &&
      other.origin === about.origin &&
      other.method === about.method &&
      other.credentials === about.credentials &&
      other.headers.join() === about.headers.join()
    );
  };

/** Another answer says nothing where the same request gets one anyway, every few times. */
const answersInTurn = (evidence: PolicyEvidence): boolean =>
  evidence.attempts('repeat').some(trials => new Set(trials.map(({ readable }) => readable)).size > 1);

/** Answers with the same status that differ in whom they allow, for nothing but a URL that was never asked for before. */
export function keptAnswers(evidence: PolicyEvidence): KeptAnswer[] {
  if (answersInTurn(evidence)) return [];
  return evidence.of(UNCACHED).flatMap(({ about, last: fresh, readable }): KeptAnswer[] => {
    if (remembersOrigins(evidence, about.resource)) return [];
    const asks = fresh?.role === 'preflight' ? ['preflights'] : ANSWERS;
    const same = asks.flatMap(ask => evidence.of(ask)).filter(isOf(about));
    const trial = same.find(isForAnother) ?? same[0];
    const kept = trial?.last;
    // A page whose preflight was refused asked for nothing else.
    if (kept?.role !== fresh?.role) return [];
    if (!trial || !kept || !fresh?.response || fresh.response.status !== kept.response?.status) return [];
    const differs =
      about.origin === null ? allowOriginOf(fresh) !== allowOriginOf(kept) : readable && !trial.readable;
    const says = variesByOrigin(headerValue(fresh.response.headers, 'vary'));
    return differs ? [{ trial, kept, fresh, says }] : [];
  });
}
